"""Painting the head of a table costs the same however many rows are selected."""

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QTableView

from cardforge_desktop.ui.widgets.table_head import columns_menu, part_from_selection

ROWS = 500


class Asked(QStandardItemModel):
    """Counts what Qt asks about single cells."""

    flags_asked = 0

    def flags(self, index):
        self.flags_asked += 1
        return super().flags(index)


def test_the_head_asks_nothing_about_selected_rows(qtbot):
    table, model = QTableView(), Asked(ROWS, 3)
    qtbot.addWidget(table)
    table.setModel(model)
    part_from_selection(table)
    table.selectAll()
    model.flags_asked = 0
    table.horizontalHeader().grab()
    assert model.flags_asked == 0
    assert len(table.selectionModel().selectedRows()) == ROWS


def test_columns_are_hidden_and_shown_again_but_for_one(qtbot):
    table, model = QTableView(), QStandardItemModel(1, 3)
    qtbot.addWidget(table)
    model.setHorizontalHeaderLabels(["Name", "Keys", "Order"])
    table.setModel(model)
    table.hideColumn(2)
    menu = columns_menu(table, always=0)
    keys, order = menu.actions()
    assert [(each.text(), each.isChecked()) for each in (keys, order)] == [("Keys", True), ("Order", False)]
    keys.trigger()
    order.trigger()
    assert [table.isColumnHidden(column) for column in range(3)] == [False, True, False]
