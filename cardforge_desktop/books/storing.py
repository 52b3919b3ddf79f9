"""Books of very many entries come and go in parts, so that others can write to the store meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session

from cardforge_desktop.books.index import merge_index
from cardforge_desktop.books.model import EntryState
from cardforge_desktop.books.naming import free_book_name
from cardforge_desktop.books.rows import (
    BOOK,
    ENTRY,
    add_entries,
    head_values,
    prepared,
    remove_entries,
    revise,
)
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.types import now

_log = logging.getLogger(__name__)
#: Entries that one transaction adds, in some 0.2 s: in smaller parts the index comes in more pieces.
AT_ONCE = 2_000
_REMOVED_AT_ONCE = 1_000


def hide(session: Session, book_id: str) -> None:
    """Let nobody see a book that is not complete: what a crash leaves of it is purged like a deleted one."""
    session.execute(update(BOOK).where(BOOK.c.id == book_id).values(deleted_at=now()))


def complete(store: Store, book_id: str, rest: Sequence[BookEntry]) -> None:
    """Add the rest of the entries of a hidden book, and show it; where that fails, forget the book."""
    try:
        _complete(store, book_id, rest)
    except Exception:
        try:
            _forget(store, BOOK.c.id == book_id)
        except Exception:  # a full disk: it stays hidden, and is purged like a deleted one
            _log.exception("a book that could not be completed could not be forgotten either")
        raise


def _complete(store: Store, book_id: str, rest: Sequence[BookEntry]) -> None:
    of_book = BOOK.c.id == book_id
    with store.read() as session:
        number = session.execute(select(BOOK.c.number).where(of_book)).scalar_one()
    for start in range(0, len(rest), AT_ONCE):
        # Others get in while a part is worked out.
        ready = prepared([EntryState(new_id("entry"), entry) for entry in rest[start : start + AT_ONCE]])
        with store.write(lasting=False) as session:
            add_entries(session, number, ready, now())
    with store.write() as session:
        head = CharacterBook.model_validate(session.execute(select(BOOK.c.head).where(of_book)).scalar_one())
        name = free_book_name(session, head.name or "", but=book_id)  # another may have taken it meanwhile
        values = head_values(head.model_copy(update={"name": name}))
        session.execute(update(BOOK).where(of_book).values(**values, deleted_at=None))
        revise(session, number, now())


def purge(store: Store, kept: timedelta) -> None:
    """Forget books that were deleted longer ago than this."""
    _forget(store, BOOK.c.deleted_at < now() - kept)


def _forget(store: Store, gone: Any) -> None:
    """Books that nobody sees any more, in parts."""
    wanted = select(ENTRY.c.id).where(ENTRY.c.book.in_(select(BOOK.c.number).where(gone)))
    while True:
        with store.write() as session:
            ids = session.execute(wanted.limit(_REMOVED_AT_ONCE)).scalars().all()
            remove_entries(session, ids)
            if not ids:
                session.execute(delete(BOOK).where(gone))
                return


def tidy_index(store: Store) -> None:
    """Make one part of what the index of texts was written in; others write between the steps."""
    begin, more = True, True
    while more:
        with store.write(lasting=False) as session:
            more = merge_index(session, begin=begin)
        begin = False
