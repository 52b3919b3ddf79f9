"""The form in the real window: it comes with the selection, and Start takes what stands in it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches.model import ItemStatus
from tests.support.app import write_sources
from tests.support.scripted_server import ScriptedServer
from tests.support.window import Running

Run = Callable[..., Running]


def with_drafts(run_window: Run, server: ScriptedServer, folder: Path, count: int) -> Running:
    running = run_window(server.url)
    running.until(lambda: running.batch.controller.is_loaded)
    running.session.frame.add(write_sources(folder, count))
    running.until(lambda: running.statuses() == ["draft"] * count)
    running.until(lambda: all(item.estimate_input for item in rows(running)))
    return running


def rows(running: Running):
    return list(running.batch.controller.model.items())


def choose(running: Running, *at: int) -> None:
    running.batch.table.select({rows(running)[each].id for each in at})


def test_drafts_show_the_form_and_all_else_the_card(run_window: Run, scripted_server, tmp_path: Path) -> None:
    running = with_drafts(run_window, scripted_server, tmp_path, 3)
    side = running.batch.side
    assert not side.shows_wishes
    choose(running, 0, 2)
    assert side.shows_wishes
    assert side.wishes.ids == (rows(running)[0].id, rows(running)[2].id)
    running.workspace.queue.start([rows(running)[0].id])
    running.until(lambda: running.statuses()[0] == "completed" or "completed" in running.statuses())
    running.until(lambda: not side.shows_wishes)
    done = next(item for item in rows(running) if item.status is ItemStatus.COMPLETED)
    running.batch.table.select({done.id})
    running.until(lambda: side.preview.item_id == done.id)
    assert side.preview.files.entries
    running.batch.table.clearSelection()
    assert not side.shows_wishes


def test_start_takes_a_folder_that_was_typed_a_moment_ago(
    run_window: Run, scripted_server, tmp_path: Path, qtbot: QtBot
) -> None:
    running = with_drafts(run_window, scripted_server, tmp_path / "in", 1)
    choose(running, 0)
    line = running.batch.side.wishes.folder.line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, str(tmp_path / "new place"))
    qtbot.mouseClick(running.batch.start_button, Qt.MouseButton.LeftButton)
    running.until(lambda: running.statuses() == ["completed"])
    assert {path.parent for _, path in rows(running)[0].files} == {tmp_path / "new place"}


def test_starting_into_a_folder_that_can_not_be_written_in_warns(
    run_window: Run, scripted_server, tmp_path: Path
) -> None:
    running = with_drafts(run_window, scripted_server, tmp_path / "in", 1)
    file = tmp_path / "taken"
    file.write_text("a file")
    running.workspace.drafts.change([rows(running)[0].id], output=file)
    running.until(lambda: rows(running)[0].output == file)
    said: list[str] = []
    running.session.services.desk.notice.connect(lambda notice: said.append(notice.text))
    running.session.services.actions["queue.start"].trigger()
    running.until(lambda: any(str(file) in text for text in said))
    running.until(lambda: running.statuses() == ["failed"])
    assert rows(running)[0].error.code == "FILES_FOLDER_IS_A_FILE"


def test_ctrl_z_takes_changes_and_removals_back_in_their_order(
    run_window: Run, scripted_server, tmp_path: Path, qtbot: QtBot
) -> None:
    running = with_drafts(run_window, scripted_server, tmp_path, 3)
    table, side = running.batch.table, running.batch.side
    choose(running, 0, 1)
    running.batch.engine.picked.emit("Built-in")
    running.until(lambda: [item.engine for item in rows(running)] == ["Built-in", "Built-in", "Scripted"])
    choose(running, 2)
    running.session.services.actions["queue.remove"].trigger()
    running.until(lambda: len(rows(running)) == 2)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    running.until(lambda: len(rows(running)) == 3)
    assert [item.engine for item in rows(running)].count("Built-in") == 2
    table.clearSelection()
    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    running.until(lambda: {item.engine for item in rows(running)} == {"Scripted"})
    running.until(lambda: side.shows_wishes and len(side.wishes.ids) == 2)
    assert not running.session.services.actions["queue.undo"].isEnabled()


def test_keys_lead_from_the_rows_into_the_form_and_back(
    run_window: Run, scripted_server, tmp_path: Path, qtbot: QtBot
) -> None:
    running = with_drafts(run_window, scripted_server, tmp_path, 1)
    table, wishes = running.batch.table, running.batch.side.wishes
    running.window.activateWindow()
    choose(running, 0)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert running.window.focusWidget() is wishes.profile
    qtbot.keyClicks(wishes.character, "Nan")
    qtbot.keyClick(wishes.character, Qt.Key.Key_Escape)
    assert wishes.character.text() == ""
    qtbot.keyClick(wishes.character, Qt.Key.Key_Escape)
    assert running.window.focusWidget() is table
