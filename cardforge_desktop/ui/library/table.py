"""The table of cards: sorted by its headers, columns to hide, to move and to resize."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.library.arrangement import Order
from cardforge_desktop.ui.library.card_model import FALLING, SUMMARY, CardModel, Column, cell_text
from cardforge_desktop.ui.library.card_views import CardTableBase, TypeToFind, set_up, takes_key
from cardforge_desktop.ui.library.marks import MarkPainter, marks_of
from cardforge_desktop.ui.library.thumbnails import PICTURE, Thumbnails
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided
from cardforge_desktop.ui.widgets.giving_way import GivingWay
from cardforge_desktop.ui.widgets.table_head import columns_menu, dress_heads, fill_up, part_from_selection

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary

Index = QModelIndex | QPersistentModelIndex
_SIDE = 9
#: Small pictures that are kept: some screens of them.
_KEPT = 200
_WIDTHS = {
    Column.NAME: 230,
    Column.TAGS: 120,
    Column.STATE: 136,
    Column.PERMANENT: 96,
    Column.TOTAL: 76,
    Column.RATING: 92,
    Column.PROFILE: 90,
    Column.SOURCE: 130,
    Column.FORMATS: 110,
    Column.CREATED: 90,
    Column.EDITED: 90,
}
_HIDDEN_AT_FIRST = (Column.TOTAL, Column.SOURCE, Column.FORMATS, Column.CREATED)
#: Below these widths of the table some columns give way to the others.
_GIVING_WAY: Mapping[int, int] = {
    Column.PROFILE: 810,
    Column.EDITED: 720,
    Column.TAGS: 620,
    Column.RATING: 480,
}
_NARROWEST_NAME = 170
#: What each column is sorted by.
_ORDERS = {
    Column.NAME: "name",
    Column.TAGS: "tags",
    Column.STATE: "state",
    Column.PERMANENT: "tokens",
    Column.TOTAL: "total",
    Column.RATING: "rating",
    Column.PROFILE: "profile",
    Column.SOURCE: "source",
    Column.FORMATS: "formats",
    Column.CREATED: "newest",
    Column.EDITED: "edited",
}


class CardTable(CardTableBase):
    """Rows of cards.

    Signals:
        order_wanted(Order): a header was clicked.
    """

    order_wanted = Signal(object)

    def __init__(self, services: Services, model: CardModel, pictures: Thumbnails) -> None:
        super().__init__()
        self._services = services
        self._finder = TypeToFind(self, model)
        self._delegate = CellDelegate(services.theme, services.icons, pictures, self)
        self._is_showing_order = False
        self._giving_way = GivingWay(self, _GIVING_WAY)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Cards"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        set_up(self)
        self._dress_headers()
        pictures.arrived.connect(self._repaint)
        services.theme.changed.connect(self._measure)

    def setSelectionModel(self, model: QItemSelectionModel) -> None:
        """Rows alone are selected; the header is told nothing of it."""
        super().setSelectionModel(model)
        part_from_selection(self)

    def visible_rows(self) -> range:
        """Rows one sees at least a part of."""
        height = max(1, self.verticalHeader().defaultSectionSize())
        first = self.verticalOffset() // height
        last = (self.verticalOffset() + self.viewport().height() - 1) // height + 1
        return range(max(0, first), min(last, self.model().rowCount()))

    def show_order(self, order: Order) -> None:
        """Let the headers say what the cards are sorted by."""
        self._is_showing_order = True
        key = "newest" if order.key == "oldest" else order.key
        column = next((column for column, name in _ORDERS.items() if name == key), None)
        if column is None:
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        else:
            own = column in FALLING and order.key != "oldest"
            is_down = own if order.descending is None else order.descending
            direction = Qt.SortOrder.DescendingOrder if is_down else Qt.SortOrder.AscendingOrder
            self.horizontalHeader().setSortIndicator(column, direction)
        self._is_showing_order = False

    def keep_state(self) -> None:
        """Remember the columns, as they are when there is room."""
        self._giving_way.bring_back()
        self._services.memory.keep("library/columns", self.horizontalHeader().saveState())

    def startDrag(self, supported: Qt.DropAction) -> None:  # noqa: ARG002
        """The files have to be made first."""
        self.drag_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Delete, the menu key; else as every table."""
        if not takes_key(self, event):
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Type to find."""
        self._finder.type(search)

    def _dress_headers(self) -> None:
        dress_heads(self, self._delegate.row_height)
        header = self.horizontalHeader()
        header.setAccessibleName(self.tr("Columns"))
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        state = self._services.memory.state("library/columns")
        if state is None or not header.restoreState(state):
            for column in _HIDDEN_AT_FIRST:
                self.hideColumn(column)
        header.setStretchLastSection(False)
        header.sectionResized.connect(self._fill)
        header.sortIndicatorChanged.connect(self._sort)
        header.customContextMenuRequested.connect(self.show_columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is scarce some columns give way to the others; the name has what is left."""
        super().resizeEvent(event)
        self._giving_way.make_room(event.size().width())
        self._fill(-1)

    @Slot(int)
    def _fill(self, section: int) -> None:
        """Give the name what the others leave; other than Qt's own stretching, never less than it needs."""
        if section != Column.NAME:
            fill_up(self, Column.NAME, _NARROWEST_NAME)

    @Slot(int, Qt.SortOrder)
    def _sort(self, section: int, direction: Qt.SortOrder) -> None:
        if self._is_showing_order or section < 0:
            return
        self.order_wanted.emit(Order(_ORDERS[Column(section)], direction is Qt.SortOrder.DescendingOrder))

    @Slot(QPoint)
    def show_columns(self, point: QPoint) -> QMenu:
        """The menu that hides and shows columns, at a point of the header."""
        menu = columns_menu(self, always=Column.NAME)
        menu.popup(self.horizontalHeader().mapToGlobal(point))
        return menu

    @Slot()
    def _measure(self) -> None:
        self._delegate.measure()
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height)
        self.viewport().update()

    @Slot(str)
    def _repaint(self, card_id: str) -> None:
        model = self.model()
        row = model.row_of(card_id) if isinstance(model, CardModel) else None
        if row is not None and self.isVisible():
            self.viewport().update(self.visualRect(model.index(row, Column.NAME)))


class CellDelegate(QStyledItemDelegate):
    """Paints the cells: a small picture before the name, marks, stars, numbers in tabular figures."""

    def __init__(self, theme: Theme, icons: Icons, pictures: Thumbnails, table: QTableView) -> None:
        super().__init__(table)
        self._theme, self._pictures, self._table = theme, pictures, table
        self._marks = MarkPainter(theme, icons)
        self.measure()

    def measure(self) -> None:
        """Follow the theme and the font."""
        self._marks.measure()
        self._font, self._bold = self._theme.font(), self._theme.font(bold=True)
        self._numbers = self._theme.font(tabular=True)
        self.row_height = QFontMetrics(self._font).height() + 26
        height = self.row_height - 10
        self._kept: dict[int, QPixmap] = {}
        self._small = QSize(round(height * PICTURE.width() / PICTURE.height()), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        card: CardSummary = index.data(SUMMARY)
        tokens, rect = self._theme.tokens, option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.selection))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.border))
        if option.state & QStyle.StateFlag.State_HasFocus and index.column() == Column.NAME:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), tokens.tone(Tone.ACCENT))
        inner = rect.adjusted(_SIDE, 0, -_SIDE, 0)
        match index.column():
            case Column.NAME:
                self._name(painter, inner, card)
            case Column.STATE:
                self._state(painter, inner, card)
            case Column.RATING:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                ratio = self._table.devicePixelRatioF()
                place = QPoint(inner.left(), inner.center().y() + 1)
                self._marks.stars(painter, place, card.rating, ratio)
            case column:
                self._text(painter, inner, cell_text(card, column), column)
        painter.restore()

    def _name(self, painter: QPainter, rect: QRect, card: CardSummary) -> None:
        is_mirrored = self._table.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = rect.right() + 1 - self._small.width() if is_mirrored else rect.left()
        place = QRect(QPoint(left, rect.top() + (rect.height() - self._small.height()) // 2), self._small)
        picture = self._pictures.picture(card.id)
        if picture is None or picture.isNull():
            painter.fillRect(place, QColor(self._theme.tokens.track))
        else:
            painter.drawPixmap(place, self._scaled(picture))
        room = self._small.width() + SPACE_S
        words = rect.adjusted(0, 0, -room, 0) if is_mirrored else rect.adjusted(room, 0, 0, 0)
        painter.setFont(self._bold)
        painter.setPen(self._theme.tokens.tone(Tone.TEXT))
        draw_elided(painter, words, card.name or self.tr("Without a name"))

    def _scaled(self, picture: QPixmap) -> QPixmap:
        """The picture in a row's size: made once, as every step of a scroll paints every row."""
        key = picture.cacheKey()
        small = self._kept.pop(key, None)
        if small is None:
            size = self._small * picture.devicePixelRatio()
            small = picture.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        self._kept[key] = small
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return small

    def _state(self, painter: QPainter, rect: QRect, card: CardSummary) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, top = rect.left(), rect.center().y() - self._marks.height // 2 + 1
        for mark in marks_of(card):
            room = rect.right() - left
            if room < self._marks.height * 2:
                return
            corner, ratio = QPoint(left, top), self._table.devicePixelRatioF()
            left += self._marks.mark(painter, corner, room, mark, ratio) + 4

    def _text(self, painter: QPainter, rect: QRect, text: str, column: int) -> None:
        is_number = column in (Column.PERMANENT, Column.TOTAL)
        painter.setFont(self._numbers if is_number else self._font)
        painter.setPen(self._theme.tokens.tone(Tone.TEXT if is_number else Tone.MUTED))
        if not is_number:
            draw_elided(painter, rect, text)
            return
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
