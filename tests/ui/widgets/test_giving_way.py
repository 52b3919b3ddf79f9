"""Columns give way where a table is narrow and come back; what a person hid stays hidden."""

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.widgets.giving_way import GivingWay


def test_columns_go_and_come_with_the_room_there_is(qtbot: QtBot) -> None:
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(1, 4, table))
    giving = GivingWay(table, {1: 600, 2: 400, 3: 500})
    table.hideColumn(3)

    def hidden() -> list[int]:
        return [column for column in range(4) if table.isColumnHidden(column)]

    giving.make_room(500)
    assert hidden() == [1, 3]
    giving.make_room(100)
    assert hidden() == [1, 2, 3]
    giving.make_room(450)
    assert hidden() == [1, 3]
    giving.bring_back()
    assert hidden() == [3]
