"""Entries are found by name, keys and content, filtered and ordered by all that is known."""

from cardforge_desktop.books.search import BookSearch, EntryQuery
from cardforge_desktop.cards.model import CharacterBook
from tests.books.shelves import Shelf, entry_of


def found(shelf: Shelf, book_id: str, text: str = "", **query: object) -> list[str]:
    search = BookSearch(shelf.store)
    wanted = EntryQuery(book_id, text, **query)  # type: ignore[arg-type]
    page = search.page(wanted, 100)
    assert [line.number for line in page.lines] == list(search.numbers(wanted))
    return [line.name for line in page.lines]


def test_every_word_is_found_by_its_beginning(shelf: Shelf) -> None:
    book = shelf.book("Lantern Guild", "Old lantern", "Guild of Salt")
    assert found(shelf, book.id, "lant guil") == ["Lantern Guild"]
    assert found(shelf, book.id, "GUIL") == ["Guild of Salt", "Lantern Guild"]
    assert found(shelf, book.id, '"old lan') == ["Old lantern"]
    assert found(shelf, book.id, '"old lan"') == []


def test_names_come_before_keys_and_keys_before_content(shelf: Shelf) -> None:
    entries = [
        entry_of("Content", 1, "The salt road."),
        entry_of("Keyed", 2).model_copy(update={"keys": ["salt"]}),
        entry_of("Salt", 3),
    ]
    book = shelf.books.create(CharacterBook(name="Roads", entries=entries))
    assert found(shelf, book.id, "salt") == ["Salt", "Keyed", "Content"]
    assert found(shelf, book.id) == ["Content", "Keyed", "Salt"]
    assert found(shelf, book.id, "salt", sort="name") == ["Content", "Keyed", "Salt"]
    hits = BookSearch(shelf.store).everywhere("salt", 2)
    assert [(hit.book_name, hit.line.name) for hit in hits] == [("Roads", "Salt"), ("Roads", "Keyed")]
