"""The library keeps whole cards: unknown fields, pictures, files, names of books."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given

from cardforge_desktop.batches import tables as _batches  # noqa: F401  # items point at cards
from cardforge_desktop.cards.avatar import draw_placeholder
from cardforge_desktop.cards.model import Card, CharacterBook
from cardforge_desktop.cards.service import CardLibrary, LibraryError, Origin
from cardforge_desktop.events import Hub
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from tests.support.cards import cards

ORIGIN = Origin("Default", 1, "Built-in", True, "mirela.md", "batch_1", "item_1")
PICTURE = draw_placeholder("Mirela")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("store") / "store.db")
    migrate(store)
    yield store
    store.close()


def add(store: Store, card: Card) -> str:
    library = CardLibrary(store, Hub())
    with store.write() as session:
        return library.add(session, library.with_own_book_name(session, card), PICTURE, ORIGIN).summary.id


@given(card=cards(v3=True, unknown=True))
def test_a_card_comes_back_equal_with_what_nobody_knows(store: Store, card: Card) -> None:
    without_book = card.model_copy(update={"character_book": None})
    stored = CardLibrary(store, Hub()).card(add(store, without_book))
    assert stored.card == without_book
    assert stored.avatar == PICTURE
    assert stored.summary.draft


def test_books_of_equal_names_are_told_apart(store: Store) -> None:
    card = Card(name="Ann", character_book=CharacterBook(name="Ann's Lorebook"))
    names = []
    for _ in range(3):
        book = CardLibrary(store, Hub()).card(add(store, card)).card.character_book
        assert book is not None
        names.append(book.name)
    assert names == ["Ann's Lorebook", "Ann's Lorebook 2", "Ann's Lorebook 3"]


def test_a_path_belongs_to_the_card_that_was_written_there_last(store: Store) -> None:
    library = CardLibrary(store, Hub())
    first, second = add(store, Card(name="First")), add(store, Card(name="Second"))
    for card_id in (first, second):
        with store.write() as session:
            library.add_files(session, card_id, {"json": (Path("/out/a.json"), b"{}")}, 1)
    assert library.card(first).summary.files == ()
    assert library.card(second).summary.files == (("json", Path("/out/a.json")),)


def test_the_newest_card_comes_first(store: Store) -> None:
    add(store, Card(name="Older"))
    add(store, Card(name="Newer"))
    assert [summary.name for summary in CardLibrary(store, Hub()).cards()[:2]] == ["Newer", "Older"]


def test_a_card_that_is_gone_is_said_so(store: Store) -> None:
    with pytest.raises(LibraryError, match="no longer"):
        CardLibrary(store, Hub()).card("card_unknown")
