"""The books panel in the real window: the list of books, the head, what stands beside the entries."""

from collections.abc import Callable

from cardforge_desktop.ui.books.panel import BooksPanel
from tests.books.shelves import book_of
from tests.support.window import Running


def opened(running: Running) -> BooksPanel:
    """The panel, with its books read."""
    panel = running.window.built("books")
    assert isinstance(panel, BooksPanel)
    running.until(lambda: panel.list.model.books)
    return panel


def test_books_are_listed_and_opened(run_window: Callable[..., Running]):
    running = run_window()
    books = running.workspace.books
    books.create(book_of("Lantern Guild", "Quay of Lamps", name="Old Tarn"))
    books.create(book_of("Sol", name="Gannet"))
    panel = opened(running)
    assert [book.name for book in panel.list.model.shown] == ["Gannet", "Old Tarn"]
    running.until(lambda: panel.session.book is not None)
    assert panel.session.book is not None
    assert panel.session.book.summary.name == "Gannet"
    assert panel.head.name.whole == "Gannet"
