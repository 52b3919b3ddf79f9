"""Books in cards: listed like any other, edited in the card, followed when the card changes."""

from contextlib import AbstractContextManager

import pytest
from sqlmodel import Session

from cardforge_desktop.books.card_books import take_in
from cardforge_desktop.books.model import EntryState, Put, Remove
from cardforge_desktop.cards.service import LibraryError
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Kind
from cardforge_desktop.store.database import Store
from tests.books.shelves import Shelf, book_of, entry_of, put
from tests.books.test_service import WHOLE


def test_the_books_of_cards_are_there(shelf: Shelf) -> None:
    card = shelf.card(book=WHOLE)
    shelf.card("No book")
    (book,) = shelf.books.books()
    assert (book.card_id, book.card_name, book.entries) == (card.summary.id, "Mirela", 2)
    assert shelf.books.whole(book.id) == WHOLE


def test_a_change_here_changes_the_card(shelf: Shelf) -> None:
    card = shelf.card(book=book_of("Guild", "Quay"))
    (book,) = shelf.books.books()
    ids = shelf.ids(book.id)
    change = shelf.books.change([Remove(book.id, (ids["Guild"],))])
    after = shelf.library.card(card.summary.id)
    assert after.card.character_book == book_of("Guild", "Quay").model_copy(
        update={"entries": [entry_of("Quay", 2)]}
    )
    assert after.version == card.version + 1
    assert {each.kind for each in shelf.told} == {Kind.BOOK, Kind.CARD}
    shelf.books.change(change.undo)
    assert shelf.library.card(card.summary.id).card.character_book == card.card.character_book
    assert shelf.books.books()[0].revision == shelf.books.book(book.id).summary.revision


def test_a_change_of_the_card_is_followed(shelf: Shelf) -> None:
    """Entries that stay keep the ids that searches, undo and the window know them by."""
    card = shelf.card(book=book_of("Guild", "Quay", "Warden"))
    (book,) = shelf.books.books()
    ids = shelf.ids(book.id)
    changed = book_of("Warden", "Tower", "Guild")
    changed.entries[2] = entry_of("Guild", 1, "Told anew.")
    _save(shelf, card.summary.id, changed)
    assert [each.id for each in shelf.books.books()] == [book.id]
    assert shelf.titles(book.id) == ["Warden", "Tower", "Guild"]
    after = shelf.ids(book.id)
    assert (after["Warden"], after["Guild"]) == (ids["Warden"], ids["Guild"])
    assert shelf.books.whole(book.id) == changed


def test_a_card_that_was_changed_meanwhile_is_not_written_over(shelf: Shelf) -> None:
    card = shelf.card(book=book_of("Guild"))
    (book,) = shelf.books.books()
    (entry,) = shelf.books.entries(book.id)
    _save(shelf, card.summary.id, book_of("Theirs"))
    with pytest.raises(LibraryError) as caught:
        shelf.books.change([Put(book.id, (EntryState(entry.id, entry_of("Mine")),))])
    assert caught.value.code is ErrorCode.CARD_CHANGED
    assert shelf.books.books()[0].id == book.id
    assert shelf.titles(book.id) == ["Theirs"]


def test_a_book_leaves_its_card_and_comes_back(shelf: Shelf) -> None:
    card = shelf.card(book=WHOLE)
    (book,) = shelf.books.books()
    shelf.books.delete([book.id])
    assert shelf.library.card(card.summary.id).card.character_book is None
    assert shelf.books.books() == ()
    shelf.books.undelete([book.id])
    assert shelf.library.card(card.summary.id).card.character_book == WHOLE
    assert [each.id for each in shelf.books.books()] == [book.id]


def test_a_deleted_book_does_not_push_a_new_one_out_of_its_card(shelf: Shelf) -> None:
    card = shelf.card(book=book_of("Guild", name="First"))
    (book,) = shelf.books.books()
    shelf.books.delete([book.id])
    _save(shelf, card.summary.id, book_of("Quay", name="Second"))
    shelf.books.books()
    shelf.books.undelete([book.id])
    assert {(each.name, each.card_id) for each in shelf.books.books()} == {
        ("First", ""),
        ("Second", card.summary.id),
    }


def test_a_book_goes_and_comes_with_its_card(shelf: Shelf) -> None:
    card = shelf.card(book=book_of("Guild"))
    (book,) = shelf.books.books()
    shelf.library.delete([card.summary.id])
    assert shelf.books.books() == ()
    shelf.library.undelete([card.summary.id])
    assert [each.id for each in shelf.books.books()] == [book.id]
    _save(shelf, card.summary.id, None)
    assert shelf.books.books() == ()


def _save(shelf: Shelf, card_id: str, book: object) -> None:
    stored = shelf.library.card(card_id)
    package = stored.package
    card = package.card.model_copy(update={"character_book": book})
    shelf.library.save(card_id, type(package)(card, package.picture, package.files), stored.version)


def test_a_deleted_card_and_its_deleted_book_agree_when_they_come_back(shelf: Shelf) -> None:
    """Whichever went first: what is listed of a card is what the card carries."""
    card = shelf.card(book=book_of("Guild")).summary.id
    (book,) = shelf.books.books()
    shelf.library.delete([card])
    shelf.books.delete([book.id])  # no longer listed: it goes and comes with its card
    shelf.library.undelete([card])
    assert [each.id for each in shelf.books.books()] == [book.id]
    shelf.books.delete([book.id])
    shelf.library.delete([card])
    with pytest.raises(LibraryError) as caught:
        shelf.books.undelete([book.id])
    assert caught.value.code is ErrorCode.CARD_NOT_FOUND
    shelf.library.undelete([card])
    assert shelf.books.books() == ()
    shelf.library.tag([card], ["edited since"])
    shelf.books.undelete([book.id])
    assert shelf.library.card(card).card.character_book == book_of("Guild")


def test_two_that_look_at_once_take_a_book_in_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process is done between our look and our note of it."""
    card = shelf.card(book=book_of("Guild")).summary.id
    other, write = Store(shelf.store.path), shelf.store.write

    def after_the_other() -> AbstractContextManager[Session]:
        monkeypatch.undo()
        take_in(other)
        return write()

    monkeypatch.setattr(shelf.store, "write", after_the_other)
    (book,) = shelf.books.books()
    other.close()
    shelf.books.change([put(book.id, [entry_of("Quay")])])
    assert [e.name for e in shelf.books.whole(book.id).entries] == ["Guild", "Quay"]
    assert shelf.library.card(card).card.character_book == shelf.books.whole(book.id)
