"""Rows sorted by a column: what each is sorted by is worked out once, and of thousands bit by bit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.ui.batch.columns import Column

#: So many keys are worked out before the window may do something else: 1 ms.
_AT_ONCE = 500
_BETWEEN_MS = 3


class Sorting(QObject):
    """Keeps the keys of the column that is sorted by. Lives on the window's thread.

    Signals:
        ready(): the keys of all rows are there; sort them.
    """

    ready = Signal()

    def __init__(
        self,
        parent: QObject,
        items: Callable[[], Mapping[str, ItemView]],
        key: Callable[[ItemView, Column], Any],
    ) -> None:
        super().__init__(parent)
        self._items, self._key = items, key
        self._keys: dict[str, Any] = {}
        self._missing: list[str] = []
        self.column = -1
        self._descending = False
        self._timer = QTimer(self, interval=_BETWEEN_MS)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_on(self) -> bool:
        """Whether a column is sorted by."""
        return self.column >= 0

    def choose(self, column: int, order: Qt.SortOrder) -> None:
        """Sort by a column, -1 = none; `ready` comes at once unless there are many rows."""
        if column != self.column:
            self._keys.clear()
        self.column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self._missing = [each for each in self._items() if each not in self._keys] if self.is_on else []
        self._go_on()
        if self._missing:
            self._timer.start()

    def forget(self, item_id: str) -> bool:
        """An item changed or is gone; whether its key was known."""
        return self._keys.pop(item_id, None) is not None

    def sorted(self, ids: Iterable[str]) -> list[str]:
        """These ids in their order."""
        wanted, keys = list(ids), self._keys
        self._work_out([item_id for item_id in wanted if item_id not in keys])
        return sorted(wanted, key=keys.__getitem__, reverse=self._descending)

    @Slot()
    def _go_on(self) -> None:
        some, self._missing = self._missing[:_AT_ONCE], self._missing[_AT_ONCE:]
        self._work_out(some)
        if not self._missing:
            self._timer.stop()
            self.ready.emit()

    def _work_out(self, ids: list[str]) -> None:
        items = self._items()
        for item_id in ids:
            item = items.get(item_id)
            if item is not None:
                self._keys[item_id] = self._key(item, Column(self.column))
