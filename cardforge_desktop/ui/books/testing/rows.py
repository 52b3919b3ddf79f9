"""The rows of the result: what fires, what the budget cuts, what sleeps."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.books.activation.telling import odds, position, why_asleep, why_fired
from cardforge_desktop.ui.books.words import tokens_text
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.theme import RADIUS, SPACE_M, SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided

if TYPE_CHECKING:
    from cardforge_desktop.books.activation import Fired
    from cardforge_desktop.ui.books.testing.running import BookAtTest, Row

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_LINES = 2
_WRAP = int(Qt.TextFlag.TextWordWrap)


def say(text: str) -> str:
    """A sentence of `telling` in the window's language."""
    return translate("Activation", text)


class RowRole(IntEnum):
    """What of a row is painted, and which entry it is."""

    REASON = Qt.ItemDataRole.UserRole + 1
    PLACE = Qt.ItemDataRole.UserRole + 2
    TOKENS = Qt.ItemDataRole.UserRole + 3
    ODDS = Qt.ItemDataRole.UserRole + 4
    ENTRY_ID = Qt.ItemDataRole.UserRole + 5


class ResultModel(QAbstractListModel):
    """Entries of one kind; their sentences are made when they come into sight."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tested: BookAtTest | None = None
        self._rows: Sequence[Row] = ()

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown."""
        return self._rows

    def show_rows(self, tested: BookAtTest | None, rows: Sequence[Row]) -> None:
        """Other rows; the same ones stay as they are, with the selection."""
        if tested is self._tested and rows is self._rows:
            return
        self.beginResetModel()
        self._tested, self._rows = tested, rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Entries."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:  # noqa: PLR0911
        """The name; more under `RowRole`."""
        if not index.isValid() or self._tested is None or not 0 <= index.row() < len(self._rows):
            return None
        row, tested = self._rows[index.row()], self._tested
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tested.names[row.index]
            case RowRole.ENTRY_ID:
                return tested.ids[row.index]
            case RowRole.REASON:
                return _reason(row, tested.names)
            case RowRole.PLACE:
                return _place(row.fired, tested.names)
            case RowRole.TOKENS:
                return "" if row.fired is None else tokens_text(row.fired.tokens)
            case RowRole.ODDS:
                return "" if row.fired is None else odds(row.fired, say)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                told = (tested.names[row.index], _reason(row, tested.names), _place(row.fired, tested.names))
                return "\n".join(line for line in told if line)
        return None


def _reason(row: Row, names: Sequence[str]) -> str:
    if row.fired is not None:
        return why_fired(row.fired, names, say)
    return "" if row.asleep is None else why_asleep(row.asleep, names, say)


def _place(fired: Fired | None, names: Sequence[str]) -> str:
    if fired is None:
        return ""
    told = [position(fired.position, fired.depth, fired.role, fired.outlet, say)]
    told.append(translate("Activation", "order %1").replace("%1", f"{fired.order:g}"))
    if fired.step > 1:
        told.append(translate("Activation", "step %1").replace("%1", str(fired.step)))
    for each in fired.rivalries:
        others = ", ".join(names[index] for index in each.rivals if index != fired.index)
        text = translate("Activation", "draws in group “%1” against %2")
        told.append(text.replace("%2", others).replace("%1", each.group))
    return " · ".join(told)


class ResultDelegate(QStyledItemDelegate):
    """Name, chance and tokens; below it why, and where in the prompt."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        theme.changed.connect(self._measure)
        self._measure()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """The same for all: of ten thousand none is measured."""
        return QSize(100, self._bold.height() + 2 * self._small.lineSpacing() + 2 * SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One entry."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option)
        inner = option.rect.adjusted(SPACE_M, SPACE_S, -SPACE_M, -SPACE_S)
        tokens = self._theme.tokens
        line = QRect(inner.left(), inner.top(), inner.width(), self._bold.height())
        room = self._right(painter, line, index)
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(tokens.tone(Tone.TEXT))
        draw_elided(painter, line.adjusted(0, 0, -room, 0), str(index.data()))
        reason = str(index.data(RowRole.REASON))
        painter.setFont(self._theme.font(0.92))
        painter.setPen(tokens.tone(Tone.MUTED))
        place = str(index.data(RowRole.PLACE) or "")
        lines = 1 if place else _LINES
        below = QRect(inner.left(), line.bottom() + 1, inner.width(), lines * self._small.lineSpacing())
        if place:
            draw_elided(painter, below, reason)
        else:
            painter.setClipRect(below)
            painter.drawText(below, _WRAP, reason)
            painter.setClipping(False)
        last = QRect(inner.left(), below.bottom() + 1, inner.width(), self._small.height())
        draw_elided(painter, last, place)
        painter.restore()

    def _right(self, painter: QPainter, line: QRect, index: Index) -> int:
        """Tokens, and before them the chance; tells how much room both take."""
        tokens = self._theme.tokens
        painter.setFont(self._theme.font(0.92, tabular=True))
        count, chance = str(index.data(RowRole.TOKENS) or ""), str(index.data(RowRole.ODDS) or "")
        painter.setPen(tokens.tone(Tone.MUTED))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), count)
        room = self._small.horizontalAdvance(count) + (SPACE_S if count else 0)
        if chance:
            width = self._small.horizontalAdvance(chance) + 2 * SPACE_XS
            pill = QRect(line.right() - room - width + 1, line.top(), width, line.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.soft(Tone.WARN)))
            painter.drawRoundedRect(QRectF(pill), RADIUS, RADIUS)
            painter.setPen(tokens.tone(Tone.WARN))
            painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), chance)
            room += width + SPACE_S
        return room

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state, tokens = option.state, self._theme.tokens
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(tokens.tone(Tone.ACCENT) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection if selected else tokens.hover))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _measure(self) -> None:
        self._bold = QFontMetrics(self._theme.font(bold=True))
        self._small = QFontMetrics(self._theme.font(0.92))
