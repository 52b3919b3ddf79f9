"""The book that the cards of a batch share: what an item is told of it, and what its card adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlmodel import Session

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.insisting import insist
from cardforge_desktop.batches.model import MOST_BOOK_TOKENS, ItemStatus
from cardforge_desktop.batches.places import CallingPlaces
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.books.errors import BookError
from cardforge_desktop.books.extending import Extension, extend, note_shared, planned
from cardforge_desktop.books.service import Books
from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.cards.service import StoredCard
from cardforge_desktop.engines.base import Traits
from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.store.database import Store

#: Share of a model's context they may take, whatever is wished.
_SHARE = 0.25
#: Titles that are kept of each kind of change.
_MOST_TITLES = 100
_GONE = "The shared book is no longer there: nothing was added to it."


def checked_book(books: Books, book_id: str) -> str:
    """The id of a book that stands by itself, or "" for none.

    Raises:
        BookError: BOOK_NOT_FOUND: there is none with that id, or it is kept in a card.
    """
    if not book_id:
        return ""
    book = books.book(book_id).summary
    if book.card_id:
        raise BookError(
            ErrorCode.BOOK_NOT_FOUND,
            f"“{book.name}” is kept in a card. Cards can share only a book that stands by itself: make it a "
            "book of its own first.",
            {"book_id": book_id},
        )
    return book.id


def checked_tokens(tokens: int) -> int:
    """How many tokens of the book an item is told at most: within what is possible."""
    return max(0, min(MOST_BOOK_TOKENS, tokens))


def told_room(shared_book: str, tokens: int, traits: Traits) -> int:
    """Tokens that what an item is told of its shared book takes at most. Small models are told nothing."""
    return min(tokens, int(traits.context_tokens * _SHARE)) if shared_book and not traits.stepwise else 0


class SharedBook:
    """The shared book of one item that is worked on, if it has one. Lives on its worker's thread."""

    def __init__(
        self, store: Store, books: Books, turns: CallingPlaces, item: ItemRow, cancellation: Cancellation
    ) -> None:
        """`turns`: as many items as call at once may be between being told and having added theirs."""
        self._store, self._books, self._turns = store, books, turns
        self._item, self._cancellation = item, cancellation
        self._extension: Extension | None = None

    @contextmanager
    def turn(self, traits: Traits) -> Iterator[None]:
        """Wait until it is the item's turn to be told: those that wait ahead would know less than they could.

        Raises:
            CancelledByUser: cancelled while waiting.
        """
        if not told_room(self._item.shared_book, self._item.book_tokens, traits):
            yield
            return
        with self._turns.one(self._cancellation, self._item.batch_id):
            yield

    def told(self, text: str, traits: Traits, count: Callable[[str], int]) -> tuple[BookEntry, ...]:
        """What the item is told of it: chosen at its first try, and the same at every other.

        So a try after a crash asks what was asked and paid for, whatever became of the book.
        """
        item = self._item
        room = told_room(item.shared_book, item.book_tokens, traits)
        if not room:
            return ()
        if item.known is None:
            chosen = self._chosen(text, room, count)
            item.known = [entry.model_dump(mode="json", exclude_unset=True) for entry in chosen]
            insist(self._keep_known, self._cancellation)
        return tuple(BookEntry.model_validate(entry) for entry in item.known)

    def plan(self, book: CharacterBook | None) -> None:
        """Work out what a card's book does to it, before the transaction in which that is done."""
        if not self._item.shared_book:
            return
        try:
            with self._store.read() as session:
                self._extension = planned(session, self._item.shared_book, book or CharacterBook())
        except BookError:
            self._extension = None  # said when the card is stored

    def extend(self, session: Session, stored: StoredCard) -> tuple[dict[str, Any] | None, list[str]]:
        """Do what was planned, in the transaction that stores the card.

        A card that was made anew is noted as carrying a copy; one that was updated has a book of its own.

        Returns:
            What is kept of it for the report, and warnings.
        """
        item = self._item
        if not item.shared_book:
            return None, []
        book = stored.package.card.character_book
        try:
            done = None if self._extension is None else extend(session, self._extension)
            if done is not None and item.target is None and book is not None:
                note_shared(session, done, book, stored.summary.id, stored.version)
        except BookError:
            done = None
        return (None, [_GONE]) if done is None else (_kept(done), [])

    def announce(self) -> None:
        """After the commit."""
        if self._item.shared_book:
            self._books.announce([self._item.shared_book])

    def _chosen(self, text: str, room: int, count: Callable[[str], int]) -> tuple[BookEntry, ...]:
        from cardforge_desktop.generation.known import chosen_entries

        try:
            book = self._books.whole(self._item.shared_book)
        except BookError:
            return ()  # said when the card is stored
        return chosen_entries(book, text, room, count)

    def _keep_known(self) -> None:
        with self._store.write() as session:
            transitions.move_own(session, self._item, ItemStatus.PROCESSING, known=self._item.known)


def _kept(done: Extension) -> dict[str, Any]:
    merge = done.merge
    return {
        "name": done.name,
        "added": [title_of(entry) for entry in merge.added][:_MOST_TITLES],
        "extended": [title_of(each.after) for each in merge.extended][:_MOST_TITLES],
        "known": [title_of(each.entry) for each in merge.skipped][:_MOST_TITLES],
    }
