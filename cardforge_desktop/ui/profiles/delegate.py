"""Paints a profile in the list: its name and version, its type, who saved it and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.profiles import words
from cardforge_desktop.ui.profiles.authors import author_text
from cardforge_desktop.ui.profiles.profile_model import Role
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import draw_elided
from cardforge_desktop.ui.widgets.name_list import paint_ground

if TYPE_CHECKING:
    from cardforge_desktop.profiles.lines import ProfileLine
    from cardforge_desktop.ui.icons import Icons

Index = QModelIndex | QPersistentModelIndex
_SIDE, _GAP, _ICON, _DOT = 10, 4, 14, 8


class ProfileDelegate(QStyledItemDelegate):
    """Two lines each. What is unsaved has a dot, and says so in words."""

    def __init__(self, theme: Theme, icons: Icons, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._icons, self._view = theme, icons, view
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self._name = self._theme.font(bold=True)
        self._small = self._theme.font(0.92, tabular=True)
        self._line = QFontMetrics(self._name).height()
        self._small_metrics = QFontMetrics(self._small)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """As high as its lines."""
        return QSize(80, self._line + _GAP + self._small_metrics.height() + 2 * SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one profile."""
        line: ProfileLine = index.data(Role.LINE)
        unsaved = bool(index.data(Role.UNSAVED))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, self._theme, self._view)
        inner = option.rect.adjusted(_SIDE, SPACE_S, -_SIDE, -SPACE_S)
        top = QRect(inner.left(), inner.top(), inner.width(), self._line)
        top = self._at_end(painter, top, words.short_version(line.version))
        if unsaved:
            top = self._dot(painter, top)
        painter.setFont(self._name)
        painter.setPen(self._theme.tokens.tone(Tone.TEXT))
        draw_elided(painter, top, line.name)
        below = QRect(inner.left(), top.bottom() + 1 + _GAP, inner.width(), self._small_metrics.height())
        state = translate("Profiles", "Unsaved changes") if unsaved else ""
        if index.data(Role.DELETED):
            state = translate("Profiles", "Deleted, unsaved changes")
        self._second(painter, below, line, state)
        painter.restore()

    def _second(self, painter: QPainter, rect: QRect, line: ProfileLine, state: str) -> None:
        """Type and author; what it was left in, `state`, in the place of the author and the time."""
        ratio = self._view.devicePixelRatioF()
        icon = self._icons.pixmap(words.type_icon(line.type), Tone.MUTED, _ICON, ratio)
        left = rest_left = rect.left()
        if self._mirrored():
            left = rect.right() + 1 - _ICON
        else:
            rest_left += _ICON + 5
        painter.drawPixmap(QPoint(left, rect.center().y() - _ICON // 2 + 1), icon)
        rest = QRect(rest_left, rect.top(), rect.width() - _ICON - 5, rect.height())
        if not state:
            rest = self._at_end(painter, rest, formatting.ago(line.updated_at))
        painter.setFont(self._small)
        painter.setPen(self._theme.tokens.tone(Tone.ACCENT if state else Tone.MUTED))
        whole = translate("Profiles", "%1 · %2").replace("%2", state or author_text(line.updated_by))
        draw_elided(painter, rest, whole.replace("%1", words.type_text(line.type)))

    def _dot(self, painter: QPainter, rect: QRect) -> QRect:
        """Draw it at the end of the line; returns what is left of it."""
        left = rect.left() if self._mirrored() else rect.right() + 1 - _DOT
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tokens.tone(Tone.ACCENT))
        painter.drawEllipse(left, rect.center().y() - _DOT // 2 + 1, _DOT, _DOT)
        return self._without(rect, _DOT)

    def _at_end(self, painter: QPainter, rect: QRect, text: str) -> QRect:
        """Draw a short text at the end of the line; returns what is left of it."""
        painter.setFont(self._small)
        painter.setPen(self._theme.tokens.tone(Tone.MUTED))
        width = self._small_metrics.horizontalAdvance(text) + 2
        left = rect.left() if self._mirrored() else rect.right() + 1 - width
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(left, rect.top(), width, rect.height()), int(side), text)
        return self._without(rect, width)

    def _without(self, rect: QRect, width: int) -> QRect:
        taken = width + SPACE_S
        return rect.adjusted(taken, 0, 0, 0) if self._mirrored() else rect.adjusted(0, 0, -taken, 0)

    def _mirrored(self) -> bool:
        return self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
