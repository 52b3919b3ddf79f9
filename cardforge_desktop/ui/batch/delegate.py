"""Paints the rows of the batch table: a pill for the state, a bar for the progress, links on a failed row."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from cardforge_desktop.batches.model import ItemStatus, ItemView
from cardforge_desktop.ui.batch.columns import Column, Role
from cardforge_desktop.ui.batch.state import State
from cardforge_desktop.ui.batch.two_lines import two_lines
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided

Index = QModelIndex | QPersistentModelIndex
_SIDE = 9
_COLUMNS = tuple(Column)
#: What came of a row; where nothing was spent yet an error takes all of these cells.
_OUTCOME = (Column.PROGRESS, Column.TOKENS, Column.TIME, Column.COST)


class QueueDelegate(QStyledItemDelegate):
    """One delegate for all columns; paints from the model's roles only.

    Signals:
        link(str, str): a word on a failed row was clicked: item id, and ``retry`` or ``details``.

    Attributes:
        hovered: the row under the pointer, -1 = none.
    """

    link = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, table: QTableView) -> None:
        super().__init__(table)
        self._theme, self._icons, self._table = theme, icons, table
        self.hovered = -1
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self._font = self._theme.font()
        self._small = self._theme.font(0.92)
        self._bold = self._theme.font(0.92, bold=True)
        self._numbers = self._theme.font(tabular=True)
        self._metrics = QFontMetrics(self._font)
        self._small_metrics = QFontMetrics(self._small)
        self._bold_metrics = QFontMetrics(self._bold)
        tokens = self._theme.tokens
        self._tones = {tone: tokens.tone(tone) for tone in Tone}
        self._softs: dict[Tone, QColor] = {
            tone: QColor(tokens.soft(tone)) for tone in Tone if tone is not Tone.ON_ACCENT
        }
        self._selection, self._hover = QColor(tokens.selection), QColor(tokens.hover)
        self._border, self._track = QColor(tokens.border), QColor(tokens.track)

    def row_height(self) -> int:
        """Two lines of text and some air."""
        return self._metrics.height() + self._small_metrics.height() + 16

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """Width of the text and of what is painted beside it."""
        text = str(index.data() or "")
        width = self._metrics.horizontalAdvance(text) + 2 * _SIDE
        return QSize(width + (44 if index.column() == Column.STATE else 4), self.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        self._ground(painter, option, index)
        inner = rect.adjusted(_SIDE, 0, -_SIDE, 0)
        if index.column() in _OUTCOME and _is_unread(index.data(Role.ITEM)):
            painter.setClipRect(rect)
            self._failure(painter, self._outcome_rect(rect).adjusted(_SIDE, 0, -_SIDE, 0), index)
            painter.restore()
            return
        match _COLUMNS[index.column()]:
            case Column.STATE:
                self._pill(painter, inner, index.data(Role.STATE))
            case Column.PROGRESS:
                self._progress(painter, inner, index)
            case Column.TOKENS | Column.TIME | Column.COST:
                self._number(painter, inner, str(index.data()))
            case Column.SOURCE:
                self._source(painter, inner, str(index.data()))
            case _:
                painter.setFont(self._font)
                painter.setPen(self._tones[Tone.MUTED])
                draw_elided(painter, inner, str(index.data()))
        painter.restore()

    def editorEvent(self, event: QEvent, model: Any, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on Retry or Details of a failed row."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            key = self.link_at(event.position().toPoint(), option.rect, index)
            if key:
                self.link.emit(index.data(Role.ITEM).id, key)
                return True
        return super().editorEvent(event, model, option, index)

    def link_at(self, point: QPoint, rect: QRect, index: Index) -> str:
        """Which link of the cell lies under `point`, "" = none."""
        item = index.data(Role.ITEM)
        if index.column() != Column.PROGRESS or item is None or item.status is not ItemStatus.FAILED:
            return ""
        whole = self._outcome_rect(rect) if _is_unread(item) else rect
        inner = whole.adjusted(_SIDE, 0, -_SIDE, 0)
        return next((key for key, _, place in self._links(inner) if place.contains(point)), "")

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._selection)
        elif index.row() == self.hovered:
            painter.fillRect(rect, self._hover)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), self._border)
        current = self._table.currentIndex()
        if self._table.hasFocus() and current.row() == index.row():
            accent = self._tones[Tone.ACCENT]
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), accent)
            painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), accent)

    def _pill(self, painter: QPainter, rect: QRect, state: State) -> None:
        metrics = self._bold_metrics
        side, height = 14, metrics.height() + 8
        width = min(metrics.horizontalAdvance(state.text) + side + 22, rect.width())
        left = rect.right() - width if self._mirrored() else rect.left()
        pill = QRect(left, rect.center().y() - height // 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._softs[state.tone])
        painter.drawRoundedRect(QRectF(pill), height / 2, height / 2)
        ratio = self._table.devicePixelRatioF()
        icon = self._icons.pixmap(state.icon, state.tone, side, ratio)
        icon_left = pill.right() - 7 - side if self._mirrored() else pill.left() + 8
        painter.drawPixmap(QPoint(icon_left, pill.center().y() - side // 2 + 1), icon)
        painter.setFont(self._bold)
        painter.setPen(self._tones[state.tone])
        words = pill.adjusted(8, 0, -side - 12, 0) if self._mirrored() else pill.adjusted(side + 12, 0, -6, 0)
        draw_elided(painter, words, state.text)

    def _progress(self, painter: QPainter, rect: QRect, index: Index) -> None:
        item: ItemView = index.data(Role.ITEM)
        top, bottom = _halves(rect, self._small_metrics.height())
        painter.setFont(self._small)
        text = str(index.data())
        if item.status is ItemStatus.FAILED:
            self._failure(painter, rect, index)
            return
        painter.setPen(self._tones[Tone.TEXT if item.status is ItemStatus.COMPLETED else Tone.MUTED])
        fraction = index.data(Role.FRACTION)
        if fraction is None and item.status is ItemStatus.PROCESSING:
            fraction = 0.0
        if fraction is not None:
            draw_elided(painter, top, text)
            self._bar(painter, QRect(bottom.left(), bottom.center().y() - 2, bottom.width(), 6), fraction)
        elif item.status is ItemStatus.COMPLETED:
            draw_elided(painter, top, text)
            painter.setPen(self._tones[Tone.MUTED])
            draw_elided(painter, bottom, self._outcome(item))
        else:
            draw_elided(painter, rect, text)

    def _source(self, painter: QPainter, rect: QRect, text: str) -> None:
        """The name, in two smaller lines where it is long: rows are told apart by it."""
        painter.setPen(self._tones[Tone.TEXT])
        painter.setFont(self._font)
        if self._metrics.horizontalAdvance(text) <= rect.width():
            draw_elided(painter, rect, text)
            return
        painter.setFont(self._small)
        first, second = two_lines(text, self._small, rect.width())
        top, bottom = _halves(rect, self._small_metrics.height()) if second else (rect, rect)
        draw_elided(painter, top, first)
        if second:
            draw_elided(painter, bottom, second)

    def _failure(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """The error's sentence above, what can be done below."""
        top, _ = _halves(rect, self._small_metrics.height())
        painter.setFont(self._small)
        painter.setPen(self._tones[Tone.ERROR])
        draw_elided(painter, top, str(index.sibling(index.row(), Column.PROGRESS).data()))
        painter.setFont(self._bold)
        painter.setPen(self._tones[Tone.ACCENT])
        for _, word, place in self._links(rect):
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), word)

    def _outcome_rect(self, rect: QRect) -> QRect:
        """A row's cells from the progress to the cost as one, or the cell alone when they are apart."""
        header = self._table.horizontalHeader()
        shown = [column for column in _OUTCOME if not self._table.isColumnHidden(column)]
        places = [header.visualIndex(column) for column in _OUTCOME]
        if places != list(range(places[0], places[0] + len(places))):
            return rect
        left = min(self._table.columnViewportPosition(column) for column in shown)
        width = sum(self._table.columnWidth(column) for column in shown)
        return QRect(left, rect.top(), width, rect.height())

    def _outcome(self, item: ItemView) -> str:
        names = ", ".join(name for name, _ in item.files)
        if item.warnings:
            return self.tr("%1 · %n remark(s)", None, len(item.warnings)).replace("%1", names)
        return names

    def _bar(self, painter: QPainter, rect: QRect, fraction: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._track)
        painter.drawRoundedRect(QRectF(rect), 3, 3)
        width = max(6.0, rect.width() * min(1.0, max(0.0, fraction)))
        left = rect.right() + 1 - width if self._mirrored() else rect.left()
        painter.setBrush(self._tones[Tone.ACCENT])
        painter.drawRoundedRect(QRectF(left, rect.top(), width, rect.height()), 3, 3)

    def _number(self, painter: QPainter, rect: QRect, text: str) -> None:
        painter.setFont(self._numbers)
        painter.setPen(self._tones[Tone.TEXT if text[:1].isdigit() else Tone.MUTED])
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 2)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), short)

    def _links(self, rect: QRect) -> list[tuple[str, str, QRect]]:
        metrics = self._bold_metrics
        _, bottom = _halves(rect, self._small_metrics.height())
        words = (("retry", self.tr("Retry")), ("details", self.tr("Details")))
        places, left = [], bottom.left()
        for key, word in words:
            width = metrics.horizontalAdvance(word)
            at = bottom.left() + bottom.right() - left - width if self._mirrored() else left
            places.append((key, word, QRect(at, bottom.top(), width, bottom.height())))
            left += width + SPACE_S + 6
        return places

    def _mirrored(self) -> bool:
        return self._table.layoutDirection() == Qt.LayoutDirection.RightToLeft


def _is_unread(item: ItemView) -> bool:
    """Whether a row failed before any token was spent or counted."""
    return item.status is ItemStatus.FAILED and item.input_tokens is None and item.estimate_input is None


def _halves(rect: QRect, line: int) -> tuple[QRect, QRect]:
    """An upper and a lower line around the middle of a cell."""
    top = rect.center().y() - line - 1
    return QRect(rect.left(), top, rect.width(), line), QRect(rect.left(), top + line + 2, rect.width(), line)
