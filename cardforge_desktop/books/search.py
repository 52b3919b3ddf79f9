"""Finding entries of books: by their text, by what is known about them, in any order; 50,000 at once."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, func, select, text
from sqlmodel import Session

from cardforge_desktop.books import finding
from cardforge_desktop.books.errors import book_not_found
from cardforge_desktop.books.excerpts import excerpt_around, found_first, unseen
from cardforge_desktop.books.finding import EntrySort, Sought
from cardforge_desktop.books.indexing import State, category_word, plain, state_word
from cardforge_desktop.books.model import EntryLine
from cardforge_desktop.books.query import typed_as
from cardforge_desktop.books.rows import BOOK, CARD, ENTRY, is_there, line_columns, line_of, slices
from cardforge_desktop.cards.formats.books import without_decorators
from cardforge_desktop.store.database import Store

_NUMBER = select(BOOK.c.number).where(BOOK.c.id == bindparam("of_book"), is_there())
_THESE = text("number IN (SELECT value FROM json_each(:numbers))")
_LINES = line_columns().where(_THESE)
_DATA = select(ENTRY.c.number, ENTRY.c.data).where(_THESE)

__all__ = ["BookSearch", "Counts", "EntryQuery", "EntrySort", "Hit", "Page", "State"]


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """Which entries of a book, and in which order. Everything that is set has to fit.

    Attributes:
        text: words that stand in name, keys or content, each perhaps not typed to its end; “in quotes” side
            by side.
        category: None for all, "" for entries without one.
        states: an entry has all of them. `keyed` are those that keys wake: not the constant ones.
        sort: `place` is the book's own order, or with words to look for: the best find first, whatever
            `descending` says.
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
        """The first entries that fit: a few milliseconds, whatever is typed.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            numbers = _numbers(session, query, limit + 1)
            lines = _lines(session, numbers[:limit], query.text)
        return Page(lines, len(numbers) <= limit)

    def numbers(self, query: EntryQuery) -> array[int]:
        """`EntryLine.number` of all entries that fit, in the query's order.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            return _numbers(session, query, finding.ALL)

    def lines(self, numbers: Sequence[int], typed: str = "") -> tuple[EntryLine, ...]:
        """The entries with these numbers, in this order; those that are no longer there are left out.

        Args:
            typed: what found them, so that the lines show where.
        """
        with self._store.read() as session:
            return _lines(session, numbers, typed)

    def ids(self, numbers: Sequence[int], book_id: str = "") -> tuple[str, ...]:
        """The ids of the entries with these numbers, in this order; of those that are still there.

        Args:
            book_id: only those that are in this book.
        """
        found: dict[int, str] = {}
        wanted = select(ENTRY.c.number, ENTRY.c.id)
        if book_id:
            wanted = wanted.join(BOOK, BOOK.c.number == ENTRY.c.book).where(BOOK.c.id == book_id)
        with self._store.read() as session:
            for some in slices(numbers):
                rows = session.execute(wanted.where(ENTRY.c.number.in_(some)))
                found.update((row[0], row[1]) for row in rows)
        return tuple(found[number] for number in numbers if number in found)

    def numbers_of(self, book_id: str, ids: Sequence[str]) -> tuple[int, ...]:
        """`EntryLine.number` of these entries, as far as they are in this book, in this order."""
        found: dict[str, int] = {}
        wanted = select(ENTRY.c.id, ENTRY.c.number).join(BOOK, BOOK.c.number == ENTRY.c.book)
        with self._store.read() as session:
            for some in slices(ids):
                rows = session.execute(wanted.where(BOOK.c.id == book_id, ENTRY.c.id.in_(some)))
                found.update((row[0], row[1]) for row in rows)
        return tuple(found[each] for each in ids if each in found)

    def beginning_with(self, book_id: str, typed: str) -> frozenset[int]:
        """`EntryLine.number` of the entries of a book whose title begins so, accents and case aside."""
        begun = plain(typed)
        wanted = select(ENTRY.c.number).join(BOOK, BOOK.c.number == ENTRY.c.book)
        wanted = wanted.where(BOOK.c.id == book_id, ENTRY.c.title.between(begun, begun + "\U0010ffff"))
        with self._store.read() as session:
            return frozenset(session.execute(wanted).scalars() if begun else ())

    def counts(self, query: EntryQuery) -> Counts:
        """How many fit everything but the category, and how many of them are in each.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            sizes = finding.by_category(session, _sought(session, replace(query, category=None)))
        by_name = sorted(sizes.items(), key=lambda each: (each[0].casefold(), each[0]))
        return Counts(sum(sizes.values()), tuple(by_name))

    def everywhere(self, typed: str, limit: int) -> tuple[Hit, ...]:
        """Entries of all books, the best finds first; nothing where nothing was typed."""
        wanted = typed_as(typed)
        if not wanted.terms and not wanted.signs:
            return ()
        with self._store.read() as session:
            books = _all_books(session)
            sought = Sought(tuple(books), wanted)
            look = finding.ranked if wanted.terms else finding.with_signs
            numbers = look(session, sought, limit) if books else ()
            rows = session.execute(
                select(ENTRY.c.number, ENTRY.c.book).where(ENTRY.c.number.in_(list(numbers)))
            )
            book_of = {row[0]: books[row[1]] for row in rows}
            return tuple(Hit(*book_of[line.number], line) for line in _lines(session, numbers, typed))


def _numbers(session: Session, query: EntryQuery, limit: int) -> array[int]:
    sought = _sought(session, query)
    if query.sort == "place" and sought.typed.terms:
        return finding.ranked(session, sought, limit)
    return finding.ordered(session, sought, query.sort, descending=query.descending, limit=limit)


def _sought(session: Session, query: EntryQuery) -> Sought:
    number = session.execute(_NUMBER, {"of_book": query.book_id}).scalar()
    if number is None:
        raise book_not_found(query.book_id)
    about = [state_word(state) for state in sorted(query.states)]
    if query.category is not None:
        about.append(category_word(query.category))
    return Sought((number,), typed_as(query.text), tuple(about))


def _lines(session: Session, numbers: Sequence[int], typed: str) -> tuple[EntryLine, ...]:
    found: dict[int, EntryLine] = {}
    for row in session.execute(_LINES, {"numbers": json.dumps(list(numbers))}):
        found[row[0]] = line_of(row)
    if typed.strip():
        _show_hits(session, found, typed)
    return tuple(found[number] for number in numbers if number in found)


def _show_hits(session: Session, found: dict[int, EntryLine], typed: str) -> None:
    """Keys that were found come first; what only stands deep in a content is what its excerpt shows."""
    deep = {}
    for number, line in found.items():
        if (keys := found_first(line.keys, typed)) != line.keys:
            found[number] = replace(line, keys=keys)
        if wanted := unseen(typed, line.name, line.excerpt):
            deep[number] = wanted
    for number, data in session.execute(_DATA, {"numbers": json.dumps(list(deep))}) if deep else ():
        excerpt = excerpt_around(without_decorators(data.get("content", "")), deep[number])
        if excerpt is not None:
            found[number] = replace(found[number], excerpt=excerpt)


def _all_books(session: Session) -> dict[int, tuple[str, str, str]]:
    """Id, name and name of the card, by number."""
    card = CARD.alias()
    wanted = select(BOOK.c.number, BOOK.c.id, BOOK.c.name, func.coalesce(card.c.name, ""))
    wanted = wanted.outerjoin(card, card.c.id == BOOK.c.card_id).where(is_there())
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(wanted)}
