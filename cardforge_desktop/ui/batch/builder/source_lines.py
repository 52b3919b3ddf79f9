"""Paints a source of a batch: its name, and smaller where it is from, or why it can't be read."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.ui.batch.builder.source_model import ROW, Column, Row, SourceModel
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided

Index = QModelIndex | QPersistentModelIndex
_SIDE = 12
_ICON = 14


class SourceLines(QStyledItemDelegate):
    """For both columns."""

    def __init__(self, theme: Theme, icons: Icons, model: SourceModel, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._icons, self._model = theme, icons, model

    def row_height(self) -> int:
        """Two lines of text and some air."""
        fonts = (self._theme.font(), self._theme.font(0.92))
        return sum(QFontMetrics(font).height() for font in fonts) + 14

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """Of a number, its width."""
        width = QFontMetrics(self._theme.font()).horizontalAdvance(str(index.data() or ""))
        return QSize(width + 2 * _SIDE + 8, self.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        tokens, rect = self._theme.tokens, option.rect
        row: Row = index.data(ROW)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.selection))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.border))
        if option.state & QStyle.StateFlag.State_HasFocus:
            for edge in (rect.top(), rect.bottom()):
                painter.fillRect(QRect(rect.left(), edge, rect.width(), 1), tokens.tone(Tone.ACCENT))
        inner = rect.adjusted(_SIDE, 0, -_SIDE, 0)
        if index.column() == Column.TOKENS:
            painter.setFont(self._theme.font(tabular=True))
            painter.setPen(tokens.tone(Tone.MUTED))
            painter.drawText(
                inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), index.data()
            )
        else:
            self._source(painter, inner, row)
        painter.restore()

    def _source(self, painter: QPainter, rect: QRect, row: Row) -> None:
        tokens = self._theme.tokens
        small = self._theme.font(0.92)
        upper = QFontMetrics(self._theme.font()).height()
        top = QRect(rect.left(), rect.top() + 6, rect.width(), upper)
        low = QRect(rect.left(), top.bottom() + 2, rect.width(), QFontMetrics(small).height())
        painter.setFont(self._theme.font())
        painter.setPen(tokens.tone(Tone.TEXT))
        draw_elided(painter, top, row.name, Qt.TextElideMode.ElideMiddle)
        tone = Tone.ERROR if row.error else Tone.MUTED
        icon = "circle-x" if row.error else "layers" if len(row.entries) > 1 else ""
        if icon:
            ratio = painter.device().devicePixelRatioF()
            place = QPoint(low.left(), low.center().y() - _ICON // 2 + 1)
            painter.drawPixmap(place, self._icons.pixmap(icon, tone, _ICON, ratio))
            low.setLeft(low.left() + _ICON + 5)
        painter.setFont(small)
        painter.setPen(tokens.tone(tone))
        mode = Qt.TextElideMode.ElideRight if row.error else Qt.TextElideMode.ElideMiddle
        draw_elided(painter, low, row.error or self._model.below(row), mode)
