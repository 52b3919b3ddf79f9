"""The picture of a card: any image becomes the PNG a card can live in."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardforge_desktop.cards.formats import png_chunks
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.placeholder import draw_placeholder
from cardforge_desktop.errors import CardForgeError, ErrorCode

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["AvatarError", "Box", "crop", "dimensions", "draw_placeholder", "load_avatar", "thumbnail"]

#: Left, top, width and height of a part of a picture, in its pixels as it is seen (turned upright).
Box = tuple[int, int, int, int]

#: Pixels of the longest side; a larger picture is made smaller.
LONGEST_SIDE = 2048
#: Bytes and pixels of the largest image that is opened at all. Pillow itself warns from 89 million pixels on.
LARGEST_FILE = 64 * 1024 * 1024
MOST_PIXELS = 80_000_000

# Bytes that decoding may take, and what it takes for each pixel, measured with Pillow 12. A progressive JPEG
# is kept as coefficients of two bytes for each channel besides.
_MOST_MEMORY = 440_000_000
_PIXEL_BYTES = {"WEBP": 16, "AVIF": 9}
_PLAIN_PIXEL_BYTES = 4

# Not Pillow's whole list: some of its readers start other programs, or are seldom used and seldom tested.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF")

# Rows that are made smaller at a time.
_BAND = 256

# Edges of a part of a picture: left, top, right, bottom as shares (0..1) of its sides.
_Part = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Turn:
    """From the picture as it is stored to the picture as it is seen, and back.

    Attributes:
        transpose: the name Pillow has for the way there, "" = nothing to do.
        across: on the way back, left and right change places first,
        down: top and bottom do,
        on_its_side: and rows become columns after that.
    """

    transpose: str = ""
    across: bool = False
    down: bool = False
    on_its_side: bool = False


# By EXIF's number (EXIF 2.32, tag Orientation).
_UPRIGHT = 1
_TURNS = {
    _UPRIGHT: _Turn(),
    2: _Turn("FLIP_LEFT_RIGHT", across=True),
    3: _Turn("ROTATE_180", across=True, down=True),
    4: _Turn("FLIP_TOP_BOTTOM", down=True),
    5: _Turn("TRANSPOSE", on_its_side=True),
    6: _Turn("ROTATE_270", across=True, on_its_side=True),
    7: _Turn("TRANSVERSE", across=True, down=True, on_its_side=True),
    8: _Turn("ROTATE_90", down=True, on_its_side=True),
}


class AvatarError(CardForgeError):
    """An image can't be the avatar.

    Codes: AVATAR_UNREADABLE (no image, or a broken one), AVATAR_TOO_LARGE (bytes or pixels),
    AVATAR_CROP_EMPTY (the part to cut out lies outside).
    """


def load_avatar(data: bytes) -> bytes:
    """The PNG for a card of any PNG, JPEG, WebP, GIF, BMP or AVIF; of an animation the first frame.

    A whole PNG within `LONGEST_SIDE` stays byte for byte. Everything else is written anew: turned upright,
    in sRGB, at most `LONGEST_SIDE` pixels a side, without the camera's metadata (place, time, device).

    Raises:
        AvatarError: broken, no image, or larger than the limits above.
    """
    image = _decoded(_header(data), LONGEST_SIDE)
    orientation = _orientation(image)
    upright, small = orientation == _UPRIGHT, max(image.size) <= LONGEST_SIDE
    if image.format == "PNG" and upright and small and _is_whole_png(data):
        return data
    return _png(_in_srgb(_turned(_at_most(image, LONGEST_SIDE), orientation)))


def thumbnail(data: bytes, size: int) -> bytes:
    """A PNG of the picture in `data`, `size` pixels at its longest side (never larger than it is).

    Raises:
        AvatarError: as `load_avatar`.
    """
    image = _decoded(_header(data), size)
    return _png(_in_srgb(_turned(_at_most(image, size), _orientation(image))))


def dimensions(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of the picture as it is seen: what the boxes of `crop` are measured in.

    Raises:
        AvatarError: as `load_avatar`, as far as the image's header tells.
    """
    return _seen_size(_header(data))


def crop(data: bytes, box: Box) -> bytes:
    """The PNG for a card of a part of the picture; a box that reaches over the edges is cut at them.

    The whole picture gives what `load_avatar` gives. A part is written anew, as there: upright, in sRGB,
    at most `LONGEST_SIDE` pixels a side, without texts and metadata.

    Raises:
        AvatarError: as `load_avatar`, or nothing of the picture lies in the box.
    """
    image = _header(data)
    width, height = _seen_size(image)
    left, top, right, bottom = _inside(box, (width, height))
    if (left, top, right, bottom) == (0, 0, width, height):
        return load_avatar(data)
    orientation = _orientation(image)
    stored = _as_stored((left / width, top / height, right / width, bottom / height), orientation)
    # A JPEG may be decoded smaller as long as the part keeps enough pixels.
    enough = math.ceil(LONGEST_SIDE * max(width, height) / max(right - left, bottom - top))
    decoded = _decoded(image, enough)
    part = _at_most(decoded, LONGEST_SIDE, _pixels(stored, decoded.size))
    return _png(_in_srgb(_turned(part, orientation)))


def _inside(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what of `box` lies in a picture of `size`."""
    left, top, width, height = box
    right, bottom = min(left + width, size[0]), min(top + height, size[1])
    left, top = max(left, 0), max(top, 0)
    if right <= left or bottom <= top:
        raise AvatarError(
            ErrorCode.AVATAR_CROP_EMPTY,
            f"The part to cut out lies outside of the picture, which has {size[0]} × {size[1]} pixels. "
            "Choose a part of the picture.",
            {"box": box, "size": size},
        )
    return left, top, right, bottom


def _as_stored(part: _Part, orientation: int) -> _Part:
    """Where a part of the picture as it is seen lies in the picture as it is stored."""
    left, top, right, bottom = part
    turn = _TURNS[orientation]
    if turn.across:
        left, right = 1 - right, 1 - left
    if turn.down:
        top, bottom = 1 - bottom, 1 - top
    return (top, left, bottom, right) if turn.on_its_side else (left, top, right, bottom)


def _pixels(part: _Part, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part in pixels; at least one."""
    left, top = min(round(part[0] * size[0]), size[0] - 1), min(round(part[1] * size[1]), size[1] - 1)
    return left, top, max(round(part[2] * size[0]), left + 1), max(round(part[3] * size[1]), top + 1)


def _header(data: bytes) -> Image.Image:
    """The image before its pixels are decoded, when it is small enough for that."""
    from PIL import Image

    if len(data) > LARGEST_FILE:
        raise AvatarError(
            ErrorCode.AVATAR_TOO_LARGE,
            f"The image has more than {LARGEST_FILE // 1024**2} MB, too much for a card's picture. "
            "Save it smaller, for example as JPEG.",
            {"bytes": len(data)},
        )
    with _decoding():
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
        most = _most_pixels(image)
        if image.width * image.height > most:
            raise _too_many_pixels(most, image.size)
    return image


def _most_pixels(image: Image.Image) -> int:
    """How many pixels an image of this kind may have."""
    needs = _PIXEL_BYTES.get(image.format or "", _PLAIN_PIXEL_BYTES)
    if image.info.get("progressive"):
        needs += 2 * len(image.getbands())
    return min(MOST_PIXELS, _MOST_MEMORY // needs)


def _decoded(image: Image.Image, wanted: int) -> Image.Image:
    """The same image with its pixels; a JPEG much larger than `wanted` is decoded smaller."""
    with _decoding():
        image.draft(None, (wanted, wanted))
        image.load()
    return image


@contextmanager
def _decoding() -> Iterator[None]:
    """Turns whatever Pillow raises on a broken file into an AvatarError."""
    from PIL import Image

    try:
        yield
    except AvatarError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(MOST_PIXELS) from error
    except Exception as error:  # its readers raise OSError, SyntaxError, TypeError, struct.error …
        raise AvatarError(
            ErrorCode.AVATAR_UNREADABLE,
            "The image can't be read: it is damaged, or no PNG, JPEG, WebP, GIF, BMP or AVIF. "
            "Open it in an image editor and save it as PNG.",
            {"reason": str(error)},
        ) from error


def _too_many_pixels(most: int, size: tuple[int, int] | None = None) -> AvatarError:
    shape = "The image" if size is None else f"The image of {size[0]} × {size[1]} pixels"
    return AvatarError(
        ErrorCode.AVATAR_TOO_LARGE,
        f"{shape} is too large; an image of this kind can have up to {most // 10**6} million pixels. "
        "Make it smaller.",
        {"size": size},
    )


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    """The image as it is to be seen; the same object when there is nothing to turn."""
    from PIL import Image

    how = _TURNS[orientation].transpose
    return image.transpose(Image.Transpose[how]) if how else image


def _seen_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if _TURNS[_orientation(image)].on_its_side else (width, height)


def _orientation(image: Image.Image) -> int:
    """A key of `_TURNS`. Broken EXIF is no reason to refuse a picture: upright."""
    from PIL import ExifTags

    try:
        value = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # a damaged block raises SyntaxError, struct.error, or a warning turned into an error
        return _UPRIGHT
    return value if value in _TURNS else _UPRIGHT


def _at_most(
    image: Image.Image, longest_side: int, part: tuple[int, int, int, int] | None = None
) -> Image.Image:
    """A part of the image, or all of it, within `longest_side`; a large one is never copied whole."""
    from PIL import Image

    left, top, right, bottom = part or (0, 0, *image.size)
    width, height = right - left, bottom - top
    if max(width, height) <= longest_side:
        return image if part is None else image.crop(part)
    halved = _averaged(image, (left, top, right, bottom), max(width, height) // longest_side)
    scale = longest_side / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return halved.resize(size, Image.Resampling.LANCZOS)


def _averaged(image: Image.Image, part: tuple[int, int, int, int], factor: int) -> Image.Image:
    """A part of the image, each square of `factor` pixels become one; done in bands, for memory's sake."""
    from PIL import Image

    left, top, right, bottom = part
    # Palette and 16-bit images can't be averaged as they are.
    mode = image.mode if image.mode in ("L", "RGB", "RGBA", "CMYK", "YCbCr") else _plain_mode(image)
    small = Image.new(mode, (-(-(right - left) // factor), -(-(bottom - top) // factor)))
    small.info = dict(image.info)
    step = factor * max(1, _BAND // factor)
    for start in range(top, bottom, step):
        band = image.crop((left, start, right, min(start + step, bottom)))
        small.paste(band.convert(mode).reduce(factor), (0, (start - top) // factor))
    return small


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB or RGBA in sRGB; an image's own colour profile (wide-gamut phones, print) is applied, then gone."""
    from PIL import ImageCms

    mode = _plain_mode(image)
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile says nothing about the colours: take them as sRGB
        else:
            image = converted if converted is not None else image
    return image.convert(mode)


def _plain_mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


def _png(image: Image.Image) -> bytes:
    image.info = {}  # Pillow would carry comments, resolution and EXIF over
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _is_whole_png(data: bytes) -> bool:
    try:
        png_chunks.split(data)
    except CardFormatError:
        return False
    return True
