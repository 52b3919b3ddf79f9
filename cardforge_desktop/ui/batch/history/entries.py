"""Paints the entries of the list of batches."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.batches.model import BatchSummary
from cardforge_desktop.ui.batch.history import words
from cardforge_desktop.ui.batch.history.model import Entry
from cardforge_desktop.ui.batch.history.painting import paint_progress
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided
from cardforge_desktop.ui.widgets.name_list import paint_ground

Index = QModelIndex | QPersistentModelIndex
_SIDE, _GAP, _BAR, _ICON = 10, 4, 4, 14


class EntryDelegate(QStyledItemDelegate):
    """Two lines for a batch, with a bar below while it goes on; one line for what is no batch."""

    def __init__(self, theme: Theme, icons: Icons, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._icons, self._view = theme, icons, view
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self._name = self._theme.font(bold=True)
        self._small = self._theme.font(0.92, tabular=True)
        self._line = QFontMetrics(self._name).height()
        self._small_metrics = QFontMetrics(self._small)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """As high as its lines."""
        if index.data(Entry.BATCH) is None:
            return QSize(80, self._line + 2 * SPACE_S)
        return QSize(80, self._line + self._small_metrics.height() + 2 * _GAP + _BAR + 2 * SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one entry."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, self._theme, self._view)
        inner = option.rect.adjusted(_SIDE, SPACE_S, -_SIDE, -SPACE_S)
        top = QRect(inner.left(), inner.top(), inner.width(), self._line)
        batch: BatchSummary | None = index.data(Entry.BATCH)
        beside = str(index.data(Entry.COUNT)) if batch is None else words.known_cost(batch)
        name = self._beside(painter, top, beside, Tone.MUTED)
        painter.setFont(self._name)
        painter.setPen(self._theme.tokens.tone(Tone.TEXT))
        draw_elided(painter, name, str(index.data()), Qt.TextElideMode.ElideMiddle)
        if batch is not None:
            below = QRect(inner.left(), top.bottom() + 1 + _GAP, inner.width(), self._small_metrics.height())
            self._state(painter, below, batch)
            bar = QRect(inner.left(), below.bottom() + 1 + _GAP, inner.width(), _BAR)
            paint_progress(painter, self._theme, bar, batch.counts, mirrored=self._mirrored())
        painter.restore()

    def _state(self, painter: QPainter, rect: QRect, batch: BatchSummary) -> None:
        state = words.state_of(batch)
        beside = words.left_text(batch, short=True) or words.when_text(batch)
        rest = self._beside(painter, rect, beside, Tone.MUTED)
        ratio = self._view.devicePixelRatioF()
        icon = self._icons.pixmap(state.icon, state.tone, _ICON, ratio)
        left = rest.right() + 1 - _ICON if self._mirrored() else rest.left()
        painter.drawPixmap(QPoint(left, rest.center().y() - _ICON // 2 + 1), icon)
        painter.setPen(self._theme.tokens.tone(state.tone))
        taken = _ICON + 5
        text = rest.adjusted(0, 0, -taken, 0) if self._mirrored() else rest.adjusted(taken, 0, 0, 0)
        whole = f"{state.text} · {words.short_counts(batch)}"
        fits = self._small_metrics.horizontalAdvance(whole) <= text.width()
        draw_elided(painter, text, whole if fits else state.text)  # the bar below tells the counts

    def _beside(self, painter: QPainter, rect: QRect, text: str, tone: Tone) -> QRect:
        """Draw `text` at the end of the line; returns what is left of it."""
        painter.setFont(self._small)
        painter.setPen(self._theme.tokens.tone(tone))
        width = min(self._small_metrics.horizontalAdvance(text) + 2, rect.width() * 3 // 5)
        mirrored = self._mirrored()
        left = rect.left() if mirrored else rect.right() + 1 - width
        short = self._small_metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(left, rect.top(), width, rect.height()), int(side), short)
        taken = width + SPACE_S
        return rect.adjusted(taken, 0, 0, 0) if mirrored else rect.adjusted(0, 0, -taken, 0)

    def _mirrored(self) -> bool:
        return self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
