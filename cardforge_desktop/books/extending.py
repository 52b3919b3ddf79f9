"""A book that cards share, extended by the book of a new card: in the transaction that stores the card.

What is to be done is worked out before, from the book as it is then (`planned`). When somebody changed the
book meanwhile, it is worked out anew within the transaction (`extend`): nothing that anybody wrote is lost.
Of a large book only the entries are read then that changed: everybody else waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from cardforge_desktop.books.card_books import book_hash, note_copy
from cardforge_desktop.books.errors import book_not_found
from cardforge_desktop.books.merging import Merge, merged
from cardforge_desktop.books.model import EntryState, Put
from cardforge_desktop.books.rows import ENTRY, book_row, revise, slices
from cardforge_desktop.books.steps import do, prepare
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.types import now


@dataclass(frozen=True, slots=True)
class Extension:
    """What a new book does to a shared one.

    Attributes:
        revision: of the shared book, for which this was worked out.
        known: versions and contents of its entries, by id, in its order.
    """

    book_id: str
    name: str
    revision: int
    known: Mapping[str, tuple[int, BookEntry]]
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
        extension = _planned(session, row, extension.new, extension.known)
    if not extension.merge.changed:
        return extension
    kept = len(extension.known)
    before = {id(each.after) for each in extension.merge.extended}
    entries = extension.merge.book.entries
    grown = [
        EntryState(entry_id, entry)
        for entry_id, entry in zip(extension.known, entries[:kept], strict=True)
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


def _planned(
    session: Session, row: Any, new: CharacterBook, known: Mapping[str, tuple[int, BookEntry]] | None = None
) -> Extension:
    entries = _entries(session, row.number, known or {})
    book = CharacterBook.model_construct(entries=[entry for _, entry in entries.values()])
    return Extension(row.id, row.name, row.revision, entries, new, merged(book, new))


def _entries(
    session: Session, number: int, known: Mapping[str, tuple[int, BookEntry]]
) -> dict[str, tuple[int, BookEntry]]:
    """All of a book in its order; what is known in the version that it has is not read again."""
    wanted = select(ENTRY.c.id, ENTRY.c.version).where(ENTRY.c.book == number)
    versions = {row[0]: row[1] for row in session.execute(wanted.order_by(ENTRY.c.place, ENTRY.c.number))}
    read: dict[str, BookEntry] = {}
    for some in slices([each for each, at in versions.items() if each not in known or known[each][0] != at]):
        for row in session.execute(select(ENTRY.c.id, ENTRY.c.data).where(ENTRY.c.id.in_(some))):
            read[row[0]] = BookEntry.model_validate(row[1])
    return {each: (at, read[each]) if each in read else known[each] for each, at in versions.items()}
