"""Two edit one profile: the real window with a dirty form, and `cardforge profiles` in another process."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.paths import find_paths
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.unsaved import Draft
from cardforge_desktop.ui.profiles.conflict.decisions import Way
from cardforge_desktop.ui.profiles.conflict.dialog import ConflictDialog
from cardforge_desktop.ui.profiles.panel import ProfilesPanel
from cardforge_desktop.ui.widgets.text_field import TextField
from cardforge_desktop.workspace import Workspace
from tests.support.app import cardforge, variables
from tests.support.window import IGNORED, Running

pytestmark = IGNORED

MINE, THEIRS = "Mine: for heroes.", "Theirs: for villains."
HEAT, STYLE = "config.sampling.temperature", "config.style"

# Writes on a profile in the real window, and goes on living.
IN_WINDOW = """
import sys
from cardforge_desktop.paths import find_paths
from cardforge_desktop.ui import app
live = app._live
def write(application, session, *rest):
    def begin():
        panel = session.window.built("profiles")
        panel.session.opened.connect(lambda: panel.session.set("description", sys.argv[1], typed=True))
    session.ready.connect(begin)
    live(application, session, *rest)
app._live = write
app.run(find_paths(), [], ["cardforge-desktop"])
"""


class Two:
    """The window with the profile "Default" open, and the command line."""

    def __init__(self, running: Running, qtbot: QtBot, folder: Path):
        self.running, self.qtbot, self.folder = running, qtbot, folder
        panel = running.window.built("profiles")
        assert isinstance(panel, ProfilesPanel)
        self.panel = panel
        self.until(lambda: panel.session.is_open)
        self.panel.show_profile(self.workspace.profiles.by_name("Default").id)
        self.until(lambda: self.panel.session.is_open and self.panel.session.content.name == "Default")
        self.profile_id = self.panel.session.profile_id

    @property
    def workspace(self) -> Workspace:
        return self.running.workspace

    @property
    def stored(self) -> Profile:
        return self.workspace.profiles.get(self.profile_id)

    @property
    def field(self) -> TextField:
        """The description in the form."""
        fields = self.panel.editor.form.section("general").fields
        control = next(each.control for each in fields if each.path == "description")
        assert isinstance(control, TextField)
        return control

    @property
    def dialog(self) -> ConflictDialog:
        self.until(lambda: self.panel.editor.dialog is not None)
        assert self.panel.editor.dialog is not None
        return self.panel.editor.dialog

    def until(self, condition: Callable[[], object]) -> None:
        self.running.until(condition)

    def command_line(self, *arguments: str) -> None:
        """`cardforge profiles …`, as ana, to its end in a process of its own."""
        done = cardforge("profiles", *arguments, cwd=self.folder, LOGNAME="ana")
        assert done.returncode == 0, done.stderr

    def write(self, text: str = MINE) -> None:
        """Type in the form, letter by letter, in the place of what stands there."""
        self.panel.editor.go_to("description")
        self.field.selectAll()
        self.qtbot.keyClicks(self.field, text)
        assert self.panel.session.content.description == text

    def act(self, key: str) -> None:
        """What a shortcut or a menu does."""
        action = self.running.session.services.actions[key]
        assert action.isEnabled()
        action.trigger()

    def link(self, text: str) -> None:
        """Click a link of the editor's notice."""
        links = self.panel.editor.notices.bar.findChildren(QPushButton)
        self.click(next(each for each in links if each.text() == text and each.isVisible()))

    def click(self, button: QWidget) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def drafts(self) -> list[Draft]:
        return list(self.workspace.unsaved_profiles.of_profile(self.profile_id))

    def aside(self) -> list[str]:
        """What was set aside for good."""
        return [draft.content.description for draft in self.drafts() if draft.owner == ""]

    def reasons(self) -> list[tuple[str, str]]:
        """Who saved the versions after the first, and how they came about, the newest first."""
        lines = self.workspace.profiles.history(self.profile_id)[:-1]
        return [(line.saved_by.rpartition(", ")[2], line.reason) for line in lines]


@pytest.fixture
def two(run_window: Callable[..., Running], qtbot: QtBot, tmp_path: Path) -> Two:
    return Two(run_window(), qtbot, tmp_path)


@pytest.fixture
def conflict(two: Two) -> Two:
    """The form is dirty, the command line saves, Ctrl+S loses: the dialog is open."""
    two.write()
    two.panel.session.set(STYLE, "terse")
    two.command_line("edit", "Default", "--set", f"description={THEIRS}", "--set", f"{HEAT}=0.4")
    two.until(lambda: two.panel.session.newer is not None)
    two.act("editor.save")
    two.until(lambda: two.dialog.isVisible() and two.dialog.resolving.validation is not None)
    return two


def test_the_open_editor_says_that_the_command_line_saved_while_the_form_is_dirty(two: Two) -> None:
    two.write()
    two.command_line("edit", "Default", "--set", f"description={THEIRS}")
    two.until(lambda: two.panel.session.newer is not None)
    assert "ana (command line) saved version 2" in two.panel.editor.notices.text
    assert two.field.toPlainText() == MINE
    two.link("Load latest")
    two.until(lambda: two.field.toPlainText() == THEIRS)
    assert not two.panel.session.is_dirty
    assert two.panel.editor.notices.text == ""
    two.until(lambda: two.aside() == [MINE])
    two.act("edit.undo")
    assert two.field.toPlainText() == MINE
    assert two.stored.version == 2


def test_a_form_with_nothing_unsaved_shows_what_the_command_line_saved(two: Two) -> None:
    two.panel.editor.go_to("description")
    two.command_line("edit", "Default", "--set", f"description={THEIRS}")
    two.until(lambda: two.field.toPlainText() == THEIRS)
    assert "ana (command line) saved version 2" in two.panel.editor.notices.text
    assert two.panel.session.profile == two.stored


def test_load_latest_shows_theirs_and_one_undo_brings_mine_back(conflict: Two) -> None:
    two = conflict
    two.click(two.dialog.latest)
    two.until(lambda: two.panel.editor.dialog is None)
    assert (two.field.toPlainText(), two.panel.session.is_dirty) == (THEIRS, False)
    two.until(lambda: two.aside() == [MINE])
    two.panel.session.undo()
    assert (two.field.toPlainText(), two.panel.session.content.config.style) == (MINE, "terse")
    assert two.stored.version == 2


def test_discard_mine_shows_theirs_and_mine_is_in_the_history(conflict: Two) -> None:
    two = conflict
    two.click(two.dialog.discard)
    two.until(lambda: two.panel.editor.dialog is None)
    assert (two.field.toPlainText(), two.panel.session.can_undo) == (THEIRS, False)
    two.until(lambda: two.aside() == [MINE])
    assert two.stored.version == 2


def test_overwrite_with_mine_is_the_version_after_theirs(conflict: Two) -> None:
    two = conflict
    two.click(two.dialog.overwrite)
    two.until(lambda: two.panel.editor.dialog is None)
    assert two.field.toPlainText() == two.stored.description == MINE
    assert two.stored.config.sampling.temperature != 0.4
    assert two.reasons() == [("window", "overwritten"), ("command line", "saved")]
    assert two.workspace.profiles.at(two.profile_id, 2).description == THEIRS
    assert not two.panel.session.is_dirty


def test_save_merged_has_what_each_changed_alone_and_what_was_decided(conflict: Two) -> None:
    two = conflict
    two.dialog.resolving.take("description", Way.THEIRS)
    two.until(two.dialog.merged.isEnabled)
    two.click(two.dialog.merged)
    two.until(lambda: two.panel.editor.dialog is None)
    assert two.field.toPlainText() == two.stored.description == THEIRS
    assert (two.stored.config.style, two.stored.config.sampling.temperature) == ("terse", 0.4)
    assert two.reasons() == [("window", "merged"), ("command line", "saved")]
    two.until(lambda: two.aside() == [MINE])


def test_saving_the_merge_can_lose_too_and_says_so(conflict: Two) -> None:
    two = conflict
    two.dialog.resolving.take("description", Way.MINE)
    two.until(two.dialog.merged.isEnabled)
    two.command_line("edit", "Default", "--set", "config.language=German")
    two.until(lambda: two.dialog.resolving.theirs.version == 3)
    assert "ana (command line)" in two.dialog.notice.text
    two.until(two.dialog.merged.isEnabled)
    two.click(two.dialog.merged)
    two.until(lambda: two.panel.editor.dialog is None)
    assert (two.stored.version, two.stored.description, two.stored.config.language) == (4, MINE, "German")


def test_save_mine_as_a_copy_leaves_theirs_in_the_form(conflict: Two) -> None:
    two = conflict
    two.click(two.dialog.copy)
    two.until(lambda: two.panel.editor.dialog is None)
    copy = two.workspace.profiles.by_name("Default 2")
    assert (copy.description, copy.config.style) == (MINE, "terse")
    assert (two.field.toPlainText(), two.panel.session.is_dirty) == (THEIRS, False)
    assert two.stored.version == 2
    two.until(lambda: two.panel.list.model.row_of(copy.id) is not None)


@pytest.mark.parametrize("link", ["Bring it back with mine", "Save mine as a copy"])
def test_a_profile_that_the_command_line_deletes_is_saved_all_the_same(two: Two, link: str) -> None:
    two.write()
    two.command_line("delete", "Default")
    two.until(lambda: "deleted" in two.panel.editor.notices.text)
    two.until(lambda: two.profile_id in two.panel.list.model.deleted_ids)
    two.link(link)
    session = two.panel.session
    two.until(lambda: session.is_open and session.profile.description == MINE)
    assert not session.is_dirty
    there = two.workspace.profiles.by_name("Default")
    assert there.description == MINE
    assert (there.id == two.profile_id) is link.startswith("Bring")


def test_unsaved_changes_survive_the_kill_of_the_window(
    run_window: Callable[..., Running], qtbot: QtBot, tmp_path: Path, home: Path
) -> None:
    store = Workspace.open(find_paths())
    profile_id = store.profiles.by_name("Default").id
    with subprocess.Popen([sys.executable, "-c", IN_WINDOW, MINE], env=variables()) as window:
        deadline = time.monotonic() + 60
        while not store.unsaved_profiles.of_profile(profile_id):
            assert window.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        window.kill()
    store.close()
    two = Two(run_window(), qtbot, tmp_path)
    assert two.stored.version == 1
    assert not two.panel.session.is_dirty
    assert "not saved when CardForge ended" in two.panel.editor.notices.text
    two.link("Restore them")
    two.until(lambda: two.field.toPlainText() == MINE)
    assert two.panel.editor.notices.text == ""
    two.act("editor.save")
    two.until(lambda: two.stored.version == 2)
    assert two.stored.description == MINE
    two.until(lambda: two.drafts() == [])


def test_unsaved_changes_survive_the_end_of_the_app(
    run_window: Callable[..., Running], qtbot: QtBot, tmp_path: Path
) -> None:
    two = Two(run_window(), qtbot, tmp_path)
    two.write()
    two.running.close()
    again = Two(run_window(), qtbot, tmp_path)
    assert again.panel.session.lost is not None
    assert again.panel.session.lost.content.description == MINE
    again.link("Leave them in the history")
    again.until(lambda: again.aside() == [MINE])
    assert again.panel.session.content.description != MINE
