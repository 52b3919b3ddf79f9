"""The entries that are shown: their numbers in order, and the lines of those that somebody looked at."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.books.model import EntryLine

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
# Made once: views ask for each cell they paint.
_FLAGS = (
    Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)
#: The `EntryLine` of a row; None while it is being read.
LINE = Qt.ItemDataRole.UserRole
#: Lines that are kept: some hundred screens.
_KEPT = 8_000


class Column(IntEnum):
    """The columns of the table."""

    NAME = 0
    CATEGORY = 1
    KEYS = 2
    TOKENS = 3
    ORDER = 4
    PRIORITY = 5
    STATE = 6
    EDITED = 7


HEADERS = {
    Column.NAME: QT_TRANSLATE_NOOP("Books", "Entry"),
    Column.CATEGORY: QT_TRANSLATE_NOOP("Books", "Category"),
    Column.KEYS: QT_TRANSLATE_NOOP("Books", "Keys"),
    Column.TOKENS: QT_TRANSLATE_NOOP("Books", "Tokens"),
    Column.ORDER: QT_TRANSLATE_NOOP("Books", "Order"),
    Column.PRIORITY: QT_TRANSLATE_NOOP("Books", "Priority"),
    Column.STATE: QT_TRANSLATE_NOOP("Books", "State"),
    Column.EDITED: QT_TRANSLATE_NOOP("Books", "Edited"),
}
NUMBERS = frozenset({Column.TOKENS, Column.ORDER, Column.PRIORITY})


def cell_text(line: EntryLine, column: int) -> str:
    """What a cell says."""
    told: dict[int, Callable[[], str]] = {
        Column.NAME: lambda: words.entry_name(line),
        Column.CATEGORY: lambda: line.category,
        Column.KEYS: lambda: words.keys_text(line),
        Column.TOKENS: lambda: formatting.number(line.tokens),
        Column.ORDER: lambda: words.plain_number(line.insertion_order),
        Column.PRIORITY: lambda: "" if line.priority is None else words.plain_number(line.priority),
        Column.STATE: lambda: words.state_text(line),
        Column.EDITED: lambda: formatting.ago(line.updated_at),
    }
    return told[column]()


class EntryModel(QAbstractTableModel):
    """Lives on the window's thread. 50,000 rows are 50,000 numbers; a line is read when a view asks for it.

    Signals:
        missing(): lines were asked for that are not there: `take_missing` tells which.
    """

    missing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers: array[int] = array("q")
        self._lines: dict[int, EntryLine] = {}
        self._wanted: dict[int, None] = {}
        self.typed = ""

    # What is there

    @property
    def numbers(self) -> array[int]:
        """The store's numbers of the entries, in their order. Not to be changed."""
        return self._numbers

    def line(self, row: int) -> EntryLine | None:
        """An entry; None while it is being read."""
        number = self._numbers[row]
        line = self._lines.get(number)
        if line is None and number not in self._wanted:
            self._wanted[number] = None
            self.missing.emit()
        return line

    def known(self, number: int) -> EntryLine | None:
        """The entry with this number, if it is at hand."""
        return self._lines.get(number)

    def row_of(self, number: int) -> int | None:
        """Where an entry stands."""
        try:
            return self._numbers.index(number)
        except ValueError:
            return None

    def spanned(self, runs: Iterable[tuple[int, int]]) -> QItemSelection:
        """Runs of whole rows, for a selection model without its flag `Rows`.

        Made of indexes that nobody checks: checked, and widened by that flag, thousands of runs take 0.1 s.
        """
        chosen, make, last_column = QItemSelection(), self.createIndex, len(Column) - 1
        for first, last in runs:
            chosen.append(QItemSelectionRange(make(first, 0), make(last, last_column)))
        return chosen

    def take_missing(self) -> list[int]:
        """Numbers of what was asked for; they will be brought by `bring`."""
        return list(self._wanted)

    # What comes

    def show_page(self, lines: Sequence[EntryLine], typed: str) -> None:
        """Other entries are shown, of which these are the first."""
        self.beginResetModel()
        self.typed = typed
        self._numbers = array("q", [line.number for line in lines])
        self._lines.clear()
        self._wanted.clear()
        self._keep(lines)
        self.endResetModel()

    def show_rest(self, numbers: array[int]) -> bool:
        """All that are shown, if the first ones are these already. False: they are others."""
        shown, total = len(self._numbers), len(numbers)
        if numbers[:shown] != self._numbers:
            return False
        if total > shown:
            self.beginInsertRows(_NOWHERE, shown, total - 1)
            self._numbers = numbers
            self.endInsertRows()
        return True

    def show_all(self, numbers: array[int], lines: Iterable[EntryLine]) -> None:
        """Entries came, went, moved or say something else; `lines` are as they are now."""
        if numbers == self._numbers:
            self._lines.clear()
            self._keep(lines)
            self._repaint(0, len(numbers) - 1)
            return
        self.beginResetModel()
        self._numbers = numbers
        self._lines.clear()
        self._wanted.clear()
        self._keep(lines)
        self.endResetModel()

    def bring(self, asked: Iterable[int], lines: Iterable[EntryLine]) -> None:
        """Lines that were asked for; what is not among them is gone from the store."""
        for number in asked:
            self._wanted.pop(number, None)
        self._keep(lines)
        self._repaint(0, len(self._numbers) - 1)

    def _keep(self, lines: Iterable[EntryLine]) -> None:
        if len(self._lines) > _KEPT:
            self._lines.clear()
        self._lines.update((line.number, line) for line in lines)

    def _repaint(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Entries."""
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Columns of the table; the grid shows the first."""
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Entries can be dragged."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for screen readers and for copying; the line under `LINE`."""
        if not index.isValid() or index.row() >= len(self._numbers):
            return None
        if role not in _ROLES:
            return None
        line = self.line(index.row())
        if role == LINE or line is None:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(line, index.column())
        told = words.entry_lines(line)
        return ", ".join(told) if role == Qt.ItemDataRole.AccessibleTextRole else "\n".join(told)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Names of the columns, over numbers at their right."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return QCoreApplication.translate("Books", HEADERS[Column(section)])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


_ROLES = frozenset(
    {LINE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}
)
