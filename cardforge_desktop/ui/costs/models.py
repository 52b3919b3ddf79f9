"""The rows of the costs panel's tables, and the order a person gives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.costs import words
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.ui.costs.figures import Line, Table
    from cardforge_desktop.ui.costs.series import Day, Days

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Display = Qt.ItemDataRole.DisplayRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
#: Whether a row leads somewhere.
LINK = Qt.ItemDataRole.UserRole + 1

_LONGEST_HEAD = 24
_NAMES = {
    "model": QT_TRANSLATE_NOOP("Costs", "Model"),
    "profile": QT_TRANSLATE_NOOP("Costs", "Profile"),
    "batch": QT_TRANSLATE_NOOP("Costs", "Batch"),
    "engine": QT_TRANSLATE_NOOP("Costs", "Engine"),
    "card": QT_TRANSLATE_NOOP("Costs", "Card"),
}
_NONE = {
    "profile": QT_TRANSLATE_NOOP("Costs", "Without a profile"),
    "batch": QT_TRANSLATE_NOOP("Costs", "Outside of batches"),
}
_GONE = {
    "profile": QT_TRANSLATE_NOOP("Costs", "Deleted profile"),
    "batch": QT_TRANSLATE_NOOP("Costs", "Deleted batch"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, the text of a row in it, and what the rows are sorted by.

    Attributes:
        number: stands at the right, and is sorted from the most down first.
        tip: says more than the text.
    """

    head: str
    text: Callable[[Any], str]
    order: Callable[[Any], Any]
    number: bool = True
    tip: Callable[[Any], str] | None = None


class Rows(QAbstractTableModel):
    """Rows of any kind in columns; keeps the person's order when the rows come anew."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._given: Sequence[Any] = ()
        self.rows: list[Any] = []
        self.sorted_by = -1
        self.direction = Qt.SortOrder.DescendingOrder

    def show_rows(self, columns: tuple[Column, ...], rows: Sequence[Any]) -> None:
        """Other rows. Those of the same things in the same order are changed where they stand."""
        heads = [column.head for column in columns]
        same = heads == [column.head for column in self._columns]
        ordered = self._ordered(columns, rows)
        if same and [self.key(row) for row in ordered] == [self.key(row) for row in self.rows]:
            self._columns, self._given, self.rows = columns, rows, ordered
            if ordered:
                self.dataChanged.emit(self.index(0, 0), self.index(len(ordered) - 1, len(columns) - 1))
            return
        self.beginResetModel()
        self._columns, self._given, self.rows = columns, rows, ordered
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """As the person wishes; -1 = as they came."""
        self.beginResetModel()
        self.sorted_by, self.direction = column, order
        self.rows = self._ordered(self._columns, self._given)
        self.endResetModel()

    def is_number(self, column: int) -> bool:
        """Whether a column is of numbers."""
        return 0 <= column < len(self._columns) and self._columns[column].number

    def head(self, column: int) -> str:
        """The whole name of a column."""
        return self._columns[column].head

    def key(self, row: Any) -> object:
        """What a row is about."""
        return row

    def leads_to(self, row: int) -> str:
        """Id of what a row opens, "" = nothing."""
        del row
        return ""

    def row_text(self, row: int) -> str:
        """For the clipboard: the cells with tabs between."""
        return "\t".join(column.text(self.rows[row]) for column in self._columns)

    def head_text(self) -> str:
        """As `row_text`, of the heads."""
        return "\t".join(column.head for column in self._columns)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Display) -> Any:
        """Names of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == _Display:
            return column.head if len(column.head) <= _LONGEST_HEAD else _shortened(column.head)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.head
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.number else _LEFT
        return None

    def data(self, index: Index, role: int = _Display) -> Any:
        """Texts for the screen."""
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        column = self._columns[index.column()]
        if role == _Display:
            return column.text(self.rows[index.row()])
        if role == Qt.ItemDataRole.ToolTipRole and (column.tip or not column.number):
            return (column.tip or column.text)(self.rows[index.row()])
        if role == Qt.ItemDataRole.TextAlignmentRole and column.number:
            return _RIGHT
        if role == LINK:
            return index.column() == 0 and bool(self.leads_to(index.row()))
        return None

    def _ordered(self, columns: tuple[Column, ...], rows: Sequence[Any]) -> list[Any]:
        if not 0 <= self.sorted_by < len(columns):
            return list(rows)
        is_down = self.direction == Qt.SortOrder.DescendingOrder
        return sorted(rows, key=columns[self.sorted_by].order, reverse=is_down)


class LineRows(Rows):
    """Models, profiles, batches, engines or cards with what they took."""

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._shown = self._make_columns()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """All of them as they are now."""
        self.show_rows(self._shown, lines)

    def key(self, row: Line) -> object:
        """Two engines may have a model of the same name."""
        return row.same

    def leads_to(self, row: int) -> str:
        """The batch or the card."""
        line: Line = self.rows[row]
        return line.key

    def name_of(self, line: Line) -> str:
        """What a row is called."""
        if line.name:
            return translate("Costs", "%1 (deleted)").replace("%1", line.name) if line.gone else line.name
        return translate("Costs", (_GONE if line.gone else _NONE).get(self._table, ""))

    def _make_columns(self) -> tuple[Column, ...]:
        def number(head: str, of: Callable[[Line], int]) -> Column:
            return Column(head, lambda line: formatting.number(of(line)), of)

        place = {
            "model": translate("Costs", "Engine"),
            "card": translate("Costs", "Batch"),
        }.get(self._table)
        head = translate("Costs", _NAMES[self._table])
        name = Column(head, self.name_of, lambda line: line.order, number=False)
        beside = Column(place or "", _place, lambda line: line.place.casefold(), number=False)
        cost = Column(
            translate("Costs", "Cost"),
            lambda line: words.cost_text(line.spending, free=line.free),
            lambda line: (line.spending.cost, line.spending.unknown_calls, not line.free),
            tip=lambda line: words.exact_cost(line.spending, free=line.free),
        )
        return (
            name,
            *((beside,) if place else ()),
            number(translate("Costs", "Calls"), lambda line: line.spending.calls),
            number(translate("Costs", "Tokens in"), lambda line: line.spending.input_tokens),
            number(translate("Costs", "Tokens out"), lambda line: line.spending.output_tokens),
            cost,
        )


class DayRows(Rows):
    """The numbers of the chart: a row for each day, a column for each of its pieces."""

    def show_days(self, days: Days) -> None:
        """Those days on which there were calls."""
        self.show_rows(_day_columns(days), [day for day in days.days if day.calls])

    def key(self, row: Day) -> object:
        """The day."""
        return row.day


def _shortened(text: str) -> str:
    """Qt shortens a head, but not by the room that the stylesheet leaves it."""
    half = _LONGEST_HEAD // 2
    return f"{text[:half]}…{text[-half + 1 :]}"


def _place(line: Line) -> str:
    return line.place


def _day_columns(days: Days) -> tuple[Column, ...]:
    names = [*days.series, *([other_models(days.others)] if days.others else [])]

    def piece(at: int, name: str) -> Column:
        def text(day: Day) -> str:
            return words.amount_text(day.amounts[at], days.measure, 1, 0) if day.amounts[at] else "–"

        return Column(name, text, lambda day: day.amounts[at])

    def total(day: Day) -> str:
        return words.amount_text(day.total, days.measure, day.calls, day.unknown)

    tokens = days.measure == "tokens"
    return (
        Column(
            translate("Costs", "Day"), lambda day: words.short_day(day.day), lambda day: day.day, number=False
        ),
        Column(translate("Costs", "Calls"), lambda day: formatting.number(day.calls), lambda day: day.calls),
        *(piece(at, name) for at, name in enumerate(names)),
        Column(
            translate("Costs", "Tokens") if tokens else translate("Costs", "Cost"),
            total,
            lambda day: (day.total, day.unknown),
        ),
    )


def other_models(count: int) -> str:
    """What the last piece of a day is called."""
    return translate("Costs", "%Ln other model(s)", None, count)
