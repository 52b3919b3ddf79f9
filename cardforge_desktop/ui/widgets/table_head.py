"""The head of a table with thousands of rows."""

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QTableView


def part_from_selection(table: QTableView) -> None:
    """Let the head not follow the selected rows; to be called when the table has its selection model.

    To paint itself it would ask whether whole columns are selected: for that Qt asks the model about each
    selected row, which takes 140 ms of Python for 5,000 rows.
    """
    head = table.horizontalHeader()
    head.setSelectionModel(QItemSelectionModel(table.model(), head))
