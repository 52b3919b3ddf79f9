"""The chunks of a PNG file. Source: PNG specification, third edition, section 5 (datastream structure)."""

import os
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.errors import ErrorCode

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXTS = (b"tEXt", b"zTXt", b"iTXt")
#: Bytes that a compressed text may fill: some kilobytes can be made to inflate to gigabytes.
LARGEST_TEXT = 48 * 1024 * 1024
_HEADER = struct.Struct(">I4s")
_CHECKSUM = struct.Struct(">I")
_LARGEST_CHUNK = 2**31 - 1
#: Pictures have some thousand at most; each one here takes more memory than an empty one in a file.
_MOST_CHUNKS = 100_000
_LONGEST_KEYWORD = 79


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its four-letter type and its data, without length and checksum."""

    type: bytes
    data: bytes

    @property
    def keyword(self) -> str:
        """The keyword of a text chunk (tEXt, zTXt, iTXt), "" for any other."""
        if self.type not in TEXTS:
            return ""
        return self.data[: _LONGEST_KEYWORD + 1].split(b"\0", 1)[0].decode("latin-1")

    def text(self) -> bytes:
        """The text of a text chunk as it stands, inflated where it is compressed.

        Raises:
            CardFormatError: CARD_DAMAGED, or CARD_TOO_LARGE beyond `LARGEST_TEXT`.
        """
        _, _, rest = self.data.partition(b"\0")
        if self.type == b"tEXt":
            return rest
        if self.type == b"zTXt":
            return self._inflated(rest[1:])
        packed, rest = rest[:1] == b"\1", rest[2:]
        _language, _, rest = rest.partition(b"\0")
        _translated, _, rest = rest.partition(b"\0")
        return self._inflated(rest) if packed else rest

    def _inflated(self, data: bytes) -> bytes:
        stream = zlib.decompressobj()
        try:
            text = stream.decompress(data, LARGEST_TEXT)
        except zlib.error as error:
            raise CardFormatError(
                ErrorCode.CARD_DAMAGED,
                f"the compressed text “{self.keyword}” in the picture can't be unpacked. Fetch it again.",
                {"keyword": self.keyword},
            ) from error
        if stream.unconsumed_tail:
            raise CardFormatError(
                ErrorCode.CARD_TOO_LARGE,
                f"the compressed text “{self.keyword}” in the picture unpacks to more than "
                f"{LARGEST_TEXT // 1024**2} MB; no card is that large.",
                {"keyword": self.keyword},
            )
        return text


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
        raise CardFormatError(ErrorCode.AVATAR_NOT_PNG, "the picture is no PNG file.")
    chunks: list[Chunk] = []
    position = len(SIGNATURE)
    while not chunks or chunks[-1].type != b"IEND":
        if len(chunks) == _MOST_CHUNKS:
            raise CardFormatError(ErrorCode.CARD_TOO_LARGE, f"the PNG has more than {_MOST_CHUNKS:,} parts.")
        chunk, is_right = _chunk_at(png, position)
        if not is_right:
            raise CardFormatError(
                ErrorCode.CARD_DAMAGED,
                f"the PNG is damaged: {_wrong_checksum(chunk, position)}. Fetch or save the picture again.",
                {"chunk": chunk.type.decode("latin-1"), "byte": position},
            )
        chunks.append(chunk)
        position += _HEADER.size + len(chunk.data) + _CHECKSUM.size
    if chunks[0].type != b"IHDR" or len(chunks[0].data) != 13:
        raise CardFormatError(
            ErrorCode.CARD_DAMAGED, "the PNG does not begin with its header. Save the picture again."
        )
    if all(chunk.type != b"IDAT" for chunk in chunks):
        raise CardFormatError(
            ErrorCode.CARD_DAMAGED, "the PNG holds no picture data. Save the picture again."
        )
    return chunks


def salvage(png: bytes, notes: Notes) -> tuple[list[Chunk], int | None]:
    """What can be read of a PNG's chunks, and the place where it is cut off (None: it is whole).

    Wrong checksums are noted, not refused: the card in a picture damaged on its way may well be whole.
    """
    chunks: list[Chunk] = []
    position = len(SIGNATURE)
    while not chunks or chunks[-1].type != b"IEND":
        if len(chunks) == _MOST_CHUNKS:
            return chunks, position
        try:
            chunk, is_right = _chunk_at(png, position)
        except CardFormatError:
            return chunks, position
        if not is_right:
            notes.add("", f"The picture is damaged: {_wrong_checksum(chunk, position)}")
        chunks.append(chunk)
        position += _HEADER.size + len(chunk.data) + _CHECKSUM.size
    if position < len(png):
        notes.add("", f"{len(png) - position:,} bytes after the end of the picture are left out")
    return chunks, None


def texts_in(file: BinaryIO, wanted: Callable[[str], bool]) -> tuple[list[Chunk], bool]:
    """The text chunks of an open PNG file whose keyword is `wanted`, and whether it goes on to its IEND.

    Everything else is stepped over unread, and no checksum is checked. Of the texts at most `LARGEST_TEXT`
    bytes in all are read.
    """
    found: list[Chunk] = []
    left = LARGEST_TEXT
    if file.read(len(SIGNATURE)) != SIGNATURE:
        return found, False
    for _ in range(_MOST_CHUNKS):
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            break
        length, kind = _HEADER.unpack(head)
        if kind == b"IEND" or length > _LARGEST_CHUNK:
            return found, kind == b"IEND"
        if kind in TEXTS and length <= left:
            start = file.read(min(length, _LONGEST_KEYWORD + 1))
            chunk = Chunk(kind, start)
            if wanted(chunk.keyword):
                found.append(Chunk(kind, start + file.read(length - len(start))))
                left -= length
                length = 0
            else:
                length -= len(start)
        file.seek(length + _CHECKSUM.size, os.SEEK_CUR)
    return found, False


def join(chunks: Iterable[Chunk]) -> bytes:
    """The PNG file of `chunks`."""
    parts = [SIGNATURE]
    for chunk in chunks:
        checksum = zlib.crc32(chunk.data, zlib.crc32(chunk.type))
        parts += (_HEADER.pack(len(chunk.data), chunk.type), chunk.data, _CHECKSUM.pack(checksum))
    return b"".join(parts)


def _chunk_at(png: bytes, position: int) -> tuple[Chunk, bool]:
    """The chunk that begins there, and whether its checksum is right."""
    start = position + _HEADER.size
    if start > len(png):
        raise _cut_off(position)
    length, kind = _HEADER.unpack_from(png, position)
    end = start + length
    if length > _LARGEST_CHUNK or end + _CHECKSUM.size > len(png):
        raise _cut_off(position)
    data = png[start:end]
    return Chunk(kind, data), zlib.crc32(data, zlib.crc32(kind)) == _CHECKSUM.unpack_from(png, end)[0]


def _wrong_checksum(chunk: Chunk, position: int) -> str:
    return f"the checksum of its {chunk.type.decode('latin-1')!r} part at byte {position} is wrong"


def _cut_off(position: int) -> CardFormatError:
    return CardFormatError(
        ErrorCode.CARD_DAMAGED,
        f"the PNG is cut off at byte {position}. Fetch or save the picture again.",
        {"byte": position},
    )
