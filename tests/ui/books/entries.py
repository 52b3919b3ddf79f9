"""A session over a real store with a book open, for tests of what is done with its entries."""

from collections.abc import Callable

from cardforge_desktop.books.model import BookSummary, Entry, EntryState, Put
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.ui.books.session import BookSession
from tests.ui.library.preview.conftest import Desktop


class Reading:
    """The session, and the book as the store has it."""

    def __init__(self, desktop: Desktop, book: CharacterBook) -> None:
        self.desktop = desktop
        self.books = desktop.workspace.books
        self.summary: BookSummary = self.books.create(book)
        self.session = BookSession(desktop.services, desktop.window)  # outlives what it reads
        self.session.open(self.summary.id)
        self.until(lambda: self.session.book is not None)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something."""
        self.desktop.until(condition)

    def stored(self, number: int = 0) -> Entry:
        """An entry in the store, by its place in the book."""
        return self.books.entries(self.summary.id)[number]

    def change_elsewhere(self, number: int = 0, **fields: object) -> None:
        """Somebody else changes an entry."""
        held = self.stored(number)
        entry = held.entry.model_copy(update=fields)
        self.books.change([Put(self.summary.id, (EntryState(held.id, entry),))])


def entry(name: str, *keys: str, **fields: object) -> BookEntry:
    """An entry of a test's book."""
    return BookEntry.model_validate({"name": name, "keys": list(keys), **fields})
