"""The table of entries: sorted by its headers, columns to hide, to move and to resize."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu

from cardforge_desktop.ui.books.delegate import CellDelegate
from cardforge_desktop.ui.books.entry_model import Column, EntryModel
from cardforge_desktop.ui.books.entry_views import (
    EntryTableBase,
    TypeToFind,
    set_up,
    takes_key,
    takes_override,
)
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.widgets.giving_way import GivingWay
from cardforge_desktop.ui.widgets.table_head import columns_menu, dress_heads, fill_up, part_from_selection

Index = QModelIndex | QPersistentModelIndex
_Action = QAbstractItemView.CursorAction
_COLUMNS = "books/columns"
#: Widths of the columns, in average letters.
_LETTERS = {
    Column.NAME: 34,
    Column.CATEGORY: 15,
    Column.KEYS: 24,
    Column.TOKENS: 11,
    Column.ORDER: 11,
    Column.PRIORITY: 12,
    Column.STATE: 16,
    Column.EDITED: 15,
}
_HIDDEN_AT_FIRST = (Column.PRIORITY, Column.EDITED)
#: Below these widths of the table some columns give way to the others.
_GIVING_WAY: Mapping[int, int] = {
    Column.EDITED: 900,
    Column.PRIORITY: 820,
    Column.KEYS: 740,
    Column.ORDER: 560,
    Column.CATEGORY: 480,
    Column.STATE: 380,
}
_NARROWEST_NAME = 180
#: What each column is sorted by; the keys are not.
_SORTS = {
    Column.NAME: "name",
    Column.CATEGORY: "category",
    Column.TOKENS: "tokens",
    Column.ORDER: "order",
    Column.PRIORITY: "priority",
    Column.EDITED: "edited",
}


class EntryTable(EntryTableBase):
    """Rows of entries.

    Signals:
        sort_wanted(str, bool): a header was clicked: by what, and whether falling.
    """

    sort_wanted = Signal(str, bool)

    def __init__(self, services: Services, model: EntryModel) -> None:
        super().__init__()
        self._services = services
        self._finder = TypeToFind(self)
        self._cells = CellDelegate(services.theme, services.icons, self, model)
        self._giving_way = GivingWay(self, _GIVING_WAY)
        self._shown_sort = ("place", False)
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self.setAccessibleName(self.tr("Entries"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        set_up(self)
        self._dress_headers()
        services.theme.changed.connect(self._measure)

    def setSelectionModel(self, model: QItemSelectionModel) -> None:
        """Rows alone are selected; the header is told nothing of it."""
        super().setSelectionModel(model)
        part_from_selection(self)

    @property
    def room(self) -> int:
        """How many entries are in sight at most, cut ones among them."""
        return self.viewport().height() // max(1, self._cells.row_height) + 2

    def show_sort(self, sort: str, *, descending: bool) -> None:
        """Let the headers say what the entries are sorted by."""
        if (sort, descending) != self._shown_sort:  # asked at each key in the search
            self._shown_sort = (sort, descending)
            self._mark_sort()

    def _mark_sort(self) -> None:
        sort, descending = self._shown_sort
        column = next((column for column, name in _SORTS.items() if name == sort), None)
        header = self.horizontalHeader()
        header.blockSignals(True)
        direction = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(-1 if column is None else column, direction)
        header.blockSignals(False)
        header.viewport().update()

    def keep_state(self) -> None:
        """Remember the columns, as they are when there is room."""
        self._giving_way.bring_back()
        self._services.memory.keep(_COLUMNS, self.horizontalHeader().saveState())
        self._giving_way.make_room(self.viewport().width())

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: ARG002
        """All that is in sight: Qt asks the model about each of thousands of ranges."""
        return QRegion(self.viewport().rect())

    def startDrag(self, supported: Qt.DropAction) -> None:  # noqa: ARG002
        """Somebody else knows what is dragged."""
        self.drag_wanted.emit()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last entry; a cell means nothing here."""
        last = self.model().rowCount() - 1
        if action in (_Action.MoveHome, _Action.MoveEnd) and last >= 0:
            column = max(0, self.currentIndex().column())
            return self.model().index(0 if action is _Action.MoveHome else last, column)
        return super().moveCursor(action, modifiers)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the pointer is marked."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the pointer."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        before, self._cells.hovered = self._cells.hovered, row
        for each in {before, row} - {-1} if before != row else ():
            width, height = self.viewport().width(), self.rowHeight(each)
            self.viewport().update(0, self.rowViewportPosition(each), width, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Delete, Space; else as every table."""
        if not takes_key(self, self._finder, event):
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Type to find."""
        self._finder.type(search)

    def event(self, event: QEvent) -> bool:
        """Some keys are the list's own."""
        return takes_override(event) or super().event(event)

    def dataChanged(self, first: Index, last: Index, _roles: Sequence[int] = ()) -> None:  # noqa: ARG002
        """Paint what says something else."""
        self.viewport().update()

    def _dress_headers(self) -> None:
        dress_heads(self, self._cells.row_height)
        header = self.horizontalHeader()
        header.setAccessibleName(self.tr("Columns"))
        header.setSortIndicatorClearable(True)
        for column, letters in _LETTERS.items():
            self.setColumnWidth(column, letters * self.fontMetrics().averageCharWidth())
        state = self._services.memory.state(_COLUMNS)
        if state is None or not header.restoreState(state):
            for column in _HIDDEN_AT_FIRST:
                self.hideColumn(column)
        self._widen()
        header.setStretchLastSection(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sectionResized.connect(self._fill)
        header.sortIndicatorChanged.connect(self._sort)
        header.customContextMenuRequested.connect(self.show_columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is scarce some columns give way to the others; the name has what is left."""
        super().resizeEvent(event)
        self._giving_way.make_room(event.size().width())
        self._fill(-1)

    @Slot(int)
    def _fill(self, section: int) -> None:
        """Give the name what the others leave, never less than it needs."""
        if section != Column.NAME:
            fill_up(self, Column.NAME, _NARROWEST_NAME)

    @Slot(int, Qt.SortOrder)
    def _sort(self, section: int, direction: Qt.SortOrder) -> None:
        """A third click on a header goes back to the book's own order."""
        if section < 0:
            self.sort_wanted.emit("place", False)
        elif Column(section) in _SORTS:
            self.sort_wanted.emit(_SORTS[Column(section)], direction is Qt.SortOrder.DescendingOrder)
        else:
            self._mark_sort()

    @Slot(QPoint)
    def show_columns(self, point: QPoint) -> QMenu:
        """The menu that hides and shows columns, at a point of the header."""
        menu = columns_menu(self, always=Column.NAME)
        menu.popup(self.horizontalHeader().mapToGlobal(point))
        return menu

    def _widen(self) -> None:
        """No head is cut: with a larger font the widths of before are too small."""
        header = self.horizontalHeader()
        for column in range(header.count()):
            if not header.isSectionHidden(column):
                self.setColumnWidth(column, max(self.columnWidth(column), header.sectionSizeHint(column)))

    @Slot()
    def _measure(self) -> None:
        self._cells.measure()
        self._widen()
        self.verticalHeader().setDefaultSectionSize(self._cells.row_height)
        self.viewport().update()
