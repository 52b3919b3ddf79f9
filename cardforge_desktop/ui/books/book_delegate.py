"""Paints a book in the list: its name, its entries and tokens, and the card that it is kept in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.book_model import Role
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided
from cardforge_desktop.ui.widgets.name_list import paint_ground

if TYPE_CHECKING:
    from cardforge_desktop.books.model import BookSummary

Index = QModelIndex | QPersistentModelIndex
_SIDE, _GAP = 10, 4


class BookDelegate(QStyledItemDelegate):
    """Two lines each; a heading stands at the foot of its row, which so is apart from what is above."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self._name, self._small = self._theme.font(bold=True), self._theme.font(0.92, tabular=True)
        self._line = QFontMetrics(self._name).height()
        self._small_line = QFontMetrics(self._small).height()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """As high as its lines."""
        return QSize(80, self._line + _GAP + self._small_line + 2 * SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        book: BookSummary | None = index.data(Role.BOOK)
        inner = option.rect.adjusted(_SIDE, SPACE_S, -_SIDE, -SPACE_S)
        below = QRect(inner.left(), inner.bottom() + 1 - self._small_line, inner.width(), self._small_line)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if book is None:
            self._words(painter, below, words.in_cards(), muted=True)
        else:
            paint_ground(painter, option, self._theme, self._view)
            top = QRect(inner.left(), inner.top(), inner.width(), self._line)
            painter.setFont(self._name)
            painter.setPen(self._theme.tokens.tone(Tone.TEXT))
            draw_elided(painter, top, words.book_name(book))
            self._words(painter, below, words.second_line(book), muted=True)
        painter.restore()

    def _words(self, painter: QPainter, place: QRect, text: str, *, muted: bool) -> None:
        painter.setFont(self._small)
        painter.setPen(self._theme.tokens.tone(Tone.MUTED if muted else Tone.TEXT))
        draw_elided(painter, place, text)
