"""The rows of the batch table. Sorts and filters by itself: a proxy would ask Python 10,000 × 14 times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Slot,
)

from cardforge_desktop.batches.model import BatchSummary, ItemStatus, ItemView
from cardforge_desktop.ui.batch import columns, state
from cardforge_desktop.ui.batch.columns import RIGHT, SORT_KEYS, Column, Role
from cardforge_desktop.ui.batch.row_changes import RowChanges, put_in
from cardforge_desktop.ui.batch.sieve import Filter, Sieve
from cardforge_desktop.ui.batch.sorting import Sorting
from cardforge_desktop.ui.batch.state import Group
from cardforge_desktop.ui.batch.tally import NEW, Tally
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.panel import OWN_DRAG

if TYPE_CHECKING:
    from cardforge_desktop.events import Progress

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Display = Qt.ItemDataRole.DisplayRole
#: Made once: a view asks about each cell it paints.
_COLUMNS = tuple(Column)
_Flag = Qt.ItemFlag
_OF_ROW = _Flag.ItemIsSelectable | _Flag.ItemIsEnabled | _Flag.ItemIsDragEnabled | _Flag.ItemNeverHasChildren
#: Sorted rows take their new places so long after they changed: rows that jump at once can't be read.
_SETTLE_MS = 700


class QueueModel(QAbstractTableModel):
    """Items of the queue in the order of the queue, or sorted by a column. Lives on the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, ItemView] = {}
        self._place: dict[str, int] = {}
        self._rows: list[str] = []
        self._row_of: dict[str, int] = {}
        self._progress: dict[str, Progress] = {}
        self._tally = Tally()
        self._sieve = Sieve(self._tally)
        self._sorting = Sorting(self, lambda: self._items, self._key)
        self._sorting.ready.connect(self._arrange)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._settle_rows)

    # What the panel asks

    @property
    def filter(self) -> Filter:
        """Which rows are shown."""
        return self._sieve.filter

    def item(self, item_id: str) -> ItemView | None:
        """The item with this id."""
        return self._items.get(item_id)

    def item_at(self, row: int) -> ItemView:
        """The item of a row that is shown."""
        return self._items[self._rows[row]]

    def items(self) -> Iterable[ItemView]:
        """All items, filtered out ones too."""
        return self._items.values()

    @property
    def last(self) -> ItemView | None:
        """The last item of the queue."""
        return next(reversed(self._items.values()), None)

    def snapshot(self) -> dict[str, ItemView]:
        """The items by id in their order, to be compared on another thread."""
        return dict(self._items)

    def row_of(self, item_id: str) -> int | None:
        """Row of an item; None when it is filtered out or unknown."""
        return self._row_of.get(item_id)

    def progress(self, item_id: str) -> Progress | None:
        """The newest progress of a running item."""
        return self._progress.get(item_id)

    def is_paused(self, item: ItemView) -> bool:
        """Whether the batch of an item is paused."""
        return self._tally.is_paused(item)

    def pace(self, batch: str) -> float | None:
        """Tokens a second of the running items of a batch together, None = not known."""
        found = [
            pace
            for item_id, progress in self._progress.items()
            if self._items[item_id].batch_id == batch
            if (pace := progress.tokens_per_second)
        ]
        return sum(found) if found else None

    def count(self, group: Group = Group.ALL, batch: str = "") -> int:
        """How many items are in a group, of one batch, of `NEW` ones or of all."""
        return self._tally.count(group, batch)

    def running(self) -> Iterator[ItemView]:
        """The running items of what is chosen at the left."""
        if not self.count(Group.RUNNING, self.filter.batch):
            return iter(())
        found = self._items.values()
        return (
            item
            for item in found
            if item.status is ItemStatus.PROCESSING and self.filter.batch in ("", item.batch_id)
        )

    def items_of(self, batch: str, group: Group = Group.ALL) -> list[ItemView]:
        """The items of a batch, of `NEW` or of all (""), in one group."""
        tally = self._tally
        return [item for item in self._items.values() if tally.holds(item, group, batch)]

    @property
    def is_sorted(self) -> bool:
        """Whether a column is sorted by; else the rows are in the order in which they run."""
        return self._sorting.is_on

    # What the controller tells

    def replace(self, items: Sequence[ItemView]) -> None:
        """The whole queue as it is now, in its order; only what differs is announced."""
        fresh = {item.id: item for item in items}
        gone = self._items.keys() - fresh.keys()
        changed = [item for item in items if self._items.get(item.id) != item]
        if not self._items or len(gone) > 200:
            for item in [self._items[item_id] for item_id in gone]:
                self._drop(item)
            for item in items:
                self._take(item)
            self._items = fresh
            self._place = {item_id: at for at, item_id in enumerate(fresh)}
            self._reset()
            return
        self.forget(gone)
        self.update(changed)
        self.reorder(list(fresh))

    def forget(self, item_ids: Iterable[str]) -> None:
        """These items are no longer in the queue."""
        gone = [item for item_id in item_ids if (item := self._items.get(item_id)) is not None]
        self._change_rows({item.id for item in gone if item.id in self._row_of}, [])
        for item in gone:
            self._drop(item)

    def update(self, items: Iterable[ItemView]) -> None:
        """Some items as they are now; unknown ones are appended."""
        changed, leaving, entering = [], set(), []
        for item in items:
            self._take(item)
            row, shows = self._row_of.get(item.id), self._shows(item)
            if row is None and shows:
                entering.append(item.id)
            elif row is not None and shows:
                changed.append(row)
            elif row is not None:
                leaving.add(item.id)
        self._announce(changed, Column.STATE, Column.COST)
        self._change_rows(leaving, entering)

    def reorder(self, item_ids: Sequence[str]) -> None:
        """All items in the order in which they are to stand."""
        self._items = {item_id: self._items[item_id] for item_id in item_ids}
        self._place = {item_id: at for at, item_id in enumerate(self._items)}
        if not self.is_sorted and self._rows != self._in_order(self._rows):
            self._arrange()

    def move_on(self, progresses: Iterable[Progress]) -> None:
        """Running items moved on."""
        rows = []
        for progress in progresses:
            if progress.item_id not in self._items:
                continue
            self._progress[progress.item_id] = progress
            if (row := self._row_of.get(progress.item_id)) is not None:
                rows.append(row)
        self._announce(rows, Column.STATE, Column.COST)

    def set_batches(self, batches: Iterable[BatchSummary]) -> None:
        """Names of the batches, and which of them are paused."""
        before = self._tally.names.keys()
        touched = self._tally.set_batches(batches)
        if touched is None:
            return
        for item in self._items.values() if touched else ():
            if item.batch_id in touched:
                self._tally.put(item, item)
                self._forget_key(item.id)
        others = self.filter.batch == NEW and self._tally.names.keys() != before
        if others or (touched and (self.filter.group is not Group.ALL or self.filter.needle)):
            self._reset()
        elif self._rows:
            self._announce([0, len(self._rows) - 1], Column.STATE, Column.PROGRESS)

    def narrow(self, needle: str) -> None:
        """Show only the rows whose source, card, profile, engine or state contains `needle`."""
        self.show_only(Filter(self.filter.batch, self.filter.group, needle.casefold().strip()))

    def show_only(self, wanted: Filter) -> None:
        """Show only these rows."""
        if wanted != self.filter:
            self._sieve.choose(wanted)
            self._reset()

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows that are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Always the same."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Display) -> Any:
        """Names of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return columns.head(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = _Display) -> Any:  # noqa: PLR0911
        """Texts for the screen, for screen readers and for copying; values under `Role`."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        item = self._items[self._rows[index.row()]]
        column = _COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(item, column)
            case Qt.ItemDataRole.ToolTipRole:
                tip = columns.tip(item, column, self.state(item), self._progress.get(item.id))
                return tip or self._text(item, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{columns.head(column)}: {self._text(item, column)}"
            case Qt.ItemDataRole.TextAlignmentRole if column in RIGHT:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Role.ITEM:
                return item
            case Role.STATE:
                return self.state(item)
            case Role.FRACTION:
                return self._fraction(item)
            case Role.SORT:
                return self._key(item, column)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be dragged, and dropped between others."""
        return _OF_ROW if index.isValid() else _Flag.ItemIsDropEnabled

    def mimeTypes(self) -> list[str]:
        """A mark only, for this window alone: the table knows what is selected."""
        return [OWN_DRAG]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: ARG002
        """As `mimeTypes`."""
        data = QMimeData()
        data.setData(OWN_DRAG, b"")
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows are moved."""
        return Qt.DropAction.MoveAction

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, of thousands of rows a moment later; -1 is the order of the queue."""
        self._sorting.choose(column, order)

    @Slot()
    def _arrange(self) -> None:
        """Put the rows in their order. Selection and current row stay on their items."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()  # a selection makes some of its own when it hears that
        ids = [self._rows[index.row()] for index in before]
        self._set_rows(self._in_order(self._rows))
        after = [
            self.index(self._row_of[item_id], index.column())
            for item_id, index in zip(ids, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def state(self, item: ItemView) -> state.State:
        """The state that is shown of an item."""
        return state.state_of(item, self._progress.get(item.id), paused=self.is_paused(item))

    # Inside

    def _fraction(self, item: ItemView) -> float | None:
        progress = self._progress.get(item.id)
        return progress.fraction if progress is not None and item.status == "processing" else None

    def _text(self, item: ItemView, column: Column) -> str:
        if column is Column.BATCH:
            return self._tally.names.get(item.batch_id) or translate("Queue", "New")
        return columns.text(item, column, self.state(item), self._progress.get(item.id))

    def _take(self, item: ItemView) -> None:
        before = self._items.get(item.id)
        if before is None:
            self._place[item.id] = next(reversed(self._place.values()), -1) + 1
        self._items[item.id] = item
        self._sieve.put(item)
        self._tally.put(item, before)
        if item.status != "processing":
            self._progress.pop(item.id, None)
        self._forget_key(item.id)

    def _forget_key(self, item_id: str) -> None:
        if self._sorting.forget(item_id) and not self._settle.isActive():
            self._settle.start()

    def _drop(self, item: ItemView) -> None:
        self._tally.drop(item)
        self._sieve.drop(item.id)
        self._sorting.forget(item.id)
        for known in (self._items, self._place, self._progress):
            known.pop(item.id, None)

    def _shows(self, item: ItemView) -> bool:
        return self._sieve.passes(item, self.state)

    def _key(self, item: ItemView, column: Column) -> Any:
        if column is Column.BATCH:
            return self._text(item, column).casefold()
        return self.state(item).order if column is Column.STATE else SORT_KEYS[column](item)

    def _in_order(self, ids: Iterable[str]) -> list[str]:
        return self._sorting.sorted(ids) if self.is_sorted else sorted(ids, key=self._place.__getitem__)

    @Slot()
    def _settle_rows(self) -> None:
        if self.is_sorted and self._rows != self._in_order(self._rows):
            self._arrange()

    def _set_rows(self, rows: list[str]) -> None:
        self._rows = rows
        self._row_of = {item_id: row for row, item_id in enumerate(rows)}

    def _reset(self) -> None:
        self.beginResetModel()
        shown = self._sieve.sift(self._items.values(), self.state)
        self._set_rows(self._in_order(shown) if self.is_sorted else shown)
        self._progress = {key: value for key, value in self._progress.items() if key in self._items}
        self.endResetModel()

    def _change_rows(self, leaving: set[str], entering: list[str]) -> None:
        """Take some rows out and put others in; sorted ones find their place when the table settles."""
        if not leaving and not entering:
            return
        after = [item_id for item_id in self._rows if item_id not in leaving]
        if self.is_sorted:
            after += entering
            self._settle.start()
        else:
            put_in(after, entering, self._place)
        changes = RowChanges(self._rows, after, leaving, set(entering))
        if changes.too_many:
            self.beginResetModel()
            self._set_rows(after)
            self.endResetModel()
            return
        for first, last in reversed(changes.removed):
            self.beginRemoveRows(_NOWHERE, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        for first, last in changes.inserted:
            self.beginInsertRows(_NOWHERE, first, last)
            self._rows[first:first] = after[first : last + 1]
            self.endInsertRows()
        self._set_rows(after)

    def _announce(self, rows: list[int], left: int, right: int) -> None:
        # One signal for all, also for rows between that did not change: a view paints the rows in sight once
        # anyway, while each further signal costs as much as painting some rows.
        if rows:
            self.dataChanged.emit(self.index(min(rows), left), self.index(max(rows), right))
