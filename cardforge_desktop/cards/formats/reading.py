"""Any card file to the card in it: the container is told by its bytes, as extensions lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cardforge_desktop.cards.formats import charx, json_text, png, png_chunks, yaml_text
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.shapes import read_object
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import ErrorCode

#: Bytes; a larger file is refused before it is looked at. Importing a PNG takes some four times its size.
LARGEST_FILE = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CardFile:
    """What a file holds.

    Attributes:
        package: the card with its picture and files; of a lorebook, a card with nothing but the book.
        spec: v1, v2, v3, lorebook, worldinfo, or the name of another app's shape.
        container: png, charx, json or yaml.
        warnings: sentences about what was mended or left out.
        holds: a card or a book alone.
    """

    package: CardPackage
    spec: str
    container: str
    warnings: tuple[str, ...]
    holds: Literal["card", "book"] = "card"


@dataclass(frozen=True, slots=True)
class _Content:
    """A container opened: the JSON value in it and what else it carries."""

    container: str
    value: Any
    picture: bytes | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


def read_path(path: Path) -> CardFile:
    """The card in a file. Slow: not for the window's thread.

    Raises:
        CardFormatError: CARD_UNREADABLE when the system can't read it; else as `read_file`.
    """
    return read_file(file_bytes(path), path.name)


def file_bytes(path: Path) -> bytes:
    """What is in a file that may be a card.

    Raises:
        CardFormatError: CARD_UNREADABLE, CARD_TOO_LARGE.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise CardFormatError(
                ErrorCode.CARD_UNREADABLE, f"{path.name}: this is no file.", {"file": path.name}
            )
        _check_size(size, path.name)
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)  # it may grow meanwhile, and some files have no size
    except OSError as error:
        reason = error.strerror or str(error)
        raise CardFormatError(
            ErrorCode.CARD_UNREADABLE,
            f"{path.name}: the system can't read it: {reason}.",
            {"file": path.name},
        ) from error
    return data


def read_file(data: bytes, name: str) -> CardFile:
    """The card, or lorebook, in a file's bytes. `name` is the file's, for messages.

    Raises:
        CardFormatError: no card in it, or damaged beyond mending; the message names the file.
    """
    _check_size(len(data), name)
    notes = Notes()
    try:
        content = _opened(data, notes)
        shape = read_object(content.value, notes)
    except CardFormatError as error:
        raise error.in_file(name) from error
    picture = content.picture
    if content.container == "charx":
        picture = charx.picture(shape.card, content.files, cover=picture)
    package = CardPackage(shape.card, picture, content.files)
    return CardFile(package, shape.spec, content.container, notes.warnings(), shape.holds)


def _check_size(size: int, name: str) -> None:
    if size > LARGEST_FILE:
        raise CardFormatError(
            ErrorCode.CARD_TOO_LARGE,
            f"{name}: {size // 1024**2} MB are more than a card may have ({LARGEST_FILE // 1024**2} MB).",
            {"bytes": size, "file": name},
        )


def _opened(data: bytes, notes: Notes) -> _Content:
    is_png = data.startswith(png_chunks.SIGNATURE)
    if is_png and png.has_card(data):
        return _png(data, notes)
    if charx.recognises(data[:8], data):
        value, files = charx.read(data, notes)
        return _Content("charx", value, charx.cover(data), files)
    if is_png:
        return _png(data, notes)
    begin = data.lstrip(json_text.MARKS)[:1]
    if not begin:
        raise CardFormatError(ErrorCode.CARD_UNKNOWN_FORMAT, "the file is empty.")
    if begin == b"{":
        return _Content("json", json_text.load(data, notes))
    if yaml_text.recognises(data):
        return _Content("yaml", yaml_text.load(data, notes))
    raise CardFormatError(
        ErrorCode.CARD_UNKNOWN_FORMAT,
        "this is no character card: neither a PNG, a CHARX, a JSON object nor YAML.",
    )


def _png(data: bytes, notes: Notes) -> _Content:
    found = png.read_png(data, notes)
    return _Content("png", found.value, found.picture, found.files)
