"""What a list says of card files, read without their pictures: name, specification, tokens.

Of a PNG only the card's text chunks are read, of an archive only its directory and ``card.json``; pixels,
assets and everything else is stepped over. Other files are small and read whole.
"""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cardforge_desktop.cards.formats import charx, png, png_chunks, v1
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.reading import LARGEST_FILE, read_path
from cardforge_desktop.cards.formats.shapes import Shape, read_object
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.tokens import PERMANENT_FIELDS, TEMPORARY_FIELDS
from cardforge_desktop.sources.reader import natural_key

#: Endings of the files that are looked at in folders; a file that is named itself may have any.
CARD_SUFFIXES = (".png", ".apng", ".json", ".charx", ".jpg", ".jpeg", ".yaml", ".yml")

#: Text to tokens.
Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class CardHeader:
    """What a list says of one card file.

    Attributes:
        path: of the file.
        name: the character's, or the book's; "" where it has none, or can't be read.
        spec: v1, v2, v3, or the name of another app's shape; "" where the file can't be read.
        container: png, charx, json or yaml; "" likewise.
        holds: a card or a book alone.
        permanent_tokens: name, description, personality and scenario; None when they were not to be counted.
        total_tokens: those, the first message and the examples; None likewise.
        problem: why the file can't be read; its message names the file.
    """

    path: Path
    name: str = ""
    spec: str = ""
    container: str = ""
    holds: Literal["card", "book"] = "card"
    permanent_tokens: int | None = None
    total_tokens: int | None = None
    problem: CardFormatError | None = None


def list_folder(folder: Path, count: Count | None = None) -> Iterator[CardHeader]:
    """The headers of the card files under `folder`, in natural order (see `card_files`).

    Slow: some 0.2 ms for a PNG, with tokens 0.6 ms. Threads make it no faster: reading holds the interpreter,
    and of counting they save a fifth at most (2 cores, measured).

    Args:
        count: counts the tokens; without it they are not counted.
    """
    for path in card_files(folder):
        yield read_header(path, count)


def read_header(path: Path, count: Count | None = None) -> CardHeader:
    """The header of one file. Raises nothing that is the file's fault: it stands in `problem`. Slow."""
    try:
        found = _in_part(path)
        if found is None:
            file = read_path(path)
            found = file.container, Shape(file.package.card, file.spec, file.holds)
    except CardFormatError as error:
        return CardHeader(path, problem=error)
    container, shape = found
    card = shape.card
    book = card.character_book
    name = (book.name or "") if shape.holds == "book" and book is not None else card.name
    permanent, total = (None, None) if count is None else _tokens(card, count)
    return CardHeader(path, name, shape.spec, container, shape.holds, permanent, total)


def card_files(folder: Path) -> Iterator[Path]:
    """Files under a folder that may be cards, in natural order, files before the folders beside them.

    Hidden ones, and folders that can't be opened, are passed over. Links to folders are not followed: they
    may lead in circles.
    """
    for current, folders, names in os.walk(folder):
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=natural_key)
        for name in sorted(names, key=natural_key):
            if not name.startswith(".") and name.lower().endswith(CARD_SUFFIXES):
                yield Path(current, name)


def _tokens(card: Card, count: Count) -> tuple[int, int]:
    permanent = sum(count(getattr(card, name)) for name in PERMANENT_FIELDS)
    return permanent, permanent + sum(count(getattr(card, name)) for name in TEMPORARY_FIELDS)


def _in_part(path: Path) -> tuple[str, Shape] | None:
    """Container and card of a file that need not be read whole; None of any other."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            return None
        with path.open("rb", buffering=0) as file:
            return _in_file(file)
    except OSError:
        return None  # reading it whole says why
    except CardFormatError as error:
        raise error.in_file(path.name) from error


def _in_file(file: io.FileIO) -> tuple[str, Shape] | None:
    notes = Notes()
    head = file.read(len(png_chunks.SIGNATURE))
    if head == png_chunks.SIGNATURE:
        file.seek(0)
        chunks, is_whole = png_chunks.texts_in(file, png.is_card_keyword)
        if not chunks and is_whole and not file.read(5)[4:]:  # behind the checksum comes nothing
            raise png.no_card()
        if chunks:
            cards = [(chunk, chunk.keyword.lower()) for chunk in chunks]
            return "png", read_object(_listed(png.best_value(cards, notes)), notes)
    elif head.startswith(b"PK"):
        return "charx", read_object(_listed(charx.read_card(file, notes)), notes)
    return None


def _listed(value: Any) -> Any:
    """Of V2's and V3's object only what a list says: books of thousands of entries go unchecked."""
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, dict) or not str(value.get("spec")).startswith("chara_card_v"):
        return value
    fields = {name: field for name, field in data.items() if name in v1.FIELDS}
    return {"spec": value["spec"], "data": fields}
