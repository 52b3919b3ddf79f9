"""A small list of words that can be put in where the cursor is; the field keeps the focus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cardforge_desktop.ui.theme import RADIUS, SPACE_L, SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided

_Index = QModelIndex | QPersistentModelIndex
_MEANING = int(Qt.ItemDataRole.UserRole)
_MOST_ROWS = 8
_WIDEST = 460


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that can be put in, as it will stand there, and what it means."""

    word: str
    meaning: str


class _Delegate(QStyledItemDelegate):
    """The word and, fainter behind it, what it means."""

    def __init__(self, theme: Theme, view: CompletionList) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """One line with air around it."""
        return QSize(120, self._view.fontMetrics().height() + SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one suggestion."""
        tokens, view = self._theme.tokens, self._view
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection))
            painter.drawRoundedRect(option.rect, RADIUS - 2, RADIUS - 2)
        inner = option.rect.adjusted(SPACE_S, 0, -SPACE_S, 0)
        word = QRect(inner.left(), inner.top(), view.word_width, inner.height())
        meaning = inner.adjusted(view.word_width + SPACE_L, 0, 0, 0)
        painter.setFont(view.font())
        painter.setPen(tokens.tone(Tone.ACCENT))
        draw_elided(painter, QStyle.visualRect(option.direction, inner, word), index.data())
        painter.setPen(tokens.tone(Tone.TEXT))
        draw_elided(painter, QStyle.visualRect(option.direction, inner, meaning), index.data(_MEANING))
        painter.restore()


class CompletionList(QListWidget):
    """Lies over the window of the field it helps, which passes it the keys.

    A part of the window, not one of its own: nothing that a window manager could place or focus otherwise.

    Signals:
        taken(str): the word to put in.
    """

    taken = Signal(str)

    def __init__(self, theme: Theme, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self.word_width = 0
        self.setProperty("role", "completion")
        self.setAccessibleName(self.tr("Words that can be put in"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(_Delegate(theme, self))
        self.itemEntered.connect(self.setCurrentItem)
        self.itemClicked.connect(self._take)
        self.hide()

    @property
    def words(self) -> tuple[str, ...]:
        """What is offered."""
        return tuple(self.item(at).text() for at in range(self.count()))

    def offer(self, suggestions: Sequence[Suggestion], at: QRect) -> None:
        """Show these below (or above) a place of the screen, the first one chosen; none hides the list."""
        if not suggestions:
            self.hide()
            return
        if tuple(each.word for each in suggestions) != self.words:
            self._fill(suggestions)
        self._place(at)
        if not self.isVisible():
            self.show()
            self._announce()
        self.raise_()

    def step(self, by: int) -> None:
        """Choose another one; behind the last comes the first."""
        self.setCurrentRow((self.currentRow() + by) % self.count())
        self._announce()

    def take(self) -> None:
        """Put the chosen one in."""
        self._take(self.currentItem())

    def _fill(self, suggestions: Sequence[Suggestion]) -> None:
        self.clear()
        metrics = QFontMetrics(self.font())
        self.word_width = max(metrics.horizontalAdvance(each.word) for each in suggestions) + 2
        for each in suggestions:
            item = QListWidgetItem(each.word)
            item.setData(_MEANING, each.meaning)
            item.setToolTip(each.meaning)
            item.setData(int(Qt.ItemDataRole.AccessibleDescriptionRole), each.meaning)
            self.addItem(item)
        self.setCurrentRow(0)
        longest = max(metrics.horizontalAdvance(each.meaning) for each in suggestions)
        around = 2 * (SPACE_S + SPACE_XS + 2)
        width = min(self.word_width + SPACE_L + longest + around, _WIDEST)
        rows = min(len(suggestions), _MOST_ROWS)
        bar = 0 if rows == len(suggestions) else 12
        self.resize(width + bar, rows * self.sizeHintForRow(0) + 2 * (SPACE_XS + 1))

    def _place(self, at: QRect) -> None:
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        room = window.rect().adjusted(SPACE_XS, SPACE_XS, -SPACE_XS, -SPACE_XS)
        self.resize(min(self.width(), room.width()), self.height())
        corner = window.mapFromGlobal(at.bottomLeft()) + QPoint(-SPACE_S, SPACE_XS)
        if corner.y() + self.height() > room.bottom():
            corner.setY(window.mapFromGlobal(at.topLeft()).y() - SPACE_XS - self.height())
        corner.setX(max(room.left(), min(corner.x(), room.right() - self.width())))
        self.move(corner)

    def _announce(self) -> None:
        item = self.currentItem()
        text = self.tr("%1: %2").replace("%1", item.text()).replace("%2", item.data(_MEANING))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._field, text))

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        self.hide()
        self.taken.emit(item.text())
