"""Finding entries of books: by their text, by what is known about them, in any order; 50,000 at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, column, func, select, table, text, true

from cardforge_desktop.books.model import EntryLine
from cardforge_desktop.books.query import Typed, typed_as
from cardforge_desktop.books.rows import (
    BOOK,
    CARD,
    ENTRY,
    TEXT,
    book_row,
    is_there,
    line_columns,
    line_of,
    slices,
)
from cardforge_desktop.store.database import Store

EntrySort = Literal["place", "name", "category", "tokens", "order", "priority", "edited"]
State = Literal["enabled", "disabled", "constant", "keyed", "selective", "regex", "no_keys"]

_INDEX = table("book_search", column("rowid"))
#: In which columns all words are looked for, the best find first.
_TIERS = ("name", "name keys", "name keys content")
_SORTS: dict[str, Any] = {
    "name": func.lower(ENTRY.c.name),
    "category": func.lower(ENTRY.c.category),
    "tokens": ENTRY.c.tokens,
    "order": ENTRY.c.insertion_order,
    "priority": ENTRY.c.priority,
    "edited": ENTRY.c.updated_at,
}
_HAS_KEYS = func.json_array_length(ENTRY.c["keys"]) > 0
_STATES: dict[State, Any] = {
    "enabled": ENTRY.c.enabled.is_(True),
    "disabled": ENTRY.c.enabled.is_(False),
    "constant": ENTRY.c.constant.is_(True),
    "keyed": ENTRY.c.constant.is_(False) & _HAS_KEYS,
    "selective": ENTRY.c.selective.is_(True),
    "regex": func.json_extract(ENTRY.c.data, "$.use_regex").is_(True),
    "no_keys": ~_HAS_KEYS,
}


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """Which entries of a book, and in which order. Everything that is set has to fit.

    Attributes:
        text: words that stand in name, keys or content, each perhaps not typed to its end; “in quotes” side
            by side.
        category: None for all, "" for entries without one.
        states: an entry has all of them.
        sort: `place` is the book's own order, or with a text: the best find first.
    """

    book_id: str
    text: str = ""
    category: str | None = None
    states: frozenset[State] = frozenset()
    sort: EntrySort = "place"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The first entries that were found. `is_all`: there are no more."""

    lines: tuple[EntryLine, ...]
    is_all: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries fit everything but the category, and how many of them each category has.

    Attributes:
        categories: by name; "" are those without one.
    """

    total: int
    categories: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found in one of all books; `card_name` is "" where the book stands by itself."""

    book_id: str
    book_name: str
    card_name: str
    line: EntryLine


class BookSearch:
    """Reads lists of entries. Thread-safe; off the window's thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, query: EntryQuery, limit: int) -> Page:
        """The first entries that fit.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        numbers = self.numbers(query)
        return Page(self.lines(numbers[:limit]), len(numbers) <= limit)

    def numbers(self, query: EntryQuery) -> array[int]:
        """`EntryLine.number` of all entries that fit, in the query's order.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            book = book_row(session, query.book_id).number
            typed = typed_as(query.text)
            wanted = _wanted(query, book)
            found: dict[int, None] = {}
            for condition in _tiers(typed, book) if query.sort == "place" else _tiers(typed, book)[-1:]:
                rows = session.execute(wanted.where(condition))
                found.update(dict.fromkeys(rows.scalars()))
        return array("q", found)

    def lines(self, numbers: Sequence[int]) -> tuple[EntryLine, ...]:
        """The entries with these numbers, in this order; those that are no longer there are left out."""
        found: dict[int, EntryLine] = {}
        with self._store.read() as session:
            for some in slices(numbers):
                rows = session.execute(line_columns().where(ENTRY.c.number.in_(some)))
                found.update((row[0], line_of(row)) for row in rows)
        return tuple(found[number] for number in numbers if number in found)

    def ids(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """`EntryLine.id` of these numbers, in this order; those that are no longer there are left out."""
        found: dict[int, str] = {}
        with self._store.read() as session:
            for some in slices(numbers):
                rows = session.execute(select(ENTRY.c.number, ENTRY.c.id).where(ENTRY.c.number.in_(some)))
                found.update((row[0], row[1]) for row in rows)
        return tuple(found[number] for number in numbers if number in found)

    def numbers_of(self, book_id: str, ids: Sequence[str]) -> tuple[int, ...]:
        """`EntryLine.number` of these entries of a book, as `ids` does the other way round.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        found: dict[str, int] = {}
        with self._store.read() as session:
            book = book_row(session, book_id).number
            for some in slices(ids):
                wanted = select(ENTRY.c.id, ENTRY.c.number).where(ENTRY.c.book == book, ENTRY.c.id.in_(some))
                found.update((row[0], row[1]) for row in session.execute(wanted))
        return tuple(found[each] for each in ids if each in found)

    def beginning_with(self, book_id: str, typed: str) -> frozenset[int]:
        """`EntryLine.number` of the entries of a book whose name begins so, accents and case aside.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        words = typed_as(f'"{typed}').terms
        if not words:
            return frozenset()
        with self._store.read() as session:
            book = book_row(session, book_id).number
            match = f'{{book}} : "b{book}" AND name : ^ {words[0].match}'
            return frozenset(session.execute(_found(match)).scalars())

    def counts(self, query: EntryQuery) -> Counts:
        """How many fit, by category.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            book = book_row(session, query.book_id).number
            wanted = _wanted(replace(query, category=None), book)
            condition = _tiers(typed_as(query.text), book)[-1]
            wanted = wanted.with_only_columns(ENTRY.c.category, func.count()).order_by(None)
            rows = session.execute(wanted.where(condition).group_by(ENTRY.c.category)).all()
        by_name = sorted(((row[0], row[1]) for row in rows), key=lambda each: (each[0].casefold(), each[0]))
        return Counts(sum(number for _, number in by_name), tuple(by_name))

    def everywhere(self, typed: str, limit: int) -> tuple[Hit, ...]:
        """Entries of all books, the best finds first; nothing where nothing was typed."""
        wanted = typed_as(typed)
        if not wanted.terms and not wanted.signs:
            return ()
        found: dict[int, None] = {}
        books: dict[int, tuple[str, str, str]] = {}
        card = CARD.alias()
        there = select(ENTRY.c.number, BOOK.c.id, BOOK.c.name, func.coalesce(card.c.name, ""))
        there = there.join(BOOK, BOOK.c.number == ENTRY.c.book).outerjoin(card, card.c.id == BOOK.c.card_id)
        with self._store.read() as session:
            for condition in _tiers(wanted, None):
                rows = session.execute(
                    there.where(is_there(), condition).order_by(ENTRY.c.number).limit(limit)
                )
                for number, *book in rows:
                    found.setdefault(number)
                    books[number] = tuple(book)
                if len(found) >= limit:
                    break
        lines = self.lines(list(found)[:limit])
        return tuple(Hit(*books[line.number], line) for line in lines)


def _wanted(query: EntryQuery, book: int) -> Select[Any]:
    wanted = select(ENTRY.c.number).where(ENTRY.c.book == book)
    if query.category is not None:
        wanted = wanted.where(ENTRY.c.category == query.category)
    wanted = wanted.where(*(_STATES[state] for state in query.states))
    columns = [_SORTS[query.sort]] if query.sort != "place" else []
    columns += [ENTRY.c.place, ENTRY.c.number]
    return wanted.order_by(*(each.desc() if query.descending else each for each in columns))


def _tiers(typed: Typed, book: int | None) -> list[ColumnElement[bool]]:
    """Conditions, each wider than the one before it."""
    if typed.terms:
        matches = [typed.match(columns) for columns in _TIERS]
        if book is not None:
            matches = [f'{{book}} : "b{book}" AND {match}' for match in matches]
        return [ENTRY.c.number.in_(_found(match)) for match in matches]
    if typed.signs:
        return [ENTRY.c.number.in_(_with_signs(typed.signs))]
    return [true()]


def _found(match: str) -> Select[Any]:
    return (
        select(_INDEX.c.rowid)
        .select_from(_INDEX)
        .where(text("book_search MATCH :match").bindparams(match=match))
    )


def _with_signs(signs: Iterable[str]) -> Select[Any]:
    told = TEXT.c.name + "\n" + TEXT.c["keys"] + "\n" + TEXT.c.content
    return select(TEXT.c.number).where(*(func.instr(told, sign) > 0 for sign in signs))
