"""The picture of a card: any image becomes the PNG a card can live in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cardforge_desktop.cards.formats import png_chunks
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.placeholder import draw_placeholder
from cardforge_desktop.errors import CardForgeError

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["AvatarError", "draw_placeholder", "load_avatar", "thumbnail"]

#: Pixels of the longest side; a larger picture is made smaller.
LONGEST_SIDE = 2048
#: Bytes and pixels of the largest image that is opened at all. Pillow itself warns from 89 million pixels on.
LARGEST_FILE = 64 * 1024 * 1024
MOST_PIXELS = 80_000_000

# Not Pillow's whole list: some of its readers start other programs, or are seldom used and seldom tested.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF")


class AvatarError(CardForgeError):
    """An image can't be the avatar.

    Codes: AVATAR_UNREADABLE (no image, or a broken one), AVATAR_TOO_LARGE (bytes or pixels).
    """


def load_avatar(data: bytes) -> bytes:
    """The PNG for a card of any PNG, JPEG, WebP, GIF, BMP or AVIF; of an animation the first frame.

    A whole PNG within `LONGEST_SIDE` stays byte for byte. Everything else is written anew: turned upright,
    in sRGB, at most `LONGEST_SIDE` pixels a side, without the camera's metadata (place, time, device).

    Raises:
        AvatarError: broken, no image, or larger than the limits above.
    """
    image = _opened(data)
    upright = _upright(image)
    if image.format == "PNG" and upright is image and max(image.size) <= LONGEST_SIDE and _is_whole_png(data):
        return data
    return _png(_in_srgb(_at_most(upright, LONGEST_SIDE)))


def thumbnail(data: bytes, size: int) -> bytes:
    """A PNG of the picture in `data`, `size` pixels at its longest side (never larger than it is).

    Raises:
        AvatarError: as `load_avatar`.
    """
    return _png(_in_srgb(_at_most(_upright(_opened(data, size)), size)))


def _opened(data: bytes, wanted: int = LONGEST_SIDE) -> Image.Image:
    """The decoded image; a JPEG much larger than `wanted` pixels is decoded at a fraction of its size."""
    from PIL import Image

    if len(data) > LARGEST_FILE:
        raise AvatarError(
            "AVATAR_TOO_LARGE",
            f"The image has {len(data) // 1024**2} MB; "
            f"up to {LARGEST_FILE // 1024**2} MB can be a card's picture.",
            {"bytes": len(data)},
        )
    with _decoding():
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise _too_many_pixels(image.size)
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
        raise _too_many_pixels() from error
    except Exception as error:  # its readers raise OSError, SyntaxError, TypeError, struct.error …
        raise AvatarError(
            "AVATAR_UNREADABLE",
            "The image can't be read: it is damaged, or no PNG, JPEG, WebP, GIF, BMP or AVIF. "
            "Open it in an image editor and save it as PNG.",
            {"reason": str(error)},
        ) from error


def _too_many_pixels(size: tuple[int, int] | None = None) -> AvatarError:
    shape = "The image" if size is None else f"The image of {size[0]} × {size[1]} pixels"
    return AvatarError(
        "AVATAR_TOO_LARGE",
        f"{shape} is too large; up to {MOST_PIXELS // 10**6} million pixels can be a card's picture. "
        "Make it smaller.",
        {"size": size},
    )


def _upright(image: Image.Image) -> Image.Image:
    """The image turned as its EXIF says; the same object when there is nothing to turn."""
    from PIL import Image

    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def _orientation(image: Image.Image) -> int:
    """EXIF's number, 1 to 8. Broken EXIF is no reason to refuse a picture: 1."""
    from PIL import ExifTags

    try:
        value = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # a damaged block raises SyntaxError, struct.error, or a warning turned into an error
        return 1
    return value if isinstance(value, int) else 1


def _at_most(image: Image.Image, longest_side: int) -> Image.Image:
    from PIL import Image

    if max(image.size) <= longest_side:
        return image
    # Palette and 16-bit images can't be averaged as they are.
    smaller = (
        image if image.mode in ("L", "RGB", "RGBA", "CMYK", "YCbCr") else image.convert(_plain_mode(image))
    )
    smaller = smaller.copy()
    smaller.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    return smaller


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
