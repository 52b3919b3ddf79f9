"""Keeps the texts of entries and their full-text indexes. Every function joins the caller's transaction.

There is one of all they say, and one of their names and keys alone: whether a name has what every content
has is found without going through the contents. Both are told in one statement of many entries: told by a
trigger on each row, FTS5 takes five times as long. Only of rows that are deleted they hear by a trigger,
because those also go with their book or card.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from cardforge_desktop.books.indexing import about_in
from cardforge_desktop.books.tables import BookEntryTextRow
from cardforge_desktop.store.table import core_table

TEXT = core_table(BookEntryTextRow)
_AT_ONCE = 500
_COLUMNS = ("about", "name", "keys", "content")
#: Migrations 0007 and 0009.
_INDEXES = {"book_search": "about, name, keys, content", "book_search_names": "about, name, keys"}
_THESE = "WHERE number IN (SELECT value FROM json_each(:numbers))"
_LEARN = [
    f"INSERT INTO {index}(rowid, {columns}) "  # noqa: S608  # no values
    f"SELECT number, {columns} FROM book_entry_text {_THESE} ORDER BY number"
    for index, columns in _INDEXES.items()
]
#: FTS5 has to be given what it was told. A text without `about` is not in the indexes: see the trigger.
_FORGET = [
    f"INSERT INTO {index}({index}, rowid, {columns}) "  # noqa: S608  # no values
    f"SELECT 'delete', number, {columns} FROM book_entry_text {_THESE} AND about <> '' ORDER BY number"
    for index, columns in _INDEXES.items()
]
_FORGOTTEN = text(
    f"UPDATE book_entry_text SET about = '' {_THESE}"  # noqa: S608  # no values
)
_CHANGED = (
    update(TEXT)
    .where(TEXT.c.number == bindparam("of_entry"))
    .values(**{name: bindparam(f"new_{name}") for name in _COLUMNS})
)
#: https://sqlite.org/fts5.html#the_merge_command: below zero it begins a merge, whatever there is to merge.
_MERGE = [
    f"INSERT INTO {index}({index}, rank) VALUES ('merge', :pages)"  # noqa: S608
    for index in _INDEXES
]
_PAGES = 1_000


def add_texts(session: Session, book: int, texts: Mapping[int, Mapping[str, str]]) -> None:
    """Texts of new entries of a book (`indexing.text_values`), by their numbers."""
    session.execute(insert(TEXT), [{**about_in(book, told), "number": at} for at, told in texts.items()])
    _tell(session, _LEARN, texts)


def change_texts(session: Session, book: int, texts: Mapping[int, Mapping[str, str]]) -> None:
    """Texts of entries that are now in this book, by their numbers."""
    after = {number: about_in(book, told) for number, told in texts.items()}
    changed = [number for number, told in _told(session, texts) if told != after[number]]
    if changed:
        _tell(session, _FORGET, changed)
        session.execute(_CHANGED, [{"of_entry": number, **_new(after[number])} for number in changed])
        _tell(session, _LEARN, changed)


def forget_texts(session: Session, numbers: Collection[int]) -> None:
    """Entries that are about to be deleted."""
    _tell(session, _FORGET, numbers)
    session.execute(_FORGOTTEN, _numbers(numbers))


def merge_index(session: Session, *, begin: bool) -> bool:
    """A step (some 50 ms) of making one part of the parts of each index; whether there is more to do.

    After all of 50,000 entries were changed a few times, a search takes three times as long in the parts.
    """
    steps = [_merged(session, merge, -_PAGES if begin else _PAGES) for merge in _MERGE]
    return any(steps)


def _merged(session: Session, merge: str, pages: int) -> bool:
    connection = session.connection()
    before: int = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    session.execute(text(merge), {"pages": pages})
    after: int = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    return after - before >= 2


def _tell(session: Session, statements: Iterable[str], numbers: Collection[int]) -> None:
    for each in statements:
        session.execute(text(each), _numbers(numbers))


def _told(session: Session, numbers: Collection[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    listed = list(numbers)
    for start in range(0, len(listed), _AT_ONCE):
        some = listed[start : start + _AT_ONCE]
        wanted = select(TEXT.c.number, *(TEXT.c[name] for name in _COLUMNS)).where(TEXT.c.number.in_(some))
        for number, *told in session.execute(wanted).all():
            yield number, dict(zip(_COLUMNS, told, strict=True))


def _new(told: Mapping[str, str]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in told.items()}


def _numbers(numbers: Collection[int]) -> dict[str, str]:
    return {"numbers": json.dumps(list(numbers))}
