"""Rows of a list to tick, with a box that can be seen in both themes."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided
from cardforge_desktop.ui.widgets.check_box import BOX_SIDE, paint_box
from cardforge_desktop.ui.widgets.name_list import paint_ground

_Index = QModelIndex | QPersistentModelIndex
_CHECK = int(Qt.ItemDataRole.CheckStateRole)


class TickDelegate(QStyledItemDelegate):
    """A box and a text; a click anywhere on the row, or the space bar, ticks it.

    The style's own box is drawn with the ground of the list, which is see-through here, and comes out black.
    """

    def __init__(self, theme: Theme, icons: Icons, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._icons, self._view = theme, icons, view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """A line with air around it."""
        return QSize(120, max(BOX_SIDE, self._view.fontMetrics().height()) + 2 * SPACE_S - 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, self._theme, self._view)
        inner = option.rect.adjusted(SPACE_S, 0, -SPACE_S, 0)
        corner = QPoint(inner.left(), inner.top() + (inner.height() - BOX_SIDE) // 2)
        box = QStyle.visualRect(option.direction, inner, QRect(corner, QSize(BOX_SIDE, BOX_SIDE)))
        state, ratio = Qt.CheckState(index.data(_CHECK)), self._view.devicePixelRatioF()
        paint_box(painter, box.topLeft(), self._theme, self._icons, state, ratio=ratio)
        words = inner.adjusted(BOX_SIDE + SPACE_S, 0, 0, 0)
        painter.setFont(self._theme.font())
        painter.setPen(self._theme.tokens.tone(Tone.TEXT))
        draw_elided(painter, QStyle.visualRect(option.direction, inner, words), str(index.data()))
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Tick the row, or take its tick away."""
        clicked = (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
            and option.rect.contains(event.position().toPoint())
        )
        pressed = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if not clicked and not pressed:
            return False
        turn_tick(model, index)
        return True


def turn_tick(model: QAbstractItemModel, index: _Index) -> None:
    """Tick a row that is not wholly ticked; take the tick away from one that is."""
    is_ticked = Qt.CheckState(index.data(_CHECK)) is Qt.CheckState.Checked
    state = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
    model.setData(cast("QModelIndex", index), state, _CHECK)
