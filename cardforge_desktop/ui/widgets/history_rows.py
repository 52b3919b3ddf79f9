"""Rows of a history: an icon, what happened, when, and perhaps a line of facts below."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import RADIUS, SPACE_M, SPACE_S, SPACE_XS, Theme, Tone

if TYPE_CHECKING:
    from cardforge_desktop.ui.icons import Icons

Index = QModelIndex | QPersistentModelIndex
_ICON = 16


class HistoryRole(IntEnum):
    """What a row has besides its text (the display role)."""

    ICON = Qt.ItemDataRole.UserRole + 101  # Lucide name
    WHEN = Qt.ItemDataRole.UserRole + 102  # a datetime
    FACTS = Qt.ItemDataRole.UserRole + 103  # the line below; only of a delegate with two lines


class HistoryDelegate(QStyledItemDelegate):
    """Paints a row: what happened at one side, when at the other."""

    def __init__(self, theme: Theme, icons: Icons, view: QListView, *, has_facts: bool = False) -> None:
        super().__init__(view)
        self._theme, self._icons, self._view, self._has_facts = theme, icons, view, has_facts

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """One line, or two."""
        height = QFontMetrics(self._theme.font()).height() + 2 * SPACE_S
        if self._has_facts:
            height += QFontMetrics(self._theme.font(0.92)).height() + SPACE_XS // 2
        return QSize(160, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Icon, text, time; facts below."""
        tokens, rect = self._theme.tokens, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        inner = rect.adjusted(SPACE_M, 0, -SPACE_M, 0)
        first = QRect(inner)
        if self._has_facts:
            first = QRect(
                inner.left(), inner.top() + SPACE_S, inner.width(), QFontMetrics(self._theme.font()).height()
            )
        icon = self._icons.pixmap(
            index.data(HistoryRole.ICON), Tone.MUTED, _ICON, self._view.devicePixelRatioF()
        )
        place = QRect(inner.left(), first.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        painter.drawPixmap(self._mirrored(place, rect), icon)
        when = formatting.ago(index.data(HistoryRole.WHEN))
        painter.setFont(self._theme.font(0.92, tabular=True))
        width = painter.fontMetrics().horizontalAdvance(when)
        painter.setPen(tokens.tone(Tone.MUTED))
        self._draw(painter, QRect(first.right() - width, first.top(), width + 1, first.height()), rect, when)
        painter.setFont(self._theme.font())
        painter.setPen(tokens.tone(Tone.TEXT))
        self._draw(painter, first.adjusted(_ICON + SPACE_S, 0, -width - SPACE_M, 0), rect, str(index.data()))
        if self._has_facts:
            painter.setFont(self._theme.font(0.92))
            painter.setPen(tokens.tone(Tone.MUTED))
            below = inner.adjusted(_ICON + SPACE_S, first.height() + SPACE_S + SPACE_XS // 2, 0, -SPACE_S)
            self._draw(painter, below, rect, str(index.data(HistoryRole.FACTS)))
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens = self._theme.tokens
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            focused = selected and bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(tokens.tone(Tone.ACCENT) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection if selected else tokens.hover))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _draw(self, painter: QPainter, place: QRect, rect: QRect, text: str) -> None:
        mirrored = self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        # Absolute: the painter would turn the side once more where the whole app is mirrored.
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | side
        painter.drawText(self._mirrored(place, rect), int(flags), short)

    def _mirrored(self, place: QRect, rect: QRect) -> QRect:
        if self._view.layoutDirection() != Qt.LayoutDirection.RightToLeft:
            return place
        return QRect(QPoint(rect.left() + rect.right() - place.right(), place.top()), place.size())
