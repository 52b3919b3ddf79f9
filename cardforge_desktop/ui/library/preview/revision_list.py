"""The versions of a card in a list: why each was kept, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.history_rows import HistoryRole

if TYPE_CHECKING:
    from cardforge_desktop.cards.revisions import Revision

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)

#: Reasons the app gives; others are shown as whoever saved the card said them.
_REASONS = {
    "generated": ("sparkles", QT_TRANSLATE_NOOP("Revisions", "Generated")),
    "tried": ("sparkles", QT_TRANSLATE_NOOP("Revisions", "Made to try a profile")),
    "imported": ("upload", QT_TRANSLATE_NOOP("Revisions", "Imported")),
    "edited": ("pen-line", QT_TRANSLATE_NOOP("Revisions", "Edited")),
    "tagged": ("layers", QT_TRANSLATE_NOOP("Revisions", "Tagged")),
    "restored": ("rotate-ccw", QT_TRANSLATE_NOOP("Revisions", "Restored")),
    "book put in": ("book-open", QT_TRANSLATE_NOOP("Revisions", "Book put in")),
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
        if not index.isValid() or not 0 <= index.row() < len(self._revisions) or role not in _VALUES:
            return None
        return _VALUES[role](self._revisions[index.row()])


def _spoken(revision: Revision) -> str:
    text = QCoreApplication.translate("Revisions", "Version %1, %2, %3")
    text = text.replace("%1", formatting.number(revision.number), 1)
    text = text.replace("%3", formatting.ago(revision.created_at), 1)
    return text.replace("%2", reason_text(revision.reason), 1)


_VALUES: dict[int, Callable[[Revision], Any]] = {
    int(Qt.ItemDataRole.DisplayRole): lambda revision: reason_text(revision.reason),
    int(Qt.ItemDataRole.ToolTipRole): lambda revision: formatting.moment(revision.created_at),
    int(Qt.ItemDataRole.AccessibleTextRole): _spoken,
    RevisionRole.REVISION: lambda revision: revision,
    HistoryRole.WHEN: lambda revision: revision.created_at,
    HistoryRole.ICON: lambda revision: _REASONS.get(revision.reason, (_OTHER_ICON,))[0],
}
