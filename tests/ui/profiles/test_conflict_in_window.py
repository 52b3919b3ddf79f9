"""The conflict and the history in the real window, beside a form."""

from PySide6.QtCore import Qt

from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.ui.profiles.conflict.dialog import ConflictDialog
from cardforge_desktop.ui.profiles.panel import ProfilesPanel
from cardforge_desktop.workspace import Workspace


def test_the_keyboard_alone_saves_the_merge_of_a_dirty_form(run_window, qtbot):
    running = run_window()
    workspace = running.workspace
    running.window.open_panel("profiles")
    running.until(lambda: isinstance(running.window.panel, ProfilesPanel))
    panel = running.window.panel
    running.until(lambda: panel.session.is_open)
    profile_id = panel.session.profile_id
    panel.session.set("config.style", "wry")
    panel.session.set("description", "mine")
    other = Workspace.open(workspace.paths, face="command line")
    before = other.profiles.get(profile_id)
    style = before.config.model_copy(update={"style": "terse", "tense": "past"})
    other.profiles.save(profile_id, before.content.model_copy(update={"config": style}), base_of(before))
    other.close()
    running.until(lambda: panel.session.newer is not None)  # noticed before anybody runs into it
    panel.editor.compare()
    running.until(lambda: panel.editor.dialog is not None)
    panel.editor.dialog.resolving.write("config.style", "wry and terse")
    qtbot.keyClick(panel.editor.dialog, Qt.Key.Key_Escape)
    assert panel.editor.dialog is None
    panel.editor.compare()
    running.until(lambda: panel.editor.dialog is not None)
    dialog = panel.editor.dialog
    assert isinstance(dialog, ConflictDialog)
    filled: list[bool] = []
    dialog.table.filled.connect(lambda: filled.append(True))
    running.until(lambda: filled and dialog.resolving.validation is not None)
    # What was decided before Esc is there again.
    assert dialog.resolving.decisions.value_of("config.style") == "wry and terse"
    dialog.table.go_to("config.style")
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_1)
    running.until(dialog.merged.isEnabled)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    running.until(lambda: panel.editor.dialog is None)
    stored = workspace.profiles.get(profile_id)
    assert (stored.config.style, stored.config.tense, stored.description) == ("wry", "past", "mine")
    assert workspace.profiles.history(profile_id)[0].reason == "merged"
    assert panel.session.content == stored.content


def save_elsewhere(workspace: Workspace, profile_id: str, description: str) -> None:
    other = Workspace.open(workspace.paths, face="command line")
    before = other.profiles.get(profile_id)
    changed = before.content.model_copy(update={"description": description})
    other.profiles.save(profile_id, changed, base_of(before))
    other.close()


def test_a_conflict_that_is_over_before_it_is_shown_keeps_no_later_one_away(run_window):
    running = run_window()
    running.window.open_panel("profiles")
    running.until(lambda: isinstance(running.window.panel, ProfilesPanel))
    panel = running.window.panel
    running.until(lambda: panel.session.is_open)
    session = panel.session
    session.set("config.style", "wry")
    save_elsewhere(running.workspace, session.profile_id, "theirs")
    running.until(lambda: session.newer is not None)
    panel.editor.compare()
    session.load(session.newer)
    session.set("config.style", "terse")
    save_elsewhere(running.workspace, session.profile_id, "theirs again")
    running.until(lambda: session.newer is not None)
    panel.editor.compare()
    running.until(lambda: panel.editor.dialog is not None)


def test_the_history_stands_beside_the_fields_and_puts_a_version_back(run_window):
    running = run_window()
    running.window.open_panel("profiles")
    running.until(lambda: isinstance(running.window.panel, ProfilesPanel))
    panel = running.window.panel
    running.until(lambda: panel.session.is_open)
    panel.session.set("description", "news")
    panel.session.save()
    running.until(lambda: not panel.session.is_dirty)
    running.session.services.actions["editor.history"].trigger()
    pane = panel.editor.side.pane("history")
    running.until(lambda: pane.model.rowCount() == 2)
    pane.choose("version 1")
    running.until(lambda: pane.restore.isVisible() and pane.restore.isEnabled())
    pane.restore.click()
    assert panel.session.content.description != "news"
    assert panel.session.can_undo
