"""Names of files in the settings: kept at once, shown as they will be, never taken from under the hands."""

from pathlib import Path

from PySide6.QtCore import Qt

from cardforge_desktop.naming import LONGEST_STEM_BYTES, NameRules
from cardforge_desktop.ui.settings.names import read_naming
from cardforge_desktop.ui.settings.panel import SettingsPanel
from tests.support.app import write_sources


def panel_of(running) -> SettingsPanel:
    running.window.open_panel("settings")
    panel = running.window.built("settings")
    assert isinstance(panel, SettingsPanel)
    running.until(lambda: panel.names.longest.current)
    return panel


def names(panel: SettingsPanel) -> list[str]:
    return [shown._whole for shown in panel.names.pattern.names if not shown.isHidden()]


def test_a_pattern_is_kept_when_it_is_entered_and_new_rows_follow_it(run_window, tmp_path: Path, qtbot):
    running = run_window()
    panel = panel_of(running)
    editor = panel.names.pattern
    editor.line.setFocus()
    qtbot.keyClicks(editor.line, "{index}-{nam}")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert running.workspace.settings.get().pattern == ""
    qtbot.mouseClick(editor.fix_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    running.until(lambda: running.workspace.settings.get().pattern == "{index}-{character_name}")
    assert names(panel)[0] == "001-gandalf_the_grey_json.json"
    running.session.frame.add(write_sources(tmp_path, 1))
    running.until(lambda: running.statuses() == ["draft"])
    (item,) = running.workspace.batches.items()
    assert item.pattern == "{index}-{character_name}"


def test_rules_show_in_the_names_at_once(run_window, qtbot):
    running = run_window()
    panel = panel_of(running)
    panel.names.pattern.choices._group.actions()[-1].trigger()
    running.until(lambda: names(panel)[0].endswith("_001_gandalf_the_grey_json.json"))
    qtbot.mouseClick(panel.names.sanitise, Qt.MouseButton.LeftButton)
    running.until(lambda: names(panel)[0].endswith("_001_Gandalf the Grey_json.json"))
    panel.names.longest._group.actions()[0].trigger()
    running.until(lambda: names(panel)[0] == "batch_a1b2c3d4_001_Ganda_json.json")
    assert running.workspace.settings.get().name_rules == NameRules(sanitise=False, max_bytes=24)


def test_what_is_written_stays_when_the_settings_change_elsewhere(run_window, qtbot):
    running = run_window()
    panel = panel_of(running)
    editor = panel.names.pattern
    editor.line.setFocus()
    qtbot.keyClicks(editor.line, "{date")
    running.workspace.settings.update(longest_name=LONGEST_STEM_BYTES, pattern="{index}")
    running.until(lambda: panel.names.longest.current == str(LONGEST_STEM_BYTES))
    assert editor.pattern == "{date"
    qtbot.keyClicks(editor.line, "}")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    running.until(lambda: running.workspace.settings.get().pattern == "{date}")


def test_the_newest_card_of_the_library_is_the_example(run_window, scripted_server, tmp_path: Path):
    running = run_window(scripted_server.url)
    panel = panel_of(running)
    running.workspace.settings.update(pattern="{character_name}")
    running.session.frame.add(write_sources(tmp_path, 2))
    running.until(lambda: running.statuses() == ["draft"] * 2)
    running.session.services.actions["queue.start"].trigger()
    running.until(lambda: running.statuses() == ["completed"] * 2)
    newest = running.workspace.card_search.newest()
    assert newest is not None
    expected = read_naming(running.workspace).samples[0].character_name
    assert expected == newest.name
    running.until(lambda: names(panel)[0] == f"{newest.name.lower().replace(' ', '_')}_json.json")


def test_a_profile_that_is_gone_leaves_the_usual_pattern(run_window):
    running = run_window()
    panel = panel_of(running)
    running.workspace.settings.update(profile="Gone", sanitise_names=False)
    running.until(lambda: names(panel)[0].startswith("Gandalf the Grey_"))


def test_the_machine_may_fall_asleep(run_window, qtbot):
    running = run_window()
    panel = panel_of(running)
    running.until(panel.keep_awake.isChecked)  # the settings are read
    qtbot.mouseClick(panel.keep_awake, Qt.MouseButton.LeftButton)
    running.until(lambda: not running.workspace.settings.get().keep_awake)
    running.workspace.settings.update(keep_awake=True)
    running.until(panel.keep_awake.isChecked)


def test_every_control_is_named_and_reached_by_tab(run_window, qtbot):
    running = run_window()
    panel = panel_of(running)
    parts = panel.names.pattern
    running.window.activateWindow()
    running.until(running.window.isActiveWindow)
    wanted = [parts.choices, parts.insert_button, parts.line, panel.names.sanitise, panel.names.longest]
    panel.theme.setFocus()
    for part in wanted:
        qtbot.keyClick(running.window.focusWidget(), Qt.Key.Key_Tab)
        assert running.window.focusWidget() is part
        assert part.accessibleName()
    qtbot.keyClick(running.window.focusWidget(), Qt.Key.Key_Tab)
    assert panel.engines.isAncestorOf(running.window.focusWidget())
