"""A book that cards share, extended by the book of a new card: in the transaction that stores the card.

What is to be done is worked out before, from the book as it is then (`planned`). When somebody changed the
book meanwhile, it is worked out anew within the transaction (`extend`): nothing that anybody wrote is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from cardforge_desktop.books.card_books import book_hash, note_copy
from cardforge_desktop.books.errors import book_not_found
from cardforge_desktop.books.merging import Merge, merged
from cardforge_desktop.books.model import EntryState, Put
from cardforge_desktop.books.rows import book_row, entries_of, revise
from cardforge_desktop.books.steps import do, prepare
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.types import now


@dataclass(frozen=True, slots=True)
class Extension:
    """What a new book does to a shared one.

    Attributes:
        revision: of the shared book, for which this was worked out.
        ids: of its entries, in its order.
    """

    book_id: str
    name: str
    revision: int
    ids: tuple[str, ...]
    new: CharacterBook
    merge: Merge


def planned(session: Session, book_id: str, new: CharacterBook) -> Extension:
    """Work out what `new` does to a book that stands by itself. Slow for a large one.

    Raises:
        BookError: BOOK_NOT_FOUND.
    """
    return _planned(session, _own_row(session, book_id), new)


def extend(session: Session, extension: Extension) -> Extension:
    """Do it; the caller announces the book. Returns what was done.

    Raises:
        BookError: BOOK_NOT_FOUND: the book was deleted meanwhile.
    """
    row = _own_row(session, extension.book_id)
    if row.revision != extension.revision:
        extension = _planned(session, row, extension.new)
    if not extension.merge.changed:
        return extension
    kept = len(extension.ids)
    before = {id(each.after) for each in extension.merge.extended}
    entries = extension.merge.book.entries
    grown = [
        EntryState(entry_id, entry)
        for entry_id, entry in zip(extension.ids, entries[:kept], strict=True)
        if id(entry) in before
    ]
    states = (*grown, *(EntryState(new_id("entry"), entry) for entry in entries[kept:]))
    time = now()
    do(session, prepare([Put(row.id, states)]), time)
    revise(session, row.number, time)
    return extension


def note_shared(
    session: Session, extension: Extension, book: CharacterBook, card_id: str, version: int
) -> None:
    """Note that the card carries what it gave to the shared book, to be brought up to date from there."""
    row = _own_row(session, extension.book_id)
    note_copy(session, card_id, version, book_hash(book), of=row.number, revision=row.revision)


def _own_row(session: Session, book_id: str) -> Any:
    row = book_row(session, book_id)
    if row.card_id is not None:
        raise book_not_found(book_id)
    return row


def _planned(session: Session, row: Any, new: CharacterBook) -> Extension:
    rows = entries_of(session, row.number)
    book = CharacterBook(entries=[BookEntry.model_validate(each.data) for each in rows])
    ids = tuple(each.id for each in rows)
    return Extension(row.id, row.name, row.revision, ids, new, merged(book, new))
