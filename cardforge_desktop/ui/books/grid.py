"""The grid of entries: a tile for each, 50,000 of them.

Qt's own list lays every tile out whenever one comes: 54 ms for 50,000. All tiles are of one size here, so
where one stands is worked out when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle

from cardforge_desktop.ui.books.delegate import TilePainter
from cardforge_desktop.ui.books.entry_model import EntryModel
from cardforge_desktop.ui.books.entry_views import (
    EntryGridBase,
    TypeToFind,
    set_up,
    takes_key,
    takes_override,
)
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M

Index = QModelIndex | QPersistentModelIndex
_GAP = SPACE_M
#: A tile is as wide as so many of the font's average letters, or a little wider.
_LETTERS = 34
_Action = QAbstractItemView.CursorAction


class EntryGrid(EntryGridBase):
    """Tiles in as many columns as fit, in lines from top to bottom.

    Attributes:
        columns: tiles side by side.
        tile: the size of each.
    """

    def __init__(self, services: Services, model: EntryModel) -> None:
        super().__init__()
        self._entries = model
        self._finder = TypeToFind(self)
        self._tiles = TilePainter(services.theme, services.icons, self, model)
        self._hovered = -1
        self.columns, self.tile = 1, QSize()
        self.setModel(model)
        self.setAccessibleName(self.tr("Entries"))
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_up(self)
        services.theme.changed.connect(self._measure)

    # Where tiles stand

    def _divide(self) -> None:
        """Tiles side by side, and their size: the same with a scroll bar and without, or tiles would jump."""
        extent = self.style().pixelMetric(
            QStyle.PixelMetric.PM_ScrollBarExtent, None, self.verticalScrollBar()
        )
        room = max(1, self.maximumViewportSize().width() - extent)
        narrowest = self._tiles.plain.metrics.averageCharWidth() * _LETTERS
        self.columns = columns = max(1, (room + _GAP) // (narrowest + _GAP))
        self.tile = QSize((room - _GAP * (columns - 1)) // columns, self._tiles.height)

    @property
    def room(self) -> int:
        """How many entries are in sight at most, cut ones among them."""
        return (self.viewport().height() // (self.tile.height() + _GAP) + 2) * self.columns

    def tile_rect(self, row: int) -> QRect:
        """Where the tile of a row is in the viewport, in sight or not."""
        ((_, rect),) = self._tile_rects([row])
        return rect

    def _tile_rects(self, rows: Iterable[int]) -> Iterator[tuple[int, QRect]]:
        """These rows, each with where its tile is."""
        size, columns, offset = self.tile, self.columns, self.verticalOffset()
        is_mirrored, width = self.layoutDirection() == Qt.LayoutDirection.RightToLeft, self.viewport().width()
        for row in rows:
            line, column = divmod(row, columns)
            left = column * (size.width() + _GAP)
            if is_mirrored:
                left = width - left - size.width()
            yield row, QRect(QPoint(left, line * (size.height() + _GAP) - offset), size)

    def rows_in(self, area: QRect) -> range:
        """Rows whose tiles may be in an area of the viewport."""
        pitch, columns = self.tile.height() + _GAP, self.columns
        first = (area.top() + self.verticalOffset()) // pitch * columns
        last = ((area.bottom() + self.verticalOffset()) // pitch + 1) * columns
        return range(max(0, first), min(last, self._entries.rowCount()))

    def visualRect(self, index: Index) -> QRect:
        """Where the tile of an index is in the viewport."""
        return self.tile_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The entry at a point of the viewport."""
        for row, tile in self._tile_rects(self.rows_in(QRect(point, QSize(1, 1)))):
            if tile.contains(point):
                return self._entries.index(row, 0)
        return QModelIndex()

    def verticalOffset(self) -> int:
        """Pixels above the viewport."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        """None: there are as many columns as fit."""
        return 0

    def updateGeometries(self) -> None:
        """The scroll bar goes over all tiles."""
        self._divide()
        lines = -(-self._entries.rowCount() // self.columns)
        pitch = self.tile.height() + _GAP
        page = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setSingleStep(60)
        bar.setPageStep(page)
        bar.setRange(0, max(0, lines * pitch - _GAP - page))

    def doItemsLayout(self) -> None:
        """Nothing is laid out; there may be more or fewer tiles."""
        self.updateGeometries()
        self.viewport().update()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring an entry in sight, with as little scrolling as needed."""
        if not index.isValid():
            return
        self.updateGeometries()  # rows may have come just now
        rect, page, bar = self.visualRect(index), self.viewport().height(), self.verticalScrollBar()
        if hint is QAbstractItemView.ScrollHint.PositionAtTop or rect.top() < 0:
            bar.setValue(bar.value() + rect.top())
        elif hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - page // 2)
        elif rect.bottom() >= page:
            bar.setValue(bar.value() + min(rect.top(), rect.bottom() + 1 - page))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already."""
        self._hovered = -1
        self.viewport().scroll(dx, dy)

    # Keys and the pointer

    def moveCursor(self, action: _Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: ARG002
        """Where an arrow, Home, End or a page leads."""
        total = self._entries.rowCount()
        if not total:
            return QModelIndex()
        row, columns = self.currentIndex().row(), self.columns
        if row < 0:
            return self._entries.index(total - 1 if action is _Action.MoveEnd else 0, 0)
        page = max(1, self.viewport().height() // (self.tile.height() + _GAP)) * columns
        side = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        steps = {
            _Action.MoveUp: -columns,
            _Action.MoveDown: columns,
            _Action.MoveLeft: -side,
            _Action.MoveRight: side,
            _Action.MovePrevious: -1,
            _Action.MoveNext: 1,
            _Action.MovePageUp: -page,
            _Action.MovePageDown: page,
            _Action.MoveHome: -total,
            _Action.MoveEnd: total,
        }
        step = steps[action]
        if action in (_Action.MoveUp, _Action.MoveDown) and not 0 <= row + step < total:
            last_line = (total - 1) // columns
            step = total if action is _Action.MoveDown and row // columns < last_line else 0
        return self._entries.index(min(max(0, row + step), total - 1), 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """From the entry at one corner to that at the other, in the order of the list."""
        first, last = self._nearest(rect.topLeft()), self._nearest(rect.bottomRight())
        chosen = QItemSelection()
        if rect.topLeft() == rect.bottomRight():
            index = self.indexAt(rect.topLeft())
            if index.isValid():
                chosen.select(index, index)
        elif first is not None and last is not None:
            low, high = sorted((first, last))
            chosen.select(self._entries.index(low, 0), self._entries.index(high, 0))
        self.selectionModel().select(chosen, command)

    def _nearest(self, point: QPoint) -> int | None:
        total = self._entries.rowCount()
        if not total:
            return None
        size, columns = self.tile, self.columns
        line = (point.y() + self.verticalOffset()) // (size.height() + _GAP)
        across = point.x()
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            across = self.viewport().width() - across
        column = min(max(0, across // (size.width() + _GAP)), columns - 1)
        return min(max(0, line * columns + column), total - 1)

    def selectAll(self) -> None:
        """All in one range; Qt's list asks for each: 370 ms for 50,000."""
        if total := self._entries.rowCount():
            every = QItemSelection(self._entries.index(0, 0), self._entries.index(total - 1, 0))
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(every, flags)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: ARG002
        """All that is in sight: a selection of thousands is painted no slower so."""
        return QRegion(self.viewport().rect())

    def startDrag(self, supported: Qt.DropAction) -> None:  # noqa: ARG002
        """Somebody else knows what is dragged."""
        self.drag_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Delete, Space; else as every list."""
        if not takes_key(self, self._finder, event):
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Type to find."""
        self._finder.type(search)

    def event(self, event: QEvent) -> bool:
        """Some keys are the list's own."""
        return takes_override(event) or super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """The tile under the pointer looks so."""
        kind = event.type()
        if kind in (QEvent.Type.HoverMove, QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            point = self.viewport().mapFromGlobal(self.cursor().pos())
            row = self.indexAt(point).row() if kind != QEvent.Type.HoverLeave else -1
            if row != self._hovered:
                for each in (row, self._hovered):
                    if each >= 0:
                        self.viewport().update(self.tile_rect(each))
                self._hovered = row
        return super().viewportEvent(event)

    # What is seen

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles in sight."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self.currentIndex().row() if self.hasFocus() else -1
        model, selection = self._entries, self.selectionModel()
        for row, tile in self._tile_rects(self.rows_in(event.rect())):
            if tile.intersects(event.rect()):
                self._tiles.paint(
                    painter,
                    tile,
                    model.line(row),
                    selected=selection.isSelected(model.index(row, 0)),
                    current=row == current,
                    hovered=row == self._hovered,
                )
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit; what stood at the top stays in sight."""
        first = next(iter(self.rows_in(self.viewport().rect())), -1)
        super().resizeEvent(event)
        self.updateGeometries()
        if first > 0 and event.oldSize().width() != event.size().width():
            self.scrollTo(self._entries.index(first, 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def dataChanged(self, first: Index, last: Index, _roles: Sequence[int] = ()) -> None:  # noqa: ARG002
        """Paint what says something else."""
        self.viewport().update()

    @Slot()
    def _measure(self) -> None:
        self._tiles.measure()
        self.doItemsLayout()
