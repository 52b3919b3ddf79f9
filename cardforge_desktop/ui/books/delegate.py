"""Paints entries: a tile for the grid, a row of cells for the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.entry_model import NUMBERS, Column, EntryModel, cell_text
from cardforge_desktop.ui.books.marked_text import MarkedText
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Theme, Tone

if TYPE_CHECKING:
    from cardforge_desktop.books.model import EntryLine

Index = QModelIndex | QPersistentModelIndex
_SIDE = 9
_EXCERPT_LINES = 3
_ICON = 14
#: Pictures of grounds that are kept: tiles of a few sizes, chips of each width there is.
_GROUNDS = 1_000
# As numbers: Python's flags take longer to compare than Qt takes to paint a cell.
_SELECTED = QStyle.StateFlag.State_Selected.value
_NUMBER_SIDE = (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value


class EntryPainter:
    """What tiles and rows are made of. Lives on the window's thread."""

    def __init__(self, theme: Theme, icons: Icons, view: QAbstractItemView, model: EntryModel) -> None:
        self.theme, self._icons, self._view, self._model = theme, icons, view, model
        self.on_selection = False  # what is painted stands on the ground of what is selected
        self.mirrored = False
        self.measure()

    def measure(self) -> None:
        """Follow the theme and the font."""
        self._grounds: dict[tuple[int, int, str, str, float], QPixmap] = {}
        self.title = MarkedText(self.theme, self.theme.font(bold=True))
        self.plain = MarkedText(self.theme, self.theme.font())
        self.numbers = self.theme.font(tabular=True)
        self.small = MarkedText(self.theme, self.theme.font(0.92, tabular=True))
        self.title_height = self.title.metrics.height()
        self.plain_height = self.plain.metrics.height()
        self.small_height = self.small.metrics.height()
        self.chip_height = self.small_height + SPACE_XS
        self._soft = self.theme.tokens.soft(Tone.MUTED)

    @property
    def typed(self) -> str:
        """What was searched for."""
        return self._model.typed

    def begin(self) -> None:
        """Before something is painted: see which way the view runs, once instead of for each of its parts."""
        self.mirrored = self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def beginning(self, area: QRect, width: int) -> QRect:
        """So much of `area` at the side where lines begin."""
        left = area.right() + 1 - width if self.mirrored else area.left()
        return QRect(left, area.top(), width, area.height())

    def rest(self, area: QRect, taken: int) -> QRect:
        """`area` without so much where lines begin."""
        return area.adjusted(0, 0, -taken, 0) if self.mirrored else area.adjusted(taken, 0, 0, 0)

    def end(self, area: QRect, width: int) -> QRect:
        """So much of `area` at the side where lines end."""
        left = area.left() if self.mirrored else area.right() + 1 - width
        return QRect(left, area.top(), width, area.height())

    def without_end(self, area: QRect, taken: int) -> QRect:
        """`area` without so much where lines end."""
        return area.adjusted(taken, 0, 0, 0) if self.mirrored else area.adjusted(0, 0, -taken, 0)

    def chip_width(self, text: str, room: int) -> int:
        """How wide a chip is that may be so wide."""
        return min(self.small.width(text) + 2 * SPACE_S + 3, room)

    def chip(self, painter: QPainter, place: QRect, text: str, typed: str) -> None:
        """A small rounded word."""
        size = QSize(place.width(), self.chip_height)
        colour = self.theme.tokens.surface if self.on_selection else self._soft
        painter.drawPixmap(place.topLeft(), self.ground(size, colour, "", self.chip_height / 2))
        inner = place.adjusted(SPACE_S, (place.height() - self.small_height) // 2, -SPACE_S, 0)
        self.small.draw(painter, inner, text, typed, tone=Tone.MUTED, mirrored=self.mirrored)

    def ground(self, size: QSize, colour: str, frame: str, corner: float) -> QPixmap:
        """A rounded rectangle for words to stand on; `frame`: the colour around it, "" = none.

        Drawn once for each size and colour, which is half the work of a chip or tile.
        """
        key = (size.width(), size.height(), colour, frame, self._view.devicePixelRatioF())
        ground = self._grounds.get(key)
        if ground is None:
            if len(self._grounds) > _GROUNDS:
                self._grounds.clear()
            ground = self._grounds[key] = self._drawn_ground(size, colour, frame, corner)
        return ground

    def _drawn_ground(self, size: QSize, colour: str, frame: str, corner: float) -> QPixmap:
        scale = self._view.devicePixelRatioF()
        ground = QPixmap(round(size.width() * scale), round(size.height() * scale))
        ground.setDevicePixelRatio(scale)
        ground.fill(Qt.GlobalColor.transparent)
        with QPainter(ground) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(frame) if frame else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            side = 0.5 if frame else 0.0
            area = QRectF(QPointF(), size.toSizeF()).adjusted(side, side, -side, -side)
            painter.drawRoundedRect(area, corner, corner)
        return ground

    def chips(self, painter: QPainter, area: QRect, texts: tuple[str, ...]) -> None:
        """As many chips as fit side by side, and how many there are beside those."""
        rest = area
        for at, text in enumerate(texts):
            more = f"+{len(texts) - at - 1}" if at + 1 < len(texts) else ""
            kept = self.chip_width(more, 99) + SPACE_XS if more else 0
            wanted = self.chip_width(text, max(area.width() - kept, 30))
            if wanted + kept > rest.width() and at:
                more = f"+{len(texts) - at}"
                self.chip(painter, self.beginning(rest, self.chip_width(more, rest.width())), more, "")
                return
            self.chip(painter, self.beginning(rest, wanted), text, self.typed)
            rest = self.rest(rest, wanted + SPACE_XS)

    def state(self, painter: QPainter, area: QRect, line: EntryLine, *, at_end: bool) -> int:
        """An icon and a word for how the entry is woken; returns their width."""
        text = words.state_text(line)
        icon = "ban" if not line.enabled else "check-check" if line.constant else ""
        tone = Tone.ACCENT if line.enabled and line.constant else Tone.MUTED
        side = _ICON + SPACE_XS if icon else 0
        width = min(side + self.small.width(text) + 2, area.width())
        place = self.end(area, width) if at_end else self.beginning(area, width)
        middle = place.top() + place.height() // 2
        if icon:
            picture = self._icons.pixmap(icon, tone, _ICON, self._view.devicePixelRatioF())
            left = self.beginning(place, _ICON).left()
            painter.drawPixmap(QPoint(left, middle - _ICON // 2), picture)
        told = self.rest(place, side)
        told.setTop(middle - self.small_height // 2)
        self.small.draw(painter, told, text, tone=tone, mirrored=self.mirrored)
        return width

    def waiting(self, painter: QPainter, area: QRect) -> None:
        """A faint bar in the place of what is being read."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.tokens.hover))
        painter.drawRoundedRect(self.beginning(area, area.width() // 2), 4, 4)


class TilePainter(EntryPainter):
    """Paints an entry as a tile."""

    @property
    def height(self) -> int:
        """Of a tile."""
        words_height = self.title_height + _EXCERPT_LINES * self.plain_height + self.small_height
        return words_height + self.chip_height + 3 * SPACE_S + 2 * SPACE_M

    def paint(
        self,
        painter: QPainter,
        tile: QRect,
        line: EntryLine | None,
        *,
        selected: bool,
        current: bool,
        hovered: bool,
    ) -> None:
        """Paint one; `current` has the focus."""
        self.begin()
        tokens = self.theme.tokens
        self.on_selection = selected
        frame = tokens.accent if selected or current else tokens.muted if hovered else tokens.border
        colour = tokens.selection if selected else tokens.surface
        painter.drawPixmap(tile.topLeft(), self.ground(tile.size(), colour, frame, 10))
        if current:
            painter.setPen(QColor(frame))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(tile).adjusted(1.5, 1.5, -1.5, -1.5), 9, 9)
        inner = tile.adjusted(SPACE_L, SPACE_M, -SPACE_L, -SPACE_M)
        top = QRect(inner.left(), inner.top(), inner.width(), self.title_height)
        if line is None:
            self.waiting(painter, top)
        else:
            self._words(painter, inner, top, line)

    def _words(self, painter: QPainter, inner: QRect, top: QRect, line: EntryLine) -> None:
        mirrored, typed = self.mirrored, self.typed
        if line.category:
            width = self.chip_width(line.category, top.width() // 2)
            place = self.end(top, width)
            place.setHeight(self.chip_height)
            self.chip(painter, place, line.category, "")
            top = self.without_end(top, width + SPACE_S)
        tone = Tone.TEXT if line.enabled else Tone.MUTED
        self.title.draw(painter, top, words.entry_name(line), typed, tone=tone, mirrored=mirrored)
        below = top.bottom() + 1 + SPACE_S
        told = QRect(inner.left(), below, inner.width(), _EXCERPT_LINES * self.plain_height)
        self.plain.draw(
            painter, told, line.excerpt, typed, tone=tone, lines=_EXCERPT_LINES, mirrored=mirrored
        )
        keys = QRect(inner.left(), told.bottom() + 1 + SPACE_S, inner.width(), self.chip_height)
        if line.keys:
            self.chips(painter, keys, line.keys)
        elif not line.constant:
            keys.translate(0, SPACE_XS // 2)
            self.small.draw(painter, keys, words.no_keys(), tone=Tone.MUTED, mirrored=mirrored)
        foot = QRect(inner.left(), inner.bottom() + 1 - self.small_height, inner.width(), self.small_height)
        taken = self.state(painter, foot, line, at_end=True)
        room = self.without_end(foot, taken + SPACE_S)
        self.small.draw(painter, room, words.foot_text(line), tone=Tone.MUTED, mirrored=mirrored)


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of the table: under the name of an entry how it begins.

    Attributes:
        hovered: the row under the pointer, -1 = none. Qt marks the cell alone; here a row is one thing.
    """

    def __init__(self, theme: Theme, icons: Icons, table: QTableView, model: EntryModel) -> None:
        super().__init__(table)
        self.hovered = -1
        self._theme, self._table, self._model = theme, table, model
        self._painter = EntryPainter(theme, icons, table, model)

    def measure(self) -> None:
        """Follow the theme and the font."""
        self._painter.measure()

    @property
    def row_height(self) -> int:
        """Of every row."""
        return self._painter.title_height + self._painter.small_height + 2 + 2 * SPACE_S

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        line = self._model.line(index.row())
        tokens, rect = self._theme.tokens, option.rect
        self._painter.begin()
        state = option.state.value
        if state & _SELECTED:
            painter.fillRect(rect, QColor(tokens.selection))
        elif index.row() == self.hovered:
            painter.fillRect(rect, QColor(tokens.hover))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.border))
        if index.column() == Column.NAME and self._is_focused(index.row()):
            painter.fillRect(self._painter.beginning(rect, 3), tokens.tone(Tone.ACCENT))
        inner = rect.adjusted(_SIDE, SPACE_S, -_SIDE, -SPACE_S)
        if line is None:
            if index.column() == Column.NAME:
                self._painter.waiting(painter, inner.adjusted(0, 4, 0, -inner.height() // 2))
        else:
            self._cell(painter, inner, line, index.column())

    def _is_focused(self, row: int) -> bool:
        return self._table.hasFocus() and self._table.currentIndex().row() == row

    def _cell(self, painter: QPainter, inner: QRect, line: EntryLine, column: int) -> None:
        drawn = self._painter
        if column == Column.NAME:
            self._name(painter, inner, line)
        elif column == Column.STATE:
            drawn.state(painter, inner, line, at_end=False)
        elif column in NUMBERS:
            painter.setFont(drawn.numbers)
            painter.setPen(self._theme.tokens.tone(Tone.TEXT))
            painter.drawText(inner, _NUMBER_SIDE, cell_text(line, column))
        else:
            typed = drawn.typed if column == Column.KEYS else ""
            place = QRect(inner)
            place.setTop(inner.top() + (inner.height() - drawn.plain_height) // 2)
            text = cell_text(line, column)
            drawn.plain.draw(painter, place, text, typed, tone=Tone.MUTED, mirrored=drawn.mirrored)

    def _name(self, painter: QPainter, inner: QRect, line: EntryLine) -> None:
        drawn = self._painter
        tone = Tone.TEXT if line.enabled else Tone.MUTED
        drawn.title.draw(
            painter, inner, words.entry_name(line), drawn.typed, tone=tone, mirrored=drawn.mirrored
        )
        below = inner.adjusted(0, drawn.title_height + 2, 0, 0)
        told = line.excerpt
        if self._table.isColumnHidden(Column.KEYS):
            told = words.excerpt_with_key(line, drawn.typed)
        drawn.small.draw(painter, below, told, drawn.typed, tone=Tone.MUTED, mirrored=drawn.mirrored)
