"""Placeholders of a template are told apart in colour and offered while one is typed."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.theme import DARK, LIGHT, Theme
from cardforge_desktop.ui.widgets.completion_list import Suggestion
from cardforge_desktop.ui.widgets.template_field import TemplateField

KNOWN = (
    Suggestion("character", "whom the card is about"),
    Suggestion("source", "the source material"),
    Suggestion("fields", "the fields that are asked for"),
    Suggestion("style", "the style"),
)


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> QWidget:
    """The field with a line before and behind it, the focus in the field."""
    made = QWidget()
    layout = QVBoxLayout(made)
    for part in (QLineEdit(), TemplateField(theme, "Task", KNOWN), QLineEdit()):
        layout.addWidget(part)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    made.activateWindow()
    made.findChild(TemplateField).setFocus()
    return made


@pytest.fixture
def field(window: QWidget) -> TemplateField:
    return window.findChild(TemplateField)


def formats(field: TemplateField, line: int = 0) -> dict[str, QTextCharFormat]:
    block = field.document().findBlockByNumber(line)
    raw = block.text().encode("utf-16-le")
    return {
        raw[2 * each.start : 2 * (each.start + each.length)].decode("utf-16-le"): QTextCharFormat(each.format)
        for each in block.layout().formats()
    }


def test_known_and_unknown_placeholders_and_macros_have_colours_of_their_own(
    field: TemplateField, theme: Theme, qtbot: QtBot
):
    field.set_text('😀 {source} and {sauce} of {{char}} as {"json": 1}')
    qtbot.waitUntil(lambda: len(formats(field)) == 3)
    colours = {text: form.foreground().color().name().upper() for text, form in formats(field).items()}
    assert colours == {"{source}": LIGHT.accent, "{sauce}": LIGHT.error, "{{char}}": LIGHT.accent}
    grounds = {text: form.background().style() for text, form in formats(field).items()}
    assert grounds["{source}"] != grounds["{{char}}"]
    theme.choose("dark")
    qtbot.waitUntil(lambda: formats(field)["{sauce}"].foreground().color().name().upper() == DARK.error)


def test_a_brace_opens_the_list_and_return_takes_what_the_arrows_chose(field: TemplateField, qtbot: QtBot):
    heard: list[str] = []
    qtbot.keyClicks(field, "Of {")
    assert field.completion.isVisible()
    assert field.completion.words == ("character", "source", "fields", "style")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    field.edited.connect(heard.append)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert heard[-1] == field.text == "Of {source}"
    assert not field.completion.isVisible()
    qtbot.keyClicks(field, "!")
    assert field.text == "Of {source}!"


def test_typing_on_narrows_the_list_and_tab_takes_from_it(
    field: TemplateField, window: QWidget, qtbot: QtBot
):
    qtbot.keyClicks(field, "{s")
    assert field.completion.words == ("source", "style", "fields")  # what begins so comes first
    qtbot.keyClicks(field, "t")
    assert field.completion.words == ("style",)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert field.text == "{style}"
    assert window.focusWidget() is field
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert window.focusWidget() is not field


def test_what_is_left_of_the_word_gives_way_with_its_brace(field: TemplateField, qtbot: QtBot):
    field.set_text("a {sorce} b")
    cursor = field.textCursor()
    cursor.setPosition(4)
    field.setTextCursor(cursor)
    qtbot.keyClick(field, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert field.completion.words == ("source", "style", "fields")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text == "a {source} b"


def test_escape_closes_the_list_and_the_keys_are_the_texts_again(field: TemplateField, qtbot: QtBot):
    qtbot.keyClicks(field, "{s")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.completion.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text == "{s\n"


@pytest.mark.parametrize("typed", ["{{", "{{cha", "{x-", "{nothing", "plain", "{source}"])
def test_nothing_is_offered_where_no_placeholder_is_begun_or_none_fits(
    field: TemplateField, qtbot: QtBot, typed: str
):
    qtbot.keyClicks(field, typed)
    assert not field.completion.isVisible()


def test_the_list_closes_when_the_cursor_or_the_focus_goes_elsewhere(
    field: TemplateField, window: QWidget, qtbot: QtBot
):
    qtbot.keyClicks(field, "word {")
    qtbot.keyClick(field, Qt.Key.Key_Home)
    assert not field.completion.isVisible()
    field.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(field, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert field.completion.isVisible()
    window.findChild(QLineEdit).setFocus()
    assert not field.completion.isVisible()


def test_a_click_takes_a_word_and_the_list_stays_within_the_window(
    field: TemplateField, window: QWidget, qtbot: QtBot
):
    qtbot.keyClicks(field, "word " * 12 + "{")
    shown = field.completion
    assert window.rect().contains(shown.geometry())
    spot = shown.visualItemRect(shown.item(2)).center()
    qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(spot))
    assert field.text.endswith("word {fields}")
    assert window.focusWidget() is field


def test_a_placeholder_is_put_in_the_place_of_what_is_selected(field: TemplateField):
    field.set_text("Write about THIS now")
    field.select(12, 16)
    field.insert("source")
    assert field.text == "Write about {source} now"


def test_a_long_paste_of_placeholders_is_coloured_in_slices(field: TemplateField, qtbot: QtBot):
    text = "Use {source} and {sauce} for {{char}} here.\n" * 2_400  # 100 kB
    field.insertPlainText(text)
    assert not field.highlighter.is_done
    qtbot.waitUntil(lambda: field.highlighter.is_done)
    assert len(formats(field, 2_399)) == 3
