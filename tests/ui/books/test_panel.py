"""The books panel in the real window: the list of books, the head, what stands beside the entries."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cardforge_desktop.cards.book_fields import with_tags
from cardforge_desktop.cards.model import Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import Arrival
from cardforge_desktop.ui.books.book_model import Role
from cardforge_desktop.ui.books.panel import BooksPanel
from cardforge_desktop.ui.theme import SPACE_S
from cardforge_desktop.workspace import Workspace
from tests.books.shelves import PICTURE, book_of, entry_of, put
from tests.support.window import Running


def add_card(workspace: Workspace, name: str, book: CharacterBook) -> None:
    """A card with a book of its own, in the library."""
    package = CardPackage(Card(name=name, character_book=book), PICTURE)
    with workspace._store.write() as session:
        workspace.library.add_imported(session, package, Arrival("v3", f"{name}.json", f"{name}.json"))


def shown(panel: BooksPanel) -> list[str]:
    """The rows of the list, as they are read out."""
    model = panel.list.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def opened(running: Running, name: str = "") -> BooksPanel:
    """The panel, with a book open."""
    panel = running.window.built("books")
    assert isinstance(panel, BooksPanel)
    running.until(lambda: panel.session.book is not None)
    if name:
        show(running, panel, name)
    return panel


def show(running: Running, panel: BooksPanel, name: str) -> None:
    """Choose a book as a click does."""
    panel.list.view.setCurrentIndex(panel.list.model.index(shown(panel).index(name)))
    running.until(lambda: panel.session.book is not None and panel.head.name.whole == name)


@pytest.mark.qt_log_ignore(
    "does not support (raise|propagateSizeHints|grabbing the keyboard)", extend=True
)  # of popups, offscreen
def test_books_are_listed_found_and_opened(run_window: Callable[..., Running]):
    running = run_window()
    books = running.workspace.books
    books.create(with_tags(book_of("Lantern Guild", name="Old Tárn"), ["town"]))
    gannet = books.create(with_tags(book_of("Sol", "Rhea", name="Gannet"), ["ship", "town"]))
    add_card(running.workspace, "Mirela", book_of("Lamp shop", name=""))
    panel = opened(running)
    assert shown(panel) == ["Gannet", "Old Tárn", "In cards", "Book of Mirela"]
    assert panel.head.name.whole == "Gannet"
    assert panel.list.current == gannet.id
    assert panel.head.note.isHidden()
    picture, chip = panel.head.grab().toImage(), panel.head.entries
    corner = chip.mapTo(panel.head, chip.rect().topLeft())
    assert picture.pixel(corner) != picture.pixel(corner + QPoint(chip.width() // 2, 0)), "it is round"

    show(running, panel, "Book of Mirela")
    assert not panel.head.note.isHidden()
    assert panel.head.name.text() == "Book of Mirela", "the words of a button give way to the name"
    heading = panel.list.model.index(2)
    assert heading.data(Role.BOOK) is None
    assert not heading.flags() & Qt.ItemFlag.ItemIsSelectable

    panel.list.search.setText("TARN")
    assert shown(panel) == ["Old Tárn"]
    panel.list.search.setText("zeppelin")
    assert shown(panel) == []
    panel.list.show_all()
    popup = panel.list.open_tags()
    box = QPoint(SPACE_S + 3, popup.list.sizeHintForRow(0) // 2)  # beside its mark
    grounds = [popup.list.viewport().grab().toImage().pixelColor(box).lightness()]
    QTest.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=box)
    grounds.append(popup.list.viewport().grab().toImage().pixelColor(box).lightness())
    assert abs(grounds[0] - grounds[1]) > 60, "a ticked tag looks ticked"
    assert shown(panel) == ["Gannet", "Old Tárn"], "town"
    QTest.keyClicks(popup.search, "shi")
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert shown(panel) == ["Gannet"]
    QTest.keyClick(popup.search, Qt.Key.Key_Down)
    QTest.keyClick(popup.list, Qt.Key.Key_Space)
    assert shown(panel) == ["Gannet", "Old Tárn"]
    popup.close()
    panel.show_book(next(book.id for book in panel.list.model.books if book.card_id))
    assert len(shown(panel)) == 4, "what is to be shown ends the search"

    books.change([put(gannet.id, [entry_of("Winch", 3)])])
    running.until(lambda: (row := panel.list.model.book(gannet.id)) is not None and row.entries == 3)
    elsewhere = books.create(book_of(name="Zeppelins"))
    running.until(lambda: "Zeppelins" in shown(panel))
    panel.show_book(elsewhere.id)
    running.until(lambda: panel.head.name.whole == "Zeppelins")
    books.delete([elsewhere.id])
    running.until(lambda: panel.head.name.whole == "Book of Mirela")  # what stands in its place
    assert shown(panel) == ["Gannet", "Old Tárn", "In cards", "Book of Mirela"]


def test_without_books_one_button_makes_one(run_window: Callable[..., Running]):
    running = run_window()
    assert running.workspace.books.books() == ()
    panel = running.window.built("books")
    assert isinstance(panel, BooksPanel)
    running.until(panel._empty.isVisible)
    running.workspace.books.create(book_of("Sol", name="Gannet"))
    running.until(lambda: panel.head.name.whole == "Gannet")
    assert panel.list.isVisible()


def test_the_open_book_and_how_it_is_shown_are_remembered(run_window: Callable[..., Running]):
    running = run_window()
    for name in ("Aldermoor", "Gannet"):
        running.workspace.books.create(book_of("Sol", "Rhea", name=name))
    panel = opened(running, "Gannet")
    panel.browser.show_as("table")
    panel.browser.bar.sort_by("name", descending=True)
    panel.keep_state()
    running.close()
    again = opened(run_window())
    assert again.head.name.whole == "Gannet"
    assert again.browser.view is again.browser.table
    assert (again.browser.bar.sort, again.browser.bar.descending) == ("name", True)
    names = again.browser.model
    running.until(lambda: [names.index(row, 0).data() for row in range(names.rowCount())] == ["Sol", "Rhea"])


def test_keys_of_the_panel(run_window: Callable[..., Running]):
    running = run_window()
    running.workspace.books.create(book_of("Lantern Guild", "Quay of Lamps", name="Old Tarn"))
    running.session.services.actions["view.books"].trigger()
    running.until(lambda: running.window.current == "books")
    panel = opened(running)
    running.until(lambda: panel.browser.model.rowCount() == 2 and panel.session.selection)
    assert running.window.focusWidget() is panel.list.view
    QTest.keyClick(panel.list.view, Qt.Key.Key_Return)
    assert running.window.focusWidget() is panel.browser.view
    running.session.services.actions["edit.find"].trigger()
    assert running.window.focusWidget() is panel.browser.bar.search
    assert running.session.services.actions["view.books"].shortcut().toString() == "Ctrl+4"
    assert running.session.services.actions["view.settings"].shortcut().toString() == "Ctrl+6"
