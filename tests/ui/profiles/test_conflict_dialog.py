"""The conflict dialog over a real store: each way out, losing once more, keys, and what a reader hears."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.ui.profiles.conflict.decisions import Way
from cardforge_desktop.ui.profiles.conflict.dialog import ConflictDialog
from cardforge_desktop.ui.profiles.conflict.resolving import Ending
from cardforge_desktop.ui.widgets.text_field import TextField
from cardforge_desktop.workspace import Workspace
from tests.ui.profiles.conftest import Editing

SYSTEM, HEAT, STYLE = "prompts.system", "config.sampling.temperature", "config.style"
START = {SYSTEM: "You write heroes.", HEAT: 0.7}
MINE = {SYSTEM: "You write funny heroes.", HEAT: 0.9, "description": "mine"}
THEIRS = {SYSTEM: "You write tragic heroes.", STYLE: "terse"}


class Conflict:
    """The window's form is dirty, the command line saved: the dialog is open."""

    def __init__(self, editing: Editing, neighbour: Workspace, qtbot: QtBot):
        self.editing, self.neighbour, self.qtbot = editing, neighbour, qtbot
        self.session = editing.session
        self.profile_id = self.session.profile_id
        self.endings: list[Ending] = []

    def open(self, mine: dict[str, object] = MINE, theirs: dict[str, object] = THEIRS) -> None:
        self.session.put(with_values(self.session.content, START))
        self.session.save()
        self.until(lambda: not self.session.is_dirty)
        self.base = self.session.profile
        self.session.put(with_values(self.session.content, mine))
        self.mine = self.session.content
        self.save_elsewhere(**theirs)
        self.until(lambda: self.session.newer is not None)
        services = self.editing.desktop.services
        self.dialog = ConflictDialog(self.session, self.base, self.mine, self.session.newer, services)
        self.resolving = self.dialog.resolving
        self.resolving.ended.connect(self.endings.append)
        filled: list[bool] = []
        self.dialog.table.filled.connect(lambda: filled.append(True))
        self.dialog.open()
        self.until(lambda: filled and self.resolving.validation is not None)

    def until(self, condition: Callable[[], object]) -> None:
        self.editing.until(condition)

    def ended(self) -> Ending:
        self.until(lambda: self.endings)
        return self.endings[0]

    def save_elsewhere(self, **values: object) -> None:
        """The command line saves a version."""
        before = self.neighbour.profiles.get(self.profile_id)
        self.neighbour.profiles.save(self.profile_id, with_values(before.content, values), base_of(before))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.dialog.focusWidget() or self.dialog, key, modifier)

    def click(self, button: QWidget) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def row(self, path: str = SYSTEM):
        return self.dialog.table.rows[path]

    def aside(self) -> list[tuple[int, ProfileContent]]:
        """What was set aside: on which version, and what."""
        drafts = self.editing.workspace.unsaved_profiles.of_profile(self.profile_id)
        return [(draft.base_version, draft.content) for draft in drafts if draft.owner == ""]

    def reasons(self) -> list[str]:
        return [version.reason for version in self.editing.workspace.profiles.history(self.profile_id)]

    @property
    def stored(self) -> ProfileContent:
        return self.editing.stored.content


@pytest.fixture
def conflict(editing: Editing, neighbour: Workspace, qtbot: QtBot) -> Iterator[Conflict]:
    editing.workspace.watch()
    made = Conflict(editing, neighbour, qtbot)
    yield made
    if not made.endings:
        made.dialog.close()


# What it shows


def test_it_says_who_saved_what_and_shows_changed_fields_only(conflict: Conflict):
    conflict.open()
    said = conflict.dialog.sentence.text()
    assert "(command line) saved version 3" in said
    assert "You started from version 2" in said
    assert list(conflict.dialog.table.rows) == ["description", HEAT, STYLE, SYSTEM]
    assert conflict.row(STYLE).choice.told.text() == "Theirs, only they changed it"
    assert conflict.row(HEAT).choice.told.text() == "Yours, only you changed it"
    assert conflict.row().is_conflict
    assert not conflict.row().choice.told.isVisible()


def test_unchanged_fields_and_the_base_come_on_request(conflict: Conflict):
    conflict.open()
    assert not conflict.row().base.isVisible()
    conflict.press(Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    conflict.until(conflict.row().base.isVisible)
    assert "You write heroes." in conflict.row().base.text().replace("</span>", "").replace("</div>", "")
    conflict.dialog.all_shown.click()
    conflict.until(lambda: "config.model" in conflict.dialog.table.unchanged)
    conflict.dialog.all_shown.click()
    assert not conflict.dialog.table.unchanged["config.model"].isVisible()


def test_what_only_one_side_changed_can_be_decided_too(conflict: Conflict):
    conflict.open()
    row = conflict.row(HEAT)
    assert not row.choice.ways[Way.THEIRS].isVisible()
    conflict.click(row.choice.change)
    assert row.choice.ways[Way.MINE].isChecked()
    conflict.click(row.choice.ways[Way.THEIRS])
    assert conflict.resolving.decisions.result.config.sampling.temperature == 0.7


def test_long_prompts_show_the_changed_places_and_open(conflict: Conflict):
    lines = [f"Rule {number} of many is told here." for number in range(100)]
    long_text = "\n".join(lines)
    conflict.session.put(
        with_values(conflict.session.content, {"prompts.task": long_text + "{source}{fields}"})
    )
    conflict.open({"prompts.task": "First.\n" + long_text + "{source}{fields}"}, {STYLE: "terse"})
    row = conflict.row("prompts.task")
    assert "Rule 50 " not in row.mine.text()
    conflict.dialog.table.go_to("prompts.task")
    conflict.press(Qt.Key.Key_O)
    assert "Rule 50 " in row.mine.text()
    area = conflict.dialog.table.area
    conflict.until(lambda: row.height() > area.viewport().height())
    # The top of it is in sight, where its name and the ways are.
    conflict.until(lambda: area.verticalScrollBar().value() == row.y())
    conflict.click(row.choice.change)
    conflict.click(row.choice.ways[Way.EDITED])
    conflict.until(lambda: not row.editor.visibleRegion().isEmpty())
    row.fold.click()
    assert "Rule 50 " not in row.mine.text()


# Ways out


def test_merged_needs_every_decision_and_keeps_what_was_mine(conflict: Conflict):
    conflict.open()
    assert not conflict.dialog.merged.isEnabled()
    conflict.click(conflict.row().choice.ways[Way.THEIRS])
    conflict.until(conflict.dialog.merged.isEnabled)
    conflict.click(conflict.dialog.merged)
    assert conflict.ended() is Ending.MERGED
    assert conflict.stored == with_values(conflict.base.content, START | MINE | THEIRS)
    assert conflict.reasons()[0] == "merged"
    assert conflict.session.content == conflict.stored
    assert not conflict.session.is_dirty
    conflict.until(lambda: conflict.aside() == [(2, conflict.mine)])
    conflict.session.undo()
    assert conflict.session.content == conflict.mine


def test_a_merged_text_is_written_freely(conflict: Conflict):
    conflict.open()
    conflict.click(conflict.row().choice.ways[Way.EDITED])
    editor = conflict.row().editor
    assert isinstance(editor, TextField)
    assert editor.text == conflict.resolving.decisions.field(SYSTEM).merged
    editor.selectAll()
    conflict.qtbot.keyClicks(editor, "You write both.")
    conflict.until(conflict.dialog.merged.isEnabled)
    conflict.click(conflict.dialog.merged)
    conflict.ended()
    assert conflict.stored.prompts.system == "You write both."


def test_a_number_is_written_as_a_number_and_what_is_none_changes_nothing(conflict: Conflict):
    conflict.open()
    conflict.resolving.take(HEAT, Way.EDITED)
    editor = conflict.row(HEAT).editor
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    conflict.qtbot.keyClicks(editor, "1.1")
    assert conflict.resolving.decisions.value_of(HEAT) == 1.1
    conflict.qtbot.keyClicks(editor, "x")
    assert editor.property("tone") == "error"
    assert conflict.resolving.decisions.value_of(HEAT) == 1.1
    # What can't be read is not silently left out.
    conflict.resolving.take(SYSTEM, Way.MINE)
    conflict.until(lambda: conflict.resolving.validation)
    assert not conflict.dialog.merged.isEnabled()
    assert "Temperature" in conflict.dialog.standing.text.text()
    editor.selectAll()
    conflict.qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert conflict.resolving.decisions.value_of(HEAT) is None
    conflict.until(conflict.dialog.merged.isEnabled)


def test_what_the_rules_refuse_is_told_and_held_back(conflict: Conflict):
    conflict.open()
    conflict.resolving.take(SYSTEM, Way.MINE)
    conflict.until(conflict.dialog.merged.isEnabled)
    conflict.resolving.take("description", Way.MINE)
    conflict.resolving.write("name", "  ")
    conflict.until(lambda: conflict.resolving.validation and conflict.resolving.validation.errors)
    assert not conflict.dialog.merged.isEnabled()
    assert "Name" in conflict.dialog.standing.text.text()


def test_overwriting_saves_mine_and_theirs_is_the_version_before(conflict: Conflict):
    conflict.open()
    conflict.click(conflict.dialog.overwrite)
    assert conflict.ended() is Ending.OVERWRITTEN
    assert conflict.stored == conflict.mine
    assert conflict.reasons()[0] == "overwritten"
    before = conflict.editing.workspace.profiles.at(conflict.profile_id, conflict.editing.stored.version - 1)
    assert before.config.style == "terse"
    assert conflict.aside() == []


def test_loading_the_latest_sets_mine_aside_and_one_undo_brings_it_back(conflict: Conflict):
    conflict.open()
    conflict.click(conflict.dialog.latest)
    assert conflict.ended() is Ending.LATEST
    assert conflict.session.content == conflict.stored
    conflict.until(lambda: conflict.aside() == [(2, conflict.mine)])
    conflict.session.undo()
    assert conflict.session.content == conflict.mine
    assert conflict.session.profile.version == 3


def test_discarding_sets_mine_aside_and_leaves_nothing_to_undo(conflict: Conflict):
    conflict.open()
    conflict.click(conflict.dialog.discard)
    assert conflict.ended() is Ending.DISCARDED
    assert conflict.session.content == conflict.stored
    assert not conflict.session.can_undo
    conflict.until(lambda: conflict.aside() == [(2, conflict.mine)])


def test_a_copy_has_mine_and_the_editor_theirs(conflict: Conflict):
    conflict.open()
    conflict.click(conflict.dialog.copy)
    assert conflict.ended() is Ending.COPIED
    (copied,) = conflict.editing.heard("copied")
    assert copied.content == conflict.mine.model_copy(update={"name": copied.name})
    assert conflict.session.content == conflict.stored
    assert not conflict.session.is_dirty


def test_escape_goes_back_to_editing_with_nothing_changed(conflict: Conflict):
    conflict.open()
    conflict.resolving.take(SYSTEM, Way.THEIRS)
    version = conflict.editing.stored.version
    conflict.press(Qt.Key.Key_Escape)
    conflict.endings.append(Ending.LATEST)  # it is closed
    assert conflict.session.content == conflict.mine
    assert conflict.session.is_dirty
    assert conflict.editing.stored.version == version
    assert conflict.aside() == []


# Losing once more


def test_a_version_that_comes_while_it_is_open_is_told_and_merged_with_the_decisions_kept(conflict: Conflict):
    conflict.open()
    conflict.resolving.take(SYSTEM, Way.MINE)
    conflict.save_elsewhere(**{STYLE: "lush"})
    conflict.until(lambda: "version 4" in conflict.dialog.notice.text)
    assert "still holds" in conflict.dialog.notice.text
    assert "version 4" in conflict.dialog.sentence.text()
    assert conflict.resolving.decisions.ways == {SYSTEM: Way.MINE}
    assert conflict.resolving.decisions.result.config.style == "lush"
    conflict.until(lambda: "lush" in conflict.row(STYLE).theirs.text())


def test_a_decision_whose_field_changed_again_is_asked_again(conflict: Conflict):
    conflict.open()
    conflict.resolving.write(SYSTEM, "You write both.")
    conflict.save_elsewhere(**{SYSTEM: "You write comic heroes."})
    conflict.until(lambda: "System prompt" in conflict.dialog.notice.text)
    assert conflict.resolving.decisions.undecided == (SYSTEM,)
    conflict.until(lambda: "comic" in conflict.row().theirs.text())
    conflict.click(conflict.row().choice.ways[Way.EDITED])
    assert conflict.row().editor.text == "You write both."


@pytest.mark.parametrize("way", ["merged", "overwrite"])
def test_a_save_that_loses_against_a_third_one_says_so_and_can_be_tried_again(conflict: Conflict, way: str):
    conflict.open()
    conflict.resolving.take(SYSTEM, Way.MINE)
    conflict.until(conflict.dialog.merged.isEnabled)
    # Nothing of the window runs between the two: it can't have heard of it.
    conflict.save_elsewhere(**{STYLE: "lush"})
    conflict.click(getattr(conflict.dialog, way))
    conflict.until(lambda: "version 4" in conflict.dialog.notice.text)
    assert conflict.endings == []
    assert conflict.editing.stored.version == 4
    conflict.until(getattr(conflict.dialog, way).isEnabled)
    conflict.click(getattr(conflict.dialog, way))
    conflict.ended()
    assert conflict.editing.stored.version == 5
    assert conflict.stored.config.style == ("lush" if way == "merged" else conflict.mine.config.style)


def test_a_name_that_was_taken_meanwhile_is_told_and_nothing_is_lost(conflict: Conflict):
    conflict.open({**MINE, "name": "Hero"})
    conflict.neighbour.profiles.create(conflict.mine)
    conflict.click(conflict.dialog.overwrite)
    conflict.until(lambda: "can't be saved as it is" in conflict.dialog.notice.text)
    assert conflict.endings == []
    assert conflict.session.content == conflict.mine
    assert conflict.dialog.overwrite.isEnabled()


def test_a_deleted_profile_can_be_brought_back_with_mine(conflict: Conflict):
    conflict.open()
    conflict.neighbour.profiles.delete(conflict.profile_id)
    conflict.until(lambda: "deleted this profile" in conflict.dialog.notice.text)
    assert not conflict.dialog.merged.isVisible()
    conflict.click(conflict.dialog.overwrite)
    assert conflict.ended() is Ending.BROUGHT_BACK
    assert conflict.stored == conflict.mine


def test_when_they_save_just_what_stands_here_there_is_no_conflict_any_more(conflict: Conflict):
    conflict.open()
    before = conflict.neighbour.profiles.get(conflict.profile_id)
    conflict.neighbour.profiles.save(conflict.profile_id, conflict.mine, base_of(before))
    assert conflict.ended() is Ending.GONE_BY
    assert not conflict.session.is_dirty


def test_a_save_that_was_under_way_ends_the_conflict_when_it_comes_through(conflict: Conflict):
    conflict.open()
    conflict.session.save_over(conflict.mine, conflict.resolving.theirs, "saved")
    assert conflict.ended() is Ending.GONE_BY


# Keys and readers


def test_the_keyboard_alone_decides_and_saves(conflict: Conflict):
    conflict.open({**MINE, STYLE: "wry"})
    assert conflict.dialog.table.current is conflict.row(STYLE)  # the first decision
    conflict.press(Qt.Key.Key_2)
    conflict.press(Qt.Key.Key_N)
    assert conflict.dialog.table.current is conflict.row()
    conflict.press(Qt.Key.Key_Up)
    assert conflict.dialog.table.current is conflict.row(STYLE)
    conflict.press(Qt.Key.Key_Down)
    conflict.press(Qt.Key.Key_3)
    conflict.press(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    conflict.press(Qt.Key.Key_1)  # a digit of the text, now
    conflict.press(Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert conflict.resolving.decisions.ways == {STYLE: Way.THEIRS, SYSTEM: Way.THEIRS}
    conflict.press(Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    assert conflict.resolving.decisions.value_of(SYSTEM).endswith("heroes.1")
    conflict.until(conflict.dialog.merged.isEnabled)
    conflict.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert conflict.ended() is Ending.MERGED
    assert conflict.stored.config.style == "terse"


def test_tab_reaches_rows_ways_and_buttons_in_the_order_they_stand(conflict: Conflict):
    conflict.open()
    conflict.dialog.table.go_to("description")
    seen: list[QWidget] = []
    while conflict.dialog.copy not in seen:
        conflict.press(Qt.Key.Key_Tab)
        seen.append(conflict.dialog.focusWidget())
        assert len(seen) < 60
    for part in (conflict.row(), conflict.row().choice.ways[Way.MINE], conflict.dialog.base_shown):
        assert part in seen
    assert seen.index(conflict.row()) < seen.index(conflict.row().choice.ways[Way.MINE])


def test_a_reader_hears_which_side_and_which_field(conflict: Conflict):
    conflict.open()

    def name(widget: QWidget) -> str:
        return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)

    assert name(conflict.row(HEAT).mine) == "Your version of Temperature: 0.9, changed"
    assert name(conflict.row(HEAT).theirs) == "Current version of Temperature: 0.7"
    assert name(conflict.row()) == "System prompt, needs a decision"
    assert name(conflict.row().choice.ways[Way.THEIRS]) == "Take the current version of System prompt"
    description = QAccessible.queryAccessibleInterface(conflict.row()).text(QAccessible.Text.Description)
    assert "Your version of System prompt: You write funny heroes., changed" in description


def test_the_size_is_remembered(conflict: Conflict):
    conflict.open()
    conflict.dialog.resize(930, 610)
    conflict.click(conflict.dialog.discard)
    conflict.ended()
    assert conflict.editing.desktop.services.memory.text("profiles/conflict-size") == "930x610"
