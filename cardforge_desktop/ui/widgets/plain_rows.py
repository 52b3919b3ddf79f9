"""Rows of a plain table: text with air around it and a thin line below."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from cardforge_desktop.ui.theme import Theme, Tone

_SIDE = 12
#: Room for the icon of a row.
ICON = 22


class PlainRowDelegate(QStyledItemDelegate):
    """Numbers (right-aligned cells) in tabular figures."""

    def __init__(self, theme: Theme, table: QTableView) -> None:
        super().__init__(table)
        self._theme, self._table = theme, table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one cell."""
        tokens, rect = self._theme.tokens, option.rect
        painter.save()
        self.paint_ground(painter, option, index)
        right = index.data(Qt.ItemDataRole.TextAlignmentRole) is not None
        painter.setFont(self._theme.font(tabular=right))
        painter.setPen(tokens.tone(self.tone(index)))
        inner = rect.adjusted(_SIDE, 0, -_SIDE, 0)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideMiddle, inner.width()
        )
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | side), text)
        painter.restore()

    def tone(self, index: QModelIndex | QPersistentModelIndex) -> Tone:
        """Of the words in a cell."""
        del index
        return Tone.TEXT

    def paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The selection, the line below, and both lines in the accent where the keyboard is."""
        tokens, rect = self._theme.tokens, option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.selection))
        is_current = self._table.hasFocus() and self._table.currentIndex().row() == index.row()
        line = tokens.tone(Tone.ACCENT) if is_current else QColor(tokens.border)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line)
        if is_current:
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), line)


class IconRowDelegate(PlainRowDelegate):
    """Plain rows with an icon before the first word, where a cell has one."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one cell."""
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if picture is None:
            super().paint(painter, option, index)
            return
        rect = QRect(option.rect)  # a copy: the other one changes with it
        is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        option.rect = rect.adjusted(0, 0, -ICON, 0) if is_mirrored else rect.adjusted(ICON, 0, 0, 0)
        super().paint(painter, option, index)
        option.rect = QRect(
            rect.right() + 1 - ICON if is_mirrored else rect.left(), rect.top(), ICON, rect.height()
        )
        self.paint_ground(painter, option, index)
        painter.drawPixmap(option.rect.left() + 8, rect.top() + (rect.height() - 16) // 2, picture)


def dress_plain(table: QTableView) -> None:
    """A table to read, one row of it chosen, without lines between its columns."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    rows = table.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(table.fontMetrics().height() + 16)
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
