"""The grid of cards: a tile for each, with its picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.library.card_model import SUMMARY, CardModel
from cardforge_desktop.ui.library.card_views import CardGridBase, TypeToFind, set_up, takes_key
from cardforge_desktop.ui.library.marks import MarkPainter, marks_of
from cardforge_desktop.ui.library.thumbnails import PICTURE, Thumbnails
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary

Index = QModelIndex | QPersistentModelIndex
_SIDE = SPACE_S
_SMALLEST_GAP = SPACE_S
_STEP = 60


class CardGrid(CardGridBase):
    """Tiles in as many columns as fit."""

    def __init__(self, services: Services, model: CardModel, pictures: Thumbnails) -> None:
        super().__init__()
        self._finder = TypeToFind(self, model)
        self._delegate = TileDelegate(services.theme, services.icons, pictures, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Cards"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_up(self)
        self.verticalScrollBar().setSingleStep(_STEP)
        pictures.arrived.connect(self._repaint)
        services.theme.changed.connect(self._measure)
        self._measure()

    def visible_rows(self) -> range:
        """Rows one sees at least a part of."""
        cell = self.gridSize()
        columns = max(1, self._room() // cell.width())
        first = self.verticalOffset() // cell.height() * columns
        last = ((self.verticalOffset() + self.viewport().height() - 1) // cell.height() + 1) * columns
        return range(max(0, first), min(last, self.model().rowCount()))

    def startDrag(self, supported: Qt.DropAction) -> None:  # noqa: ARG002
        """The files have to be made first."""
        self.drag_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Delete, the menu key; else as every list."""
        if not takes_key(self, event):
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Type to find."""
        self._finder.type(search)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit, with equal gaps."""
        self._spread()
        super().resizeEvent(event)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Paint what says something else; a list would lay every card out anew, as it may need more room."""
        QAbstractItemView.dataChanged(self, first, last, roles)

    @Slot()
    def _measure(self) -> None:
        self._delegate.measure()
        self._spread()
        self.viewport().update()

    def _room(self) -> int:
        """Width for tiles; Qt keeps that of the scroll bar free, whether it is shown or not."""
        extent = self.style().pixelMetric(
            QStyle.PixelMetric.PM_ScrollBarExtent, None, self.verticalScrollBar()
        )
        return max(1, self.maximumViewportSize().width() - extent - 1)  # Qt wraps before the last pixel

    def _spread(self) -> None:
        tile, room = self._delegate.tile, self._room()
        columns = max(1, room // (tile.width() + _SMALLEST_GAP))
        self.setGridSize(QSize(room // columns, tile.height() + _SMALLEST_GAP))

    @Slot(str)
    def _repaint(self, card_id: str) -> None:
        model = self.model()
        row = model.row_of(card_id) if isinstance(model, CardModel) else None
        if row is not None and self.isVisible():
            self.viewport().update(self.visualRect(model.index(row, 0)))


class TileDelegate(QStyledItemDelegate):
    """Paints a tile: picture, marks over its foot, name, tokens and stars."""

    def __init__(self, theme: Theme, icons: Icons, pictures: Thumbnails, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._pictures, self._view = theme, pictures, view
        self._marks = MarkPainter(theme, icons)
        self.measure()

    def measure(self) -> None:
        """Follow the theme and the font."""
        self._marks.measure()
        self._bold, self._small = self._theme.font(bold=True), self._theme.font(0.92, tabular=True)
        self._name_height = QFontMetrics(self._bold).height()
        self._small_height = max(QFontMetrics(self._small).height(), self._marks.star_side)
        words = self._name_height + self._small_height + SPACE_XS
        self.tile = QSize(PICTURE.width() + 2 * _SIDE, PICTURE.height() + words + 2 * _SIDE + SPACE_S)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """The whole cell: it is asked for what one sees only, as the grid has a size."""
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the tile in the middle of its cell."""
        card: CardSummary = index.data(SUMMARY)
        tokens, cell = self._theme.tokens, option.rect
        tile = QRect(QPoint(cell.left() + (cell.width() - self.tile.width()) // 2, cell.top()), self.tile)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        frame = tokens.accent if has_focus or is_selected else tokens.border if is_hovered else ""
        painter.setPen(QColor(frame) if frame else Qt.PenStyle.NoPen)
        painter.setBrush(
            QColor(tokens.selection if is_selected else tokens.hover if is_hovered else tokens.surface)
        )
        painter.drawRoundedRect(QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        place = QRect(tile.topLeft() + QPoint(_SIDE, _SIDE), PICTURE)
        self._picture(painter, place, card)
        self._words(
            painter, QRect(place.left(), place.bottom() + 1 + SPACE_S, place.width(), self._name_height), card
        )
        painter.restore()

    def _picture(self, painter: QPainter, place: QRect, card: CardSummary) -> None:
        picture = self._pictures.picture(card.id)
        if picture is None or picture.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.tokens.track))
            painter.drawRoundedRect(QRectF(place), 8, 8)
        else:
            painter.drawPixmap(place.topLeft(), picture)
        ratio = self._view.devicePixelRatioF()
        bottom = place.bottom() - SPACE_XS - self._marks.height
        for mark in reversed(marks_of(card)):
            corner = QPoint(place.left() + SPACE_XS, bottom)
            self._marks.mark(painter, corner, place.width() - 2 * SPACE_XS, mark, ratio)
            bottom -= self._marks.height + 3

    def _words(self, painter: QPainter, line: QRect, card: CardSummary) -> None:
        painter.setFont(self._bold)
        painter.setPen(self._theme.tokens.tone(Tone.TEXT))
        draw_elided(painter, line, card.name or self.tr("Without a name"))
        below = QRect(line.left(), line.bottom() + 1 + SPACE_XS, line.width(), self._small_height)
        painter.setFont(self._small)
        painter.setPen(self._theme.tokens.tone(Tone.MUTED))
        room = below.width()
        if card.rating:
            room -= self._marks.stars_width + SPACE_S
        text = formatting.tokens_text(card.permanent_tokens)
        is_mirrored = self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = below.right() + 1 - room if is_mirrored else below.left()
        draw_elided(painter, QRect(left, below.top(), room, below.height()), text)
        if card.rating:
            stars = below.left() if is_mirrored else below.right() + 3 - self._marks.stars_width
            place = QPoint(stars, below.center().y() + 1)
            self._marks.stars(painter, place, card.rating, self._view.devicePixelRatioF())
