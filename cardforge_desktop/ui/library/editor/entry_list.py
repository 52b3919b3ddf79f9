"""The entries of a character book as rows: title, keys, and how each is switched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from cardforge_desktop.ui.theme import RADIUS, SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.finding_lines import ICONS, TONES

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.model import BookEntry
    from cardforge_desktop.ui.icons import Icons

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ENTRY = int(Qt.ItemDataRole.UserRole) + 1
_MARK = _ENTRY + 1
_PLACE = re.compile(r"character_book\.entries\[(\d+)\]")
_GRAVITY = ("hint", "warning", "error")


def marks_by_entry(findings: Mapping[str, Sequence[Finding]]) -> dict[int, str]:
    """The gravest finding of each entry, by its index."""
    marks: dict[int, str] = {}
    for path, found in findings.items():
        place = _PLACE.match(path)
        if place is not None:
            at = int(place[1])
            gravest = max((finding.severity for finding in found), key=_GRAVITY.index)
            marks[at] = max(marks.get(at, "hint"), gravest, key=_GRAVITY.index)
    return marks


class EntryModel(QAbstractListModel):
    """The very entries of the card, in their order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._entries: list[BookEntry] = []
        self._marks: dict[int, str] = {}

    def replace(self, entries: list[BookEntry]) -> bool:
        """Show these; False: they are shown already, or only some of them were written in."""
        if entries is self._entries:
            return False
        if len(entries) == len(self._entries):
            pairs = zip(self._entries, entries, strict=True)
            changed = [at for at, (old, new) in enumerate(pairs) if old is not new]
            self._entries = entries
            if changed:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            return False
        self.beginResetModel()
        self._entries, self._marks = entries, {}
        self.endResetModel()
        return True

    def show_marks(self, marks: dict[int, str]) -> None:
        """Show which entries something is the matter with."""
        if marks != self._marks:
            self._marks = marks
            if self._entries:
                self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Number of entries."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """An entry, its title, or what it is for a screen reader."""
        from cardforge_desktop.cards.book_fields import title_of

        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == int(Qt.ItemDataRole.DisplayRole):
            return title_of(entry) or self.tr("Entry %1").replace("%1", str(index.row() + 1))
        if role == int(Qt.ItemDataRole.AccessibleDescriptionRole):
            off = "" if entry.enabled else self.tr("switched off")
            return ", ".join(part for part in (", ".join(entry.keys), off) if part)
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return ", ".join(entry.keys)
        return {_ENTRY: entry, _MARK: self._marks.get(index.row(), "")}.get(role)


class EntryDelegate(QStyledItemDelegate):
    """One line for each entry."""

    def __init__(self, theme: Theme, icons: Icons, view: QTableView) -> None:
        super().__init__(view)
        self._theme, self._icons, self._view = theme, icons, view
        theme.changed.connect(view.viewport().update)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """One line with air around it."""
        return QSize(160, self._view.fontMetrics().height() + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """How it is switched, its title, its keys, and a mark where something is the matter."""
        tokens, entry = self._theme.tokens, index.data(_ENTRY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        inner = option.rect.adjusted(SPACE_S, 0, -SPACE_S, 0)

        def place(left: int, width: int) -> QRect:
            at = QRect(left, inner.top(), width, inner.height())
            return QStyle.visualRect(option.direction, inner, at)

        switch = "ban" if not entry.enabled else "circle-check" if entry.constant else "circle-dashed"
        tone = Tone.ACCENT if entry.enabled and entry.constant else Tone.MUTED
        self._paint_icon(painter, place(inner.left(), 16), switch, tone)
        end = inner.right() + 1
        mark = index.data(_MARK)
        if mark:
            end -= 14
            self._paint_icon(painter, place(end, 14), ICONS[mark], TONES[mark])
            end -= SPACE_S
        left, title = inner.left() + 16 + SPACE_S, index.data()
        room = end - left
        wide = min(painter.fontMetrics().horizontalAdvance(title) + 2, room if not entry.keys else room // 2)
        painter.setPen(tokens.tone(Tone.TEXT if entry.enabled else Tone.MUTED))
        self._paint_text(painter, option, place(left, wide), title)
        painter.setPen(tokens.tone(Tone.MUTED))
        self._paint_text(
            painter, option, place(left + wide + SPACE_S, room - wide - SPACE_S), ", ".join(entry.keys[:20])
        )
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens, rect = self._theme.tokens, option.rect.adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection if chosen else tokens.hover))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(tokens.tone(Tone.ACCENT), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _paint_icon(self, painter: QPainter, rect: QRect, name: str, tone: Tone) -> None:
        side = rect.width()
        top = rect.top() + (rect.height() - side) // 2
        pixmap = self._icons.pixmap(name, tone, side, self._view.devicePixelRatioF())
        painter.drawPixmap(QRect(rect.left(), top, side, side), pixmap)

    @staticmethod
    def _paint_text(painter: QPainter, option: QStyleOptionViewItem, rect: QRect, text: str) -> None:
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, int(QStyle.visualAlignment(option.direction, side)), short)
