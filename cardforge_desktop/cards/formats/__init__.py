"""Card files: one file per format, and the two registries that name them.

A new format is a file here and a line in `FORMATS` (writing) or `_READERS` (reading).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cardforge_desktop.cards.formats import json_file, png, png_chunks
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.model import Card

__all__ = ["FORMATS", "LARGEST_FILE", "CardFormatError", "Format", "read_card"]

#: Bytes; a larger file is refused before it is looked at.
LARGEST_FILE = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """A format a card is written in.

    Attributes:
        name: as on the command line and in profiles, ``tavernai``.
        extension: of its files, without a dot.
        label: for people.
        write: card and avatar (PNG bytes; formats without a picture ignore it) to the bytes of the file.
            Raises CardFormatError.
    """

    name: str
    extension: str
    label: str
    write: Callable[[Card, bytes], bytes]


@dataclass(frozen=True, slots=True)
class _Reader:
    """A reader and how it knows its files; errors carry no file name yet."""

    recognises: Callable[[bytes], bool]
    read: Callable[[bytes], Card]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        format_.name: format_
        for format_ in (
            Format("json", "json", "JSON for every app", lambda card, _: json_file.write_json(card)),
            Format("v2", "json", "Character Card V2 (JSON)", lambda card, _: json_file.write_v2(card)),
            Format("tavernai", "png", "PNG card (V2 and V3)", png.write_png),
        )
    }
)

# The first that recognises the bytes reads them; extensions of card files lie too often to be asked.
_READERS = (
    _Reader(lambda data: data.startswith(png_chunks.SIGNATURE), png.read_png),
    _Reader(lambda data: data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] == b"{", json_file.read_json),
)


def read_card(data: bytes, name: str) -> Card:
    """The card in a file's bytes. `name` is the file's, for messages.

    Raises:
        CardFormatError: no card in it, damaged, or a field of the wrong type; the message names the file.
    """
    try:
        return _read(data)
    except CardFormatError as error:
        raise error.in_file(name) from error


def _read(data: bytes) -> Card:
    if len(data) > LARGEST_FILE:
        raise CardFormatError(
            "CARD_TOO_LARGE",
            f"larger than a card may be ({len(data) // 1024**2} MB, at most {LARGEST_FILE // 1024**2} MB).",
            {"bytes": len(data)},
        )
    for reader in _READERS:
        if reader.recognises(data[:64]):
            return reader.read(data)
    raise CardFormatError("CARD_UNKNOWN_FORMAT", "this is no character card: neither a PNG nor JSON.")
