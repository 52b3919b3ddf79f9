"""Numbers of entries that fit, in order, asked of the store in the way that is fastest for fifty thousand.

Every function joins the caller's session. Numbers come as one text (`group_concat`): with a row for each,
Python would take the interpreter's lock fifty thousand times, which the window's thread needs for painting.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, column, func, select, table, text
from sqlmodel import Session

from cardforge_desktop.books.indexing import book_word
from cardforge_desktop.books.query import Typed
from cardforge_desktop.books.rows import ENTRY

EntrySort = Literal["place", "name", "category", "tokens", "order", "priority", "edited"]

#: So many are put in order by what they say; of more, the index of the order is followed instead until enough
#: are found. At this number both take about equally long in a book of 50,000 (some milliseconds).
FEW = 4_000
_WIDEST = "name keys content"
_INDEX = table("book_search", column("rowid"))
_MATCH = text("book_search MATCH :match")
#: Conditions on a row of `book_entry`. Lists are given as JSON: one statement for any number of values.
_IS_MATCHED = text(
    "EXISTS (SELECT 1 FROM book_search WHERE book_search MATCH :match AND rowid = book_entry.number)"
)
_HAS_SIGNS = text(
    "NOT EXISTS (SELECT 1 FROM json_each(:signs) AS sign, book_entry_text AS told "
    "WHERE told.number = book_entry.number "
    "AND instr(told.name || char(10) || told.keys || char(10) || told.content, sign.value) = 0)"
)
_IS_AMONG = text("book_entry.number IN (SELECT value FROM json_each(:numbers))")
_IN_BOOKS = text("book_entry.book IN (SELECT value FROM json_each(:books))")
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

    def match(self, *conditions: str) -> str:
        """For FTS5: the book, what the entry is filtered by, and these conditions."""
        if len(self.books) != 1:
            return " AND ".join(conditions)
        book = book_word(self.books[0])
        words = " AND ".join((book, *(f"{book}{word}" for word in self.about)))
        return " AND ".join((f"{{about}} : ({words})", *conditions))

    @property
    def widest(self) -> str:
        """For FTS5: everything that fits."""
        return self.match(*([self.typed.match(_WIDEST)] if self.typed.terms else []))

    @property
    def ranks(self) -> list[str]:
        """For FTS5: what fits, each time a better part of it, the widest first."""
        typed = self.typed
        narrower = (typed.match("name keys"), typed.match("name"), typed.beginning)
        return [self.widest, *(self.match(condition) for condition in narrower)]


def found(session: Session, sought: Sought, limit: int = -1) -> array[int]:
    """What fits the words and filters, by number."""
    return _matched(session, sought, sought.widest, limit)


def ranked(session: Session, sought: Sought, limit: int = -1) -> array[int]:
    """What fits, the best first: a title that says just this, a name that begins so, then those that have all
    words in the name, in name and keys, anywhere. Within a rank by number.
    """
    parts: list[array[int]] = []
    among: array[int] | None = None
    for match in sought.ranks:
        if among is None:
            part = _matched(session, sought, match, limit)
        else:  # all of the wider part is known: none else need be looked at
            part = _matched_among(session, match, among)
        parts.append(part)
        if not part:
            break
        if len(part) < limit:
            among = part
    else:
        parts.append(_titled(session, sought, limit))
    best_first = dict.fromkeys(number for part in reversed(parts) for number in part)
    return array("q", best_first)[: limit if limit >= 0 else None]


def ordered(session: Session, sought: Sought, sort: EntrySort, *, descending: bool) -> array[int]:
    """What fits, in this order."""
    wanted = _in_order(_entries(sought), sort, descending=descending)
    numbers = _numbers(session, wanted, **_values(sought))
    if not sought.is_filtered:
        return numbers
    fits = set(found(session, sought))
    return array("q", [number for number in numbers if number in fits])


def first_ordered(
    session: Session, sought: Sought, sort: EntrySort, limit: int, *, descending: bool
) -> array[int]:
    """The beginning of `ordered`."""
    wanted, values = _entries(sought), _values(sought)
    if sought.is_filtered:
        few = found(session, sought, FEW + 1)
        if len(few) <= FEW:
            wanted = select(ENTRY.c.number).where(_IS_AMONG, *_signs(sought))
            values["numbers"] = _json(few)
        else:
            wanted = wanted.where(_IS_MATCHED)
            values["match"] = sought.widest
    wanted = _in_order(wanted, sort, descending=descending).limit(limit)
    return _numbers(session, wanted, **values)


def with_signs(session: Session, sought: Sought, limit: int) -> array[int]:
    """Entries of any of the books in whose text the signs stand, by number."""
    wanted = select(ENTRY.c.number).where(_IN_BOOKS, *_signs(sought)).order_by(ENTRY.c.number).limit(limit)
    return _numbers(session, wanted, **_values(sought))


def by_category(session: Session, book: int) -> dict[str, array[int]]:
    """The numbers of a book's entries, by category."""
    wanted = select(ENTRY.c.category, func.group_concat(ENTRY.c.number)).where(ENTRY.c.book == book)
    return {row[0]: _parsed(row[1]) for row in session.execute(wanted.group_by(ENTRY.c.category))}


def _matched(session: Session, sought: Sought, match: str, limit: int) -> array[int]:
    wanted = select(_INDEX.c.rowid.label("number")).select_from(_INDEX).where(_MATCH).limit(limit)
    if len(sought.books) == 1:
        return _numbers(session, wanted, match=match)
    # Entries may be in books that are no more: each is looked up.
    wanted = wanted.join(ENTRY, ENTRY.c.number == _INDEX.c.rowid).where(_IN_BOOKS)
    return _numbers(session, wanted, match=match, books=_json(sought.books))


def _matched_among(session: Session, match: str, numbers: Sequence[int]) -> array[int]:
    wanted = select(ENTRY.c.number).where(_IS_AMONG, _IS_MATCHED).order_by(ENTRY.c.number)
    return _numbers(session, wanted, match=match, numbers=_json(numbers))


def _titled(session: Session, sought: Sought, limit: int) -> array[int]:
    wanted = select(ENTRY.c.number).where(ENTRY.c.title == sought.typed.title, _IN_BOOKS)
    numbers = _numbers(session, wanted.order_by(ENTRY.c.number).limit(limit), books=_json(sought.books))
    return _matched_among(session, sought.widest, numbers)


def _entries(sought: Sought) -> Select[Any]:
    return select(ENTRY.c.number).where(ENTRY.c.book == sought.books[0], *_signs(sought))


def _signs(sought: Sought) -> tuple[Any, ...]:
    return (_HAS_SIGNS,) if sought.typed.signs else ()


def _values(sought: Sought) -> dict[str, str]:
    return {"signs": json.dumps(sought.typed.signs), "books": _json(sought.books)}


def _in_order(wanted: Select[Any], sort: EntrySort, *, descending: bool) -> Select[Any]:
    columns = [*([] if sort == "place" else [_COLUMNS[sort]]), ENTRY.c.place, ENTRY.c.number]
    return wanted.order_by(*(each.desc() if descending else each for each in columns))


def _numbers(session: Session, wanted: Select[Any], **values: str) -> array[int]:
    """The numbers that are selected, in their order."""
    inner = wanted.subquery()
    one = select(func.group_concat(inner.c.number)).select_from(inner)
    return _parsed(session.execute(one, values).scalar())


def _parsed(numbers: str | None) -> array[int]:
    return array("q", map(int, numbers.split(","))) if numbers else array("q")


def _json(numbers: Sequence[int]) -> str:
    return json.dumps(list(numbers))
