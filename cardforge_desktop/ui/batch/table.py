"""The batch table: hide and resize columns, type to find, copy, a context menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.ui.batch.columns import Column, Role
from cardforge_desktop.ui.batch.delegate import QueueDelegate
from cardforge_desktop.ui.batch.queue_model import QueueModel
from cardforge_desktop.ui.batch.row_changes import runs
from cardforge_desktop.ui.batch.sieve import Filter
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.widgets.giving_way import GivingWay
from cardforge_desktop.ui.widgets.table_head import columns_menu, part_from_selection

_WIDTHS = {
    Column.STATE: 116,
    Column.SOURCE: 132,
    Column.BATCH: 110,
    Column.PROFILE: 66,
    Column.ENGINE: 78,
    Column.TOKENS: 80,
    Column.TIME: 66,
    Column.COST: 118,
}
#: Below these widths of the table some columns give way to the others.
_GIVING_WAY: Mapping[int, int] = {
    Column.BATCH: 860,
    Column.PROFILE: 600,
    Column.ENGINE: 700,
    Column.TOKENS: 500,
    Column.TIME: 780,
    Column.COST: 420,
}
#: No table is so wide: the column of the batch gives way to nothing where all rows are of one.
_NEVER = 100_000


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a reset of the model would lose."""

    selected: frozenset[str] = frozenset()
    current: str = ""
    at: int = 0
    filter: Filter | None = None


class QueueTable(QTableView):
    """Shows the queue.

    Signals:
        chosen(): other rows are selected.
        activated_item(str): Return or a double click on the item with this id.
        menu_wanted(QPoint): the context menu of the selected rows, at this point of the screen.
        undo_wanted(): Ctrl+Z.
        dropped(object, str): the ids of rows were dragged before the row with the second id ("" = the end).
    """

    chosen = Signal()
    activated_item = Signal(str)
    menu_wanted = Signal(QPoint)
    undo_wanted = Signal()
    dropped = Signal(object, str)

    def __init__(self, services: Services, model: QueueModel) -> None:
        super().__init__()
        self._services = services
        self._model = model
        self._needed: dict[int, int] = dict(_GIVING_WAY)
        self._giving_way = GivingWay(self, self._needed)
        self._kept = _Kept()
        self.setModel(model)
        self.setAccessibleName(self.tr("Queue"))
        self.delegate = QueueDelegate(services.theme, services.icons, self)
        self.setItemDelegate(self.delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_for_menu)
        self.doubleClicked.connect(self._activate)
        self._rows: list[int] | None = None
        self._items: tuple[ItemView, ...] | None = None
        model.dataChanged.connect(self._forget_items)
        for signal in (model.layoutChanged, model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._forget_rows)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        model.modelAboutToBeReset.connect(self._keep_selection)
        model.modelReset.connect(self._bring_selection_back)
        self._dress_headers()
        services.theme.changed.connect(self._restyle)

    def selected(self) -> tuple[ItemView, ...]:
        """The selected items from top to bottom."""
        if self._items is None:
            self._items = tuple(map(self._model.item_at, self._selected_rows()))
        return self._items

    def first_selected(self) -> ItemView | None:
        """The topmost selected item."""
        rows = self._selected_rows()
        return self._model.item_at(rows[0]) if rows else None

    def _selected_rows(self) -> list[int]:
        """Kept until they may be others. From the ranges: `selectedRows` looks at each cell of each row."""
        if self._rows is None:
            selection = self.selectionModel().selection()
            ranges = [selection.at(at) for at in range(selection.size())]
            self._rows = sorted({row for each in ranges for row in range(each.top(), each.bottom() + 1)})
        return self._rows

    @Slot()
    def _on_selection(self) -> None:
        self._forget_rows()
        self.chosen.emit()

    @Slot()
    def _forget_rows(self) -> None:
        self._rows = self._items = None

    @Slot()
    def _forget_items(self) -> None:
        self._items = None

    def show_batches(self, shown: bool) -> None:
        """Whether the column of the batch has something to tell apart."""
        needed = _GIVING_WAY[Column.BATCH] if shown else _NEVER
        if needed != self._needed[Column.BATCH]:
            self._needed[Column.BATCH] = needed
            self._giving_way.make_room(self.viewport().width())

    def set_movable(self, movable: bool) -> None:
        """Whether rows can be dragged into another order."""
        self.setDragEnabled(movable)
        self.setAcceptDrops(movable)
        self.setDropIndicatorShown(movable)
        mode = QAbstractItemView.DragDropMode.InternalMove if movable else self.DragDropMode.NoDragDrop
        self.setDragDropMode(mode)
        self.setDragDropOverwriteMode(False)

    def select(self, item_ids: set[str]) -> None:
        """Select these items and show the first."""
        rows = self._select_rows(item_ids)
        if rows:
            self.go_to(self._model.index(rows[0], 0))

    def _select_rows(self, item_ids: Iterable[str]) -> list[int]:
        rows = sorted(row for item_id in item_ids if (row := self._model.row_of(item_id)) is not None)
        selection = QItemSelection()
        for first, last in runs(rows):
            selection.select(self._model.index(first, 0), self._model.index(last, len(Column) - 1))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        return rows

    @Slot()
    def _keep_selection(self) -> None:
        """A reset forgets what was selected and where the table stood."""
        current = self.currentIndex().data(Role.ITEM) if self.currentIndex().isValid() else None
        selected = frozenset(item.id for item in self.selected())
        at = self.verticalScrollBar().value()
        self._kept = _Kept(selected, current.id if current is not None else "", at, self._model.filter)

    @Slot()
    def _bring_selection_back(self) -> None:
        kept = self._kept
        rows = self._select_rows(kept.selected) if kept.selected else []
        row = self._model.row_of(kept.current)
        if row is not None or rows:
            index = self._model.index(rows[0] if row is None else row, 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            if kept.filter != self._model.filter:
                self.scrollTo(index)
        if kept.filter == self._model.filter:
            self.updateGeometries()
            self.verticalScrollBar().setValue(kept.at)
        if kept.selected and not rows:
            self.chosen.emit()

    def go_to(self, index: QModelIndex) -> None:
        """Move the current row without touching the selection."""
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)

    def copy_rows(self) -> None:
        """The selected rows as tab-separated text with a head line."""
        columns = [column for column in Column if not self.isColumnHidden(column)]
        lines = [
            "\t".join(str(self._model.headerData(column, Qt.Orientation.Horizontal)) for column in columns)
        ]
        for row in self._selected_rows():
            lines.append("\t".join(str(self._model.index(row, column).data()) for column in columns))
        if len(lines) > 1:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def keep_state(self) -> None:
        """Remember the columns, as they are when there is room."""
        self._giving_way.bring_back()
        self._services.memory.keep("batch/columns-2", self.horizontalHeader().saveState())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens; letters find, as in every table."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._activate(self.currentIndex())
            return
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
            return
        if event.key() == Qt.Key.Key_Escape:
            self.clearSelection()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Type to find looks at the sources."""
        start = self.currentIndex()
        if start.isValid() and start.column() != Column.SOURCE:
            self.go_to(self._model.index(start.row(), Column.SOURCE))
        elif not start.isValid() and self._model.rowCount():
            self.go_to(self._model.index(self._model.rowCount() - 1, Column.SOURCE))
        super().keyboardSearch(search)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over the links of failed rows; the row is marked."""
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        link = index.isValid() and self.delegate.link_at(point, self.visualRect(index), index)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor)
        self._hover(index.row())

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the pointer."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        """Qt marks the cell under the pointer; here the whole row is one thing."""
        before, self.delegate.hovered = self.delegate.hovered, row
        for each in {before, row} - {-1} if before != row else ():
            width, height = self.viewport().width(), self.rowHeight(each)
            self.viewport().update(0, self.rowViewportPosition(each), width, height)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Rows of this table; files are the window's to take."""
        if event.source() is self:
            super().dragEnterEvent(event)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """As `dragEnterEvent`."""
        if event.source() is self:
            super().dragMoveEvent(event)
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell where; the order is the core's to change, so the model moves nothing by itself."""
        if event.source() is not self:
            event.ignore()
            return
        index = self.indexAt(event.position().toPoint())
        row = index.row() if index.isValid() else self._model.rowCount()
        below = self.DropIndicatorPosition.BelowItem
        if index.isValid() and self.dropIndicatorPosition() == below:
            row += 1
        moved = {item.id for item in self.selected()}
        rest = (self._model.index(at, 0).data(Role.ITEM).id for at in range(row, self._model.rowCount()))
        before = next((item_id for item_id in rest if item_id not in moved), "")
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.setState(self.State.NoState)
        self.viewport().update()
        self.dropped.emit([item.id for item in self.selected()], before)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is scarce, profile and engine give way to the progress."""
        super().resizeEvent(event)
        self._giving_way.make_room(event.size().width())

    def _dress_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.delegate.row_height())
        header = self.horizontalHeader()
        part_from_selection(self)
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(56)
        header.setAccessibleName(self.tr("Columns"))
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        state = self._services.memory.state("batch/columns-2")
        if state is not None:
            header.restoreState(state)
        header.setSectionResizeMode(Column.PROGRESS, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorClearable(True)
        header.setSortIndicatorShown(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._sort)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_columns)

    @Slot(int, Qt.SortOrder)
    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        self._model.sort(column, order)

    @Slot(QPoint)
    def _show_columns(self, point: QPoint) -> None:
        columns_menu(self, always=Column.SOURCE).popup(self.horizontalHeader().mapToGlobal(point))

    @Slot(QPoint)
    def _ask_for_menu(self, point: QPoint) -> None:
        """By the menu key it is of the row that has the focus, selected or not."""
        if not self._selected_rows() and self.currentIndex().isValid():
            # `selectRow` chooses nothing where the columns stand from right to left.
            self.setCurrentIndex(self.currentIndex())
        self.menu_wanted.emit(self.viewport().mapToGlobal(point))

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        item = index.data(Role.ITEM) if index.isValid() else None
        if item is not None:
            self.activated_item.emit(item.id)

    @Slot()
    def _restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.delegate.row_height())
        self.viewport().update()
