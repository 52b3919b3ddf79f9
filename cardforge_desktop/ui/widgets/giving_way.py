"""Columns of a table that give way to the others where room is scarce."""

from collections.abc import Mapping

from PySide6.QtWidgets import QTableView


class GivingWay:
    """Hides columns below some widths of their table and shows them again above; what a person hid stays so.

    Args:
        needed: for each such column, the width of the table from which on there is room for it.
    """

    def __init__(self, table: QTableView, needed: Mapping[int, int]) -> None:
        self._table, self._needed = table, needed
        self._hidden: set[int] = set()

    def make_room(self, width: int) -> None:
        """The table is `width` pixels wide."""
        for column, needed in self._needed.items():
            if width < needed and column not in self._hidden and not self._table.isColumnHidden(column):
                self._hidden.add(column)
                self._table.hideColumn(column)
            elif width >= needed and column in self._hidden:
                self._hidden.remove(column)
                self._table.showColumn(column)

    def bring_back(self) -> None:
        """Show all that gave way, as when the columns' state is to be kept."""
        self.make_room(max(self._needed.values()))
