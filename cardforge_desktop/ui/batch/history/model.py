"""The entries of the list of batches: all of them, what is new, then each batch, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cardforge_desktop.batches.model import BatchSummary
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.history import words
from cardforge_desktop.ui.batch.tally import NEW
from cardforge_desktop.ui.formatting import translate

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Display = Qt.ItemDataRole.DisplayRole


class Entry(IntEnum):
    """What a delegate or a panel may ask for beside Qt's own roles.

    KEY: id of the batch, `NEW`, or "" for all. BATCH: its `BatchSummary`, None for the others.
    COUNT: rows of an entry that is no batch.
    """

    KEY = Qt.ItemDataRole.UserRole
    BATCH = Qt.ItemDataRole.UserRole + 1
    COUNT = Qt.ItemDataRole.UserRole + 2


class HistoryModel(QAbstractListModel):
    """Lives on the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._batches: dict[str, BatchSummary] = {}
        self._shown: Sequence[BatchSummary] = ()
        self._keys: list[str] = [""]
        self._counts = {"": 0, NEW: 0}

    def show_batches(self, batches: Sequence[BatchSummary], rows: int, new: int) -> None:
        """The batches as they are now, how many rows there are in all, and how many were never started."""
        if batches is self._shown and self._counts == {"": rows, NEW: new}:
            return
        self._shown = batches
        keys = ["", *([NEW] if new else []), *(batch.id for batch in batches)]
        before, self._batches = self._batches, {batch.id: batch for batch in batches}
        counts, self._counts = self._counts, {"": rows, NEW: new}
        if keys == self._keys:
            changed = [
                at
                for at, key in enumerate(keys)
                if before.get(key) is not self._batches.get(key) or counts.get(key) != self._counts.get(key)
            ]
            for at in changed:
                self.dataChanged.emit(self.index(at), self.index(at))
            return
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        ids = [self._keys[index.row()] for index in kept]
        self._keys = keys
        places = {key: at for at, key in enumerate(keys)}
        after = [self.index(places[key]) if key in places else QModelIndex() for key in ids]
        self.changePersistentIndexList(kept, after)
        self.layoutChanged.emit()

    def tick(self) -> None:
        """Times are others now."""
        self.dataChanged.emit(self.index(0), self.index(len(self._keys) - 1))

    def row_of(self, key: str) -> int | None:
        """Where an entry stands."""
        return self._keys.index(key) if key in self._keys else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Entries."""
        return 0 if parent.isValid() else len(self._keys)

    def data(self, index: Index, role: int = _Display) -> Any:  # noqa: PLR0911
        """Texts for the screen and for screen readers; values under `Entry`."""
        if not index.isValid() or index.row() >= len(self._keys):
            return None
        key = self._keys[index.row()]
        batch = self._batches.get(key)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._name(key, batch)
            case Qt.ItemDataRole.AccessibleTextRole if batch is not None:
                return words.tip_text(batch).replace("\n", ", ")
            case Qt.ItemDataRole.AccessibleTextRole:
                count = translate("Batches", "%n row(s)", None, self._counts[key])
                return f"{self._name(key, batch)}, {count}"
            case Qt.ItemDataRole.ToolTipRole if batch is not None:
                return words.tip_text(batch)
            case Entry.KEY:
                return key
            case Entry.BATCH:
                return batch
            case Entry.COUNT:
                return formatting.number(self._counts.get(key, 0))
        return None

    def _name(self, key: str, batch: BatchSummary | None) -> str:
        if batch is not None:
            return batch.name
        return translate("Batches", "New") if key == NEW else translate("Batches", "All batches")
