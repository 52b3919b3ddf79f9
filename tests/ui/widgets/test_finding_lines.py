"""Lines under a field: the first three, the rest when asked for, each with its click."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.finding_lines import FindingLine, FindingLines

FOUND = [FindingLine("error", f"Wrong {number}.", f"Mend {number}") for number in range(5)]


@pytest.fixture
def lines(qtbot: QtBot, qapp: QApplication):
    theme = Theme(qapp, "light")
    made = FindingLines(theme, Icons(theme), toned=True)
    made.all_wanted.connect(made.show_all)
    qtbot.addWidget(made)
    yield made
    theme.deleteLater()


def said(lines: FindingLines) -> list[str]:
    return [each.text() for each in lines.findChildren(QLabel) if each.isVisible() and each.text()]


def buttons(lines: FindingLines) -> list[QPushButton]:
    return [each for each in lines.findChildren(QPushButton) if each.isVisible()]


def test_three_are_said_the_rest_is_counted_and_said_when_it_is_asked_for(lines: FindingLines, qtbot: QtBot):
    assert lines.isHidden()
    lines.show_lines(FOUND)
    lines.show()
    assert said(lines) == ["Wrong 0.", "Wrong 1.", "Wrong 2."]
    qtbot.mouseClick(buttons(lines)[-1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said(lines) == [line.message for line in FOUND])
    lines.show_lines([*FOUND, FOUND[0]])
    qtbot.waitUntil(lambda: len(said(lines)) == 3)
    lines.show_lines(())
    assert lines.isHidden()


def test_the_click_tells_which_line_it_mends(lines: FindingLines, qtbot: QtBot):
    lines.show_lines(FOUND[:2])
    lines.show()
    told: list[int] = []
    lines.fix_wanted.connect(told.append)
    assert [each.text() for each in buttons(lines)] == ["Mend 0", "Mend 1"]
    qtbot.mouseClick(buttons(lines)[1], Qt.MouseButton.LeftButton)
    assert told == [1]


def test_the_keyboard_stays_on_a_line_that_is_still_said(lines: FindingLines, qtbot: QtBot):
    lines.show_lines(FOUND[1:2])
    lines.show()
    lines.activateWindow()
    buttons(lines)[0].setFocus()
    qtbot.waitUntil(buttons(lines)[0].hasFocus)
    lines.show_lines(FOUND[:3])
    # all can be reached at once, not only after the next layout
    assert [each.text() for each in buttons(lines)] == ["Mend 1", "Mend 0", "Mend 2"]
    assert [each.text() for each in lines.focus_parts()] == ["Mend 1"]
    told: list[int] = []
    lines.fix_wanted.connect(told.append)
    qtbot.keyClick(lines.focusWidget(), Qt.Key.Key_Space)
    qtbot.keyClick(lines.focusWidget(), Qt.Key.Key_Up)
    qtbot.keyClick(lines.focusWidget(), Qt.Key.Key_Space)
    assert told == [1, 0]


def test_the_keyboard_goes_to_what_stands_in_the_place_of_what_went(lines: FindingLines, qtbot: QtBot):
    around, field = QWidget(), QLineEdit()
    layout = QVBoxLayout(around)
    layout.addWidget(field)
    layout.addWidget(lines)
    qtbot.addWidget(around)
    lines.show_lines(FOUND)
    around.show()
    around.activateWindow()
    buttons(lines)[-1].setFocus()
    qtbot.waitUntil(buttons(lines)[-1].hasFocus)
    qtbot.keyClick(around.focusWidget(), Qt.Key.Key_Space)  # all of them, please
    assert around.focusWidget().text() == "Mend 3"
    lines.show_lines(FOUND[:2])
    assert around.focusWidget().text() == "Mend 1"
    lines.show_lines(())
    assert around.focusWidget() is field
    lines.setParent(None)


def test_the_rest_is_counted_in_whole_words_by_every_kind_of_lines(qapp: QApplication, qtbot: QtBot):
    class OtherLines(FindingLines):
        pass

    theme = Theme(qapp, "light")
    made = [kind(theme, Icons(theme)) for kind in (FindingLines, OtherLines)]
    for each in made:
        qtbot.addWidget(each)
        each.show_lines(FOUND)
        each.show()
    assert buttons(made[0])[-1].text() == buttons(made[1])[-1].text()
    theme.deleteLater()


def test_how_grave_it_is_is_told_by_a_word_too(lines: FindingLines):
    lines.show_lines([FindingLine("error", "No."), FindingLine("warning", "Hm."), FindingLine("hint", "Oh.")])
    icons = [each.accessibleName() for each in lines.findChildren(QLabel) if not each.text()]
    assert icons == ["Error", "Warning", "Hint"]
