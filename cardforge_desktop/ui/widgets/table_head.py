"""The head of a table with thousands of rows."""

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView


def part_from_selection(table: QTableView) -> None:
    """Let the head not follow the selected rows; to be called when the table has its selection model.

    To paint itself it would ask whether whole columns are selected: for that Qt asks the model about each
    selected row, which takes 140 ms of Python for 5,000 rows.
    """
    head = table.horizontalHeader()
    head.setSelectionModel(QItemSelectionModel(table.model(), head))


def dress_heads(table: QTableView, row_height: int) -> None:
    """Rows of one height, and columns to sort by, to move and to resize."""
    rows = table.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(row_height)
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setSectionsMovable(True)
    head.setSectionsClickable(True)
    head.setMinimumSectionSize(56)
    head.setSortIndicatorShown(True)
    head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)


def fill_up(table: QTableView, column: int, least: int) -> None:
    """Give a column what the others leave; other than Qt's own stretching, never less than it needs."""
    columns = range(table.model().columnCount())
    others = sum(table.columnWidth(each) for each in columns if each != column)
    table.setColumnWidth(column, max(least, table.viewport().width() - others))


def columns_menu(table: QTableView, always: int) -> QMenu:
    """The menu that hides and shows columns; the column `always` is there always. It deletes itself."""
    menu = QMenu(table)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for column in range(table.model().columnCount()):
        if column == always:
            continue
        action = QAction(str(table.model().headerData(column, Qt.Orientation.Horizontal)), menu)
        action.setCheckable(True)
        action.setChecked(not table.isColumnHidden(column))
        action.toggled.connect(lambda on, column=column: table.setColumnHidden(column, not on))
        menu.addAction(action)
    return menu
