"""The field above a list: how one gets from it into the list, or answers the dialog it stands in."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.search_field import SearchField


def test_keys_lead_on_clear_and_answer(qapp: QApplication, qtbot: QtBot) -> None:
    dialog, entered = QDialog(), list[int]()
    qtbot.addWidget(dialog)
    field, yes = SearchField(Icons(Theme(qapp, "light")), "Search books"), QPushButton("Move")
    layout = QVBoxLayout(dialog)
    layout.addWidget(field)
    layout.addWidget(yes)
    yes.setDefault(True)
    yes.clicked.connect(dialog.accept)
    field.entered.connect(lambda: entered.append(1))
    dialog.show()
    qtbot.keyClicks(field, "mill")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), dialog.isVisible()) == ("", True)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert (len(entered), dialog.isVisible()) == (1, True)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (len(entered), dialog.result()) == (2, QDialog.DialogCode.Accepted)
