"""Painting the head of a table costs the same however many rows are selected."""

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QTableView

from cardforge_desktop.ui.widgets.table_head import part_from_selection

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
