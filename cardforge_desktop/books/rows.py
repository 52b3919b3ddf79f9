"""Books between their values and the rows of the store. Every function joins the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import StatementError
from sqlmodel import Session

from cardforge_desktop.books.errors import book_not_found, entry_not_storable
from cardforge_desktop.books.excerpts import LONGEST
from cardforge_desktop.books.index import add_texts, change_texts, forget_texts
from cardforge_desktop.books.indexing import plain, text_values
from cardforge_desktop.books.model import Entry, EntryLine, EntryState
from cardforge_desktop.books.tables import BookEntryRow, BookRow, CardBookRow
from cardforge_desktop.cards.book_fields import category_of, tags_of, title_of, version_of
from cardforge_desktop.cards.contents import without_surrogates
from cardforge_desktop.cards.formats.books import without_decorators
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.cards.tables import CardRow
from cardforge_desktop.store.table import core_table
from cardforge_desktop.tokens import O200K, VocabularyError

BOOK = core_table(BookRow)
ENTRY = core_table(BookEntryRow)
CARD_BOOK = core_table(CardBookRow)
CARD = core_table(CardRow)

_Id = TypeVar("_Id", str, int)
#: Between the places of two neighbours: so often one may be halved before all get new ones.
GAP = 1 << 20
#: SQLite's numbers end at 2^63: on both sides room is left for more entries than any book has.
FARTHEST = 1 << 61
_AT_ONCE = 500
_LINE = (
    *("number", "id", "version", "place", "name", "category", "keys", "excerpt", "tokens", "enabled"),
    *("constant", "selective", "insertion_order", "priority", "updated_at"),
)
_ENTRY = ("id", "place", "version", "data", "tokens", "created_at", "updated_at", "accessed_at")
_REVISED = (
    update(BOOK)
    .where(BOOK.c.number == bindparam("of_book"))
    .values(
        revision=BOOK.c.revision + 1,
        updated_at=bindparam("time"),
        entries=select(func.count()).where(ENTRY.c.book == bindparam("of_book")).scalar_subquery(),
        tokens=select(func.coalesce(func.sum(ENTRY.c.tokens), 0))
        .where(ENTRY.c.book == bindparam("of_book"))
        .scalar_subquery(),
    )
)


_CHANGED = (
    update(ENTRY)
    .where(ENTRY.c.number == bindparam("of_entry"))
    .values(
        version=ENTRY.c.version + 1,
        place=func.coalesce(bindparam("new_place"), ENTRY.c.place),
        **{
            name: bindparam(f"new_{name}", type_=ENTRY.c[name].type)
            for name in (
                *("book", "updated_at", "data", "name", "title", "category", "keys", "excerpt", "tokens"),
                *("enabled", "constant", "selective", "insertion_order", "priority"),
            )
        },
    )
)


def is_there() -> Any:
    """Condition: the book is not deleted, nor is the card that it is kept in."""
    gone = select(CARD.c.id).where(CARD.c.id == BOOK.c.card_id, CARD.c.deleted_at.is_not(None))
    return BOOK.c.deleted_at.is_(None) & ~gone.exists()


def book_row(session: Session, book_id: str) -> Any:
    """The row of a book.

    Raises:
        BookError: BOOK_NOT_FOUND.
    """
    row = session.execute(select(BOOK).where(BOOK.c.id == book_id, is_there())).one_or_none()
    if row is None:
        raise book_not_found(book_id)
    return row


def head_of(book: CharacterBook) -> CharacterBook:
    """The book without entries."""
    return book.model_copy(update={"entries": []})


def head_values(head: CharacterBook) -> dict[str, Any]:
    """What `book` keeps of a book's own fields."""
    return {
        "head": head.model_dump(mode="json", exclude_unset=True, exclude={"entries"}),
        "name": without_surrogates(head.name or ""),
        "description": without_surrogates(head.description or ""),
        "version": without_surrogates(version_of(head)),
        "tags": list(tags_of(head)),
    }


def entry_values(entry: BookEntry) -> dict[str, Any]:
    """What `book_entry` keeps of an entry's content. Counts tokens: slow the first time in a process."""
    told = without_decorators(entry.content)
    return {
        "data": entry.model_dump(mode="json", exclude_unset=True),
        "name": without_surrogates(title_of(entry)),
        "title": plain(title_of(entry)),
        "category": without_surrogates(category_of(entry)),
        "keys": entry.keys,
        "excerpt": without_surrogates(told[:LONGEST]),
        "tokens": _tokens(told),
        "enabled": entry.enabled,
        "constant": bool(entry.constant),
        "selective": bool(entry.selective),
        "insertion_order": _as_float(entry.insertion_order),
        "priority": None if entry.priority is None else _as_float(entry.priority),
    }


def line_columns() -> Select[Any]:
    """Selects what `line_of` takes."""
    return select(*(ENTRY.c[name] for name in _LINE))


def line_of(row: Sequence[Any]) -> EntryLine:
    """The line of a row of `line_columns`."""
    number, entry_id, version, place, name, category, keys, *rest = row
    return EntryLine(number, entry_id, version, place, name, category, tuple(keys), *rest)


def entry_columns() -> Select[Any]:
    """Selects what `entry_of` takes."""
    columns = (ENTRY.c[name] for name in _ENTRY)
    return select(*columns, BOOK.c.id.label("book_id")).join(BOOK, BOOK.c.number == ENTRY.c.book)


def entry_of(row: Any) -> Entry:
    """The entry of a row of `entry_columns`."""
    return Entry(
        row.id,
        row.book_id,
        row.place,
        row.version,
        BookEntry.model_validate(row.data),
        row.tokens,
        row.created_at,
        row.updated_at,
        row.accessed_at,
    )


def entries_of(session: Session, number: int) -> list[Any]:
    """Rows of `entry_columns` of a whole book, in its order."""
    wanted = entry_columns().where(ENTRY.c.book == number).order_by(ENTRY.c.place, ENTRY.c.number)
    return list(session.execute(wanted).all())


def whole_book(session: Session, row: Any) -> CharacterBook:
    """The book of a row of `book`, with its entries."""
    data = select(ENTRY.c.data).where(ENTRY.c.book == row.number)
    rows = session.execute(data.order_by(ENTRY.c.place, ENTRY.c.number)).scalars()
    return CharacterBook.model_validate({**row.head, "entries": list(rows)})


def rows_by_id(session: Session, ids: Collection[str]) -> dict[str, Any]:
    """Rows of `entry_columns`, with the book's number, by id; those that are not there are left out."""
    found: dict[str, Any] = {}
    for some in slices(ids):
        for row in session.execute(entry_columns().where(ENTRY.c.id.in_(some))):
            found[row.id] = row
    return found


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry as its rows will hold it, worked out before the transaction that others wait for."""

    state: EntryState
    values: Mapping[str, Any]
    texts: Mapping[str, str]


def prepared(states: Iterable[EntryState]) -> list[Prepared]:
    """Some 5,000 a second."""
    return [Prepared(state, entry_values(state.entry), text_values(state.entry)) for state in states]


def add_entries(session: Session, number: int, new: Sequence[Prepared], time: datetime) -> None:
    """New entries of a book; those without a place at its end."""
    if not new:
        return
    places = _places([each.state for each in new], next_place(session, number))
    made = {"book": number, "created_at": time, "updated_at": time, "accessed_at": None}
    rows = [
        {**made, **each.values, "id": each.state.id, "version": each.state.version + 1, "place": place}
        for each, place in zip(new, places, strict=True)
    ]
    _write(session, insert(ENTRY), rows, new)
    numbers = numbers_by_id(session, [each.state.id for each in new])
    add_texts(session, number, {numbers[each.state.id]: each.texts for each in new})


def change_entries(session: Session, number: int, changed: Sequence[Prepared], time: datetime) -> None:
    """Entries that are there already, in this book or in another, are so and here."""
    if not changed:
        return
    numbers = numbers_by_id(session, [each.state.id for each in changed])
    rows = []
    for each in changed:
        values = {**each.values, "book": number, "updated_at": time, "place": each.state.place}
        of_entry = {"of_entry": numbers[each.state.id]}
        rows.append({**of_entry, **{f"new_{name}": value for name, value in values.items()}})
    _write(session, _CHANGED, rows, changed)
    change_texts(session, number, {numbers[each.state.id]: each.texts for each in changed})


def _write(session: Session, statement: Any, rows: list[dict[str, Any]], of: Sequence[Prepared]) -> None:
    """Raises BOOK_ENTRY_INVALID where JSON has no form for what an entry holds."""
    try:
        session.execute(statement, rows)
    except StatementError as error:
        if not isinstance(error.orig, ValueError):
            raise
        title = next((str(each.values["name"]) for each in of if not _has_json(each.values["data"])), "")
        # Python's own limit, sys.int_info: longer ones take a square of time to be read.
        raise entry_not_storable(title, "a whole number in it has thousands of digits.") from error


def _has_json(data: Any) -> bool:
    try:
        json.dumps(data)
    except ValueError:
        return False
    return True


def remove_entries(session: Session, ids: Collection[str]) -> None:
    """Entries that are no more."""
    forget_texts(session, list(numbers_by_id(session, ids).values()))
    for some in slices(ids):
        session.execute(delete(ENTRY).where(ENTRY.c.id.in_(some)))


def place_entries(session: Session, places: Mapping[str, int]) -> None:
    """Entries at other places."""
    moved = update(ENTRY).where(ENTRY.c.id == bindparam("of_entry")).values(place=bindparam("new_place"))
    rows = [{"of_entry": entry_id, "new_place": place} for entry_id, place in places.items()]
    if rows:
        session.execute(moved, rows)


def numbers_by_id(session: Session, ids: Collection[str]) -> dict[str, int]:
    """The store's numbers of entries."""
    found: dict[str, int] = {}
    for some in slices(ids):
        wanted = select(ENTRY.c.id, ENTRY.c.number).where(ENTRY.c.id.in_(some))
        found.update((row[0], row[1]) for row in session.execute(wanted))
    return found


def next_place(session: Session, number: int) -> int:
    """The place behind all entries of a book; where that is beyond what is safe, all get new ones."""
    last = session.execute(select(func.max(ENTRY.c.place)).where(ENTRY.c.book == number)).scalar()
    if last is None:
        return 0
    if last > FARTHEST:
        wanted = select(ENTRY.c.id).where(ENTRY.c.book == number).order_by(ENTRY.c.place, ENTRY.c.number)
        ids = session.execute(wanted).scalars().all()
        place_entries(session, {entry_id: at * GAP for at, entry_id in enumerate(ids)})
        return len(ids) * GAP
    return int(last) + GAP


def revise(session: Session, number: int, time: datetime) -> int:
    """Note that a book changed, and count it anew; returns its revision."""
    session.execute(_REVISED, {"of_book": number, "time": time})
    revision = session.execute(select(BOOK.c.revision).where(BOOK.c.number == number)).scalar_one()
    return int(revision)


def slices(ids: Collection[_Id]) -> Iterator[list[_Id]]:
    """As many as one statement may name, again and again."""
    listed = list(ids)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


def _places(states: Sequence[EntryState], at: int) -> Iterator[int]:
    for state in states:
        if state.place is not None:
            yield state.place
        else:
            yield at
            at += GAP


def _tokens(text: str) -> int:
    try:
        return O200K.count(text)
    except VocabularyError:  # an incomplete installation must not keep anybody from saving
        return 0


def _as_float(number: float) -> float:
    """For sorting: what is larger than any column holds is as large as it can be."""
    try:
        return float(number)
    except OverflowError:
        return 1e308 if number > 0 else -1e308
