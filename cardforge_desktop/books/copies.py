"""Copies of a book in cards: put there, brought up to date, taken back, let go."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from cardforge_desktop.books.becoming import Becoming, grown
from cardforge_desktop.books.card_books import book_hash, let_go, note_card, note_copy
from cardforge_desktop.books.merging import merged
from cardforge_desktop.books.naming import free_book_name
from cardforge_desktop.books.rows import (
    BOOK,
    CARD,
    CARD_BOOK,
    book_row,
    entries_of,
    entry_of,
    head_of,
    head_values,
    revise,
    slices,
    whole_book,
)
from cardforge_desktop.books.service import Books
from cardforge_desktop.books.taking_back import taken_back
from cardforge_desktop.cards.model import Card, CharacterBook
from cardforge_desktop.cards.rows import Ready
from cardforge_desktop.cards.service import CardLibrary, StoredCard
from cardforge_desktop.cards.tables import CardRevisionRow
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

#: Why a card has another version; a revision of its own, which is what the copy is held against later.
PUT_IN = "book put in"
How = Literal["replace", "merge"]

_REVISION = core_table(CardRevisionRow)
_MOST_REVISIONS = 200


@dataclass(frozen=True, slots=True)
class CardCopy:
    """A card that carries a copy of a book.

    Attributes:
        state: same; behind: the book was changed since; changed: the copy was changed in the card.
        behind: also of a changed one whether the book was changed since.
    """

    card_id: str
    card_name: str
    state: Literal["same", "behind", "changed"]
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A card as it is, and as it would be with the book.

    Attributes:
        version: of the card, for `CardCopies.put`.
    """

    card_id: str
    version: int
    before: Card
    after: Card

    @property
    def changes(self) -> bool:
        """Whether the card would be another one."""
        return book_hash(self.before.character_book) != book_hash(self.after.character_book)


@dataclass(frozen=True, slots=True)
class Undo:
    """How one card gets back what it had.

    Attributes:
        version: the card must still have.
        revision: of the card that is made the newest again.
        noted: columns of `card_book` as they were.
    """

    card_id: str
    version: int
    revision: int
    noted: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PutItem:
    """What became of one card. `undo` is None where nothing changed or it failed."""

    card_id: str
    card_name: str
    status: Literal["put", "same", "failed"]
    message: str = ""
    undo: Undo | None = None


class CardCopies:
    """Puts books that stand by themselves into cards. Thread-safe; off the window's thread."""

    def __init__(self, store: Store, books: Books, library: CardLibrary) -> None:
        self._store = store
        self._books = books
        self._library = library

    # Reading

    def of_book(self, book_id: str) -> tuple[CardCopy, ...]:
        """The cards that carry a copy of a book, by name.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        self._books.books()  # sees first what became of copies in their cards
        columns = (CARD.c.id, CARD.c.name, *(CARD_BOOK.c[name] for name in _NOTED[1:]))
        with self._store.read() as session:
            book = book_row(session, book_id)
            wanted = select(*columns).join(CARD, CARD.c.id == CARD_BOOK.c.card_id)
            wanted = wanted.where(CARD_BOOK.c.book == book.number, CARD.c.deleted_at.is_(None))
            rows = session.execute(wanted).all()
        found = [_copy(row, book.revision) for row in rows]
        return tuple(sorted(found, key=lambda copy: (copy.card_name.casefold(), copy.card_id)))

    def in_card(self, card_id: str) -> str:
        """Id of the book that a card carries: its own, or the one it has a copy of; "" for none."""
        self._books.books()
        own = select(BOOK.c.id).where(BOOK.c.card_id == card_id, BOOK.c.deleted_at.is_(None))
        copied = select(BOOK.c.id).join(CARD_BOOK, CARD_BOOK.c.book == BOOK.c.number)
        copied = copied.where(CARD_BOOK.c.card_id == card_id, BOOK.c.deleted_at.is_(None))
        with self._store.read() as session:
            found = session.execute(copied).scalar_one_or_none() or session.execute(own).scalar_one_or_none()
        return str(found or "")

    def proposal(self, book_id: str, card_id: str, how: How) -> Proposal:
        """What putting a book into a card would make of the card; nothing is changed.

        Args:
            how: replace: the card carries a copy of the book, in the place of what it had; merge: its own
                entries stay as they are, and what the book tells besides is added (`merging.merged`).

        Raises:
            BookError: BOOK_NOT_FOUND.
            LibraryError: CARD_NOT_FOUND.
        """
        stored = self._library.card(card_id)
        after = _put_into(stored.card.character_book, self._books.whole(book_id), how)
        card = stored.card.model_copy(update={"character_book": after})
        return Proposal(card_id, stored.version, stored.card, card)

    def back(self, book_id: str, card_id: str) -> Becoming:
        """What taking a changed copy back would make of the book; `Books.change` does it.

        Raises:
            BookError: BOOK_NOT_FOUND.
            LibraryError: CARD_NOT_FOUND.
        """
        copy = self._library.card(card_id).card.character_book or CharacterBook()
        with self._store.read() as session:
            row = book_row(session, book_id)
            entries = [entry_of(each) for each in entries_of(session, row.number)]
            base = _as_copied(session, card_id)
            before = whole_book(session, row)
        after = taken_back(before, copy, base)
        return grown(book_id, entries, before, after)

    # Changing

    def put(self, book_id: str, versions: Mapping[str, int], how: How) -> tuple[PutItem, ...]:
        """Put a book into cards, each in its own transaction; one that fails keeps none of the others out.

        Args:
            versions: card → the version that was looked at (`Proposal.version`): a card that was changed
                since is left alone.
            how: as in `proposal`. A card without a book gets a copy in either way. One that keeps a book of
                its own is no copy after a merge.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        self._books.book(book_id)
        items = tuple(self._put(book_id, card_id, version, how) for card_id, version in versions.items())
        self._announce(book_id, [item.card_id for item in items if item.status == "put"])
        return items

    def undo(self, book_id: str, items: Sequence[PutItem]) -> tuple[PutItem, ...]:
        """Take `put` back, card by card; those that were changed since are left alone."""
        done = tuple(self._take_back(item, item.undo) for item in items if item.undo is not None)
        self._announce(book_id, [item.card_id for item in done if item.status == "put"])
        return done

    def detach(self, book_id: str, ids: Collection[str]) -> None:
        """Let copies go: each card keeps its book, as one of its own.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.write() as session:
            number = book_row(session, book_id).number
            for some in slices(ids):
                # Of another version than the card's: it will be looked at, and taken in.
                loose = {"book": None, "book_revision": 0, "copied_hash": "", "card_version": 0}
                wanted = update(CARD_BOOK).where(CARD_BOOK.c.card_id.in_(some), CARD_BOOK.c.book == number)
                session.execute(wanted.values(**loose))
        self._announce(book_id, ids)

    def stand_alone(self, book_id: str, name: str) -> None:
        """Make of the book in a card one that stands by itself; the card carries a copy of it from then on.

        Args:
            name: for a book without one. One whose name is taken gets another.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.write() as session:
            row = book_row(session, book_id)
            if row.card_id is None:
                return
            book = whole_book(session, row)
            seen = select(CARD_BOOK.c.card_version).where(CARD_BOOK.c.card_id == row.card_id)
            version = session.execute(seen).scalar_one()
            session.execute(update(BOOK).where(BOOK.c.number == row.number).values(card_id=None))
            note_copy(session, row.card_id, version, book_hash(book), of=row.number, revision=row.revision)
            free = free_book_name(session, book.name or name, but=book_id)
            if free != book.name:
                head = head_of(book.model_copy(update={"name": free}))
                session.execute(update(BOOK).where(BOOK.c.number == row.number).values(**head_values(head)))
                revise(session, row.number, now())
        self._announce(book_id, [row.card_id])

    def _put(self, book_id: str, card_id: str, version: int, how: How) -> PutItem:
        name = ""
        try:
            stored = self._library.card(card_id)
            name = stored.card.name
            with self._store.read() as session:
                put = _made_ready(session, self._library, book_id, stored, version=version, how=how)
            with self._store.write() as session:
                row = book_row(session, book_id)
                if row.revision != put.revision:  # the book was changed a moment ago
                    put = _made_ready(session, self._library, book_id, stored, version=version, how=how)
                undo = self._write(session, row, card_id, version, put)
        except CardForgeError as error:
            return PutItem(card_id, name, "failed", error.message)
        return PutItem(card_id, name, "same" if undo is None else "put", undo=undo)

    def _write(self, session: Session, row: Any, card_id: str, version: int, put: _Put) -> Undo | None:
        """Returns what takes it back; None: nothing changed."""
        revision = session.execute(select(CARD.c.revision).where(CARD.c.id == card_id)).scalar_one()
        noted = _noted(session, card_id)
        new_version = self._library.put_book(session, card_id, version, put.ready, PUT_IN)
        if put.is_copy:
            note_copy(session, card_id, new_version, put.told, of=row.number, revision=row.revision)
            _forget_own(session, card_id)
        else:
            _note_merged(session, card_id, new_version, put.told, row)
        changes = new_version != version or _noted(session, card_id) != noted
        return Undo(card_id, new_version, revision, noted) if changes else None

    def _take_back(self, item: PutItem, undo: Undo) -> PutItem:
        try:
            book = self._library.revision(undo.card_id, undo.revision).card.character_book
            with self._store.read() as session:
                ready = self._library.with_book(session, undo.card_id, undo.version, book)
            with self._store.write() as session:
                self._library.put_book(session, undo.card_id, undo.version, ready, "restored")
                session.execute(delete(CARD_BOOK).where(CARD_BOOK.c.card_id == undo.card_id))
                # Looked at anew: whether the copy that it was is as it was copied is worked out there.
                if undo.noted:
                    session.execute(insert(CARD_BOOK).values(**{**undo.noted, "card_version": 0}))
            return PutItem(item.card_id, item.card_name, "put")
        except CardForgeError as error:
            return PutItem(item.card_id, item.card_name, "failed", error.message)

    def _announce(self, book_id: str, cards: Collection[str]) -> None:
        if cards:
            self._books.announce([book_id], cards)


@dataclass(frozen=True, slots=True)
class _Put:
    """What putting a book into a card writes, worked out before others have to wait.

    Attributes:
        revision: of the book.
        told: hash of the card's new book.
        is_copy: False: a merge, which leaves the card a book of its own.
    """

    revision: int
    ready: Ready
    told: str
    is_copy: bool


def _made_ready(
    session: Session, library: CardLibrary, book_id: str, stored: StoredCard, *, version: int, how: How
) -> _Put:
    """Raises as `CardCopies.put` and `CardLibrary.with_book` do."""
    row, own = book_row(session, book_id), stored.card.character_book
    after = _put_into(own, whole_book(session, row), how)
    ready = library.with_book(session, stored.summary.id, version, after)
    return _Put(row.revision, ready, book_hash(after), how == "replace" or own is None)


_NOTED = ("card_id", "card_version", "book", "book_revision", "copied_hash", "content_hash")


def _noted(session: Session, card_id: str) -> dict[str, Any]:
    wanted = select(*(CARD_BOOK.c[name] for name in _NOTED)).where(CARD_BOOK.c.card_id == card_id)
    row = session.execute(wanted).one_or_none()
    return {} if row is None else dict(zip(_NOTED, row, strict=True))


def _forget_own(session: Session, card_id: str) -> None:
    """What the card carried is no book of its own any more."""
    let_go(session, card_id)
    session.execute(delete(BOOK).where(BOOK.c.card_id == card_id, BOOK.c.deleted_at.is_(None)))


def _note_merged(session: Session, card_id: str, version: int, told: str, row: Any) -> None:
    """A card's book has what the book tells besides: it stays what it was, the card's own or a copy."""
    copied = _noted(session, card_id).get("book") == row.number
    note_card(session, card_id, version, told)
    # The card's own is looked at, and taken in; a copy that was changed in the card has all of the book now.
    values = {"book_revision": row.revision} if copied else {"card_version": 0}
    session.execute(update(CARD_BOOK).where(CARD_BOOK.c.card_id == card_id).values(**values))


def _copy(row: Any, revision: int) -> CardCopy:
    changed, behind = row.content_hash != row.copied_hash, row.book_revision != revision
    return CardCopy(row.id, row.name, "changed" if changed else "behind" if behind else "same", behind)


def _put_into(own: CharacterBook | None, book: CharacterBook, how: How) -> CharacterBook:
    return book if own is None or how == "replace" else merged(own, book).book


def _as_copied(session: Session, card_id: str) -> CharacterBook | None:
    """The book as it was put into a card, from the card's history; None: that revision is gone."""
    copied = select(CARD_BOOK.c.copied_hash).where(CARD_BOOK.c.card_id == card_id)
    wanted_hash = session.execute(copied).scalar_one_or_none()
    books = select(func.json_extract(_REVISION.c.data, "$.character_book")).where(
        _REVISION.c.card_id == card_id
    )
    rows = session.execute(books.order_by(_REVISION.c.revision.desc()).limit(_MOST_REVISIONS)).scalars()
    for text in rows:
        book = None if text is None else CharacterBook.model_validate(json.loads(text))
        if book is not None and book_hash(book) == wanted_hash:
            return book
    return None
