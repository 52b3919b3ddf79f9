"""A store with a library and books, and books to put into it."""

from collections.abc import Iterable
from pathlib import Path

from cardforge_desktop.books.model import BookSummary, EntryState, Put
from cardforge_desktop.books.service import Books
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import Arrival, CardLibrary
from cardforge_desktop.cards.summaries import StoredCard
from cardforge_desktop.events import Changed, Hub
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate

PICTURE = b"\x89PNG: any bytes will do"


class Shelf:
    """What `Workspace` has of books and cards, without the rest.

    Attributes:
        told: every change that was announced.
    """

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "store.db")
        migrate(self.store)
        self.hub = Hub()
        self.library = CardLibrary(self.store, self.hub)
        self.books = Books(self.store, self.hub, self.library)
        self.told: list[Changed] = []
        self.hub.changed.connect(self.told.append)

    def card(self, name: str = "Mirela", book: CharacterBook | None = None) -> StoredCard:
        """A card in the library."""
        package = CardPackage(Card(name=name, character_book=book), PICTURE)
        with self.store.write() as session:
            return self.library.add_imported(session, package, Arrival("v3", "mirela.json", "mirela.json"))

    def book(self, *titles: str, name: str = "Old Tarn") -> BookSummary:
        """A book that stands by itself, with an entry for each title."""
        return self.books.create(book_of(*titles, name=name))

    def titles(self, book_id: str) -> list[str]:
        """What the entries are called, in their order."""
        return [entry.entry.name or "" for entry in self.books.entries(book_id)]

    def ids(self, book_id: str) -> dict[str, str]:
        """Ids of the entries by their title."""
        return {entry.entry.name or "": entry.id for entry in self.books.entries(book_id)}


def book_of(*titles: str, name: str = "Old Tarn") -> CharacterBook:
    """A book with an entry for each title."""
    return CharacterBook(name=name, entries=[entry_of(title, at) for at, title in enumerate(titles, start=1)])


def entry_of(title: str, number: int = 1, content: str = "") -> BookEntry:
    """An entry that is called so and woken by its title."""
    return BookEntry(id=number, name=title, keys=[title], content=content or f"About {title}.")


def put(book_id: str, entries: Iterable[BookEntry]) -> Put:
    """New entries for a book."""
    return Put(book_id, tuple(EntryState(new_id("entry"), entry) for entry in entries))


def check_indexes(store: Store) -> None:
    """The full-text indexes hold just what the texts say."""
    with store.write() as session:
        for index in ("book_search", "book_search_names"):
            session.connection().exec_driver_sql(
                f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)"
            )
