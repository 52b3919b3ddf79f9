"""Numbers of entries that fit, in order, asked of the store in the way that is fastest for fifty thousand.

Every function joins the caller's session. Numbers come as one text (`group_concat`): with a row for each,
Python would take the interpreter's lock fifty thousand times, which the window's thread needs for painting.
Statements are compiled once: SQLAlchemy's own work at each call took longer than SQLite's.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.sqlite import dialect
from sqlmodel import Session

from cardforge_desktop.books.indexing import book_word
from cardforge_desktop.books.query import Typed
from cardforge_desktop.books.rows import ENTRY

EntrySort = Literal["place", "name", "category", "tokens", "order", "priority", "edited"]

#: No limit, for SQLite.
ALL = -1
_WIDEST = "name keys content"
# The sign before it keeps SQLite from looking up each number that was found instead of following an index of
# the order, which is there already and is left as soon as enough is found.
_IS_MATCHED = text("+book_entry.number IN (SELECT rowid FROM book_search WHERE book_search MATCH :match)")
#: Lists are given as JSON: one statement for any number of values.
_HAS_SIGNS = text(
    "NOT EXISTS (SELECT 1 FROM json_each(:signs) AS sign, book_entry_text AS told "
    "WHERE told.number = book_entry.number "
    "AND instr(told.name || char(10) || told.keys || char(10) || told.content, sign.value) = 0)"
)
_IN_BOOKS = text("book_entry.book IN (SELECT value FROM json_each(:books))")
_IN_BOOK = ENTRY.c.book == bindparam("book")
_COLUMNS: dict[EntrySort, ColumnElement[Any]] = {
    "name": ENTRY.c.title,
    "category": ENTRY.c.category,
    "tokens": ENTRY.c.tokens,
    "order": ENTRY.c.insertion_order,
    "priority": ENTRY.c.priority,
    "edited": ENTRY.c.updated_at,
}


@dataclass(frozen=True, slots=True)
class Sought:
    """What an entry has to have.

    Attributes:
        books: the numbers of the books it is in one of.
        about: words of `indexing` that it is filtered by, without the book's; for one book only.
    """

    books: tuple[int, ...]
    typed: Typed
    about: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether the full-text index has to be asked."""
        return bool(self.typed.terms or self.about)

    def match(self, columns: str = _WIDEST) -> str:
        """For FTS5: the book, what the entry is filtered by, and what was typed in these columns."""
        conditions = [self.typed.match(columns)] if self.typed.terms else []
        if len(self.books) == 1:
            book = book_word(self.books[0])
            words = " AND ".join((book, *(f"{book}{word}" for word in self.about)))
            conditions.insert(0, f"{{about}} : ({words})")
        return " AND ".join(conditions)

    @property
    def values(self) -> dict[str, Any]:
        """For the statements."""
        return {
            "book": self.books[0] if self.books else 0,
            "books": json.dumps(self.books),
            "match": self.match(),
            "signs": json.dumps(self.typed.signs),
        }


def ranked(session: Session, sought: Sought, limit: int = ALL) -> array[int]:
    """What fits, the best first: titles that begin with what was typed, the shortest first; then those that
    have all words in the name, in name and keys, anywhere. These by number, that is, as they were made.
    """
    numbers: array[int] = array("q")
    seen: set[int] = set()
    for part in _best_first(session, sought, limit):
        new = [number for number in part if number not in seen] if seen else part
        numbers.extend(new)
        seen.update(new)
        if 0 <= limit <= len(numbers):
            break
    return numbers[: len(numbers) if limit == ALL else limit]


def _best_first(session: Session, sought: Sought, limit: int) -> Iterator[array[int]]:
    """Asked one after the other: where many names and keys have it, contents are not asked at all."""
    keyed = _matched(session, sought, "name keys", limit)
    named = _matched(session, sought, "name", limit) if keyed else keyed
    if named:
        yield _begun(session, sought, limit)
        yield named
    yield keyed
    yield _matched(session, sought, _WIDEST, limit)


def ordered(
    session: Session, sought: Sought, sort: EntrySort, *, descending: bool, limit: int = ALL
) -> array[int]:
    """What fits, in this order."""
    sql = _ordered(sort, descending, sought.is_filtered, bool(sought.typed.signs))
    return _numbers(session, sql, {**sought.values, "limit": limit})


def with_signs(session: Session, sought: Sought, limit: int) -> array[int]:
    """Entries of any of the books in whose text the signs stand, by number."""
    return _numbers(session, _with_signs(), {**sought.values, "limit": limit})


def by_category(session: Session, sought: Sought) -> dict[str, int]:
    """How many entries of a book fit, by category."""
    sql = _by_category(sought.is_filtered, bool(sought.typed.signs))
    rows = session.connection().exec_driver_sql(sql, sought.values)
    return {row[0]: row[1] for row in rows}


def _matched(session: Session, sought: Sought, columns: str, limit: int) -> array[int]:
    index = "book_search" if columns == _WIDEST else "book_search_names"
    sql = _in_one_book(index) if len(sought.books) == 1 else _in_several_books(index)
    return _numbers(session, sql, {**sought.values, "match": sought.match(columns), "limit": limit})


def _begun(session: Session, sought: Sought, limit: int) -> array[int]:
    """Entries whose title begins with what was typed: they have all its words in the name."""
    title = sought.typed.title
    is_whole = sought.typed.terms[-1].is_whole
    # A word that was typed to its end is followed by a space, if by anything.
    bounds = {"first": title, "last": f"{title}{' ' if is_whole else ''}\U0010ffff"}
    values = {**sought.values, **bounds, "match": sought.match("name"), "limit": limit}
    return _numbers(session, _titled(len(sought.books) == 1, bool(sought.about)), values)


@lru_cache
def _in_one_book(index: str) -> str:
    there = table(index, column("rowid"))
    wanted = select(there.c.rowid.label("number")).select_from(there)
    return _compiled(wanted.where(text(f"{index} MATCH :match")))


@lru_cache
def _in_several_books(index: str) -> str:
    # Entries may be in books that are no more: each is looked up.
    there = table(index, column("rowid"))
    wanted = select(ENTRY.c.number).select_from(there).join(ENTRY, ENTRY.c.number == there.c.rowid)
    return _compiled(wanted.where(text(f"{index} MATCH :match"), _IN_BOOKS))


@lru_cache
def _titled(in_one: bool, filtered: bool) -> str:
    conditions = [ENTRY.c.title.between(bindparam("first"), bindparam("last"))]
    wanted = select(ENTRY.c.number).where(_IN_BOOK if in_one else _IN_BOOKS, *conditions)
    if filtered:
        wanted = wanted.where(_IS_MATCHED)
    return _compiled(wanted.order_by(ENTRY.c.title, ENTRY.c.place, ENTRY.c.number))


@lru_cache
def _ordered(sort: EntrySort, descending: bool, filtered: bool, signs: bool) -> str:
    columns = [*([] if sort == "place" else [_COLUMNS[sort]]), ENTRY.c.place, ENTRY.c.number]
    wanted = select(ENTRY.c.number).where(_IN_BOOK, *_conditions(filtered, signs))
    wanted = wanted.order_by(*(each.desc() if descending else each for each in columns))
    return _compiled(wanted)


@lru_cache
def _with_signs() -> str:
    wanted = select(ENTRY.c.number).where(_IN_BOOKS, _HAS_SIGNS)
    return _compiled(wanted.order_by(ENTRY.c.number))


@lru_cache
def _by_category(filtered: bool, signs: bool) -> str:
    wanted = select(ENTRY.c.category, func.count()).where(_IN_BOOK, *_conditions(filtered, signs))
    return str(wanted.group_by(ENTRY.c.category).compile(dialect=dialect(paramstyle="named")))


def _conditions(filtered: bool, signs: bool) -> list[Any]:
    return [*([_IS_MATCHED] if filtered else []), *([_HAS_SIGNS] if signs else [])]


def _compiled(wanted: Select[Any]) -> str:
    """Selects the numbers as one text, in their order, `limit` of them."""
    limit: BindParameter[int] = bindparam("limit", type_=Integer)
    inner = wanted.limit(limit).offset(literal_column("0")).subquery()
    one = select(func.group_concat(inner.c.number)).select_from(inner)
    return str(one.compile(dialect=dialect(paramstyle="named")))


def _numbers(session: Session, sql: str, values: dict[str, Any]) -> array[int]:
    numbers = session.connection().exec_driver_sql(sql, values).scalar()
    return array("q", map(int, numbers.split(","))) if numbers else array("q")
