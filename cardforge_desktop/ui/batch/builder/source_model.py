"""The sources of a batch that is put together: a row for each card, of one source or of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cardforge_desktop.sources.merging import short_name
from cardforge_desktop.ui import formatting

if TYPE_CHECKING:
    from cardforge_desktop.batches.finding import NewSource

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole


class Column(IntEnum):
    """The columns."""

    SOURCE = 0
    TOKENS = 1


@dataclass(slots=True, eq=False)
class Entry:
    """One source.

    Attributes:
        tokens: of its text, None until it is read.
        error: why it can't be read, "" = nothing is wrong.
    """

    source: NewSource
    tokens: int | None = None
    exact: bool = True
    error: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_unread(self) -> bool:
        """Whether it is still to be read."""
        return self.tokens is None and not self.error


@dataclass(slots=True, eq=False)
class Row:
    """One card to make, of at least one source."""

    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """The sources in one short text."""
        return short_name([entry.source.name for entry in self.entries])

    @property
    def error(self) -> str:
        """What is wrong with the first source that can't be read, "" = nothing."""
        wrong = next((entry for entry in self.entries if entry.error), None)
        if wrong is None or len(self.entries) == 1:
            return "" if wrong is None else wrong.error
        return f"{wrong.source.name}: {wrong.error}"

    @property
    def tokens(self) -> int | None:
        """Of all its texts, None until all are read."""
        counts = [entry.tokens for entry in self.entries]
        return None if None in counts else sum(count or 0 for count in counts)

    @property
    def exact(self) -> bool:
        """Whether `tokens` is no estimate."""
        return all(entry.exact for entry in self.entries)


class SourceModel(QAbstractTableModel):
    """Rows in the order they will have in the batch.

    Signals:
        changed(): rows came, went, moved, or something became known of them.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._usable: list[tuple[NewSource, ...]] | None = None

    # What is there

    def rows(self) -> tuple[Row, ...]:
        """All of them."""
        return tuple(self._rows)

    def entries(self) -> Iterator[Entry]:
        """All sources."""
        return (entry for row in self._rows for entry in row.entries)

    def paths(self) -> set[Path]:
        """The files among the sources."""
        return {entry.source.path for entry in self.entries() if entry.source.path is not None}

    def usable(self) -> list[tuple[NewSource, ...]]:
        """The sources of each card that nothing is known to be wrong with, found once after a change."""
        if self._usable is None:
            self._usable = [
                tuple(entry.source for entry in row.entries) for row in self._rows if not row.error
            ]
        return self._usable

    # What the person does

    def append(self, entries: Sequence[Entry]) -> None:
        """A row for each source, at the end."""
        if not entries:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(entries) - 1)
        self._rows += [Row((entry,)) for entry in entries]
        self.endInsertRows()
        self._tell_all()

    def remove(self, places: Sequence[int]) -> None:
        """Take rows away."""
        self._arrange([row for at, row in enumerate(self._rows) if at not in set(places)])

    def merge(self, places: Sequence[int]) -> None:
        """Make one row of several, where the first of them stands."""
        chosen = sorted(set(places))
        if len(chosen) < 2:
            return
        merged = Row(tuple(entry for at in chosen for entry in self._rows[at].entries))
        rest = [row for at, row in enumerate(self._rows) if at not in chosen]
        self._arrange([*rest[: chosen[0]], merged, *rest[chosen[0] :]])

    def split(self, places: Sequence[int]) -> None:
        """Make a row of each source again."""
        rows: list[Row] = []
        for at, row in enumerate(self._rows):
            rows += [Row((entry,)) for entry in row.entries] if at in set(places) else [row]
        self._arrange(rows)

    def move(self, places: Sequence[int], step: int) -> list[int]:
        """Move rows up (-1) or down (1) by one place; returns where they are then."""
        chosen = sorted(set(places), reverse=step > 0)
        rows, taken = list(self._rows), set[int]()
        after: list[int] = []
        for at in chosen:
            to = at + step
            if not 0 <= to < len(rows) or to in taken:
                to = at  # at the edge, or behind another one that could not move
            else:
                rows[at], rows[to] = rows[to], rows[at]
            taken.add(to)
            after.append(to)
        self._arrange(rows)
        return sorted(after)

    def tell(self) -> None:
        """Something became known of entries."""
        if self._rows:
            end = self.index(len(self._rows) - 1, len(Column) - 1)
            self.dataChanged.emit(self.index(0, 0), end)
        self._tell_all()

    def _tell_all(self) -> None:
        self._usable = None
        self.changed.emit()

    def _arrange(self, rows: list[Row]) -> None:
        if len(rows) == len(self._rows):
            self.layoutAboutToBeChanged.emit()
            self._rows = rows
            self.layoutChanged.emit()
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        self._tell_all()

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        """Number of cards."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Source and tokens."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.tr("Source") if section == Column.SOURCE else self.tr("Tokens")
            if role == Qt.ItemDataRole.TextAlignmentRole:
                numbers = section == Column.TOKENS
                side = Qt.AlignmentFlag.AlignRight if numbers else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell."""
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.name if index.column() == Column.SOURCE else self._tokens(row)
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(self._about(row))
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return row.error or self.below(row)
            case _:
                return row if role == ROW else None

    def below(self, row: Row) -> str:
        """The second line of a row: what it is made of, or where it is."""
        if len(row.entries) > 1:
            names = ", ".join(entry.source.name for entry in row.entries)
            return self.tr("One card of %1").replace("%1", names, 1)
        path = row.entries[0].source.path
        return self.tr("Pasted text") if path is None else str(path.parent)

    def _tokens(self, row: Row) -> str:
        if row.error:
            return "—"
        return "…" if row.tokens is None else formatting.tokens(row.tokens, estimate=not row.exact)

    @staticmethod
    def _about(row: Row) -> Iterator[str]:
        for entry in row.entries:
            yield str(entry.source.path or entry.source.name)
            if entry.error:
                yield f"  {entry.error}"
            yield from (f"  {warning}" for warning in entry.warnings)
