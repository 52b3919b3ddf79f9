"""The batch table: hide and resize columns, type to find, copy, a context menu."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.ui.batch.delegate import QueueDelegate
from cardforge_desktop.ui.batch.queue_model import Column, QueueModel, Role
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.widgets.giving_way import GivingWay

_WIDTHS = {
    Column.STATE: 116,
    Column.SOURCE: 132,
    Column.PROFILE: 66,
    Column.ENGINE: 78,
    Column.TOKENS: 80,
    Column.COST: 90,
}
#: Below these widths of the table some columns give way to the others.
_GIVING_WAY: Mapping[int, int] = {
    Column.PROFILE: 600,
    Column.ENGINE: 600,
    Column.TOKENS: 500,
    Column.COST: 420,
}
_MENU = (
    ("queue.open", "queue.folder", "queue.details"),
    ("queue.start_selected", "queue.cancel", "queue.retry"),
    ("edit.copy", "queue.remove"),
)


class QueueTable(QTableView):
    """Shows the queue.

    Signals:
        chosen(): other rows are selected.
        activated_item(str): Return or a double click on the item with this id.
    """

    chosen = Signal()
    activated_item = Signal(str)

    def __init__(self, services: Services, model: QueueModel) -> None:
        super().__init__()
        self._services = services
        self._model = model
        self._giving_way = GivingWay(self, _GIVING_WAY)
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
        self.customContextMenuRequested.connect(self._show_menu)
        self.doubleClicked.connect(self._activate)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self._dress_headers()
        services.theme.changed.connect(self._restyle)

    def selected(self) -> tuple[ItemView, ...]:
        """The selected items from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._model.index(row, 0).data(Role.ITEM) for row in rows)

    def select(self, item_ids: set[str]) -> None:
        """Select these items and show the first."""
        rows = sorted(row for item_id in item_ids if (row := self._model.row_of(item_id)) is not None)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        self.clearSelection()
        for row in rows:
            self.selectionModel().select(self._model.index(row, 0), flags)
        if rows:
            self.go_to(self._model.index(rows[0], 0))

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
        for row in sorted(index.row() for index in self.selectionModel().selectedRows()):
            lines.append("\t".join(str(self._model.index(row, column).data()) for column in columns))
        if len(lines) > 1:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def keep_state(self) -> None:
        """Remember the columns, as they are when there is room."""
        self._giving_way.bring_back()
        self._services.memory.keep("batch/columns", self.horizontalHeader().saveState())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens; letters find, as in every table."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._activate(self.currentIndex())
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
        """A hand over the links of failed rows."""
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        link = index.isValid() and self.delegate.link_at(point, self.visualRect(index), index)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is scarce, profile and engine give way to the progress."""
        super().resizeEvent(event)
        self._giving_way.make_room(event.size().width())

    def _dress_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.delegate.row_height())
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(56)
        header.setAccessibleName(self.tr("Columns"))
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        state = self._services.memory.state("batch/columns")
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
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in Column:
            if column is Column.SOURCE:
                continue
            action = QAction(str(self._model.headerData(column, Qt.Orientation.Horizontal)), menu)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(lambda on, column=column: self.setColumnHidden(column, not on))
            menu.addAction(action)
        menu.popup(self.horizontalHeader().mapToGlobal(point))

    @Slot(QPoint)
    def _show_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for part in _MENU:
            if menu.actions():
                menu.addSeparator()
            menu.addActions([self._services.actions[key] for key in part])
        menu.popup(self.viewport().mapToGlobal(point))

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        item = index.data(Role.ITEM) if index.isValid() else None
        if item is not None:
            self.activated_item.emit(item.id)

    @Slot()
    def _restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.delegate.row_height())
        self.viewport().update()
