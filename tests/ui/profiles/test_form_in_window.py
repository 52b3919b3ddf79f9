"""The form in the real window, with the real rules: typing, what is wrong, its keys, its places."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.profiles.editor.form import ProfileForm
from cardforge_desktop.ui.profiles.panel import ProfilesPanel
from tests.support.window import Running

CTRL = Qt.KeyboardModifier.ControlModifier


class Opened:
    """The panel of the window with the profile Default open."""

    def __init__(self, running: Running) -> None:
        self.running = running
        assert running.workspace is not None
        running.window.open_panel("profiles")
        panel = running.window.built("profiles")
        assert isinstance(panel, ProfilesPanel)
        self.panel, self.session = panel, panel.session
        panel.show_profile(running.workspace.profiles.by_name("Default").id)
        running.until(lambda: self.session.is_open and self.session.profile.name == "Default")
        running.window.activateWindow()

    @property
    def form(self) -> ProfileForm:
        return self.panel.editor.form

    @property
    def focused(self) -> Any:
        return self.running.window.focusWidget()

    @property
    def stored(self) -> Any:
        return self.running.workspace.profiles.get(self.session.profile_id)

    def found(self) -> list[tuple[str, str]]:
        self.running.until(lambda: not self.panel.editor.checker.is_checking)
        return [(each.path, each.finding.code.value) for each in self.form.found]


@pytest.fixture
def opened(run_window: Callable[..., Running]) -> Opened:
    return Opened(run_window())


def test_an_error_holds_saving_back_until_it_is_mended_from_the_keyboard_alone(opened: Opened, qtbot: QtBot):
    assert opened.found() == []
    opened.form.go_to("name")
    opened.focused.selectAll()
    qtbot.keyClicks(opened.focused, "Compact")
    assert opened.found() == [("name", "DUPLICATE_NAME")]
    qtbot.keyClick(opened.focused, Qt.Key.Key_S, CTRL)
    assert opened.stored.version == 1
    opened.form.bar.choose("files")
    qtbot.keyClick(opened.running.window, Qt.Key.Key_F8)
    assert opened.focused.accessibleName() == "Name"
    assert opened.focused.accessibleDescription().startswith("Error: ")
    qtbot.keyClicks(opened.focused, " too")
    assert opened.found() == []
    qtbot.keyClick(opened.focused, Qt.Key.Key_S, CTRL)
    opened.running.until(lambda: not opened.session.is_dirty)
    assert (opened.stored.version, opened.stored.name) == (2, "Compact too")


def test_ctrl_z_takes_back_what_was_typed_in_any_field_and_shows_it(opened: Opened, qtbot: QtBot):
    task = opened.session.content.prompts.task
    opened.form.go_to("prompts.task")
    qtbot.keyClicks(opened.focused, "Now. ")
    opened.form.go_to("config.sampling.top_k")
    qtbot.keyClicks(opened.focused, "40")
    qtbot.keyClick(opened.focused, Qt.Key.Key_Z, CTRL)
    assert opened.session.content.config.sampling.top_k is None
    assert opened.focused.text() == ""
    qtbot.keyClick(opened.focused, Qt.Key.Key_Z, CTRL)
    assert opened.session.content.prompts.task == opened.focused.text == task
    qtbot.keyClick(opened.focused, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert opened.focused.text == f"Now. {task}"


def test_a_wrong_placeholder_is_marked_where_it_stands_and_return_takes_the_right_one(
    opened: Opened, qtbot: QtBot
):
    opened.form.go_to("prompts.fields.tags")
    field = opened.focused
    field.selectAll()
    qtbot.keyClicks(field, "Tags of {scource} here")
    assert ("prompts.fields.tags", "UNKNOWN_PLACEHOLDER") in opened.found()
    (mark,) = field.marks
    assert field.text[mark.start : mark.end] == "{scource}"
    field.selectAll()
    qtbot.keyClicks(field, "Tags, {wo")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert opened.session.content.prompts.fields["tags"] == "Tags, {words}"
    assert opened.found() == []


def test_escape_closes_the_list_of_placeholders_and_nothing_else(opened: Opened, qtbot: QtBot):
    opened.form.go_to("prompts.system")
    field = opened.focused
    qtbot.keyClicks(field, "{")
    assert field.completion.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.completion.isVisible()
    assert opened.focused is field


def test_the_section_one_was_in_is_there_at_the_next_start(run_window: Callable[..., Running]):
    first = Opened(run_window())
    first.form.bar.choose("prompts")
    first.running.close()
    again = Opened(run_window())
    assert again.form.bar.current == "prompts"
    assert again.form.section("prompts").isVisible()


def test_the_keys_for_findings_are_off_in_other_panels(opened: Opened):
    opened.session.set("name", "")
    opened.running.until(lambda: opened.form.found)
    action = opened.running.session.services.actions["profile.next_finding"]
    assert action.isEnabled()
    opened.running.window.open_panel("batch")
    assert not action.isEnabled()
    opened.running.window.open_panel("profiles")
    assert action.isEnabled()
