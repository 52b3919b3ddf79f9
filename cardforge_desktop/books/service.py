"""The character books in the store: those that stand by themselves, and those that cards carry."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from cardforge_desktop.books.card_books import look_again, put_back, take_in
from cardforge_desktop.books.errors import BookError, entry_not_found
from cardforge_desktop.books.keys import KeyedEntry
from cardforge_desktop.books.model import Book, BookSummary, Change, Entry, EntryState, Step
from cardforge_desktop.books.naming import free_book_name
from cardforge_desktop.books.parts import PART, PartByPart, Watch, are_of_cards, size, versions_of
from cardforge_desktop.books.placing import places_between
from cardforge_desktop.books.rows import (
    BOOK,
    CARD,
    CARD_BOOK,
    ENTRY,
    Prepared,
    add_entries,
    book_row,
    entries_of,
    entry_columns,
    entry_of,
    head_of,
    head_values,
    is_there,
    prepared,
    revise,
    slices,
    whole_book,
)
from cardforge_desktop.books.steps import check_versions, do, prepare
from cardforge_desktop.books.storing import AT_ONCE, complete, hide, purge, tidy_index
from cardforge_desktop.cards.model import CharacterBook
from cardforge_desktop.cards.service import CardLibrary
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.ids import new_id
from cardforge_desktop.profiles.names import name_key
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.types import now

#: How long a deleted book can be brought back.
KEPT = timedelta(days=30)
_MOST_NAMES = 20


class Books:
    """Reads and changes books. Thread-safe; off the window's thread."""

    def __init__(self, store: Store, hub: Hub, library: CardLibrary) -> None:
        self._store = store
        self._hub = hub
        self._library = library

    # Reading

    def books(self) -> tuple[BookSummary, ...]:
        """All books, by name; those in cards that came or changed since the last look are taken in first."""
        take_in(self._store)
        with self._store.read() as session:
            rows = session.execute(_summaries().where(is_there())).all()
        return tuple(
            sorted((_summary(row) for row in rows), key=lambda book: (book.name.casefold(), book.id))
        )

    def standing(self) -> tuple[tuple[str, str], ...]:
        """Id and name of each book that stands by itself, by name. Quick: no card is looked at."""
        wanted = select(BOOK.c.id, BOOK.c.name).where(BOOK.c.card_id.is_(None), BOOK.c.deleted_at.is_(None))
        with self._store.read() as session:
            rows = session.execute(wanted).all()
        return tuple(
            sorted(((row[0], row[1]) for row in rows), key=lambda book: (book[1].casefold(), book[0]))
        )

    def book(self, book_id: str) -> Book:
        """A book without its entries.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            row = book_row(session, book_id)
            summary = session.execute(_summaries().where(BOOK.c.number == row.number)).one()
            return Book(_summary(summary), CharacterBook.model_validate(row.head))

    def by_name(self, name: str) -> BookSummary:
        """The book with that name, or with that id; names are compared without regard to case.

        Raises:
            BookError: BOOK_NOT_FOUND: there is none, the message lists those that exist; or several have it.
        """
        found = self.books()
        wanted = name.strip().casefold()
        same = [book for book in found if name == book.id] or [
            book for book in found if book.name.strip().casefold() == wanted
        ]
        if len(same) == 1:
            return same[0]
        if same:
            ids = ", ".join(f"{book.id} ({book.card_name or 'a book of its own'})" for book in same)
            message = f"{len(same)} books are named “{name[:100]}”. Name one by its id: {ids}."
        else:
            known = ", ".join(book.name or book.id for book in found[:_MOST_NAMES]) or "none yet"
            more = f" and {len(found) - _MOST_NAMES:,} more" if len(found) > _MOST_NAMES else ""
            message = f"There is no book named “{name[:100]}”. There are: {known}{more}."
        raise BookError(ErrorCode.BOOK_NOT_FOUND, message, {"name": name[:100]})

    def whole(self, book_id: str) -> CharacterBook:
        """A book with all its entries, as it is exported.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            return whole_book(session, book_row(session, book_id))

    def entries(self, book_id: str) -> tuple[Entry, ...]:
        """All entries of a book, in its order.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            return tuple(entry_of(row) for row in entries_of(session, book_row(session, book_id).number))

    def some_entries(self, ids: Collection[str]) -> tuple[Entry, ...]:
        """These entries, in the order of `ids`; those that are no longer there are left out."""
        found: dict[str, Entry] = {}
        with self._store.read() as session:
            for some in slices(ids):
                rows = session.execute(entry_columns().where(ENTRY.c.id.in_(some), is_there()))
                found.update((row.id, entry_of(row)) for row in rows)
        return tuple(found[entry_id] for entry_id in ids if entry_id in found)

    def keyed_entries(self, book_id: str) -> Iterator[KeyedEntry]:
        """Title and keys of all entries of a book, in any order, for `keys.KeyIndex`.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            number = book_row(session, book_id).number
            wanted = select(ENTRY.c.id, ENTRY.c.name, ENTRY.c["keys"]).where(ENTRY.c.book == number)
            rows = session.execute(wanted).all()
        return (KeyedEntry(row[0], row[1], tuple(row[2])) for row in rows)

    def entry(self, entry_id: str) -> Entry:
        """One entry, read on its own: from now on that is when it was last accessed.

        Raises:
            BookError: BOOK_ENTRY_NOT_FOUND.
        """
        with self._store.write(lasting=False) as session:
            row = session.execute(entry_columns().where(ENTRY.c.id == entry_id, is_there())).one_or_none()
            if row is None:
                raise entry_not_found(entry_id)
            session.execute(update(ENTRY).where(ENTRY.c.id == entry_id).values(accessed_at=now()))
        return entry_of(row)

    def free_name(self, name: str, but: str = "") -> str:
        """The name, or one like it that no other book has (“Old Tarn 2”). `but`: id of one that has it."""
        with self._store.read() as session:
            return free_book_name(session, name, but)

    # Changing

    def create(self, book: CharacterBook) -> BookSummary:
        """A new book that stands by itself; one whose name is taken gets another (“Old Tarn 2”)."""
        first, rest = book.entries[:AT_ONCE], book.entries[AT_ONCE:]
        ready = self.prepared(book.model_copy(update={"entries": first}))
        with self._store.write() as session:
            book_id = self.add(session, book, ready)
            if rest:
                hide(session, book_id)
        if rest:
            complete(self._store, book_id, rest)
        self.announce([book_id])
        return self.book(book_id).summary

    def add(self, session: Session, book: CharacterBook, ready: Sequence[Prepared] | None = None) -> str:
        """`create` in the caller's transaction, who announces it.

        Args:
            ready: `prepared` of the book, worked out before the transaction where it has many entries.
        """
        name = free_book_name(session, book.name or "")
        head, time, book_id = head_of(book.model_copy(update={"name": name})), now(), new_id("book")
        row = {"id": book_id, "revision": 0, "entries": 0, "tokens": 0, "created_at": time}
        values = {**row, "updated_at": time, **head_values(head)}
        number = session.execute(insert(BOOK).values(**values).returning(BOOK.c.number)).scalar_one()
        add_entries(session, number, self.prepared(book) if ready is None else ready, time)
        revise(session, number, time)
        return book_id

    @staticmethod
    def prepared(book: CharacterBook) -> list[Prepared]:
        """The entries of a new book as their rows will hold them; some 5,000 a second."""
        return prepared([EntryState(new_id("entry"), entry) for entry in book.entries])

    def change(
        self, steps: Sequence[Step], expected: Mapping[str, int] | None = None, watch: Watch | None = None
    ) -> Change:
        """Do steps, all of them or none. Of a book that is kept in a card, the card changes likewise.

        Many entries of books that stand by themselves are changed in parts (`parts`), so that others can
        write meanwhile, who see it half done.

        Args:
            expected: entries whose versions must still be these.
            watch: follows and cancels a change in parts.

        Raises:
            BookError: BOOK_NOT_FOUND, BOOK_CHANGED.
            LibraryError: CARD_CHANGED: the card of a book was changed meanwhile.
            ChangeCancelledError: by `watch`; all is as it was.
        """
        if size(steps) <= PART or self._are_of_cards(steps):
            return self._change_at_once(steps, expected or {})
        work = PartByPart(self._store, self._library, steps, expected or {}, watch or Watch())
        try:
            return work.carry_out()
        finally:
            self.announce(work.books)

    def _are_of_cards(self, steps: Sequence[Step]) -> bool:
        with self._store.read() as session:
            return are_of_cards(session, steps)

    def _change_at_once(self, steps: Sequence[Step], expected: Mapping[str, int]) -> Change:
        ready, time = prepare(steps), now()
        with self._store.write() as session:
            check_versions(session, expected)
            done = do(session, ready, time)
            revisions = {book_id: revise(session, number, time) for book_id, number in done.books.items()}
            cards = put_back(session, self._library, done.books.values())
            versions = versions_of(session, done.put)
        self.announce(done.books, cards)
        return Change(tuple(done.undo), versions, revisions)

    def places_after(self, book_id: str, ids: Sequence[str], after: str | None) -> dict[str, int]:
        """Places for entries, in this order, behind an entry; None = before all. For `Place` and `Put`.

        Where no room is left between two neighbours, others of the book get new places too.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            number = book_row(session, book_id).number
            wanted = select(ENTRY.c.id, ENTRY.c.place).where(ENTRY.c.book == number)
            rows = session.execute(wanted.order_by(ENTRY.c.place, ENTRY.c.number)).all()
        return places_between([(row[0], row[1]) for row in rows], ids, after)

    def delete(self, ids: Collection[str]) -> None:
        """Take books away; for 30 days `undelete` brings them back. The one in a card leaves the card.

        Raises:
            LibraryError: CARD_CHANGED: the card of a book was changed meanwhile; then none is deleted.
        """
        cards: set[str] = set()
        with self._store.write() as session:
            for some in slices(ids):
                # A book whose card is deleted goes and comes with its card.
                wanted = select(BOOK.c.number).where(BOOK.c.id.in_(some), is_there())
                cards |= self._set_deleted(session, session.execute(wanted).scalars().all(), now())
        self.announce(ids, cards)

    def undelete(self, ids: Collection[str]) -> None:
        """Bring deleted books back as they were, the one of a card into its card.

        Where the card carries another book by now, the one that was deleted comes back by itself. One whose
        name was given to another meanwhile gets a number (“Old Tarn 2”).

        Raises:
            LibraryError: CARD_NOT_FOUND: the card of a book is deleted, too; then none comes back.
        """
        take_in(self._store)
        cards: set[str] = set()
        # One that is older may be half purged by now.
        is_kept = BOOK.c.deleted_at >= now() - KEPT
        with self._store.write() as session:
            for some in slices(ids):
                wanted = select(BOOK.c.number).where(BOOK.c.id.in_(some), is_kept)
                cards |= self._set_deleted(session, session.execute(wanted).scalars().all(), None)
        self.announce(ids, cards)

    def _set_deleted(self, session: Session, numbers: Sequence[int], time: datetime | None) -> set[str]:
        """Returns the cards that changed with them."""
        session.execute(update(BOOK).where(BOOK.c.number.in_(numbers)).values(deleted_at=time))
        if time is None:
            _renamed(session, numbers)
        look_again(session, numbers)
        return put_back(session, self._library, numbers)

    def purge(self) -> None:
        """Forget what was deleted more than 30 days ago, and tidy the index. Slow after large changes."""
        purge(self._store, KEPT)
        tidy_index(self._store)

    def announce(self, ids: Collection[str], cards: Collection[str] = ()) -> None:
        """Tell of changed books and cards, after the commit."""
        if ids:
            self._hub.changed.emit(Changed(Kind.BOOK, frozenset(ids)))
        if cards:
            self._hub.changed.emit(Changed(Kind.CARD, frozenset(cards)))


def _renamed(session: Session, numbers: Sequence[int]) -> None:
    """Give those of these books that stand by themselves names that no other such book has."""
    standing = (is_there(), BOOK.c.card_id.is_(None))
    rows = session.execute(select(BOOK).where(*standing, BOOK.c.number.in_(numbers))).all()
    for row in rows:
        # A card's copy of this very book is listed under its name for as long as the book was deleted.
        others = session.execute(select(BOOK.c.name).where(*standing, BOOK.c.id != row.id)).scalars()
        if name_key(row.name) in {name_key(name) for name in others}:
            name = free_book_name(session, row.name, but=row.id)
            head = CharacterBook.model_validate(row.head).model_copy(update={"name": name})
            session.execute(update(BOOK).where(BOOK.c.number == row.number).values(**head_values(head)))
            revise(session, row.number, now())


def _summaries() -> Any:
    copies = select(
        CARD_BOOK.c.book,
        func.count().label("cards"),
        func.count()
        .filter(
            (CARD_BOOK.c.book_revision != BOOK.c.revision)
            | (CARD_BOOK.c.content_hash != CARD_BOOK.c.copied_hash)
        )
        .label("behind"),
    )
    there = CARD.c.deleted_at.is_(None)
    copies = copies.join(CARD, (CARD.c.id == CARD_BOOK.c.card_id) & there)
    copied = copies.join(BOOK, BOOK.c.number == CARD_BOOK.c.book).group_by(CARD_BOOK.c.book).subquery()
    columns = ("id", "name", "description", "version", "tags", "revision", "entries", "tokens")
    return (
        select(
            *(BOOK.c[name] for name in (*columns, "created_at", "updated_at")),
            func.coalesce(BOOK.c.card_id, ""),
            func.coalesce(select(CARD.c.name).where(CARD.c.id == BOOK.c.card_id).scalar_subquery(), ""),
            func.coalesce(copied.c.cards, 0),
            func.coalesce(copied.c.behind, 0),
        )
        .select_from(BOOK)
        .outerjoin(copied, copied.c.book == BOOK.c.number)
    )


def _summary(row: Any) -> BookSummary:
    book_id, name, description, version, tags, *rest = row
    return BookSummary(book_id, name, description, version, tuple(tags), *rest)
