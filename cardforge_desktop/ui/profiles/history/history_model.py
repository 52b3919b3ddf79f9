"""The entries of a profile's history, for a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.profiles.history import words
from cardforge_desktop.ui.profiles.history.reading import Entry
from cardforge_desktop.ui.widgets.history_rows import HistoryRole

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)


class EntryRole(IntEnum):
    """What a row holds."""

    ENTRY = Qt.ItemDataRole.UserRole + 1  # an `Entry`


def _tip(entry: Entry) -> str:
    return "\n".join((words.title(entry), words.facts(entry), formatting.moment(entry.at)))


_VALUES: dict[int, Callable[[Entry], Any]] = {
    _DISPLAY: words.title,
    int(Qt.ItemDataRole.ToolTipRole): _tip,
    int(Qt.ItemDataRole.AccessibleTextRole): words.spoken,
    EntryRole.ENTRY: lambda entry: entry,
    HistoryRole.ICON: words.icon_of,
    HistoryRole.WHEN: lambda entry: entry.at,
    HistoryRole.FACTS: words.facts,
}


class HistoryModel(QAbstractListModel):
    """The newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return self._entries

    def replace(self, entries: Sequence[Entry]) -> None:
        """Another history; where it only grew at its top, the rest stays in its place."""
        found, before = tuple(entries), self._entries
        if found == before:
            return
        more = len(found) - len(before)
        if before and more > 0 and found[more:] == before:
            self.beginInsertRows(QModelIndex(), 0, more - 1)
            self._entries = found
            self.endInsertRows()
        else:
            self.beginResetModel()
            self._entries = found
            self.endResetModel()

    def row_of(self, key: str) -> int | None:
        """Row of an entry, None = it is not there."""
        return next((row for row, entry in enumerate(self._entries) if entry.key == key), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Entries."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """What the roles say."""
        if not index.isValid() or not 0 <= index.row() < len(self._entries) or role not in _VALUES:
            return None
        return _VALUES[role](self._entries[index.row()])
