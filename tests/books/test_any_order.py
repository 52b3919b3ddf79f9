"""Books and cards, created, changed, deleted and brought back in any order: rows, cards and index agree."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge_desktop.books.copies import CardCopies
from cardforge_desktop.books.model import EntryState, Put, Remove
from cardforge_desktop.cards.model import CharacterBook
from cardforge_desktop.errors import CardForgeError
from tests.books.shelves import Shelf, book_of, check_indexes, entry_of, put

_DEEDS = ("edit", "remove", "move", "delete", "undelete", "edit card", "card", "copy", "alone", "undo")


class _Story:
    """A shelf with two books and two cards, and all that was done to it."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder)
        self.copies = CardCopies(self.shelf.store, self.shelf.books, self.shelf.library)
        self.standing = [self.shelf.book("Guild", "Quay").id, self.shelf.book("Reeds", name="Marsh").id]
        self.cards = [self.shelf.card(book=book_of("Lamp")).summary.id, self.shelf.card().summary.id]
        self.known = [book.id for book in self.shelf.books.books()]

    def do(self, deed: str, at: int) -> None:
        """What is refused changes nothing."""
        books, card = self.shelf.books, self.cards[at % 2]
        self.known = list(dict.fromkeys([*self.known, *(book.id for book in books.books())]))
        book_id = self.known[at % len(self.known)]
        match deed:
            case "delete":
                books.delete([book_id])
            case "undelete":
                books.undelete([book_id])
            case "card":
                there = any(each.id == card for each in self.shelf.library.cards())
                (self.shelf.library.delete if there else self.shelf.library.undelete)([card])
            case "edit card":
                stored = self.shelf.library.card(card)
                book = None if at % 3 == 0 else book_of("Lamp", f"New {at}")
                after = replace(stored.package, card=stored.card.model_copy(update={"character_book": book}))
                self.shelf.library.save(card, after, stored.version)
            case "copy":
                version = self.shelf.library.card(card).version
                self.copies.put(self.standing[at % 2], {card: version}, "merge" if at % 3 else "replace")
            case "alone":
                self.copies.stand_alone(book_id, "Alone")
            case _:
                self._change(deed, book_id, at)

    def _change(self, deed: str, book_id: str, at: int) -> None:
        books = self.shelf.books
        before, entries = books.whole(book_id), books.entries(book_id)
        steps: list[Put | Remove] = [put(book_id, [entry_of(f"More {at}")])]
        if entries and deed == "remove":
            steps.append(Remove(book_id, (entries[0].id,)))
        elif entries and deed == "edit":
            steps.append(Put(book_id, (EntryState(entries[0].id, entry_of(f"Edited {at}")),)))
        elif entries and deed == "move":
            steps.append(Put(self.standing[0], (EntryState(entries[0].id, entries[0].entry),)))
        change = books.change(steps)
        if deed == "undo":
            books.change(change.undo)
            assert books.whole(book_id) == before

    def check(self) -> None:
        """What is listed of a card is what it carries, and the index is whole."""
        books = {book.card_id: book for book in self.shelf.books.books() if book.card_id}
        copied = {copy.card_id for book_id in self._there() for copy in self.copies.of_book(book_id)}
        for card in self.shelf.library.cards():
            carried: CharacterBook | None = self.shelf.library.card(card.id).card.character_book
            own = books.pop(card.id, None)
            assert (own is not None) == (carried is not None and card.id not in copied)
            assert own is None or self.shelf.books.whole(own.id) == carried
        assert not books
        check_indexes(self.shelf.store)

    def _there(self) -> list[str]:
        return [book.id for book in self.shelf.books.books() if not book.card_id]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_DEEDS), st.integers(0, 11)), min_size=4, max_size=12))
def test_cards_and_books_agree_whatever_is_done(deeds: list[tuple[str, int]]) -> None:
    folder = Path(tempfile.mkdtemp())
    story = _Story(folder)
    try:
        for deed, at in deeds:
            try:
                story.do(deed, at)
            except CardForgeError:
                continue
        story.check()
    finally:
        story.shelf.store.close()
        shutil.rmtree(folder)
