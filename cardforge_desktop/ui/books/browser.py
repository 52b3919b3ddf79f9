"""The entries of the open book: searched, filtered, as grid or as table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.entry_model import EntryModel
from cardforge_desktop.ui.books.entry_views import go_to
from cardforge_desktop.ui.books.filters import FilterBar
from cardforge_desktop.ui.books.finder import EntryFinder, Found, rows_of
from cardforge_desktop.ui.books.grid import EntryGrid
from cardforge_desktop.ui.books.selection import EntrySelection
from cardforge_desktop.ui.books.table import EntryTable
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.theme import SPACE_M
from cardforge_desktop.ui.widgets.basics import Card, button
from cardforge_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from array import array

    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

_VIEW, _SORT = "books/view", "books/sort"
#: Before the name of what entries are sorted by: the other way round.
_FALLING = "-"
#: Times that an entry that is to be shown is looked for anew.
_TRIES = 3


class EntryBrowser(QWidget):
    """Lays the entries out and keeps the selection; what is done with entries is the commands'.

    Signals:
        opened(): the current entry is to be edited.
        asked(str): ``new`` entry, ``delete`` or ``toggle`` the selected ones.
        menu_wanted(QPoint): the context menu of the selected entries, at this point of the screen.
    """

    opened = Signal()
    asked = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, services: Services, session: BookSession) -> None:
        super().__init__()
        self._services, self._session = services, session
        self.model = EntryModel(self)
        self.selection = EntrySelection(services, session, self.model)
        self.finder = EntryFinder(services, self.model, self.selection, lambda: self.view.room)
        self.bar = FilterBar(services)
        self.grid, self.table = EntryGrid(services, self.model), EntryTable(services, self.model)
        self._is_opening = False
        self._wanted: tuple[str, ...] = ()
        self._tries = 0
        self._typed, self._from = "", 0  # the beginning of a name, and from which row on it is looked for
        self._lay_out()
        self._connect()
        self.show_as(services.memory.text(_VIEW, "grid"))
        self._take_up_sort(services.memory.text(_SORT))

    # What others ask

    @property
    def view(self) -> EntryGrid | EntryTable:
        """The grid or the table, whichever is shown."""
        return self.grid if self._views.currentWidget() is self.grid else self.table

    @property
    def is_settled(self) -> bool:
        """Whether all that was asked for is shown."""
        return not self.finder.is_busy and not self._wanted

    @Slot(str)
    def show_as(self, name: str) -> None:
        """Show the entries as ``grid`` or as ``table``."""
        view = self.table if name == "table" else self.grid
        had_focus = self.view.hasFocus()
        self._views.setCurrentWidget(self.grid if view is self.grid else self._table_page)
        self.bar.show_shape(name)
        if (index := self.selection.rows.currentIndex()).isValid():
            view.scrollTo(index)
        if had_focus:
            view.setFocus()
        self._services.memory.keep(_VIEW, name)

    @Slot(object)
    def show_entries(self, ids: Sequence[str]) -> None:
        """Select these entries and bring them in sight, whatever is searched for."""
        self._wanted, self._tries = tuple(ids), _TRIES
        self._services.background.start(self._show_wanted())

    @Slot()
    def enter(self) -> None:
        """The entries get the focus; the first one is chosen where none is."""
        if self.model.rowCount():
            if not self.selection.rows.hasSelection():
                go_to(self.view, 0)
            self.view.setFocus()

    def keep_state(self) -> None:
        """Remember the columns and the order."""
        self.table.keep_state()
        self._services.memory.keep(_SORT, (_FALLING if self.bar.descending else "") + self.bar.sort)

    # Making

    def _take_up_sort(self, kept: str) -> None:
        """The order of the last time."""
        name = kept.removeprefix(_FALLING)
        if sort := next((sort for sort in words.sorts() if sort == name), None):
            self.bar.sort_by(sort, descending=kept != name)

    def _lay_out(self) -> None:
        self._views = QStackedWidget()
        self._table_page = Card(margin=2)
        self._table_page.body.addWidget(self.table)
        for view in (self.grid, self.table):
            view.setSelectionModel(self.selection.rows)
        self._views.addWidget(self.grid)
        self._views.addWidget(self._table_page)
        self._pages = QStackedWidget()
        self._waiting, self._unreadable = QWidget(), QWidget()
        self._none, self._no_match = self._empty(), self._nothing_found()
        for page in (self._waiting, self._none, self._no_match, self._unreadable, self._views):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.bar)
        layout.addWidget(self._pages, 1)

    def _empty(self) -> EmptyState:
        act = button(self.tr("New entry"))
        act.clicked.connect(lambda: self.asked.emit("new"))
        return EmptyState(
            self._services.theme,
            self._services.icons,
            "book-open",
            title=self.tr("No entries yet"),
            text=self.tr(
                "An entry tells of a place, a person or an object of your world. A chat program adds it to "
                "the prompt when one of its keys is mentioned."
            ),
            act=act,
        )

    def _nothing_found(self) -> EmptyState:
        act = button(self.tr("Clear search and filters"))
        act.clicked.connect(self.bar.clear)
        return EmptyState(
            self._services.theme,
            self._services.icons,
            "search",
            title=self.tr("No entry matches"),
            text=self.tr("No entry of this book has all of the words and filters above."),
            act=act,
        )

    def _connect(self) -> None:
        session, bar, finder = self._session, self.bar, self.finder
        session.opened.connect(self._open)
        session.entries_changed.connect(lambda _ids: finder.look_again())
        session.went.connect(self._show_what_went)
        session.wanted.connect(lambda entry_id: self.show_entries((entry_id,)))
        bar.changed.connect(self._ask)
        bar.entered.connect(self.enter)
        bar.shape_wanted.connect(self.show_as)
        finder.begun.connect(self._on_begun)
        finder.whole.connect(self._on_whole)
        finder.failed.connect(self._show_failure)
        self.table.sort_wanted.connect(lambda sort, falling: bar.sort_by(sort, descending=falling))
        for view in (self.grid, self.table):
            view.opened.connect(self.opened)
            view.asked.connect(self.asked)
            view.menu_wanted.connect(self.menu_wanted)
            view.find_wanted.connect(self._find)

    # Which entries

    @Slot()
    def _open(self) -> None:
        """Another book, or none."""
        self.bar.forget()
        self.selection.forget()
        self.bar.setVisible(self._session.book is not None)
        self._is_opening = self._session.book is not None
        self.finder.want(self.bar.query(self._session.book_id) if self._session.book is not None else None)
        if self._session.book is None:
            self._pages.setCurrentWidget(self._waiting)

    @Slot()
    def _ask(self) -> None:
        self.table.show_sort(self.bar.sort, descending=self.bar.descending)
        if self._session.book is not None:
            self._session.sought.emit()
            self.finder.want(self.bar.query(self._session.book_id))

    @Slot()
    def _on_begun(self) -> None:
        kept = self.selection.numbers
        if kept:
            self._restore(rows_of(self.model.numbers, kept))
        for view in (self.grid, self.table):
            view.verticalScrollBar().setValue(0)
        if self.model.rowCount() or self.bar.is_filtering:
            self._show_page()  # an empty book may be one that is not filled yet

    @Slot(object)
    def _on_whole(self, found: Found) -> None:
        kept = self.selection.numbers
        if not found.is_fresh or not self.model.show_rest(found.numbers):
            self._renew(found)
        rows = found.rows if kept == found.kept else rows_of(found.numbers, kept)
        if kept:
            self._restore(rows)
        self._show_page()
        self.bar.set_counts(found.counts)
        if found.is_fresh:
            self._settle_fresh()
        elif found.kept and kept == found.kept:
            self._settle_again(found)
        if self._wanted:
            self._services.background.start(self._show_wanted())

    def _restore(self, runs: Iterable[tuple[int, int]]) -> None:
        """Select these again, without a view going to the current one: its rows are not laid out yet."""
        for view in (self.grid, self.table):
            view.setAutoScroll(False)
        self.selection.restore(runs)
        for view in (self.grid, self.table):
            view.setAutoScroll(True)

    def _renew(self, found: Found) -> None:
        """Other rows; what is at the top stays there."""
        view, numbers = self.view, self.model.numbers
        top = view.indexAt(QPoint(4, 4))
        anchor = numbers[top.row()] if top.isValid() else None
        offset = view.visualRect(top).top() if top.isValid() else 0
        self.model.show_all(found.numbers, found.lines)
        at = self.model.row_of(anchor) if anchor is not None else None
        if at is not None and view.verticalScrollBar().value():
            view.scrollTo(self.model.index(at, 0), view.ScrollHint.PositionAtTop)
            view.verticalScrollBar().setValue(view.verticalScrollBar().value() - offset)

    def _settle_fresh(self) -> None:
        """All of another query is shown: what it left out is no longer selected."""
        self.selection.forget_hidden()
        if self._is_opening and self.selection.is_empty and not self._wanted and self.model.rowCount():
            self.selection.choose([0])
        else:
            self.selection.tell()
        self._is_opening = False

    def _settle_again(self, found: Found) -> None:
        """Entries changed: those that are gone are not selected any more."""
        if len(found.there) == len(found.kept):
            return
        there = frozenset(found.there)
        left = [entry_id for entry_id in self._session.selection if entry_id in there]
        if left or self._wanted:
            self._session.select(left)
        else:
            self.selection.choose_neighbour()

    # Which entry

    @Slot(object)
    def _show_what_went(self, ids: Sequence[str]) -> None:
        if ids:
            self.show_entries(ids)

    async def _show_wanted(self) -> None:
        wanted, book_id = self._wanted, self._session.book_id
        if not wanted or self._session.book is None:
            return  # it is tried again when the book is there
        numbers = self.model.numbers
        runs: tuple[tuple[int, int], ...] = await self._services.background.call(
            lambda ws: rows_of(numbers, ws.book_search.numbers_of(book_id, wanted))
        )
        if wanted != self._wanted:
            return
        if numbers != self.model.numbers:
            self._services.background.start(self._show_wanted())
        elif runs:
            self._wanted = ()
            self.selection.choose_runs(runs)
            self.view.scrollTo(self.model.index(runs[0][0], 0))
        elif not self._tries:
            self._wanted = ()
        elif not self.finder.is_busy:
            self._tries -= 1
            if self.bar.is_filtering:
                self.bar.clear()
            else:
                self.finder.look_again()

    @Slot(str, bool)
    def _find(self, typed: str, is_fresh: bool) -> None:
        if is_fresh:
            self._from = max(0, self.selection.rows.currentIndex().row()) + 1
        self._typed = typed
        self._services.background.start(self._go_to(typed, self._from, self.model.numbers))

    async def _go_to(self, typed: str, after: int, numbers: array[int]) -> None:
        book_id = self._session.book_id
        row: int | None = await self._services.background.call(
            lambda ws: _first(ws, book_id, typed, after, numbers)
        )
        if row is not None and self.model.numbers is numbers and typed == self._typed:
            go_to(self.view, row)

    # What is shown

    def _show_page(self) -> None:
        if self.model.rowCount():
            page: QWidget = self._views
        else:
            page = self._no_match if self.bar.is_filtering else self._none
        self._pages.setCurrentWidget(page)
        self.bar.setVisible(page is not self._none)

    @Slot(object)
    def _show_failure(self, error: Exception) -> None:
        again = button(self.tr("Try again"))
        again.clicked.connect(self._ask)
        page = EmptyState(
            self._services.theme,
            self._services.icons,
            "triangle-alert",
            title=self.tr("The entries can't be read"),
            text=notice_of(error, self.tr("The log holds the details.")).text,
            act=again,
        )
        self._pages.removeWidget(self._unreadable)
        self._unreadable.deleteLater()
        self._unreadable = page
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)


def _first(ws: Workspace, book_id: str, typed: str, after: int, numbers: Sequence[int]) -> int | None:
    """The row of the first entry from a row on, and then from the top, whose name begins so. Slow."""
    fitting: frozenset[int] = ws.book_search.beginning_with(book_id, typed)
    rows = chain(range(after, len(numbers)), range(after)) if fitting else ()
    return next((row for row in rows if numbers[row] in fitting), None)
