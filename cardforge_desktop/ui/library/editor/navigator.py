"""The list of the editor's pages, with what was found on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import RADIUS, SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.widgets.finding_lines import ICONS, TONES

_MARK = int(Qt.ItemDataRole.UserRole)
_COUNT, _ICON = _MARK + 1, _MARK + 2
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page of the editor."""

    key: str
    name: str
    icon: str


class _Delegate(QStyledItemDelegate):
    """Icon, name, and what is the matter there."""

    def __init__(self, theme: Theme, icons: Icons, view: QListWidget) -> None:
        super().__init__(view)
        self._theme, self._icons, self._view = theme, icons, view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """One line with air around it."""
        return QSize(120, self._view.fontMetrics().height() + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one page's line."""
        tokens, ratio = self._theme.tokens, self._view.devicePixelRatioF()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, chosen=chosen)
        inner = option.rect.adjusted(SPACE_S, 0, -SPACE_S, 0)

        def place(left: int, width: int) -> QRect:
            at = QRect(left, inner.top(), width, inner.height())
            return QStyle.visualRect(option.direction, inner, at)

        tone = Tone.ACCENT if chosen else Tone.MUTED
        icon = self._icons.pixmap(index.data(_ICON), tone, 16, ratio)
        painter.drawPixmap(_middle(place(inner.left(), 16), 16), icon)
        end = inner.right() + 1
        severity, count = index.data(_MARK), index.data(_COUNT)
        if severity:
            end -= 14
            mark = self._icons.pixmap(ICONS[severity], TONES[severity], 14, ratio)
            painter.drawPixmap(_middle(place(end, 14), 14), mark)
        elif count:
            painter.setPen(tokens.tone(Tone.MUTED))
            painter.setFont(self._theme.font(0.92, tabular=True))
            width = painter.fontMetrics().horizontalAdvance(count) + 2
            end -= width
            painter.drawText(place(end, width), int(Qt.AlignmentFlag.AlignCenter), count)
        painter.setPen(tokens.tone(Tone.ACCENT if chosen else Tone.TEXT))
        painter.setFont(self._theme.font(bold=chosen))
        left = inner.left() + 16 + SPACE_S
        text = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, end - left - SPACE_XS
        )
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place(left, end - left), int(QStyle.visualAlignment(option.direction, side)), text)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, *, chosen: bool) -> None:
        tokens, rect = self._theme.tokens, option.rect.adjusted(0, 1, 0, -1)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection if chosen else tokens.hover))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if chosen and self._view.hasFocus():
            painter.setPen(QPen(tokens.tone(Tone.ACCENT), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS, RADIUS)


def _middle(rect: QRect, side: int) -> QRect:
    return QRect(rect.left(), rect.top() + (rect.height() - side) // 2, side, side)


class Navigator(QListWidget):
    """Chooses a page.

    Signals:
        chosen(str): key of the page.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, pages: Sequence[PageSpec]) -> None:
        super().__init__()
        self._pages = tuple(pages)
        self.setAccessibleName(self.tr("Parts of the card"))
        self.setItemDelegate(_Delegate(theme, icons, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        for page in self._pages:
            item = QListWidgetItem(page.name)
            item.setData(_ICON, page.icon)
            self.addItem(item)
        self.currentRowChanged.connect(self._tell)
        theme.changed.connect(self.viewport().update)

    @property
    def current(self) -> str:
        """Key of the chosen page."""
        return self._pages[max(self.currentRow(), 0)].key

    def choose(self, key: str) -> None:
        """Choose a page."""
        self.setCurrentRow(next(at for at, page in enumerate(self._pages) if page.key == key))

    def step(self, by: int) -> None:
        """To the next page, or the one before."""
        self.setCurrentRow((self.currentRow() + by) % len(self._pages))

    def show_marks(self, marks: Mapping[str, str], counts: Mapping[str, str]) -> None:
        """What is the matter on each page (error, warning or hint), and how many things are on it."""
        for at, page in enumerate(self._pages):
            item = self.item(at)
            item.setData(_MARK, marks.get(page.key, ""))
            item.setData(_COUNT, counts.get(page.key, ""))
            words = {
                "error": self.tr("has errors"),
                "warning": self.tr("has warnings"),
                "hint": self.tr("has hints"),
            }
            said = words.get(marks.get(page.key, ""), counts.get(page.key, ""))
            item.setToolTip(said)
            item.setData(int(Qt.ItemDataRole.AccessibleDescriptionRole), said)

    @Slot(int)
    def _tell(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(self._pages[row].key)
