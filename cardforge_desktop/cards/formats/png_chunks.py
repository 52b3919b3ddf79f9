"""The chunks of a PNG file. Source: PNG specification, third edition, section 5 (datastream structure)."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from cardforge_desktop.cards.formats.errors import CardFormatError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">I4s")
_CHECKSUM = struct.Struct(">I")
_LARGEST_CHUNK = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its four-letter type and its data, without length and checksum."""

    type: bytes
    data: bytes

    @property
    def keyword(self) -> str:
        """The keyword of a text chunk (tEXt, zTXt, iTXt), "" for any other."""
        if self.type not in (b"tEXt", b"zTXt", b"iTXt"):
            return ""
        return self.data.split(b"\0", 1)[0].decode("latin-1")


def text_chunk(keyword: str, text: bytes) -> Chunk:
    """A tEXt chunk of a Latin-1 keyword (1 to 79 characters) and Latin-1 text without a zero byte."""
    return Chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + text)


def split(png: bytes) -> list[Chunk]:
    """The chunks from IHDR to IEND, in order, each checksum checked.

    What follows IEND is not part of the PNG.

    Raises:
        CardFormatError: AVATAR_NOT_PNG for another kind of file, CARD_DAMAGED for one cut off or altered.
    """
    if not png.startswith(SIGNATURE):
        raise CardFormatError("AVATAR_NOT_PNG", "the picture is no PNG file.")
    chunks: list[Chunk] = []
    position = len(SIGNATURE)
    while not chunks or chunks[-1].type != b"IEND":
        chunk = _chunk_at(png, position)
        chunks.append(chunk)
        position += _HEADER.size + len(chunk.data) + _CHECKSUM.size
    if chunks[0].type != b"IHDR" or len(chunks[0].data) != 13:
        raise CardFormatError(
            "CARD_DAMAGED", "the PNG does not begin with its header. Save the picture again."
        )
    if all(chunk.type != b"IDAT" for chunk in chunks):
        raise CardFormatError("CARD_DAMAGED", "the PNG holds no picture data. Save the picture again.")
    return chunks


def join(chunks: Iterable[Chunk]) -> bytes:
    """The PNG file of `chunks`."""
    parts = [SIGNATURE]
    for chunk in chunks:
        checksum = zlib.crc32(chunk.data, zlib.crc32(chunk.type))
        parts += (_HEADER.pack(len(chunk.data), chunk.type), chunk.data, _CHECKSUM.pack(checksum))
    return b"".join(parts)


def _chunk_at(png: bytes, position: int) -> Chunk:
    start = position + _HEADER.size
    if start > len(png):
        raise _cut_off(position)
    length, kind = _HEADER.unpack_from(png, position)
    end = start + length
    if length > _LARGEST_CHUNK or end + _CHECKSUM.size > len(png):
        raise _cut_off(position)
    data = png[start:end]
    if zlib.crc32(data, zlib.crc32(kind)) != _CHECKSUM.unpack_from(png, end)[0]:
        raise CardFormatError(
            "CARD_DAMAGED",
            f"the PNG is damaged: a checksum at byte {position} is wrong. Fetch or save the picture again.",
            {"chunk": kind.decode("latin-1"), "byte": position},
        )
    return Chunk(kind, data)


def _cut_off(position: int) -> CardFormatError:
    return CardFormatError(
        "CARD_DAMAGED",
        f"the PNG is cut off at byte {position}. Fetch or save the picture again.",
        {"byte": position},
    )
