"""The versions of a card in a list: why each was kept, and when."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import RADIUS, SPACE_M, SPACE_S, Theme, Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.cards.revisions import Revision
    from cardforge_desktop.ui.icons import Icons

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ICON = 16

#: Reasons the app gives; others are shown as whoever saved the card said them.
_REASONS = {
    "generated": ("sparkles", QT_TRANSLATE_NOOP("Revisions", "Generated")),
    "tried": ("sparkles", QT_TRANSLATE_NOOP("Revisions", "Made to try a profile")),
    "imported": ("upload", QT_TRANSLATE_NOOP("Revisions", "Imported")),
    "edited": ("pen-line", QT_TRANSLATE_NOOP("Revisions", "Edited")),
    "tagged": ("layers", QT_TRANSLATE_NOOP("Revisions", "Tagged")),
    "restored": ("rotate-ccw", QT_TRANSLATE_NOOP("Revisions", "Restored")),
    "kept over another change": (
        "check-check",
        QT_TRANSLATE_NOOP("Revisions", "Kept over another change"),
    ),
    "set aside for another change": (
        "file-clock",
        QT_TRANSLATE_NOOP("Revisions", "Set aside for another change"),
    ),
    "updated": ("refresh-cw", QT_TRANSLATE_NOOP("Revisions", "Updated")),
}
_OTHER_ICON = "save"


class RevisionRole(IntEnum):
    """What a row holds."""

    REVISION = Qt.ItemDataRole.UserRole + 1  # a `Revision`


def reason_text(reason: str) -> str:
    """Why a version was kept, for the screen."""
    known = _REASONS.get(reason)
    if known is not None:
        return QCoreApplication.translate("Revisions", known[1])
    return reason[:1].upper() + reason[1:]


class RevisionModel(QAbstractListModel):
    """The history, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._revisions: tuple[Revision, ...] = ()

    def replace(self, revisions: Sequence[Revision]) -> None:
        """Another history."""
        if tuple(revisions) != self._revisions:
            self.beginResetModel()
            self._revisions = tuple(revisions)
            self.endResetModel()

    def row_of(self, number: int) -> int | None:
        """Row of a version, None = it is not there."""
        return next((row for row, one in enumerate(self._revisions) if one.number == number), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Versions."""
        return 0 if parent.isValid() else len(self._revisions)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """The reason; the whole time as tooltip."""
        if not index.isValid() or not 0 <= index.row() < len(self._revisions):
            return None
        revision = self._revisions[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return reason_text(revision.reason)
            case Qt.ItemDataRole.ToolTipRole:
                return formatting.moment(revision.created_at)
            case Qt.ItemDataRole.AccessibleTextRole:
                text = QCoreApplication.translate("Revisions", "Version %1, %2, %3")
                text = text.replace("%1", formatting.number(revision.number), 1)
                text = text.replace("%3", formatting.ago(revision.created_at), 1)
                return text.replace("%2", reason_text(revision.reason), 1)
            case RevisionRole.REVISION:
                return revision
        return None


class RevisionDelegate(QStyledItemDelegate):
    """Paints a version: why it was kept at one side, when at the other."""

    def __init__(self, theme: Theme, icons: Icons, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._icons, self._view = theme, icons, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """One line."""
        return QSize(160, QFontMetrics(self._theme.font()).height() + 2 * SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Icon, reason, number, time."""
        revision: Revision = index.data(RevisionRole.REVISION)
        tokens, rect = self._theme.tokens, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            focused = selected and bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(tokens.tone(Tone.ACCENT) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection if selected else tokens.hover))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        inner = rect.adjusted(SPACE_M, 0, -SPACE_M, 0)
        known = _REASONS.get(revision.reason)
        icon = self._icons.pixmap(
            _OTHER_ICON if known is None else known[0], Tone.MUTED, _ICON, self._view.devicePixelRatioF()
        )
        place = QRect(inner.left(), inner.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        painter.drawPixmap(self._mirrored(place, rect), icon)
        when = formatting.ago(revision.created_at)
        painter.setFont(self._theme.font(0.92, tabular=True))
        width = painter.fontMetrics().horizontalAdvance(when)
        painter.setPen(tokens.tone(Tone.MUTED))
        self._draw(painter, QRect(inner.right() - width, inner.top(), width + 1, inner.height()), rect, when)
        painter.setFont(self._theme.font())
        painter.setPen(tokens.tone(Tone.TEXT))
        words = inner.adjusted(_ICON + SPACE_S, 0, -width - SPACE_M, 0)
        self._draw(painter, words, rect, str(index.data()))
        painter.restore()

    def _draw(self, painter: QPainter, place: QRect, rect: QRect, text: str) -> None:
        mirrored = self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(self._mirrored(place, rect), int(Qt.AlignmentFlag.AlignVCenter | side), short)

    def _mirrored(self, place: QRect, rect: QRect) -> QRect:
        if self._view.layoutDirection() != Qt.LayoutDirection.RightToLeft:
            return place
        return QRect(QPoint(rect.left() + rect.right() - place.right(), place.top()), place.size())
