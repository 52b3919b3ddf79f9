"""The books that cards carry: taken in from cards that came or changed, put back when they change here.

A card's own book is kept in the card; its rows here follow it. A card may also carry a copy of a book that
stands by itself: then only what became of the copy is noted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from cardforge_desktop.books.matching import matched
from cardforge_desktop.books.model import EntryState
from cardforge_desktop.books.rows import (
    BOOK,
    CARD,
    CARD_BOOK,
    ENTRY,
    GAP,
    Prepared,
    add_entries,
    change_entries,
    head_of,
    head_values,
    place_entries,
    prepared,
    remove_entries,
    revise,
    whole_book,
)
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import CharacterBook
from cardforge_desktop.cards.service import CardLibrary
from cardforge_desktop.cards.tables import CardRevisionRow
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

_REVISION = core_table(CardRevisionRow)
_AT_ONCE = 100
_SEEN = insert(CARD_BOOK)
_SEE = _SEEN.on_conflict_do_update(
    index_elements=["card_id"],
    set_={name: _SEEN.excluded[name] for name in ("card_version", "content_hash")},
)


_OWN, _COPIED = BOOK.alias(), BOOK.alias()
_IS_COPIED = select(_COPIED.c.number).where(
    _COPIED.c.number == CARD_BOOK.c.book, _COPIED.c.deleted_at.is_(None)
)
_CARDS = (
    select(
        *(CARD.c[name] for name in ("id", "version", "revision")),
        CARD_BOOK.c.card_version.label("seen"),
        _IS_COPIED.exists().label("copied"),
        _OWN.c.revision.label("own_revision"),
    )
    .outerjoin(CARD_BOOK, CARD_BOOK.c.card_id == CARD.c.id)
    .outerjoin(_OWN, (_OWN.c.card_id == CARD.c.id) & _OWN.c.deleted_at.is_(None))
    .where(CARD.c.deleted_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class _Found:
    """The book in a card, as it is now.

    Attributes:
        card: row of `_CARDS`, on which all the rest depends.
        new: the entries that are to be put, worked out already.
    """

    card: Any
    book: CharacterBook | None
    order: tuple[str, ...] = ()
    new: tuple[Prepared, ...] = ()
    known: frozenset[str] = frozenset()


def book_hash(book: CharacterBook | None) -> str:
    """Equal for books that say the same; "" for none. A field at its default and an absent one are one."""
    if book is None:
        return ""
    return hashlib.sha256(json.dumps(fields_of(book), sort_keys=True).encode()).hexdigest()


def take_in(store: Store) -> None:
    """See what became of the books in cards since the last look. Slow for many new cards."""
    while True:
        with store.read() as session:
            cards = _unseen(session)
            found = [_look(session, card) for card in cards]
        if not found:
            return
        with store.write() as session:
            for each in found:
                _note(session, each, now())


def put_back(session: Session, library: CardLibrary, numbers: Iterable[int]) -> set[str]:
    """Write the books among `numbers` that are kept in cards into their cards; returns the cards' ids.

    Raises:
        LibraryError: CARD_CHANGED: the card was changed since its book was taken in; CARD_NOT_FOUND.
    """
    wanted = select(BOOK).where(BOOK.c.number.in_(list(numbers)), BOOK.c.card_id.is_not(None))
    cards: set[str] = set()
    for row in session.execute(wanted).all():
        seen = select(CARD_BOOK.c.card_version).where(CARD_BOOK.c.card_id == row.card_id)
        book = None if row.deleted_at is not None else whole_book(session, row)
        version = session.execute(seen).scalar_one()
        ready = library.with_book(session, row.card_id, version, book)
        version = library.put_book(session, row.card_id, version, ready)
        note_card(session, row.card_id, version, book_hash(book))
        cards.add(row.card_id)
    return cards


def look_again(session: Session, numbers: Collection[int]) -> None:
    """Books went or are back: what cards carry copies of them is their own meanwhile."""
    session.execute(update(CARD_BOOK).where(CARD_BOOK.c.book.in_(numbers)).values(card_version=0))


def let_go(session: Session, card_id: str) -> None:
    """The card has another book now: its own that was deleted can still be brought back, but by itself."""
    deleted = (BOOK.c.card_id == card_id, BOOK.c.deleted_at.is_not(None))
    session.execute(update(BOOK).where(*deleted).values(card_id=None))


def note_card(session: Session, card_id: str, version: int, told: str) -> None:
    """A book with this hash (`book_hash`) is what the card carries at this version."""
    session.execute(
        _SEE,
        {
            "card_id": card_id,
            "card_version": version,
            "book_revision": 0,
            "copied_hash": "",
            "content_hash": told,
        },
    )


def note_copy(session: Session, card_id: str, version: int, told: str, *, of: int, revision: int) -> None:
    """The book with this hash, which the card carries at this version, copies one that stands by itself.

    Args:
        of, revision: number and revision of that one.
    """
    copy = {"book": of, "book_revision": revision, "copied_hash": told}
    seen = {"card_id": card_id, "card_version": version, "content_hash": told, **copy}
    session.execute(
        insert(CARD_BOOK).values(seen).on_conflict_do_update(index_elements=["card_id"], set_=seen)
    )


def _unseen(session: Session) -> Sequence[Any]:
    """Cards that came or changed since."""
    is_seen = func.coalesce(CARD_BOOK.c.card_version == CARD.c.version, False)
    return session.execute(_CARDS.where(is_seen.is_(False)).limit(_AT_ONCE)).all()


def _look(session: Session, card: Any) -> _Found:
    of_card = (_REVISION.c.card_id == card.id, _REVISION.c.revision == card.revision)
    text = session.execute(
        select(func.json_extract(_REVISION.c.data, "$.character_book")).where(*of_card)
    ).scalar_one_or_none()
    book = None if text is None else CharacterBook.model_validate(json.loads(text))
    if book is None or card.copied:
        return _Found(card, book)
    wanted = select(ENTRY.c.id, ENTRY.c.data).join(BOOK, BOOK.c.number == ENTRY.c.book)
    wanted = wanted.where(BOOK.c.card_id == card.id, BOOK.c.deleted_at.is_(None))
    known = [(row[0], row[1]) for row in session.execute(wanted.order_by(ENTRY.c.place, ENTRY.c.number))]
    ids = [(found or new_id("entry"), same) for found, same in matched(known, book.entries)]
    states = [
        EntryState(entry_id, entry)
        for (entry_id, same), entry in zip(ids, book.entries, strict=True)
        if not same
    ]
    order = tuple(entry_id for entry_id, _ in ids)
    return _Found(card, book, order, tuple(prepared(states)), frozenset(row[0] for row in known))


def _note(session: Session, found: _Found, time: datetime) -> None:
    """Let the rows follow what was found, unless somebody has changed the card, or its rows, since.

    Two that look at once would otherwise both take the same new entries in.
    """
    card = found.card
    if session.execute(_CARDS.where(CARD.c.id == card.id)).one_or_none() != card:
        return
    if found.book is not None or card.copied:
        let_go(session, card.id)
    if found.book is None or card.copied:
        of_card = BOOK.c.card_id == card.id
        session.execute(delete(BOOK).where(of_card, BOOK.c.deleted_at.is_(None)))
    else:
        _follow(session, found, found.book, time)
    note_card(session, card.id, card.version, book_hash(found.book))


def _follow(session: Session, found: _Found, book: CharacterBook, time: datetime) -> None:
    values = head_values(head_of(book))
    wanted = select(BOOK.c.number).where(BOOK.c.card_id == found.card.id)
    number = session.execute(wanted).scalar_one_or_none()
    if number is None:
        row = {"id": new_id("book"), "card_id": found.card.id, "revision": 0, "entries": 0, "tokens": 0}
        values = {**values, **row, "created_at": time, "updated_at": time}
        number = session.execute(insert(BOOK).values(**values).returning(BOOK.c.number)).scalar_one()
    else:
        session.execute(update(BOOK).where(BOOK.c.number == number).values(**values))
    remove_entries(session, found.known - set(found.order))
    add_entries(session, number, [each for each in found.new if each.state.id not in found.known], time)
    change_entries(session, number, [each for each in found.new if each.state.id in found.known], time)
    place_entries(session, {entry_id: at * GAP for at, entry_id in enumerate(found.order)})
    revise(session, number, time)
