"""The entries of the open book in the real window: searched, filtered, sorted, selected, by keyboard."""

from array import array
from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtTest import QTest

from cardforge_desktop.books.model import EntryState, Place, Put, Remove
from cardforge_desktop.cards.book_fields import with_category
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.ui.books.browser import EntryBrowser
from cardforge_desktop.ui.books.category_row import CategoryRow
from cardforge_desktop.ui.books.entry_model import LINE, Column, EntryModel, Index
from cardforge_desktop.ui.books.panel import BooksPanel
from cardforge_desktop.ui.books.table import EntryTable
from cardforge_desktop.ui.failures import notice_of
from tests.books.shelves import entry_of
from tests.support.window import Running

KEY = Qt.Key


def town() -> CharacterBook:
    """Four entries of three kinds."""
    guild = BookEntry(
        id=1, name="The Lantern Guild", keys=["guild", "painted flame"], content="Moneylenders of Old Tarn."
    )
    warden = BookEntry(
        id=2, name="Warden Issa", keys=["Issa"], content="Collects for the Lantern Guild.", constant=True
    )
    quay = BookEntry(id=3, name="Quay of Lamps", keys=["quay"], content="Each lantern there is somebody's.")
    crow = BookEntry(id=4, name="Crow", keys=[], content="It knows.", enabled=False)
    made = [with_category(guild, "Factions"), with_category(warden, "People"), with_category(quay, "Places")]
    return CharacterBook(name="Old Tarn", entries=[*made, crow])


class Browsing:
    """The panel with one book open."""

    def __init__(self, running: Running, book: CharacterBook) -> None:
        self.running = running
        self.book_id = running.workspace.books.create(book).id
        panel = running.window.built("books")
        assert isinstance(panel, BooksPanel)
        self.panel, self.browser, self.session = panel, panel.browser, panel.session
        self.until(lambda: self.session.book_id == self.book_id and self.session.book is not None)
        self.settle(len(book.entries))

    @property
    def bar(self):
        return self.browser.bar

    @property
    def names(self) -> list[str]:
        """As they are shown."""
        model = self.browser.model
        return [str(model.index(row, Column.NAME).data()) for row in range(model.rowCount())]

    @property
    def selected(self) -> list[str]:
        """Names of what the session says is selected."""
        ids = self.session.selection
        return [entry.entry.name or "" for entry in self.running.workspace.books.some_entries(ids)]

    def until(self, condition: Callable[[], object]) -> None:
        self.running.until(condition)

    def settle(self, rows: int) -> None:
        """Wait until so many entries are shown and all is known of them."""
        self.until(lambda: self.browser.model.rowCount() == rows and self.browser.is_settled)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.browser.view, key)


def check_that_it_is_seen_where_not_all_fit(row: CategoryRow) -> None:
    """The last chip says how many there are beside those that fit."""
    whole = row.size()
    row.resize(170, whole.height())
    fitting = [chip.isVisible() for chip in row.chips]
    assert fitting == sorted(fitting, reverse=True)
    assert row.more.isVisible()
    assert row.more.text() == f"+{fitting.count(False)}"
    assert row.more.geometry().right() < 170
    row.resize(whole)
    assert row.more.isHidden()


def check_the_pointer_marks_a_row(table: EntryTable) -> None:
    """Not the cell alone."""
    cells = [table.visualRect(table.model().index(2, column)) for column in (Column.NAME, Column.TOKENS)]
    before = table.viewport().grab().toImage()
    QTest.mouseMove(table.viewport(), cells[1].center())
    after = table.viewport().grab().toImage()
    for cell in cells:
        assert before.pixel(cell.topLeft()) != after.pixel(cell.topLeft())


def test_what_is_typed_and_picked_filters(run_window: Callable[..., Running]):
    town_ = Browsing(run_window(), town())
    bar = town_.bar
    assert town_.names == ["The Lantern Guild", "Warden Issa", "Quay of Lamps", "Crow"]
    town_.until(lambda: town_.selected == ["The Lantern Guild"])
    assert [chip.text() for chip in bar.row.chips] == [
        "All 4",
        *("Factions 1", "People 1", "Places 1", "Without category 1"),
    ]
    check_that_it_is_seen_where_not_all_fit(bar.row)

    QTest.keyClicks(bar.search, "lantern")
    town_.settle(3)
    assert town_.names[0] == "The Lantern Guild", "the best find is first"
    town_.until(lambda: bar.picker.shown == "All categories (3)")
    assert town_.selected == ["The Lantern Guild"], "what is still shown stays selected"
    bar.row.chips[2].click()
    town_.settle(1)
    assert town_.names == ["Warden Issa"]
    assert bar.picker.shown.startswith("People")
    town_.until(lambda: town_.session.selection == ())

    QTest.keyClick(bar.search, KEY.Key_Down)
    assert town_.running.window.focusWidget() is town_.browser.view
    town_.until(lambda: town_.selected == ["Warden Issa"])
    bar.switch_state("disabled")
    town_.settle(0)
    assert town_.browser._no_match.isVisible()
    bar.switch_state("constant")
    bar.switch_state("enabled")
    assert bar.states == {"constant", "enabled"}, "off and on cannot be asked for together"
    town_.settle(1)
    town_.bar.clear()
    town_.settle(4)
    bar.filter_category("")
    town_.settle(1)
    assert town_.names == ["Crow"]
    QTest.keyClicks(bar.search, "x")
    QTest.keyClick(bar.search, KEY.Key_Escape)
    assert bar.search.text() == ""
    bar.clear()
    town_.settle(4)

    bar.sort_by("name", descending=False)
    town_.until(lambda: town_.names == ["Crow", "Quay of Lamps", "The Lantern Guild", "Warden Issa"])
    town_.browser.show_as("table")
    town_.browser.table.horizontalHeader().setSortIndicator(Column.TOKENS, Qt.SortOrder.DescendingOrder)
    town_.until(lambda: town_.names[-1] == "Crow")
    assert (bar.sort, bar.descending) == ("tokens", True)
    assert bar.sort_button.isChecked(), "in the grid it is all that tells of another order"
    town_.browser.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    town_.until(lambda: town_.names[0] == "The Lantern Guild")
    assert (bar.sort, bar.sort_button.isChecked()) == ("place", False)
    check_the_pointer_marks_a_row(town_.browser.table)


def test_changes_keep_what_is_selected(run_window: Callable[..., Running]):
    """Whoever made them: entries come, go, move and say something else."""
    town_ = Browsing(run_window(), town())
    books, browser = town_.running.workspace.books, town_.browser
    ids = {entry.entry.name: entry.id for entry in books.entries(town_.book_id)}
    browser.show_entries([ids["Quay of Lamps"]])
    town_.until(lambda: town_.selected == ["Quay of Lamps"])
    assert browser.selection.rows.currentIndex().row() == 2

    places = books.places_after(town_.book_id, [ids["Crow"]], None)
    books.change([Place(town_.book_id, places)])
    town_.until(lambda: town_.names[0] == "Crow")
    assert town_.selected == ["Quay of Lamps"]
    assert [index.row() for index in browser.selection.rows.selectedRows()] == [3]

    browser.view.setCurrentIndex(browser.model.index(0, 0))
    crow = books.entry(ids["Crow"]).entry.model_copy(update={"content": "It caws."})
    books.change([Put(town_.book_id, (EntryState(ids["Crow"], crow),))])
    town_.until(lambda: (line := browser.model.line(0)) is not None and "caws" in line.excerpt)
    assert browser.selection.rows.currentIndex().row() == 0, "the arrow keys go on from where they were"
    browser.show_entries([ids["Quay of Lamps"]])
    town_.until(lambda: town_.selected == ["Quay of Lamps"])

    town_.bar.search.setText("quay")
    town_.settle(1)
    renamed = entry_of("Harbour", 3, "It is dry.")
    town_.session.do("Rename", [Put(town_.book_id, (EntryState(ids["Quay of Lamps"], renamed),))])
    town_.settle(0)
    assert town_.session.selection == (ids["Quay of Lamps"],), "it may be being written just now"

    town_.session.wanted.emit(ids["Warden Issa"])
    town_.until(lambda: town_.selected == ["Warden Issa"])
    assert town_.bar.search.text() == "", "what is to be shown ends the search"
    town_.session.do("Delete", [Remove(town_.book_id, (ids["Warden Issa"],))])
    town_.settle(3)
    town_.until(lambda: town_.selected == ["Harbour"])
    town_.session.undo()
    town_.settle(4)
    town_.until(lambda: town_.selected == ["Warden Issa"])

    town_.session.do("Empty", [Remove(town_.book_id, tuple(ids.values()))])
    town_.settle(0)
    assert browser._none.isVisible()
    assert town_.session.selection == ()


def test_the_keyboard_goes_through_thousands(run_window: Callable[..., Running]):
    entries = [entry_of(f"Entry {number:04}", number) for number in range(1, 1201)]
    many = Browsing(run_window(), CharacterBook(name="Many", entries=entries))
    browser, model = many.browser, many.browser.model
    rows = browser.selection.rows
    for shape in ("grid", "table"):
        browser.show_as(shape)
        browser.enter()
        many.press(KEY.Key_Home)
        assert rows.currentIndex().row() == 0
        many.press(KEY.Key_Down, KEY.Key_Down)
        assert rows.currentIndex().row() == 2 * (browser.grid.columns if shape == "grid" else 1)
        many.press(KEY.Key_PageDown)
        assert rows.currentIndex().row() > 2
        many.press(KEY.Key_End)
        assert rows.currentIndex().row() == 1199
        rect = browser.view.visualRect(rows.currentIndex())
        assert browser.view.viewport().rect().contains(rect.center())
        many.until(lambda: model.index(1199, 0).data(LINE) is not None)
        many.until(lambda: many.selected == ["Entry 1200"])
        QTest.keyClick(browser.view, KEY.Key_Home, Qt.KeyboardModifier.ShiftModifier)
        many.until(lambda: len(many.session.selection) == 1200)
        QTest.keyClicks(browser.view, "entry 07")
        many.until(lambda: rows.currentIndex().row() == 699)
        browser.view.selectAll()
        many.until(lambda: len(many.session.selection) == 1200)
        rows.clearSelection()

    browser.selection.choose([0])
    many.bar.sort_by("name", descending=True)
    many.until(lambda: rows.currentIndex().row() == 1199)
    assert browser.view.verticalScrollBar().value() == 0, "another order is read from its first entry"


def test_what_is_painted_and_said_of_an_entry(run_window: Callable[..., Running]):
    town_ = Browsing(run_window(), town())
    browser, model = town_.browser, town_.browser.model
    told = str(model.index(3, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert told.startswith("Crow, Off, ")
    assert "Issa" in str(model.index(1, Column.KEYS).data())
    assert model.index(1, Column.STATE).data() == "Always on"
    grid = browser.grid
    assert grid.indexAt(grid.visualRect(model.index(2, 0)).center()).row() == 2
    assert not grid.indexAt(QPoint(grid.viewport().width() - 1, grid.viewport().height() - 1)).isValid()
    plain = grid.grab().toImage()
    town_.bar.search.setText("lantern guild")
    town_.settle(2)
    town_.bar.clear()
    town_.settle(4)
    model.typed = "lantern"
    grid.viewport().update()
    assert grid.grab().toImage() != plain, "finds are marked"

    opened: list[None] = []
    browser.opened.connect(lambda: opened.append(None))
    browser.enter()
    town_.press(KEY.Key_Return)
    assert len(opened) == 1
    town_.press(KEY.Key_Space)
    town_.until(lambda: model.index(0, Column.STATE).data() == "Off")
    town_.press(KEY.Key_Delete)
    town_.settle(3)
    browser.finder.failed.emit(ValueError("torn"))
    assert browser._unreadable.isVisible()
    assert isinstance(browser, EntryBrowser)
    assert notice_of(ValueError("torn"), "The log holds the details.").text


def test_runs_of_rows_are_selected_whole_without_a_question_about_each() -> None:
    asked = []

    class Counting(EntryModel):
        def rowCount(self, parent: Index) -> int:  # noqa: N802
            asked.append(parent)
            return super().rowCount(parent)

    model = Counting()
    model.show_all(array("q", range(2_000)), ())
    rows = QItemSelectionModel(model)
    rows.select(model.spanned((at, at) for at in range(0, 2_000, 2)), rows.SelectionFlag.Select)
    assert len(asked) < 10
    assert {(at.row(), at.column()) for at in rows.selectedIndexes()} == {
        (row, column) for row in range(0, 2_000, 2) for column in Column
    }
