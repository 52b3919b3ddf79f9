"""A drawn portrait for a card without a picture: the same name gives the same picture."""

from __future__ import annotations

import hashlib
import math
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cardforge_desktop.cards.formats.png_chunks import Chunk, join

if TYPE_CHECKING:
    from PIL import Image

#: Pixels; 2:3, the shape SillyTavern shows portraits in.
SIZE = (400, 600)
_WIDTH, _HEIGHT = SIZE
_CENTRE = (_WIDTH / 2, _HEIGHT * 0.47)
_MEDALLION = 116
_SMOOTHING = 3  # lines are drawn this much larger, then made smaller: Pillow's own edges are jagged
_SMALL_WORDS = frozenset({"a", "an", "the", "of", "de", "la", "le", "von", "van", "der", "and", "und"})

# Opacity of the glow by distance from its middle.
_GLOW = [int(150 * max(0.0, 1 - distance / 180) ** 1.6) for distance in range(256)]

Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Palette:
    """Colours that belong together: neighbours in hue for the ground, a light tint for lines and letters."""

    top: Colour
    bottom: Colour
    glow: Colour
    line: Colour
    ink: Colour


def draw_placeholder(name: str) -> bytes:
    """A PNG of `SIZE` with the initials of `name`, or an emblem where the font has no such letters."""
    plain_name = unicodedata.normalize("NFC", name).strip().casefold()
    seed = hashlib.blake2b(plain_name.encode("utf-8", "replace")).digest()
    palette = _palette(seed)
    picture = _coloured(_shares(seed[0] % len(_ORNAMENTS), seed[4] % _VARIANTS), palette)
    letters = initials(name)
    if letters:
        _draw_initials(picture, letters, palette.ink)
    else:
        emblem = _Lines()
        _draw_emblem(emblem, seed)
        picture.paste(palette.line, mask=emblem.mask())
    return _encoded(picture)


def _encoded(picture: Image.Image) -> bytes:
    """The picture as PNG, each row as its difference to the row above (filter 2; PNG specification, 9.2).

    A batch draws hundreds of these: for gradients that filter is as good as Pillow's trial of all five for
    each row, and takes half the time.
    """
    from PIL import Image, ImageChops

    above = Image.new("RGB", SIZE)
    above.paste(picture, (0, 1))
    rows = ImageChops.subtract_modulo(picture, above).tobytes()
    filtered = b"".join(b"\x02" + rows[at : at + 3 * _WIDTH] for at in range(0, len(rows), 3 * _WIDTH))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)  # 8 bits a channel, true colour
    pixels = zlib.compress(filtered, 1)
    return join([Chunk(b"IHDR", header), Chunk(b"IDAT", pixels), Chunk(b"IEND", b"")])


class _Lines:
    """One layer of drawing in one colour, as opacity 0..255; all measures in pixels of the picture."""

    def __init__(self) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("L", (_WIDTH * _SMOOTHING, _HEIGHT * _SMOOTHING))
        self._draw = ImageDraw.Draw(self._image)

    def mask(self) -> Image.Image:
        """The layer at the size of the picture."""
        return self._image.reduce(_SMOOTHING)

    def circle(self, centre: Point, radius: float, *, fill: int = 0, line: int = 0, width: float = 0) -> None:
        """A disc of opacity `fill`, or a ring of opacity `line`."""
        x, y, reach = centre[0] * _SMOOTHING, centre[1] * _SMOOTHING, radius * _SMOOTHING
        box = (x - reach, y - reach, x + reach, y + reach)
        self._draw.ellipse(box, fill or None, line or None, round(width * _SMOOTHING))

    def polygon(self, points: list[Point], *, fill: int) -> None:
        """A filled shape."""
        self._draw.polygon([(x * _SMOOTHING, y * _SMOOTHING) for x, y in points], fill)

    def stroke(self, start: Point, end: Point, *, line: int, width: float) -> None:
        """A straight line."""
        points = [(x * _SMOOTHING, y * _SMOOTHING) for x, y in (start, end)]
        self._draw.line(points, line, round(width * _SMOOTHING))

    def frame(self, inset: float, corner: float, *, line: int, width: float) -> None:
        """A rectangle with round corners, `inset` from the edges of the picture."""
        box = (inset, inset, _WIDTH - inset, _HEIGHT - inset)
        scaled = tuple(edge * _SMOOTHING for edge in box)
        self._draw.rounded_rectangle(
            scaled, corner * _SMOOTHING, outline=line, width=round(width * _SMOOTHING)
        )


def initials(name: str) -> str:
    """One or two capital letters of `name`, "the Élan of Rook" → "ER"; "" when one of them is not A to Z."""
    words = [word for word in name.replace("-", " ").split() if any(map(str.isalpha, word))]
    words = [word for word in words if word.casefold() not in _SMALL_WORDS] or words
    chosen = words[:1] + words[1:][-1:]
    letters = [_first_letter(word) for word in chosen]
    return "".join(letters) if all(letters) else ""


def _first_letter(word: str) -> str:
    first = next(filter(str.isalpha, word)).upper()
    base = unicodedata.normalize("NFD", first)[0]
    return base if "A" <= base <= "Z" else ""  # the font that comes with Pillow has no more


def _palette(seed: bytes) -> _Palette:
    hue = seed[1] / 256 * 360
    turn = 28 + seed[2] % 30 if seed[3] % 2 else -(28 + seed[2] % 30)
    return _Palette(
        top=_oklch(0.43, 0.085, hue + turn),
        bottom=_oklch(0.24, 0.06, hue),
        glow=_oklch(0.66, 0.10, hue + turn * 1.4),
        line=_oklch(0.84, 0.07, hue + turn * 2),
        ink=_oklch(0.955, 0.018, hue + turn * 2),
    )


def _oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """sRGB of an OKLCH colour (B. Ottosson, "A perceptual color space", 2020), clipped; hue in degrees."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (round(255 * _gamma(min(max(value, 0.0), 1.0))) for value in linear)
    return red, green, blue


def _gamma(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def _coloured(shares: Image.Image, palette: _Palette) -> Image.Image:
    """The picture: in each pixel the palette's colours in their shares, one multiplication for all layers."""
    others = (palette.bottom, palette.glow, palette.line)
    matrix: list[float] = []
    for channel, top in enumerate(palette.top):
        matrix += [*((colour[channel] - top) / 255 for colour in others), top]
    return shares.convert("RGB", tuple(matrix))


# What is the same in every picture is drawn once; each of these has the picture's size.


@cache
def _shares(ornament: int, variant: int) -> Image.Image:
    """The layers over one another: the bottom, glow and line colour's share as red, green and blue.

    The rest of each pixel, up to 255, is the top colour's.
    """
    from PIL import Image

    bottom, glow, line = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    shares = Image.new("RGB", SIZE)
    shares.paste(bottom, mask=_coarse(_slope()))
    shares.paste(glow, mask=_coarse(_light()))
    shares.paste(line, mask=_ornament(ornament, variant))
    shares.paste(bottom, mask=_medallion())
    shares.paste(line, mask=_rims())
    return shares


def _coarse(mask: Image.Image) -> Image.Image:
    """A soft mask in squares of two pixels: unseen, as neighbours differ by one step, and smaller as PNG."""
    from PIL import Image

    return mask.reduce(2).resize(SIZE, Image.Resampling.NEAREST)


@cache
def _slope() -> Image.Image:
    """The slanted gradient."""
    from PIL import Image

    side = math.ceil(math.hypot(_WIDTH, _HEIGHT))
    slope = Image.linear_gradient("L").resize((side, side), Image.Resampling.BILINEAR).rotate(18)
    left, top = (side - _WIDTH) // 2, (side - _HEIGHT) // 2
    return slope.crop((left, top, left + _WIDTH, top + _HEIGHT))


@cache
def _light() -> Image.Image:
    """The glow behind the medallion."""
    from PIL import Image

    reach = int(_WIDTH * 1.3)
    glow = Image.radial_gradient("L").point(_GLOW).resize((reach, reach), Image.Resampling.BILINEAR)
    light = Image.new("L", SIZE)
    light.paste(glow, (int(_CENTRE[0] - reach / 2), int(_CENTRE[1] - reach / 2)))
    return light


def _ornament(kind: int, variant: int) -> Image.Image:
    """One of the patterns behind the medallion."""
    lines = _Lines()
    _ORNAMENTS[kind](lines, variant)
    return lines.mask()


@cache
def _medallion() -> Image.Image:
    """The disc that carries the letters."""
    disc = _Lines()
    disc.circle(_CENTRE, _MEDALLION, fill=205)
    return disc.mask()


@cache
def _rims() -> Image.Image:
    """The frame of the card and the rim of the medallion."""
    front = _Lines()
    _draw_rims(front)
    return front.mask()


def _draw_rays(lines: _Lines, variant: int) -> None:
    count = 20 + variant * 8
    half = math.tau / count / 4
    for index in range(count):
        angle = math.tau * index / count
        lines.polygon([_CENTRE, _polar(angle - half, _HEIGHT), _polar(angle + half, _HEIGHT)], fill=20)


def _draw_rings(lines: _Lines, variant: int) -> None:
    gap = 20 + variant * 3
    for index in range(1, 24):
        lines.circle(_CENTRE, _MEDALLION + gap * index, line=max(10, 70 - 6 * index), width=2)


def _draw_rosette(lines: _Lines, variant: int) -> None:
    count = 10 + variant * 2
    for radius, opacity in ((2.4, 18), (1.55, 34), (0.85, 60)):
        for index in range(count):
            centre = _polar(math.tau * index / count, _MEDALLION * radius)
            lines.circle(centre, _MEDALLION * radius, line=opacity, width=1.4)


def _draw_stars(lines: _Lines, variant: int) -> None:
    seed = hashlib.blake2b(bytes([variant])).digest()
    margin = 40  # stay inside the frame
    for index in range(48):
        first, second, third = seed[index], seed[(index + 17) % 64], seed[(index + 41) % 64]
        across, down = (first + 29 * index) % 256 / 255, (third + 41 * index) % 256 / 255
        centre = (margin + across * (_WIDTH - 2 * margin), margin + down * (_HEIGHT - 2 * margin))
        if math.dist(centre, _CENTRE) < _MEDALLION * 1.2:
            continue
        long = 3 + second % 10
        radii = (long, 0.16 * long) * 4
        points = [_around(centre, math.tau * step / 8, radius) for step, radius in enumerate(radii)]
        lines.polygon(points, fill=80 + third % 90)


_ORNAMENTS = (_draw_rays, _draw_rings, _draw_rosette, _draw_stars)
_VARIANTS = 4


def _draw_rims(lines: _Lines) -> None:
    """The frame of the card and the rim of the medallion."""
    lines.frame(16, 18, line=170, width=2)
    lines.frame(23, 18, line=80, width=1)
    for y in (17, _HEIGHT - 17):
        for reach, opacity in ((9, 235), (6, 0)):
            middle = _WIDTH / 2
            corners: list[Point] = [
                (middle - reach, y),
                (middle, y - reach),
                (middle + reach, y),
                (middle, y + reach),
            ]
            lines.polygon(corners, fill=opacity)
    lines.circle(_CENTRE, _MEDALLION, line=235, width=3)
    lines.circle(_CENTRE, _MEDALLION - 9, line=110, width=1)


def _draw_emblem(lines: _Lines, seed: bytes) -> None:
    """A woven star around a jewel."""
    points = 6 + seed[5] % 4
    reach = _MEDALLION * 0.66
    skip = 2 if points < 8 else 3
    corners = [_polar(math.tau * index / points - math.pi / 2, reach) for index in range(points)]
    for index, corner in enumerate(corners):
        lines.stroke(corner, corners[(index + skip) % points], line=255, width=2.5)
        lines.circle(corner, 4, fill=255)
    lines.circle(_CENTRE, reach * 0.16, fill=255)


def _draw_initials(picture: Image.Image, letters: str, ink: Colour) -> None:
    from PIL import ImageDraw, ImageFont

    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(118 if len(letters) == 1 else 88)
    left, top, right, bottom = draw.textbbox((0, 0), letters, font=font)
    corner = (_CENTRE[0] - (left + right) / 2, _CENTRE[1] - (top + bottom) / 2)
    draw.text(corner, letters, font=font, fill=ink)


def _polar(angle: float, radius: float) -> Point:
    """The point `radius` from the medallion's centre."""
    return _around(_CENTRE, angle, radius)


def _around(centre: Point, angle: float, radius: float) -> Point:
    """The point `radius` from `centre`; `angle` in radians, 0 to the right, clockwise."""
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)
