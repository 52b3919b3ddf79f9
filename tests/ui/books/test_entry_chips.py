"""Keys as chips: written, pasted, changed in place and taken away, by keyboard and pointer."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.theme import Tone
from cardforge_desktop.ui.widgets.field_bench import FieldBench
from cardforge_desktop.ui.widgets.key_chip import ChipNote
from cardforge_desktop.ui.widgets.key_chips import KeyChips
from tests.ui.library.preview.conftest import Desktop, desktop, empty_store, open_desktop

__all__ = ["desktop", "empty_store", "open_desktop"]


class Field:
    """The chips in a window, and what they told."""

    def __init__(self, desktop: Desktop, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.host = QWidget()
        qtbot.addWidget(self.host)
        self.chips = KeyChips(FieldBench(desktop.services, self.host), "Keys")
        self.chips.setParent(self.host)
        self.chips.resize(420, 200)
        self.host.resize(440, 220)
        self.host.show()
        self.host.activateWindow()
        self.given: list[list[str]] = []
        self.refused: list[str] = []
        self.chips.given.connect(self.given.append)
        self.chips.refused.connect(self.refused.append)

    def type(self, text: str, into: QWidget | None = None) -> None:
        QTest.keyClicks(into or self.chips.line, text)

    def press(self, key: Qt.Key, into: QWidget | None = None) -> None:
        QTest.keyClick(into or self.chips.line, key)

    @property
    def focused(self) -> str:
        """The key of the chip that has the focus, "" for the line."""
        return getattr(self.host.focusWidget(), "key", "")

    @property
    def editor(self) -> QLineEdit:
        """The line in a chip that is being changed."""
        return next(
            line
            for line in self.chips.findChildren(QLineEdit)
            if line is not self.chips.line and line.isVisible()
        )


@pytest.fixture
def field(desktop: Desktop, qtbot: QtBot) -> Iterator[Field]:
    made = Field(desktop, qtbot)
    yield made
    made.host.close()


def test_keys_are_written_pasted_and_taken(field: Field) -> None:
    chips = field.chips
    field.type("quay,dry quay")
    field.press(Qt.Key.Key_Return)
    assert chips.keys == ["quay", "dry quay"]
    # a comma in a regular expression is its own, until it is closed
    field.type("/a{1,2}/i,pier,")
    assert chips.keys == ["quay", "dry quay", "/a{1,2}/i", "pier"]
    # a double is refused, the rest of a list taken
    QGuiApplication.clipboard().setText("Quay, lamp\n/x,y/\nlamp")
    QTest.keyClick(chips.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert chips.keys == ["quay", "dry quay", "/a{1,2}/i", "pier", "lamp", "/x,y/"]
    assert field.refused[-1] == "Quay"
    # one word is pasted into what is being written
    QGuiApplication.clipboard().setText("tide")
    field.type("low ")
    QTest.keyClick(chips.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert chips.line.text() == "low tide"
    chips.settle()
    field.press(Qt.Key.Key_Backspace)
    field.press(Qt.Key.Key_Backspace)
    assert chips.keys == field.given[-1] == ["quay", "dry quay", "/a{1,2}/i", "pier", "lamp"]
    chips.case_sensitive = True
    field.type("QUAY,")
    assert chips.keys[-1] == "QUAY"
    # a long one is shortened, its cross stays in sight
    chips.resize(230, 200)
    chips.show_value(["third daughter of the duke of the northern marches"])
    field.qtbot.waitUntil(lambda: chips.chip(0).width() > 150)
    assert chips.width() == 230, "it does not widen the field"
    assert chips.rect().contains(chips.chip(0).geometry())


def test_the_keyboard_goes_from_chip_to_chip_and_changes_them(field: Field) -> None:
    chips = field.chips
    chips.show_value(["quay", "pier", "lamp"])
    chips.line.setFocus()
    field.press(Qt.Key.Key_Left)
    assert field.focused == "lamp"
    field.press(Qt.Key.Key_Left, chips.chip(2))
    field.press(Qt.Key.Key_F2, chips.chip(1))
    field.editor.setText("long pier, jetty")
    field.press(Qt.Key.Key_Return, field.editor)
    assert chips.keys == field.given[-1] == ["quay", "long pier", "jetty", "lamp"]
    assert field.focused == "long pier"
    # Esc leaves it as it was, and so does a name that another key has
    chips.edit(0)
    field.editor.setText("x")
    field.press(Qt.Key.Key_Escape, field.editor)
    chips.edit(0)
    field.editor.setText("Lamp")
    field.press(Qt.Key.Key_Return, field.editor)
    assert (chips.keys[0], field.refused[-1], len(field.given)) == ("quay", "Lamp", 1)
    # emptied, it goes; Del takes it and Right leads back to the line
    chips.edit(3)
    field.editor.clear()
    field.press(Qt.Key.Key_Return, field.editor)
    field.press(Qt.Key.Key_Delete, chips.chip(0))
    assert (chips.keys, field.focused) == (["long pier", "jetty"], "long pier")
    field.press(Qt.Key.Key_Right, chips.chip(0))
    field.press(Qt.Key.Key_Right, chips.chip(1))
    assert field.host.focusWidget() is chips.line


def test_the_pointer_takes_and_changes_chips(field: Field) -> None:
    chips = field.chips
    chips.show_value(["quay", "pier"])
    field.qtbot.waitUntil(lambda: chips.chip(1).x() > 0)
    chip = chips.chip(0)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 12, chip.height() // 2))
    assert chips.keys == ["pier"]
    QTest.mouseDClick(chips.chip(0), Qt.MouseButton.LeftButton)
    field.editor.setText("jetty")
    chips.settle()  # as when another entry is selected
    assert chips.keys == ["jetty"]


def test_many_keys_are_shown_when_asked_for_and_notes_are_said(field: Field) -> None:
    chips = field.chips
    chips.show_value([f"key {at}" for at in range(300)])
    assert not chips.more.isHidden()
    chips.more.click()
    assert (chips.chip(299).key, chips.more.isHidden()) == ("key 299", True)
    chips.show_notes({1: ChipNote(Tone.WARN, "also in Quay of Lamps")})
    assert chips.chip(1).accessibleDescription() == "also in Quay of Lamps"
    assert chips.chip(1).accessibleName() == "Key: key 1"
    chips.show_value(["/quay/i"])
    assert chips.chip(0).note is None
    assert "regular expression" in chips.chip(0).accessibleDescription()
