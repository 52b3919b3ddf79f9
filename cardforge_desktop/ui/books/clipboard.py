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
#: Characters of a text that becomes one entry; longer ones are sources to make cards or books of.
LONGEST_ENTRY = 20_000
_LONGEST_TITLE = 80


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


def is_for_book(text: str, book_id: str) -> bool:
    """Whether a text from another program holds entries, or may become one in the book that is open."""
    return _is_json(text) or bool(book_id and text.strip() and len(text) <= LONGEST_ENTRY)


def pasted(own: str, text: str) -> Pasted:
    """The entries in what is on the clipboard: ours, a lorebook, world info, or the book of a card. Slow.

    Any other text is one entry: what stands in its first line is its title.
    """
    from pydantic import ValidationError

    from cardforge_desktop.cards.formats.errors import CardFormatError
    from cardforge_desktop.cards.formats.reading import read_file
    from cardforge_desktop.cards.model import CharacterBook

    try:
        if own:
            return Pasted(tuple(CharacterBook.model_validate_json(own).entries))
        if not _is_json(text):
            return Pasted((_entry_of(text),))
        name = translate("Books", "the clipboard")
        book = read_file(text.encode("utf-8", "surrogatepass"), name).package.card.character_book
    except (CardFormatError, ValidationError, ValueError) as error:
        why = error.message if isinstance(error, CardFormatError) else ""
        return Pasted(problem=why or translate("Books", "There are no entries on the clipboard."))
    if book is None or not book.entries:
        return Pasted(problem=translate("Books", "There are no entries on the clipboard."))
    return Pasted(tuple(book.entries))


def _is_json(text: str) -> bool:
    """A macro at the head of a text (“{{char}} …”) is none."""
    return text.lstrip().startswith("{") and not text.lstrip().startswith("{{")


def _entry_of(text: str) -> BookEntry:
    from cardforge_desktop.cards.contents import without_surrogates
    from cardforge_desktop.cards.model import BookEntry

    content = without_surrogates(text).strip()
    title = content.partition("\n")[0].lstrip("#").strip()
    if len(title) > _LONGEST_TITLE:
        title = f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
    return BookEntry(name=title or translate("Books", "New entry"), content=content)
