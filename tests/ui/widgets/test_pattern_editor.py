"""The pattern editor: names as they are typed, unknown placeholders told and mended, all by keyboard."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QTextLayout
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.naming import PATTERNS, PLACEHOLDERS, NameRules, NameValues
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import DARK, LIGHT, Theme, Tone
from cardforge_desktop.ui.widgets.pattern_editor import PatternEditor

MIRELA = NameValues(
    "Mirela Vântu", datetime.fromtimestamp(1719023400, UTC), world="Karsk", character_class="Smuggler"
)


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def make(qtbot: QtBot, theme: Theme) -> Callable[..., PatternEditor]:
    def made(**arguments: str) -> PatternEditor:
        editor = PatternEditor(Icons(theme), theme, **arguments)
        qtbot.addWidget(editor)
        editor.set_samples([MIRELA])
        editor.resize(600, 300)
        editor.show()
        return editor

    return made


def shown(editor: PatternEditor) -> list[str]:
    return [name._whole for name in editor.names if name.isVisible()]


def typed(editor: PatternEditor, qtbot: QtBot, text: str) -> list[str]:
    """Type a pattern in the place of the one that is there; what was told as entered."""
    entered: list[str] = []
    editor.entered.connect(entered.append)
    editor.line.selectAll()
    qtbot.keyClicks(editor.line, text)
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    return entered


def colours(editor: PatternEditor) -> list[tuple[str, QColor]]:
    """What of the line is coloured, and how."""
    layout: QTextLayout = editor.line.document().firstBlock().layout()
    text = editor.line.text.encode("utf-16-le")
    return [
        (
            text[2 * part.start : 2 * (part.start + part.length)].decode("utf-16-le"),
            part.format.foreground().color(),
        )
        for part in layout.formats()
    ]


def test_names_follow_every_key(make, qtbot: QtBot):
    editor = make()
    editor.set_formats({"json": "json", "tavernai": "png"})
    editor.set_pattern("{index}")
    editor.line.setFocus()
    told: list[str] = []
    editor.edited.connect(told.append)
    qtbot.keyClicks(editor.line, "-{character_name}")
    assert shown(editor)[:2] == ["001-mirela_vântu.json", "001-mirela_vântu.png"]
    assert told[0] == "{index}-"
    assert told[-1] == editor.pattern == "{index}-{character_name}"


def test_the_last_name_is_long_and_of_another_script(make):
    editor = make()
    editor.set_pattern("{character_name}")
    assert shown(editor)[-1].startswith("ярга_вантуровна")
    editor.set_rules(NameRules(sanitise=False, max_bytes=40))
    assert shown(editor)[0] == "Mirela Vântu_json.json"
    assert shown(editor)[-1] == "Ярга Вантуровна “Вед.json"


def test_without_cards_the_examples_of_the_specification_are_shown(make):
    editor = make()
    editor.set_samples([])
    editor.set_formats({"json": "json"})
    editor.set_pattern("{character_name}_{world}_{class}")
    assert shown(editor)[0] == "gandalf_the_grey_middle_earth_wizard.json"


def test_an_unknown_placeholder_is_named_and_mended_with_one_press(make, qtbot: QtBot):
    editor = make()
    entered = typed(editor, qtbot, "{name}-{date}")
    assert not editor.is_valid
    assert entered == []
    assert editor.message.text() == "There is no placeholder {name}."
    assert editor.line.accessibleDescription() == editor.message.text()
    assert set(shown(editor)) == {""}
    qtbot.mouseClick(editor.fix_button, Qt.MouseButton.LeftButton)
    assert editor.pattern == "{character_name}-{date}"
    assert editor.is_valid
    assert not editor.message.isVisible()
    assert not editor.fix_button.isVisible()
    assert shown(editor)[-1].startswith("ярга")


def test_where_nothing_is_near_nothing_is_proposed(make):
    editor = make()
    editor.set_pattern("{zzz}")
    assert editor.message.isVisible()
    assert not editor.fix_button.isVisible()


def test_an_open_brace_is_told_and_still_a_name(make, qtbot: QtBot):
    editor = make()
    assert typed(editor, qtbot, "{date}{index") == ["{date}{index"]
    assert editor.message.isVisible()
    assert editor.is_valid
    assert shown(editor)[0].startswith("2024-06-22{index")


def test_placeholders_are_coloured_and_follow_the_theme(make, theme: Theme):
    editor = make()
    editor.set_pattern("😀{date} {dat}")
    accent, error = LIGHT.tone(Tone.ACCENT), LIGHT.tone(Tone.ERROR)
    assert colours(editor) == [("{date}", accent), ("{dat}", error)]
    theme.choose("dark")
    assert [colour for _, colour in colours(editor)] == [DARK.tone(Tone.ACCENT), DARK.tone(Tone.ERROR)]


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_each_placeholder_can_be_inserted_where_the_cursor_is(make, name: str):
    editor = make()
    editor.set_pattern("ab")
    editor.line.moveCursor(editor.line.textCursor().MoveOperation.Left)
    action = next(action for action in editor._menu.actions() if action.data() == name)
    assert action.text().startswith(f"{{{name}}} – ")
    action.trigger()
    assert editor.pattern == f"a{{{name}}}b"


def test_the_named_patterns_are_choices_and_are_told(make):
    editor = make(inherit="As the profile says")
    entered: list[str] = []
    editor.entered.connect(entered.append)
    assert editor.choices.current == ""
    for action in editor.choices._group.actions():
        action.trigger()
    assert entered == list(PATTERNS.values())
    editor.set_pattern("x{index}")
    assert editor.choices.accessibleDescription() == "A pattern of your own"
    editor.choices._group.actions()[0].trigger()
    assert entered[-1] == editor.pattern == ""


def test_an_empty_pattern_shows_what_it_inherits(make):
    editor = make(inherit="As the profile says")
    editor.set_inherited("{world}")
    editor.set_formats({"json": "json"})
    assert shown(editor)[0] == "karsk.json"
    assert editor.line.placeholderText() == "{world}"
    editor.set_inherited("detailed")
    assert shown(editor)[0] == "mirela_vântu_karsk_smuggler_2024-06-22.json"


def test_what_is_shown_by_others_is_not_told(make):
    editor = make()
    told: list[str] = []
    editor.edited.connect(told.append)
    editor.entered.connect(told.append)
    editor.set_pattern("detailed")
    editor.line.setFocus()
    editor.line.clearFocus()
    assert told == []
    assert editor.pattern == PATTERNS["detailed"]


def test_it_is_one_line_that_tab_leaves(qtbot: QtBot, make):
    editor = make()
    page, after = QWidget(), QLineEdit()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(editor)
    column.addWidget(after)
    page.show()
    pasted = QMimeData()
    pasted.setText("{date}\n{index}\u2028x\n")
    editor.line.insertFromMimeData(pasted)
    assert editor.pattern == "{date} {index} x"
    assert editor.line.document().blockCount() == 1
    assert editor.line.height() == after.height()
    entered: list[str] = []
    editor.entered.connect(entered.append)
    editor.line.setFocus()
    qtbot.waitUntil(editor.line.hasFocus)
    qtbot.keyClick(editor.line, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not editor.line.hasFocus())
    assert entered == ["{date} {index} x"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("{}"), max_size=40))
def test_no_pattern_breaks_it(make, text: str):
    editor = make()
    editor.line.set_text(text)
    assert editor.is_valid == (editor.line.accessibleDescription()[:8] != "There is")
    if editor.is_valid:
        assert all(shown(editor))
    editor.hide()


def test_a_whole_text_that_is_pasted_is_cut(make):
    editor = make()
    pasted = QMimeData()
    pasted.setText("{character_name} " * 100_000)
    editor.line.insertFromMimeData(pasted)
    assert len(editor.pattern) <= 300
    assert shown(editor)[0].startswith("mirel mirel")
