"""What a change of books consists of: one step after the other, each with the steps that take it back.

Every function joins the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from cardforge_desktop.books.errors import entries_changed
from cardforge_desktop.books.model import EntryState, Place, Put, Remove, SetHead, Step
from cardforge_desktop.books.rows import (
    BOOK,
    ENTRY,
    Prepared,
    add_entries,
    book_row,
    change_entries,
    head_of,
    head_values,
    place_entries,
    prepared,
    remove_entries,
    rows_by_id,
    slices,
)
from cardforge_desktop.cards.model import BookEntry, CharacterBook

#: Entries that are put before the next ones are looked at.
_AT_ONCE = 1_000


@dataclass(slots=True)
class Done:
    """What steps did so far.

    Attributes:
        undo: steps that take it back, in the order they are to be done in.
        books: numbers of the books that changed, by id.
        put: ids of the entries that were put.
    """

    undo: list[Step] = field(default_factory=list)
    books: dict[str, int] = field(default_factory=dict)
    put: list[str] = field(default_factory=list)


def prepare(steps: Iterable[Step]) -> list[tuple[Step, list[Prepared]]]:
    """Work out what takes time, before the transaction begins."""
    return [(step, prepared(step.entries) if isinstance(step, Put) else []) for step in steps]


def check_versions(session: Session, expected: Mapping[str, int]) -> None:
    """See that nobody changed these entries since they had these versions.

    Raises:
        BookError: BOOK_CHANGED.
    """
    found: dict[str, int] = {}
    for some in slices(expected):
        rows = session.execute(select(ENTRY.c.id, ENTRY.c.version).where(ENTRY.c.id.in_(some)))
        found.update((row[0], row[1]) for row in rows)
    changed = [entry_id for entry_id, version in expected.items() if found.get(entry_id) != version]
    if changed:
        raise entries_changed(changed)


def do(session: Session, steps: Sequence[tuple[Step, list[Prepared]]], time: datetime) -> Done:
    """Do prepared steps; what was prepared is used up.

    Raises:
        BookError: BOOK_NOT_FOUND.
    """
    done = Done()
    for step, ready in steps:
        book = book_row(session, step.book_id)
        done.books[book.id] = book.number
        match step:
            case Put():
                undo = _put_in_parts(session, book, ready, time, done)
            case Remove():
                undo = _remove(session, book, step.ids)
            case Place():
                undo = _place(session, book, step.places)
            case SetHead():
                undo = _set_head(session, book, step.head)
        done.undo[:0] = undo
    return done


def _put_in_parts(
    session: Session, book: Any, ready: list[Prepared], time: datetime, done: Done
) -> list[Step]:
    """As `_put`, and let go of each part: to free all of 50,000 entries at once stops every other thread."""
    undo: list[Step] = []
    while ready:
        part = ready[:_AT_ONCE]
        del ready[:_AT_ONCE]
        undo[:0] = _put(session, book, part, time, done)
    return undo


def _put(session: Session, book: Any, ready: list[Prepared], time: datetime, done: Done) -> list[Step]:
    before = rows_by_id(session, [each.state.id for each in ready])
    undo: list[Step] = []
    new = [each for each in ready if each.state.id not in before]
    if new:
        undo.append(Remove(book.id, tuple(each.state.id for each in new)))
    by_book: dict[str, list[EntryState]] = {}
    for row in before.values():
        by_book.setdefault(row.book_id, []).append(_state(row))
    undo += [Put(book_id, tuple(states)) for book_id, states in by_book.items()]
    for book_id in by_book:
        if book_id not in done.books:
            done.books[book_id] = book_row(session, book_id).number
    add_entries(session, book.number, new, time)
    change_entries(session, book.number, [each for each in ready if each.state.id in before], time)
    done.put += [each.state.id for each in ready]
    return undo


def _remove(session: Session, book: Any, ids: Sequence[str]) -> list[Step]:
    before = [row for row in rows_by_id(session, ids).values() if row.book_id == book.id]
    remove_entries(session, [row.id for row in before])
    return [Put(book.id, tuple(_state(row) for row in before))] if before else []


def _place(session: Session, book: Any, places: Mapping[str, int]) -> list[Step]:
    before = [row for row in rows_by_id(session, places.keys()).values() if row.book_id == book.id]
    place_entries(session, {row.id: places[row.id] for row in before})
    return [Place(book.id, {row.id: row.place for row in before})] if before else []


def _set_head(session: Session, book: Any, head: CharacterBook) -> list[Step]:
    session.execute(update(BOOK).where(BOOK.c.number == book.number).values(**head_values(head_of(head))))
    return [SetHead(book.id, CharacterBook.model_validate(book.head))]


def _state(row: Any) -> EntryState:
    return EntryState(row.id, BookEntry.model_validate(row.data), row.place, row.version)
