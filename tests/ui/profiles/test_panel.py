"""The profiles panel in the real window: the list, what is done with profiles, saving, unsaved changes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import text

from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.store.database import Store
from cardforge_desktop.ui.edit_status import Status
from cardforge_desktop.ui.profiles.panel import ProfilesPanel
from cardforge_desktop.ui.profiles.profile_model import Role
from cardforge_desktop.workspace import Workspace
from tests.support.profiles import add_profile
from tests.support.window import Running

_ANOTHER = """
INSERT INTO profile (id, name, version, created_at, created_by)
SELECT id || :number, 'Number ' || :number, 1, created_at, created_by FROM profile WHERE id = :id
"""
_ITS_VERSION = """
INSERT INTO profile_version
    (profile_id, version, name, description, type, config, prompts, updated_at, updated_by, reason)
SELECT profile_id || :number, 1, 'Number ' || :number, description, type, config, prompts, updated_at,
    updated_by, reason
FROM profile_version WHERE profile_id = :id
"""


class Panel:
    """The panel in the window, with a profile open."""

    def __init__(self, running: Running) -> None:
        self.running = running
        made = running.window.built("profiles")
        assert isinstance(made, ProfilesPanel)
        self.panel, self.session = made, made.session
        self.until(lambda: self.session.is_open)

    @property
    def workspace(self) -> Workspace:
        return self.running.workspace

    @property
    def names(self) -> list[str]:
        """As they are listed."""
        return [line.name for line in self.panel.list.model.lines]

    @property
    def head(self):
        return self.panel.editor.head

    def until(self, condition: Callable[[], object]) -> None:
        self.running.until(condition)

    def act(self, key: str) -> None:
        action = self.running.session.services.actions[key]
        assert action.isEnabled(), key
        action.trigger()

    def enabled(self, key: str) -> bool:
        return self.running.session.services.actions[key].isEnabled()

    def show(self, name: str) -> None:
        """Choose a profile in the list, as a click does."""
        row = self.names.index(name)
        self.panel.list.view.setCurrentIndex(self.panel.list.model.index(row))
        self.shows(name)

    def shows(self, name: str) -> None:
        """Wait until the editor has the profile of this name."""
        self.until(lambda: self.session.is_open and self.session.profile.name == name)

    def notice(self, link: str) -> None:
        """Click a link of the window's message."""
        self.until(lambda: any(self._links(link)))
        self._links(link)[0].click()

    def _links(self, text: str) -> list[QPushButton]:
        buttons = self.running.window.findChildren(QPushButton)
        return [each for each in buttons if each.text() == text and each.isVisible()]


@pytest.fixture
def panel(run_window: Callable[..., Running]) -> Panel:
    return Panel(run_window())


def test_the_chosen_profile_of_the_app_is_open_first_and_the_list_keeps_qts_rules(panel, qtmodeltester):
    assert panel.session.profile.name == "Default"
    assert panel.panel.list.current == panel.session.profile_id
    assert panel.names == sorted(panel.names, key=str.casefold)
    qtmodeltester.check(panel.panel.list.model)


def test_the_list_says_type_version_author_and_time(panel):
    model = panel.panel.list.model
    told = model.index(panel.names.index("Scenario")).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told.startswith("Scenario, ")
    assert "Version 1, saved by CardForge on " in told


def test_the_search_finds_words_of_name_description_and_type_as_they_are_typed(panel):
    panel.panel.begin_search()
    QTest.keyClicks(panel.panel.list.search, "lorebook ONLY")
    assert panel.names == ["Lorebook only"]
    assert panel.session.profile.name == "Default"
    QTest.keyClick(panel.panel.list.search, Qt.Key.Key_Down)
    panel.shows("Lorebook only")
    QTest.keyClicks(panel.panel.list.search, " nothing")
    assert panel.names == []
    assert not panel.panel.list.view.isVisible()
    QTest.keyClick(panel.panel.list.search, Qt.Key.Key_Escape)
    assert "Default" in panel.names
    assert panel.panel.list.current == panel.session.profile_id


def test_arrow_keys_open_profiles(panel):
    QTest.keyClick(panel.panel.list.view, Qt.Key.Key_Down)
    panel.shows(panel.names[panel.names.index("Default") + 1])
    QTest.keyClick(panel.panel.list.view, Qt.Key.Key_Home)
    panel.shows(panel.names[0])


def test_a_new_profile_has_the_words_of_the_default_under_a_free_name(panel):
    panel.act("profile.new")
    panel.shows("New profile")
    panel.act("profile.new")
    panel.shows("New profile 2")
    default = panel.workspace.profiles.by_name("Default")
    assert panel.session.content.prompts == default.prompts
    assert {"New profile", "New profile 2"} <= set(panel.names)


def test_what_is_typed_after_a_new_profile_is_its_name(panel):
    for key, words in (("profile.new", "Noir stories"), ("profile.duplicate", "Noir poems")):
        panel.act(key)
        panel.until(lambda: panel.panel.editor.form.isAncestorOf(panel.running.window.focusWidget()))
        QTest.keyClicks(panel.running.window.focusWidget(), words)
        assert panel.session.content.name == words
        panel.act("editor.save")
        panel.shows(words)
        panel.panel.list.view.setFocus()


def test_a_new_profile_can_be_made_where_the_default_was_deleted(panel):
    panel.act("profile.delete")
    panel.until(lambda: "Default" not in panel.names)
    panel.act("profile.new")
    panel.shows("New profile")
    assert panel.session.content.prompts.system


def test_a_duplicate_has_what_stands_in_the_editor(panel):
    panel.session.set("description", "Mine.")
    panel.act("profile.duplicate")
    panel.shows("Default 2")
    assert panel.session.content.description == "Mine."
    assert panel.workspace.profiles.by_name("Default").description != "Mine."


def test_a_deleted_profile_comes_back_with_its_unsaved_changes(panel):
    panel.session.set("description", "Mine.")
    panel.act("profile.delete")
    panel.until(lambda: "Default" not in panel.names)
    panel.until(lambda: panel.session.is_open and panel.session.profile.name != "Default")
    panel.notice("Undo")
    panel.shows("Default")
    assert panel.session.content.description == "Mine."
    assert not panel.session.is_deleted
    assert "Default" in panel.names


def test_a_deletion_can_be_undone_when_its_message_is_gone(panel):
    assert not panel.enabled("profile.undo_deletion")
    for name in ("Compact", "Group"):
        panel.show(name)
        panel.act("profile.delete")
        panel.until(lambda name=name: name not in panel.names)
    for name in ("Group", "Compact"):
        panel.act("profile.undo_deletion")
        panel.shows(name)
    panel.until(lambda: not panel.enabled("profile.undo_deletion"))


def test_what_is_unsaved_of_a_profile_deleted_elsewhere_can_be_gone_back_to(panel):
    panel.session.set("description", "Mine.")
    profile_id = panel.session.profile_id
    panel.workspace.profiles.delete(profile_id)
    panel.until(lambda: panel.session.is_deleted)
    panel.show("Compact")

    def told() -> str:
        row = panel.names.index("Default")
        text: str = panel.panel.list.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
        return text

    panel.until(lambda: told().endswith("Deleted elsewhere, Unsaved changes"))  # once the list is read anew
    panel.show("Default")
    assert panel.session.content.description == "Mine."
    panel.until(lambda: panel.session.is_deleted)
    panel.notice("Save mine as a copy")
    panel.until(lambda: panel.session.profile_id != profile_id)
    panel.until(lambda: panel.panel.list.model.line_of(profile_id) is None)


def test_what_a_dead_process_left_is_marked_in_the_list_until_somebody_decides(panel):
    dead = Workspace.open(panel.workspace.paths)
    group = panel.workspace.profiles.by_name("Group")
    written = group.content.model_copy(update={"description": "Lost."})
    dead.unsaved_profiles.keep(group.id, 1, written)
    dead.close()
    panel.workspace.profiles.save(group.id, group.content.model_copy(update={"name": "Band"}), base_of(group))
    marks = panel.panel.list.model
    panel.until(lambda: "Band" in panel.names)
    row = panel.names.index("Band")
    panel.until(lambda: marks.index(row).data(Role.UNSAVED))
    panel.show("Band")
    panel.notice("Leave them in the history")
    panel.until(lambda: not marks.index(row).data(Role.UNSAVED))


def test_delete_and_rename_have_keys_in_the_list(panel):
    QTest.keyClick(panel.panel.list.view, Qt.Key.Key_F2)
    focused = panel.running.window.focusWidget()
    assert panel.panel.editor.form.isAncestorOf(focused)
    QTest.keyClick(panel.panel.list.view, Qt.Key.Key_Delete)
    panel.until(lambda: "Default" not in panel.names)


def test_the_last_profile_stays_and_that_is_said(panel):
    profiles = panel.workspace.profiles
    for line in profiles.lines():
        if line.name != "Default":
            profiles.delete(line.id)
    panel.until(lambda: panel.names == ["Default"])
    panel.act("profile.delete")
    bar = panel.running.window.findChildren(type(panel.panel.editor.notices.bar))
    panel.until(lambda: any("only profile" in each.text for each in bar))
    assert panel.names == ["Default"]


def test_a_profile_left_with_changes_has_them_when_one_comes_back_and_the_list_says_so(panel):
    panel.session.set("description", "Mine.")
    panel.show("Compact")
    row = panel.names.index("Default")
    told = panel.panel.list.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told.endswith("Unsaved changes")
    panel.show("Default")
    assert panel.session.content.description == "Mine."
    panel.act("profile.revert")
    told = panel.panel.list.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Unsaved" not in told
    panel.act("edit.undo")
    assert panel.session.content.description == "Mine."


def test_a_renamed_profile_moves_in_the_list_and_stays_chosen(panel):
    panel.session.set("name", "Zebra")
    panel.act("editor.save")
    panel.until(lambda: panel.names[-1] == "Zebra")
    assert panel.panel.list.view.currentIndex().row() == len(panel.names) - 1
    panel.until(lambda: panel.workspace.settings.get().profile == "Zebra")


def test_the_head_says_how_the_profile_stands(panel):
    assert panel.head.state.text() == "Saved"
    assert not panel.head.save.isEnabled()
    assert panel.head.version.whole.startswith("Version 1 · saved by CardForge · ")
    panel.session.set("description", "Mine.")
    assert panel.head.state.text() == "Unsaved changes"
    assert panel.head.save.isEnabled()
    panel.head.save.click()
    panel.until(lambda: panel.session.status is Status.SAVED)
    assert panel.head.state.text() == "Saved"
    assert panel.head.version.whole.startswith("Version 2 · saved by ")


def test_a_name_stands_beside_its_icon_whichever_way_it_is_written(panel):
    for name in ("شخصيات من الحكايات", "A name that is far too long for the room there is " * 4):
        panel.session.set("name", name)
        panel.until(lambda name=name: panel.head.name.whole == name.strip())
        panel.until(lambda: panel.head.name.x() - panel.head.type.geometry().right() < 20)
        panel.until(lambda: panel.head.name.geometry().right() < panel.head.icon.x())
        wide = panel.head.name.fontMetrics().horizontalAdvance(panel.head.name.text()) + 8
        panel.until(lambda wide=wide: panel.head.name.width() <= wide + 40)


def test_save_waits_for_the_check_and_is_held_back_by_an_error_that_is_shown(panel):
    panel.session.set("name", " ")
    assert panel.panel.editor.checker.is_checking
    panel.act("editor.save")
    assert panel.panel.editor.saver.is_waiting
    panel.until(lambda: not panel.panel.editor.saver.is_waiting)
    assert panel.workspace.profiles.get(panel.session.profile_id).version == 1
    assert not panel.head.save.isEnabled()
    assert panel.panel.editor.form.isAncestorOf(panel.running.window.focusWidget())
    panel.session.set("name", "Mended")
    panel.act("editor.save")
    panel.until(lambda: panel.session.profile.version == 2)
    assert panel.session.profile.name == "Mended"


def test_errors_are_counted_once_over_the_fields_and_in_the_head_where_those_are_hidden(panel):
    panel.session.set("name", " ")
    panel.until(lambda: panel.panel.editor.saver.errors)
    assert panel.panel.editor.form.line.isVisible()
    assert not panel.head.errors.isVisible()
    panel.panel.editor.resize(500, 600)
    panel.panel.editor.show_side("prompt")
    assert not panel.panel.editor.form.line.isVisible()
    assert panel.head.errors.isVisible()
    panel.head.errors.click()
    assert panel.panel.editor.form.line.isVisible()
    assert not panel.head.errors.isVisible()


def test_a_message_that_goes_gives_its_room_back(panel):
    editor = panel.panel.editor
    stored = panel.workspace.profiles.get(panel.session.profile_id)
    changed = stored.content.model_copy(update={"description": "Theirs."})
    panel.workspace.profiles.save(stored.id, changed, base_of(stored))
    panel.until(editor.notices.isVisible)
    editor.notices.bar.dismiss()
    assert not editor.notices.isVisible()


def test_a_profile_is_exported_and_imported_from_a_drop(panel, tmp_path: Path):
    file = tmp_path / "shared.json"
    panel.panel.commands.write(panel.session.profile_id, file)
    panel.until(file.exists)
    assert json.loads(file.read_text())["name"] == "Default"
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    panel.running.session.frame.take([broken, file])
    panel.shows("Default 2")
    bars = panel.running.window.findChildren(type(panel.panel.editor.notices.bar))
    panel.until(lambda: any("broken.json" in each.text for each in bars))
    history = panel.workspace.profiles.history(panel.session.profile_id)
    assert [line.reason for line in history] == ["imported"]


def test_the_context_menu_has_what_can_be_done(panel):
    texts = [action.text().replace("&", "") for action in panel.panel.make_menu().actions()]
    assert texts[:3] == ["Rename", "Duplicate", "Revert"]
    assert {"Export profile…", "Delete", "New profile", "Import profiles…"} <= set(texts)


def test_undo_and_save_belong_to_the_editor_in_sight(panel):
    panel.session.set("description", "Mine.")
    assert panel.enabled("edit.undo")
    panel.running.window.open_panel("costs")
    assert not panel.enabled("edit.undo")
    assert not panel.enabled("editor.save")
    panel.running.window.open_panel("profiles")
    assert panel.enabled("edit.undo")
    panel.act("edit.undo")
    assert not panel.session.is_dirty


def test_a_busy_store_is_told_and_nothing_is_lost(
    run_window: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("cardforge_desktop.store.database.BUSY_TIMEOUT_MS", 20)
    monkeypatch.setattr("cardforge_desktop.ui.profiles.editor.keeping._AGAIN_MS", 50)
    panel = Panel(run_window())
    other = Store(panel.workspace.paths.store)
    with other.write() as session:
        session.execute(text("UPDATE setting SET key = key"))
        panel.session.set("description", "Mine.")
        panel.until(lambda: panel.session.keep_error is not None)
        assert "tried again" in panel.panel.editor.notices.text
        panel.session.save()
        panel.until(lambda: panel.session.error is not None)
        assert panel.session.content.description == "Mine."
    other.close()
    panel.until(lambda: panel.session.keep_error is None)
    panel.session.save()
    panel.until(lambda: panel.session.status is Status.SAVED)
    assert panel.workspace.profiles.get(panel.session.profile_id).description == "Mine."


def test_a_thousand_profiles_are_listed_and_searched(run_window: Callable[..., Running]):
    running = run_window()
    add_profile(running.workspace, "Base")
    base = running.workspace.profiles.by_name("Base")
    store = Store(running.workspace.paths.store)
    with store.write() as session:
        for number in range(1000):
            values = {"number": number, "id": base.id}
            session.execute(text(_ANOTHER), values)
            session.execute(text(_ITS_VERSION), values)
    store.close()
    panel = Panel(running)
    panel.until(lambda: len(panel.names) > 1000)
    panel.panel.list.search.setText("number 77")
    assert len(panel.names) == 19
    panel.show("Number 777")


def test_the_open_profile_is_open_at_the_next_start(run_window: Callable[..., Running]):
    panel = Panel(run_window())
    panel.show("Group")
    panel.running.close()
    again = Panel(run_window())
    again.shows("Group")


def test_the_open_profile_is_in_sight_at_the_next_start(run_window: Callable[..., Running]):
    running = run_window()
    for number in range(30):
        add_profile(running.workspace, f"Band {number}")
    panel = Panel(running)
    panel.until(lambda: "Band 29" in panel.names)
    panel.show(panel.names[-1])
    panel.running.close()
    running = run_window()
    running.window.open_panel("profiles")
    view = Panel(running).panel.list.view

    def is_seen() -> bool:
        return view.viewport().rect().contains(view.visualRect(view.currentIndex()))

    running.until(is_seen)
    running.window.resize(running.window.width(), running.window.height() - 200)
    running.until(is_seen)


def test_pickers_follow_a_rename_that_somebody_else_made(panel):
    profiles = panel.workspace.profiles
    compact = profiles.by_name("Compact")
    profiles.save(compact.id, compact.content.model_copy(update={"name": "Small"}), base_of(compact))
    panel.until(lambda: "Small" in panel.names and "Compact" not in panel.names)
