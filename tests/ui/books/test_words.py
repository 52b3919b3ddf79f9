"""What the panel calls things, where it is more than a phrase."""

from pathlib import Path

from cardforge_desktop.books.search import BookSearch, EntryQuery
from cardforge_desktop.cards.model import CharacterBook
from cardforge_desktop.ui.books import words
from tests.books.shelves import Shelf, entry_of


def test_a_found_key_is_in_sight_without_a_column_for_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    guild = entry_of("Guild", 1, "A door.").model_copy(update={"keys": ["a", "lamp"]})
    book = shelf.books.create(CharacterBook(name="Tarn", entries=[guild]))

    def told(typed: str) -> str:
        (line,) = BookSearch(shelf.store).page(EntryQuery(book.id, typed), 9).lines
        return words.excerpt_with_key(line, typed)

    assert told("lam") == "lamp · A door."
    for typed in ("", "guild", "door", "door lamp"):
        assert told(typed) == "A door."
    shelf.store.close()
