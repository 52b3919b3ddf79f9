"""The fields of the card in a list: whether each is written, how long, and what was found there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from cardforge_desktop.profiles.model import FIELD_NAMES, FieldName
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.theme import RADIUS, SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided
from cardforge_desktop.ui.widgets.check_box import BOX_SIDE, paint_box
from cardforge_desktop.ui.widgets.finding_lines import ICONS, TONES

_Index = QModelIndex | QPersistentModelIndex
_SUMMARY = int(Qt.ItemDataRole.UserRole)
_SEVERITY = _SUMMARY + 1
_NO_LIMIT = 16_777_215  # QWIDGETSIZE_MAX
_CHECK = int(Qt.ItemDataRole.CheckStateRole)


class _Delegate(QStyledItemDelegate):
    """A box to tick, the name, below it how long it is, at the end what is the matter."""

    def __init__(self, bench: FormBench, view: PlanList) -> None:
        super().__init__(view)
        self._theme, self._icons, self._view = bench.theme, bench.icons, view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """One or two lines with air around them."""
        return QSize(120, self._view.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one field of the card."""
        tokens, ratio = self._theme.tokens, self._view.devicePixelRatioF()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        state = Qt.CheckState(index.data(_CHECK))
        paint_box(painter, self._box(option).topLeft(), self._theme, self._icons, state, ratio=ratio)
        inner = option.rect.adjusted(SPACE_S, 4, -SPACE_S, -4)
        left = inner.left() + BOX_SIDE + SPACE_S
        end = inner.right() + 1
        if severity := index.data(_SEVERITY):
            end -= BOX_SIDE
            mark = QRect(end, inner.top() + (inner.height() - 14) // 2, 14, 14)
            icon = self._icons.pixmap(ICONS[severity], TONES[severity], 14, ratio)
            painter.drawPixmap(QStyle.visualRect(option.direction, inner, mark), icon)
        half = inner.height() if self._view.is_compact else inner.height() // 2
        written = state is Qt.CheckState.Checked
        upper = QRect(left, inner.top(), end - left - 4, half)
        painter.setFont(self._theme.font(bold=bool(option.state & QStyle.StateFlag.State_Selected)))
        painter.setPen(tokens.tone(Tone.TEXT if written else Tone.MUTED))
        draw_elided(painter, QStyle.visualRect(option.direction, inner, upper), index.data())
        if not self._view.is_compact:
            painter.setFont(self._theme.font(0.92, tabular=True))
            painter.setPen(tokens.tone(Tone.MUTED))
            lower = QStyle.visualRect(option.direction, inner, upper.translated(0, half))
            draw_elided(painter, lower, index.data(_SUMMARY))
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """A click on the box, or the space bar, ticks it."""
        clicked = (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and self._box(option).adjusted(-4, -8, 4, 8).contains(event.position().toPoint())
        )
        pressed = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if not clicked and not pressed:
            return False
        written = Qt.CheckState(index.data(_CHECK)) is Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if written else Qt.CheckState.Checked
        return model.setData(cast("QModelIndex", index), state, _CHECK)

    @staticmethod
    def _box(option: QStyleOptionViewItem) -> QRect:
        inner = option.rect.adjusted(SPACE_S, 0, -SPACE_S, 0)
        corner = QPoint(inner.left(), inner.top() + (inner.height() - BOX_SIDE) // 2)
        return QStyle.visualRect(option.direction, inner, QRect(corner, QSize(BOX_SIDE, BOX_SIDE)))

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens, rect = self._theme.tokens, option.rect.adjusted(1, 1, -1, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection if chosen else tokens.hover))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if chosen and self._view.hasFocus():
            painter.setPen(QPen(tokens.tone(Tone.ACCENT), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, RADIUS, RADIUS)


class PlanList(QListWidget):
    """Chooses a field of the card, and ticks those that are written.

    Beside the chosen field it is a column of two-line rows; above it (compact), columns of one-line rows.

    Signals:
        chosen(str): name of the field.
        ticked(str, bool): the person wants the field written, or not.
    """

    chosen = Signal(str)
    ticked = Signal(str, bool)

    def __init__(self, bench: FormBench) -> None:
        super().__init__()
        self._showing = False
        self.is_compact = False
        self.setAccessibleName(self.tr("Fields of the card"))
        self.setItemDelegate(_Delegate(bench, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        for name in FIELD_NAMES:
            item = QListWidgetItem(formatting.field_label(name))
            item.setToolTip(item.text())
            self.addItem(item)
        self.setCurrentRow(0)
        self.currentRowChanged.connect(lambda at: self.chosen.emit(FIELD_NAMES[at]))
        self.itemChanged.connect(self._tell)
        bench.theme.changed.connect(self.viewport().update)

    @property
    def row_height(self) -> int:
        """Of one row, in pixels."""
        line = self.fontMetrics().height()
        return line + SPACE_S if self.is_compact else 2 * line + SPACE_S + 4

    def arrange(self, width: int, *, compact: bool, highest: int = 0) -> None:
        """Be a column of this width; compact: of two columns where they fit, and no higher than `highest`."""
        self.is_compact = compact
        least = self.fontMetrics().averageCharWidth() * 16 + 40
        columns = min(2, max(1, width // least)) if compact else 1
        rows = -(-len(FIELD_NAMES) // columns)
        self.setWrapping(columns > 1)
        self.setGridSize(QSize(width // columns - 1, self.row_height) if compact else QSize())
        self.setFixedWidth(width)
        height = min(rows * self.row_height + 2, max(highest, 4 * self.row_height))
        self.setMinimumHeight(height if compact else 0)
        self.setMaximumHeight(height if compact else _NO_LIMIT)
        self.scheduleDelayedItemsLayout()

    @property
    def current(self) -> FieldName:
        """The chosen field."""
        return FIELD_NAMES[max(self.currentRow(), 0)]

    def choose(self, name: FieldName) -> None:
        """Choose a field."""
        self.setCurrentRow(FIELD_NAMES.index(name))

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show whether each is written, and how long."""
        self._showing = True
        for at, name in enumerate(FIELD_NAMES):
            item, plan = self.item(at), f"config.fields.{name}"
            written = values[f"{plan}.write"]
            item.setCheckState(Qt.CheckState.Checked if written else Qt.CheckState.Unchecked)
            item.setData(
                _SUMMARY, self._summary(written, values[f"{plan}.words"], values[f"{plan}.max_tokens"])
            )
        self._showing = False

    def show_marks(self, severities: Mapping[str, str]) -> None:
        """Show where something was found, by the name of the field."""
        self._showing = True
        words = {"error": self.tr("has errors"), "warning": self.tr("has warnings")}
        for at, name in enumerate(FIELD_NAMES):
            item, severity = self.item(at), severities.get(name, "")
            item.setData(_SEVERITY, severity)
            said = ", ".join(part for part in (item.data(_SUMMARY), words.get(severity, "")) if part)
            item.setData(int(Qt.ItemDataRole.AccessibleDescriptionRole), said)
        self._showing = False

    def _summary(self, written: bool, words: int, tokens: int) -> str:
        if not written:
            return self.tr("not written")
        if words:
            return self.tr("about %n word(s)", None, words)
        return self.tr("up to %n token(s)", None, tokens)

    @Slot(QListWidgetItem)
    def _tell(self, item: QListWidgetItem) -> None:
        if not self._showing:
            written = item.checkState() is Qt.CheckState.Checked
            self.ticked.emit(FIELD_NAMES[self.row(item)], written)
