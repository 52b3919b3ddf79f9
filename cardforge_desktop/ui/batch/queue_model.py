"""The rows of the batch table. Sorts and filters by itself: a proxy would ask Python 10,000 × 14 times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.ui.batch import state
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.events import Progress

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Display = Qt.ItemDataRole.DisplayRole


class Column(IntEnum):
    """Columns in their order."""

    STATE = 0
    SOURCE = 1
    PROFILE = 2
    ENGINE = 3
    PROGRESS = 4
    TOKENS = 5
    COST = 6


class Role(IntEnum):
    """What a delegate or a panel may ask for beside Qt's own roles.

    ITEM: the `ItemView` of the row. STATE: its `State`. FRACTION: 0..1 of a running item, else None.
    SORT: the value the column is sorted by.
    """

    ITEM = Qt.ItemDataRole.UserRole
    STATE = Qt.ItemDataRole.UserRole + 1
    FRACTION = Qt.ItemDataRole.UserRole + 2
    SORT = Qt.ItemDataRole.UserRole + 3


HEADERS = (
    QT_TRANSLATE_NOOP("Queue", "State"),
    QT_TRANSLATE_NOOP("Queue", "Source"),
    QT_TRANSLATE_NOOP("Queue", "Profile"),
    QT_TRANSLATE_NOOP("Queue", "Engine"),
    QT_TRANSLATE_NOOP("Queue", "Progress"),
    QT_TRANSLATE_NOOP("Queue", "Tokens"),
    QT_TRANSLATE_NOOP("Queue", "Cost"),
)
_RIGHT = (Column.TOKENS, Column.COST)
_SORT_KEYS: dict[Column, Callable[[ItemView], Any]] = {
    Column.STATE: lambda item: state.state_of(item).order,
    Column.SOURCE: lambda item: state.source_text(item).casefold(),
    Column.PROFILE: lambda item: item.profile.casefold(),
    Column.ENGINE: lambda item: item.engine.casefold(),
    Column.PROGRESS: lambda item: (state.state_of(item).order, item.card_name.casefold()),
    Column.TOKENS: lambda item: state.total_tokens(item)[0] or 0,
    Column.COST: lambda item: Decimal(0) if item.local else item.cost or item.estimate_cost or Decimal(0),
}


class QueueModel(QAbstractTableModel):
    """Items of the queue in the order of the queue, or sorted by a column. Lives on the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, ItemView] = {}
        self._rows: list[str] = []
        self._row_of: dict[str, int] = {}
        self._progress: dict[str, Progress] = {}
        self._needle = ""
        self._sorted: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    # What the panel asks

    def item(self, item_id: str) -> ItemView | None:
        """The item with this id."""
        return self._items.get(item_id)

    def items(self) -> Iterable[ItemView]:
        """All items, filtered out ones too."""
        return self._items.values()

    def row_of(self, item_id: str) -> int | None:
        """Row of an item; None when it is filtered out or unknown."""
        return self._row_of.get(item_id)

    def progress(self, item_id: str) -> Progress | None:
        """The newest progress of a running item."""
        return self._progress.get(item_id)

    # What the controller tells

    def replace(self, items: Sequence[ItemView]) -> None:
        """The whole queue as it is now, in its order; only what differs is announced."""
        fresh = {item.id: item for item in items}
        gone = self._items.keys() - fresh.keys()
        if len(gone) > 200 or not self._items:
            self._reset(fresh)
            return
        self.forget(gone)
        self.update([item for item in items if self._items.get(item.id) != item])
        self._items = fresh
        if self._sorted[0] < 0 and self._rows != self._in_order(self._rows):
            self.sort(*self._sorted)

    def forget(self, item_ids: Iterable[str]) -> None:
        """These items are no longer in the queue."""
        gone = [item_id for item_id in item_ids if item_id in self._items]
        rows = sorted(row for item_id in gone if (row := self._row_of.get(item_id)) is not None)
        for first, last in reversed(_runs(rows)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self._row_of = {item_id: row for row, item_id in enumerate(self._rows)}
            self.endRemoveRows()
        for item_id in gone:
            del self._items[item_id]
            self._progress.pop(item_id, None)

    def update(self, items: Iterable[ItemView]) -> None:
        """Some items as they are now; unknown ones are appended."""
        changed: list[int] = []
        added: list[str] = []
        for item in items:
            known = item.id in self._items
            self._items[item.id] = item
            if item.status != "processing":
                self._progress.pop(item.id, None)
            if not known:
                if self._shows(item):
                    added.append(item.id)
            elif (row := self._row_of.get(item.id)) is not None:
                changed.append(row)
        self._announce(sorted(changed), 0, len(Column) - 1)
        if added:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._rows.extend(added)
            self._row_of.update({item_id: first + at for at, item_id in enumerate(added)})
            self.endInsertRows()

    def move_on(self, progresses: Iterable[Progress]) -> None:
        """Running items moved on."""
        rows = set()
        for progress in progresses:
            self._progress[progress.item_id] = progress
            if (row := self._row_of.get(progress.item_id)) is not None:
                rows.add(row)
        self._announce(sorted(rows), Column.STATE, Column.PROGRESS)

    def narrow(self, needle: str) -> None:
        """Show only the rows whose source, card, profile, engine or state contains `needle`."""
        needle = needle.casefold().strip()
        if needle != self._needle:
            self._needle = needle
            self._reset(self._items)

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows that are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Seven."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Display) -> Any:
        """Names of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(HEADERS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return QCoreApplication.translate("Queue", HEADERS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = _Display) -> Any:  # noqa: PLR0911
        """Texts for the screen, for screen readers and for copying; values under `Role`."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        item = self._items[self._rows[index.row()]]
        column = Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(item, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(item, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                name = QCoreApplication.translate("Queue", HEADERS[column])
                return f"{name}: {self._text(item, column)}"
            case Qt.ItemDataRole.TextAlignmentRole if column in _RIGHT:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Role.ITEM:
                return item
            case Role.STATE:
                return state.state_of(item, self._progress.get(item.id))
            case Role.FRACTION:
                progress = self._progress.get(item.id)
                return progress.fraction if progress is not None and item.status == "processing" else None
            case Role.SORT:
                return _SORT_KEYS[column](item)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order of the queue. Selection and current row stay on their items."""
        self._sorted = (column, order)
        before = self.persistentIndexList()
        ids = [self._rows[index.row()] for index in before]
        self.layoutAboutToBeChanged.emit()
        self._rows = self._in_order(self._rows)
        self._row_of = {item_id: row for row, item_id in enumerate(self._rows)}
        after = [
            self.index(self._row_of[item_id], index.column())
            for item_id, index in zip(ids, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _text(self, item: ItemView, column: Column) -> str:  # noqa: PLR0911
        progress = self._progress.get(item.id)
        match column:
            case Column.STATE:
                return state.state_of(item, progress).text
            case Column.SOURCE:
                return state.source_text(item)
            case Column.PROFILE:
                return item.profile
            case Column.ENGINE:
                return item.engine
            case Column.PROGRESS:
                return state.progress_text(item, progress)
            case Column.TOKENS:
                return state.tokens_text(item)
            case Column.COST:
                return state.cost_text(item)

    def _tip(self, item: ItemView, column: Column) -> str:
        if column is Column.SOURCE and any(source.path for source in item.sources):
            paths = [str(source.path or source.name) for source in item.sources]
            lines = [*paths, *([state.source_text(item)] if item.target else [])]
            return "\n".join(lines)
        if column is Column.PROGRESS:
            lines = [state.progress_text(item, self._progress.get(item.id)), *item.warnings]
            return "\n".join(dict.fromkeys(lines))
        if column is Column.TOKENS and item.estimate_input is not None:
            from cardforge_desktop.ui import formatting

            shown = (item.input_tokens, item.output_tokens)
            if item.input_tokens is None:
                shown = (item.estimate_input, item.estimate_output)
            return (
                QCoreApplication.translate("Queue", "%1 in, %2 out")
                .replace("%1", formatting.tokens(shown[0]))
                .replace("%2", formatting.tokens(shown[1]))
            )
        return self._text(item, column)

    def _shows(self, item: ItemView) -> bool:
        if not self._needle:
            return True
        words = (
            item.source,
            item.target,
            item.card_name,
            item.profile,
            item.engine,
            state.state_of(item).text,
        )
        return any(self._needle in word.casefold() for word in words)

    def _in_order(self, ids: Iterable[str]) -> list[str]:
        column, order = self._sorted
        if column < 0:
            wanted = set(ids)
            return [item_id for item_id in self._items if item_id in wanted]
        key = _SORT_KEYS[Column(column)]
        backwards = order == Qt.SortOrder.DescendingOrder
        return sorted(ids, key=lambda item_id: key(self._items[item_id]), reverse=backwards)

    def _reset(self, items: dict[str, ItemView]) -> None:
        self.beginResetModel()
        self._items = dict(items)
        self._rows = self._in_order([item.id for item in items.values() if self._shows(item)])
        self._row_of = {item_id: row for row, item_id in enumerate(self._rows)}
        self._progress = {key: value for key, value in self._progress.items() if key in items}
        self.endResetModel()

    def _announce(self, rows: list[int], left: int, right: int) -> None:
        # One signal for all, also for rows between that did not change: a view paints the rows in sight once
        # anyway, while each further signal costs as much as painting some rows.
        if rows:
            self.dataChanged.emit(self.index(rows[0], left), self.index(rows[-1], right))


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers of a sorted list as (first, last) pairs."""
    if not rows:
        return []
    breaks = [at for at, (one, two) in enumerate(pairwise(rows), start=1) if two != one + 1]
    starts, ends = [0, *breaks], [*breaks, len(rows)]
    return [(rows[start], rows[end - 1]) for start, end in zip(starts, ends, strict=True)]
