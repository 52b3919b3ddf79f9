"""A library of its own for a test, and what tests put into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cardforge_desktop.batches import tables as _batches  # noqa: F401  # items point at cards
from cardforge_desktop.cards.avatar import draw_placeholder
from cardforge_desktop.cards.exporting import CardFiles
from cardforge_desktop.cards.importing import CardImport
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.own_book_names import with_own_book_name
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.search import CardSearch
from cardforge_desktop.cards.service import CardLibrary, Origin
from cardforge_desktop.events import Hub
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate

ORIGIN = Origin("Default", "profile_default", 1, "Built-in", True, "mirela.md", "batch_1", "item_1")
PICTURE = draw_placeholder("Mirela")


class Shelf:
    """The services of one store, built as the workspace builds them."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path)
        migrate(self.store)
        self.hub = Hub()
        self.library = CardLibrary(self.store, self.hub)
        self.search = CardSearch(self.store)
        self.imports = CardImport(self.store, self.library, self.hub)
        self.files = CardFiles(self.store, self.library, self.hub)

    def add(self, card: Card, picture: bytes = PICTURE, origin: Origin = ORIGIN) -> str:
        """The id of a new card, made as the queue makes one."""
        with self.store.write() as session:
            card = with_own_book_name(session, card)
            return self.library.add(session, CardPackage(card, picture), origin).summary.id

    def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """What SQLite says to a statement."""
        from sqlalchemy import text

        with self.store.write() as session:
            result = session.connection().execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []


@contextmanager
def shelf_in(folder: Path) -> Iterator[Shelf]:
    """A shelf, closed at the end."""
    shelf = Shelf(folder / "store.db")
    try:
        yield shelf
    finally:
        shelf.store.close()
