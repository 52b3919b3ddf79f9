"""What a person does with rows while the queue runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches.model import BatchOptions, ItemView
from cardforge_desktop.ui.batch.state import Group
from cardforge_desktop.ui.services import Notice
from tests.support.app import write_sources
from tests.support.scripted_server import ScriptedServer, Step
from tests.support.window import Running

Run = Callable[..., Running]


@pytest.fixture
def stalled() -> Iterator[ScriptedServer]:
    """A server that answers nobody."""
    with ScriptedServer([Step("stall", times=0)]) as server:
        yield server


def with_drafts(run_window: Run, url: str, folder: Path, count: int) -> Running:
    running = run_window(url)
    running.until(lambda: running.batch.controller.is_loaded)
    running.session.frame.add(write_sources(folder, count))
    running.until(lambda: running.statuses() == ["draft"] * count)
    running.until(lambda: all(item.estimate_input for item in items(running)))
    return running


def items(running: Running) -> list[ItemView]:
    return list(running.batch.controller.model.items())


def act(running: Running, key: str) -> None:
    action = running.session.services.actions[key]
    running.until(action.isEnabled)
    action.trigger()


def sources(running: Running) -> list[str]:
    return [item.source.removeprefix("source-").removesuffix(".md") for item in items(running)]


def begin_one_at_a_time(running: Running) -> None:
    """One row runs, the others wait."""
    running.workspace.queue.start(None, BatchOptions(max_concurrent=1))
    running.until(lambda: running.statuses().count("processing") == 1)


def test_rows_are_paused_and_go_on(run_window: Run, stalled: ScriptedServer, tmp_path: Path) -> None:
    running = with_drafts(run_window, stalled.url, tmp_path, 3)
    begin_one_at_a_time(running)
    model = running.batch.controller.model
    running.batch.table.select({item.id for item in items(running)[1:]})
    act(running, "queue.pause")
    running.until(lambda: model.count(Group.PAUSED) == 2)
    act(running, "queue.resume")
    running.until(lambda: model.count(Group.PAUSED) == 0)
    assert model.count(Group.WAITING) == 2


def test_waiting_rows_are_put_in_another_order(
    run_window: Run, stalled: ScriptedServer, tmp_path: Path
) -> None:
    running = with_drafts(run_window, stalled.url, tmp_path, 5)
    begin_one_at_a_time(running)
    running.until(lambda: sources(running) == ["001", "002", "003", "004", "005"])
    running.batch.table.select({items(running)[3].id})
    act(running, "queue.up")
    running.until(lambda: sources(running) == ["001", "002", "004", "003", "005"])
    assert running.batch.table.selected()[0].source == "source-004.md"
    act(running, "queue.end")
    running.until(lambda: sources(running) == ["001", "002", "003", "005", "004"])
    act(running, "queue.top")
    running.until(lambda: sources(running)[:2] in (["004", "001"], ["001", "004"]))
    order = [item.source for item in items(running) if item.status.value == "queued"]
    assert order[0] == "source-004.md"
    dragged, before = items(running)[-1], items(running)[2]
    running.batch.table.dropped.emit([dragged.id], before.id)
    running.until(lambda: [item.id for item in items(running)][2:4] == [dragged.id, before.id])


def test_removed_rows_come_back_where_they_were(
    run_window: Run, scripted_server: ScriptedServer, tmp_path: Path, qtbot: QtBot
) -> None:
    running = with_drafts(run_window, scripted_server.url, tmp_path, 4)
    said: list[Notice] = []
    running.session.services.desk.notice.connect(said.append)
    table = running.batch.table
    table.select({items(running)[0].id, items(running)[2].id})
    act(running, "queue.remove")
    running.until(lambda: sources(running) == ["002", "004"])
    table.selectRow(0)
    act(running, "queue.remove")
    running.until(lambda: sources(running) == ["004"])
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    running.until(lambda: sources(running) == ["002", "004"])
    assert [link.text for link in said[0].links] == ["Undo"]
    said[0].links[0].do()
    running.until(lambda: sources(running) == ["001", "002", "003", "004"])
    assert not running.session.services.actions["queue.undo"].isEnabled()


def test_copies_become_drafts_and_the_state_is_copied(
    run_window: Run, scripted_server: ScriptedServer, tmp_path: Path
) -> None:
    running = with_drafts(run_window, scripted_server.url, tmp_path, 2)
    act(running, "queue.start")
    running.until(lambda: running.statuses() == ["completed"] * 2)
    running.batch.table.selectAll()
    QGuiApplication.clipboard().setText("")
    act(running, "queue.copy_status")
    running.until(lambda: QGuiApplication.clipboard().text())
    report = json.loads(QGuiApplication.clipboard().text())
    assert report["batch_id"] == items(running)[0].batch_id
    assert report["progress"]["completed"] == 2
    act(running, "queue.duplicate")
    running.until(lambda: running.statuses() == ["completed", "completed", "draft", "draft"])
    assert sources(running) == ["001", "002", "001", "002"]


def test_all_failed_rows_are_tried_again_also_those_that_are_filtered_out(
    run_window: Run, tmp_path: Path
) -> None:
    with ScriptedServer([Step("garbage", times=0)]) as server:
        running = with_drafts(run_window, server.url, tmp_path, 3)
        act(running, "queue.start")
        running.until(lambda: running.statuses() == ["failed"] * 3)
        calls = len(server.calls)
        running.batch.states.picked.emit(Group.DONE)
        assert running.batch.controller.model.rowCount() == 0
        act(running, "queue.retry_failed")
        running.until(lambda: len(server.calls) >= calls + 3)


def test_start_begins_the_chosen_drafts_when_some_are(
    run_window: Run, stalled: ScriptedServer, tmp_path: Path, qtbot: QtBot
) -> None:
    running = with_drafts(run_window, stalled.url, tmp_path, 3)
    button = running.batch.start_button
    assert button.text() == "Start 3 cards"
    running.batch.table.selectRow(1)
    assert button.text() == "Start 1 selected"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    running.until(lambda: sorted(running.statuses()) == ["draft", "draft", "processing"])
    assert (
        next(item for item in items(running) if item.status.value == "processing").source == "source-002.md"
    )
