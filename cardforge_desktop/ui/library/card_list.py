"""The list of cards: a picture, the name, where it comes from, how old it is."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import RADIUS, SPACE_M, SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided

if TYPE_CHECKING:
    from cardforge_desktop.cards.service import CardSummary

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Display = Qt.ItemDataRole.DisplayRole
_KEPT_PICTURES = 200


class CardRole(IntEnum):
    """SUMMARY: the `CardSummary`. PICTURE: its thumbnail as a `QPixmap`, None until it is loaded."""

    SUMMARY = Qt.ItemDataRole.UserRole
    PICTURE = Qt.ItemDataRole.UserRole + 1


class CardListModel(QAbstractListModel):
    """Cards, newest first, narrowed by a search. Lives on the window's thread.

    Signals:
        picture_wanted(str): the thumbnail of this card is about to be painted and not at hand.
    """

    picture_wanted = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[CardSummary, ...] = ()
        self._shown: list[CardSummary] = []
        self._pictures: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._needle = ""

    def replace(self, cards: Sequence[CardSummary]) -> None:
        """All cards as they are now."""
        if tuple(cards) != self._all:
            self._all = tuple(cards)
            self._narrow()

    def narrow(self, needle: str) -> None:
        """Show only cards whose name, source, profile, engine or tags hold `needle`."""
        self._needle = needle.casefold().strip()
        self._narrow()

    def row_of(self, card_id: str) -> int | None:
        """Row of a card, None when it is not shown."""
        return next((row for row, card in enumerate(self._shown) if card.id == card_id), None)

    def set_picture(self, card_id: str, picture: QImage) -> None:
        """The thumbnail that was wanted."""
        self._pictures[card_id] = QPixmap.fromImage(picture)
        while len(self._pictures) > _KEPT_PICTURES:
            self._pictures.popitem(last=False)
        row = self.row_of(card_id)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [CardRole.PICTURE])

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Cards that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = _Display) -> Any:  # noqa: PLR0911
        """The name; values under `CardRole`."""
        if not index.isValid() or not 0 <= index.row() < len(self._shown):
            return None
        card = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return card.name
            case Qt.ItemDataRole.ToolTipRole:
                return formatting.moment(card.created_at)
            case Qt.ItemDataRole.AccessibleTextRole:
                text = QCoreApplication.translate("CardList", "%1, from %2")
                return text.replace("%1", card.name).replace("%2", card.source)
            case CardRole.SUMMARY:
                return card
            case CardRole.PICTURE:
                if card.id not in self._pictures:
                    self._pictures[card.id] = None
                    self.picture_wanted.emit(card.id)
                return self._pictures[card.id]
        return None

    def _narrow(self) -> None:
        self.beginResetModel()
        self._shown = [card for card in self._all if _holds(card, self._needle)]
        self.endResetModel()


def _holds(card: CardSummary, needle: str) -> bool:
    words = (card.name, card.source, card.profile, card.engine, *card.tags)
    return not needle or any(needle in word.casefold() for word in words)


class CardDelegate(QStyledItemDelegate):
    """Paints a card of the list."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """Three lines beside a picture."""
        lines = QFontMetrics(self._theme.font()).height() + 2 * QFontMetrics(self._theme.font(0.92)).height()
        return QSize(200, lines + 26)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Picture at the left, three lines beside it."""
        card: CardSummary = index.data(CardRole.SUMMARY)
        tokens = self._theme.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = option.rect.adjusted(2, 2, -2, -2)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(tokens.tone(Tone.ACCENT) if focused else Qt.PenStyle.NoPen)
        ground = tokens.selection if selected else tokens.hover if hovered else tokens.surface
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        inner = rect.adjusted(SPACE_S, SPACE_S, -SPACE_M, -SPACE_S)
        height = inner.height()
        width = round(height * 0.76)
        mirrored = self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = inner.right() - width + 1 if mirrored else inner.left()
        self._picture(painter, QRect(left, inner.top(), width, height), index.data(CardRole.PICTURE))
        words = (
            inner.adjusted(0, 0, -width - SPACE_M, 0)
            if mirrored
            else inner.adjusted(width + SPACE_M, 0, 0, 0)
        )
        line = words.height() // 3
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(tokens.tone(Tone.TEXT))
        draw_elided(painter, QRect(words.left(), words.top(), words.width(), line), card.name)
        painter.setFont(self._theme.font(0.92))
        painter.setPen(tokens.tone(Tone.MUTED))
        below = QRect(words.left(), words.top() + line, words.width(), line)
        draw_elided(painter, below, card.source, Qt.TextElideMode.ElideMiddle)
        about = formatting.ago(card.created_at)
        if card.draft:
            text = QCoreApplication.translate("CardList", "%1 · draft quality")
            about = text.replace("%1", about)
        draw_elided(painter, below.translated(0, line), about)
        painter.restore()

    def _picture(self, painter: QPainter, place: QRect, picture: QPixmap | None) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(place), RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(place, QColor(self._theme.tokens.track))
        if picture is not None and not picture.isNull():
            painter.drawPixmap(place, picture, cover(picture.size(), place.size()))
        painter.restore()


def cover(size: QSize, place: QSize) -> QRect:
    """The part of a picture of `size` that fills `place`; portraits are cut at the foot."""
    scaled = place.scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(
        (size.width() - scaled.width()) // 2,
        (size.height() - scaled.height()) // 4,
        scaled.width(),
        scaled.height(),
    )
