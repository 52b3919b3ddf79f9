"""Where a merged value is written: an editor fit for every field there is, giving values of its type."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of, with_value
from cardforge_desktop.ui.profiles.conflict.value_editors import editor_of
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.picker import Picker
from cardforge_desktop.ui.widgets.radio_button import RadioButton
from tests.ui.library.preview.conftest import Desktop

CONTENT = ProfileContent(name="Hero")
FIELDS = fields_of(CONTENT)


@pytest.fixture
def place(desktop: Desktop, qtbot: QtBot) -> "Place":
    return Place(desktop, qtbot)


class Place:
    """Editors over the window's services, and what they gave."""

    def __init__(self, desktop: Desktop, qtbot: QtBot):
        self.desktop, self.qtbot = desktop, qtbot
        self.given: list[object] = []

    def edit(self, path: str, *values: object) -> QWidget:
        editor = editor_of(self.desktop.services, path, values or (FIELDS[path],))
        self.desktop.mount(editor)
        editor.given.connect(self.given.append)  # type: ignore[attr-defined]
        return editor


def test_every_field_has_an_editor_that_shows_its_value_and_tells_nobody(place: Place):
    for path, value in FIELDS.items():
        place.edit(path).show_value(value)  # type: ignore[attr-defined]
    assert place.given == []


def test_a_choice_gives_its_key(place: Place):
    editor = place.edit("config.tense", "past", "")
    assert isinstance(editor, Picker)
    editor.show_value("past")
    assert editor.current == "past"
    next(action for action in editor._group.actions() if action.data() == "present").trigger()
    assert with_value(CONTENT, "config.tense", place.given[0]).config.tense == "present"


def test_yes_and_no_are_given_as_such(place: Place):
    editor = place.edit("config.book.include", True, False)
    assert isinstance(editor, Picker)
    editor.show_value(True)
    next(action for action in editor._group.actions() if action.data() == "False").trigger()
    assert place.given == [False]


def test_formats_of_both_sides_can_be_ticked(place: Place):
    editor = place.edit("config.formats", ("json",), ("json", "v2"), ("charx", "json"))
    editor.show_value(("json", "v2"))
    boxes = editor.findChildren(CheckBox)
    assert [box.isChecked() for box in boxes] == [True, True, False]
    boxes[0].click()
    assert place.given == [("v2",)]


@pytest.mark.parametrize(
    ("path", "written", "value"),
    [
        ("config.greetings", "3", 3),
        ("config.sampling.top_k", "40", 40),
        ("config.sampling.temperature", "0.85", 0.85),
        ("config.sampling.seed", "", None),
    ],
)
def test_numbers_are_given_as_numbers(place: Place, path: str, written: str, value: object):
    editor = place.edit(path, 7)
    editor.show_value(7)
    editor.selectAll()  # type: ignore[attr-defined]
    if written:
        place.qtbot.keyClicks(editor, written)
    else:
        place.qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert place.given[-1] == value
    assert with_value(CONTENT, path, place.given[-1])


@pytest.mark.parametrize("written", ["3.5", "many", ""])
def test_what_is_no_whole_number_is_told_and_given_to_nobody(place: Place, written: str):
    editor = place.edit("config.greetings", 7)
    editor.show_value(7)
    editor.selectAll()  # type: ignore[attr-defined]
    place.qtbot.keyClick(editor, Qt.Key.Key_Delete)
    place.given.clear()
    for letter in written:
        place.qtbot.keyClicks(editor, letter)
    assert place.given == ([3] if written == "3.5" else [])  # up to its first digit it was one
    assert editor.property("tone") == "error"
    assert "whole number" in editor.accessibleDescription()


def test_a_radio_button_is_chosen_by_its_text_too_and_shows_it(place: Place):
    radio = RadioButton(place.desktop.theme, "Take mine & keep it")
    place.desktop.mount(radio)
    radio.resize(220, 28)
    before = radio.grab().toImage()
    place.qtbot.mouseClick(radio, Qt.MouseButton.LeftButton, pos=radio.rect().center())
    assert radio.isChecked()
    assert radio.grab().toImage() != before
    assert radio.accessibleName() == "Take mine & keep it"
