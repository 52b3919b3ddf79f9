"""A table of the costs panel: sorted by its heads, copied, its rows opened."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
)

from cardforge_desktop.ui.costs.models import LINK, Rows
from cardforge_desktop.ui.theme import Theme, Tone
from cardforge_desktop.ui.widgets.plain_rows import PlainRowDelegate, dress_plain
from cardforge_desktop.ui.widgets.table_head import fill_up, part_from_selection

Index = QModelIndex | QPersistentModelIndex
_NARROWEST_NAME, _WIDEST = 150, 190
_SIDES = 26
#: Of the table's width, for what stands beside a name.
_SHARE_OF_PLACE = 0.18
#: What a column has room for at least.
_NUMBER, _PLACE, _COST = "00,000,000", "OpenRouter at home", "$00.000 + 10 unknown"


class CostTable(QTableView):
    """Return, a double click, or a click on a name that leads somewhere goes there.

    Signals:
        opened(str): the row with this key is wanted.
    """

    opened = Signal(str)

    def __init__(self, theme: Theme, model: Rows, name: str, empty: str) -> None:
        """`empty`: what is said where there are no rows."""
        super().__init__()
        self._theme, self._empty, self._is_told = theme, empty, False
        self.rows = model
        self.setModel(model)
        self.setItemDelegate(_LinkDelegate(theme, self))
        self.setAccessibleName(name)
        dress_plain(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setMinimumSectionSize(56)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        head.sectionClicked.connect(self._sort_by)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._take_up)
        self._kept: tuple[set[object], object | None, int] = (set(), None, 0)
        theme.changed.connect(self._measure)
        self.doubleClicked.connect(self._open)

    def setSelectionModel(self, model: QItemSelectionModel) -> None:
        """Rows alone are selected; the head is told nothing of it."""
        super().setSelectionModel(model)
        part_from_selection(self)

    def copy(self) -> None:
        """The chosen rows with their heads, as spreadsheets take them."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        if rows:
            lines = [self.rows.head_text(), *map(self.rows.row_text, rows)]
            QGuiApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes with the keyboard sees where they are."""
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and not self.currentIndex().isValid():
            self.setCurrentIndex(self.rows.index(0, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The whole row is marked, also where Ctrl keeps what is selected."""
        super().currentChanged(current, previous)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or why there are none, once that is known."""
        super().paintEvent(event)
        if self._is_told and not self.rows.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self._theme.tokens.tone(Tone.MUTED))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), int(flags), self._empty)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what leads somewhere."""
        super().mouseMoveEvent(event)
        is_link = bool(self.indexAt(event.position().toPoint()).data(LINK))
        shape = Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A name that leads somewhere is a link."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        if is_plain and index.data(LINK) and index == self.currentIndex():
            self._open(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names have what the others leave."""
        super().resizeEvent(event)
        self._fill()

    def sizeHint(self) -> QSize:
        """Its head and three rows: it takes what there is room for."""
        rows = 3 * self.verticalHeader().defaultSectionSize()
        return QSize(400, self.horizontalHeader().sizeHint().height() + rows + 4)

    def minimumSizeHint(self) -> QSize:
        """As the hint: the page around it scrolls."""
        return self.sizeHint()

    def fit_columns(self) -> None:
        """Give the columns their widths: after there are others."""
        advance, last = self.fontMetrics().horizontalAdvance, self.rows.columnCount() - 1
        for column in (each for each in range(1, last + 1) if self.rows.is_number(each)):
            least = _COST if column == last else _NUMBER
            head = str(self.rows.headerData(column, Qt.Orientation.Horizontal))
            wanted = max(advance(least), min(_WIDEST, advance(head) + _SIDES))
            self.setColumnWidth(column, wanted + _SIDES)
        self._fill()

    def _fill(self) -> None:
        if self.rows.columnCount():
            if not self.rows.is_number(1):
                least = self.fontMetrics().horizontalAdvance(_PLACE) + _SIDES
                self.setColumnWidth(1, max(least, round(self.viewport().width() * _SHARE_OF_PLACE)))
            fill_up(self, 0, _NARROWEST_NAME)

    @Slot()
    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 16)

    @Slot(int)
    def _sort_by(self, column: int) -> None:
        down, up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        if column == self.rows.sorted_by:
            order = up if self.rows.direction == down else down
        else:
            order = down if self.rows.is_number(column) else up
        self.rows.sort(column, order)
        self.horizontalHeader().setSortIndicator(column, order)

    @Slot()
    def _remember(self) -> None:
        chosen = {self.rows.key(self.rows.rows[each.row()]) for each in self.selectionModel().selectedRows()}
        current = self.currentIndex().row()
        key = self.rows.key(self.rows.rows[current]) if current >= 0 else None
        self._kept = chosen, key, self.verticalScrollBar().value()

    @Slot()
    def _take_up(self) -> None:
        """What was chosen stays so, wherever it stands now."""
        self._is_told = True
        self.fit_columns()
        chosen, current, scrolled = self._kept
        self.verticalScrollBar().setValue(scrolled)
        if current is None and not chosen:
            return
        flag = QItemSelectionModel.SelectionFlag
        for at, row in enumerate(self.rows.rows):
            key = self.rows.key(row)
            if key == current:
                self.selectionModel().setCurrentIndex(self.rows.index(at, 0), flag.NoUpdate)
            if key in chosen:
                self.selectionModel().select(self.rows.index(at, 0), flag.Select | flag.Rows)

    @Slot(QModelIndex)
    def _open(self, index: Index) -> None:
        if index.isValid() and (key := self.rows.leads_to(index.row())):
            self.opened.emit(key)

    @Slot(QPoint)
    def _open_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if not index.isValid():  # the menu key
            index = self.currentIndex()
            point = self.visualRect(index).center()
        if not index.isValid():
            return
        self.make_menu(index).popup(self.viewport().mapToGlobal(point))

    def make_menu(self, index: Index) -> QMenu:
        """What can be done with a row, and the ways to sort: no key leads to the heads."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.rows.leads_to(index.row()):
            menu.addAction(self.tr("Open")).triggered.connect(lambda: self._open(index))
        menu.addAction(self.tr("Copy")).triggered.connect(self.copy)
        sorting = menu.addMenu(self.tr("Sort by"))
        for column in range(self.rows.columnCount()):
            action = sorting.addAction(self.rows.head(column))
            action.setCheckable(True)
            action.setChecked(column == self.rows.sorted_by)
            action.triggered.connect(lambda _checked=False, column=column: self._sort_by(column))
        return menu


class _LinkDelegate(PlainRowDelegate):
    """Plain rows; a name that leads somewhere looks like it."""

    def tone(self, index: Index) -> Tone:
        """Of the words in a cell."""
        return Tone.ACCENT if index.data(LINK) else super().tone(index)
