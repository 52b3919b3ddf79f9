"""Entries on the clipboard: whole for this app, as a lorebook (V3's JSON) for others. No widgets here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardforge_desktop.ui.formatting import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardforge_desktop.cards.model import BookEntry
    from cardforge_desktop.workspace import Workspace

#: JSON of a book with nothing but entries, as we keep them.
ENTRIES = "application/x-cardforge-entries+json"
#: Characters; more are for files.
LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Copied:
    """What goes to the clipboard.

    Attributes:
        own: for `ENTRIES`; "" = it was too large.
        text: as other programs read it.
    """

    count: int
    own: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What came from the clipboard; `problem` says why nothing did."""

    entries: tuple[BookEntry, ...] = ()
    problem: str = ""


def copied(ws: Workspace, ids: Sequence[str]) -> Copied:
    """Read entries for the clipboard. Slow."""
    from cardforge_desktop.cards.formats import lorebook
    from cardforge_desktop.cards.model import CharacterBook

    entries = [entry.entry for entry in ws.books.some_entries(ids)]
    book = CharacterBook(entries=entries)
    own = book.model_dump_json(exclude_unset=True)
    if len(own) > LARGEST:
        return Copied(len(entries))
    return Copied(len(entries), own, lorebook.write(book).decode())


def pasted(own: str, text: str) -> Pasted:
    """The entries in what is on the clipboard: ours, a lorebook, world info, or the book of a card. Slow."""
    from pydantic import ValidationError

    from cardforge_desktop.cards.formats.errors import CardFormatError
    from cardforge_desktop.cards.formats.reading import read_file
    from cardforge_desktop.cards.model import CharacterBook

    try:
        if own:
            return Pasted(tuple(CharacterBook.model_validate_json(own).entries))
        name = translate("Books", "the clipboard")
        book = read_file(text.encode("utf-8", "surrogatepass"), name).package.card.character_book
    except (CardFormatError, ValidationError, ValueError) as error:
        why = error.message if isinstance(error, CardFormatError) else ""
        return Pasted(problem=why or translate("Books", "There are no entries on the clipboard."))
    if book is None or not book.entries:
        return Pasted(problem=translate("Books", "There are no entries on the clipboard."))
    return Pasted(tuple(book.entries))
