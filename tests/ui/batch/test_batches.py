"""The list of batches and the bar of the chosen one, over a real queue."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches.model import BatchOptions, BatchStatus, Options, Priority
from cardforge_desktop.ui.batch.history.model import Entry
from cardforge_desktop.ui.batch.state import Group
from cardforge_desktop.ui.batch.tally import NEW
from cardforge_desktop.ui.costs.limits_dialog import LimitsDialog
from tests.support.app import ENGINE, write_sources
from tests.support.scripted_server import Pace, ScriptedServer, Step
from tests.support.window import Running

Run = Callable[..., Running]


def submit(running: Running, folder: Path, count: int, **options: object) -> str:
    """Start a batch; the window hears of it."""
    batch = BatchOptions(**options)  # type: ignore[arg-type]
    out = Options(output=folder.parent / "out", engine=ENGINE)
    return running.workspace.queue.submit(write_sources(folder, count), out, batch=batch)


def names(running: Running) -> list[str]:
    model = running.batch.batches.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def status(running: Running, batch_id: str) -> BatchStatus | None:
    batch = running.session.services.batches.batch(batch_id)
    return batch.status if batch is not None else None


def act(running: Running, key: str) -> None:
    action = running.session.services.actions[key]
    running.until(action.isEnabled)
    action.trigger()


def test_batches_are_listed_and_choosing_one_shows_its_rows(
    run_window: Run, scripted_server: ScriptedServer, tmp_path: Path, qtmodeltester
) -> None:
    running = run_window(scripted_server.url)
    panel = running.batch
    assert running.workspace is not None
    first = submit(running, tmp_path / "a", 2, name="First")
    running.until(lambda: status(running, first) is BatchStatus.COMPLETED)
    assert not panel.layouted.history_shown
    second = submit(running, tmp_path / "b", 3, name="Second")
    running.until(lambda: status(running, second) is BatchStatus.COMPLETED)
    running.session.frame.add(write_sources(tmp_path / "c", 1))
    running.until(lambda: names(running) == ["All batches", "New", "Second", "First"])
    assert panel.layouted.history_shown
    qtmodeltester.check(panel.batches.model)
    for key, rows in ((first, 2), (second, 3), (NEW, 1), ("", 6)):
        panel.show_batch(key)
        running.until(lambda rows=rows: panel.controller.model.rowCount() == rows)
        shown = panel.batches.bar.batch_id
        assert shown == (second if key == "" else "" if key == NEW else key)


def test_a_batch_is_paused_resumed_and_cancelled_from_its_bar(
    run_window: Run, tmp_path: Path, qtbot: QtBot
) -> None:
    with ScriptedServer([Step("stall", times=0)]) as server:
        running = run_window(server.url)
        bar = running.batch.batches.bar
        assert running.workspace is not None
        batch_id = submit(running, tmp_path / "a", 4, max_concurrent=1)
        running.until(lambda: bar.batch_id == batch_id and bar.pause_button.isVisible())
        qtbot.mouseClick(bar.pause_button, Qt.MouseButton.LeftButton)
        running.until(lambda: status(running, batch_id) is BatchStatus.PAUSED)
        running.until(lambda: running.batch.controller.model.count(Group.PAUSED) >= 3)
        running.until(bar.resume_button.isVisible)
        qtbot.mouseClick(bar.resume_button, Qt.MouseButton.LeftButton)
        running.until(lambda: status(running, batch_id) in (BatchStatus.QUEUED, BatchStatus.PROCESSING))
        running.until(lambda: bar.cancel_button.isVisible() and bar.pause_button.isVisible())
        qtbot.mouseClick(bar.cancel_button, Qt.MouseButton.LeftButton)
        running.until(lambda: status(running, batch_id) is BatchStatus.CANCELLED)
        running.until(lambda: running.statuses() == ["cancelled"] * 4)
        running.until(bar.close_button.isVisible)
        qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
        running.until(lambda: not bar.isVisible())


def test_the_bar_says_how_many_batches_run_where_it_stands_for_all(run_window: Run, tmp_path: Path) -> None:
    with ScriptedServer([Step("stall", times=0)]) as server:
        running = run_window(server.url)
        bar = running.batch.batches.bar
        assert running.workspace is not None
        first = submit(running, tmp_path / "a", 1)
        running.until(lambda: status(running, first) is BatchStatus.PROCESSING)
        running.until(lambda: bar.batch_id == first)
        running.until(lambda: bar.state_text == "Running")
        second = submit(running, tmp_path / "b", 1)
        running.until(lambda: bar.state_text == "1 of 2 running")
        running.batch.show_batch(second)
        running.until(lambda: bar.batch_id == second)
        assert bar.state_text == "Running"


def test_the_summary_at_the_end_tells_the_outcome_and_retries(
    run_window: Run, tmp_path: Path, qtbot: QtBot
) -> None:
    with ScriptedServer([Step("garbage", times=0, match="Marrow1")], pace=Pace(total=0.2)) as server:
        running = run_window(server.url)
        bar = running.batch.batches.bar
        assert running.workspace is not None
        batch_id = submit(running, tmp_path / "a", 3)
        running.until(lambda: status(running, batch_id) is BatchStatus.COMPLETED)
        running.until(bar.retry_button.isVisible)
        assert "2 of 3" in bar.summary_text
        assert "1 failed" in bar.summary_text
        calls = len(server.calls)
        qtbot.mouseClick(bar.retry_button, Qt.MouseButton.LeftButton)
        running.until(lambda: len(server.calls) > calls)
        running.until(lambda: status(running, batch_id) is BatchStatus.COMPLETED)
        running.until(bar.library_button.isVisible)
        qtbot.mouseClick(bar.library_button, Qt.MouseButton.LeftButton)
        running.until(lambda: running.window.current == "library")
        running.until(lambda: running.library.model.rowCount() == 2)


def test_a_batch_gets_a_name_a_priority_fewer_places_and_a_limit(run_window: Run, tmp_path: Path) -> None:
    with ScriptedServer([Step("stall", times=0)]) as server:
        running = run_window(server.url)
        assert running.workspace is not None
        batch_id = submit(running, tmp_path / "a", 2, name="First")
        running.until(lambda: names(running)[1:] == ["First"])
        running.batch.show_batch(batch_id)
        act(running, "batch.rename")
        dialog = running.batch.findChild(QInputDialog)
        dialog.setTextValue("Harbour town")
        dialog.accept()
        running.until(lambda: names(running)[1:] == ["Harbour town"])
        act(running, "batch.high")
        commands = running.batch.batch_commands
        running.until(lambda: commands.batch.options.priority is Priority.HIGH)
        assert running.session.services.actions["batch.high"].isChecked()
        commands.set_places(5)
        running.until(lambda: commands.batch.options.max_concurrent == 5)
        act(running, "batch.limit")
        limits = running.batch.findChild(LimitsDialog)
        running.until(limits.save.isEnabled)
        limits.fields[batch_id].money.setText("1.50")
        limits.save.click()
        running.until(lambda: running.workspace.limits.get(batch_id).cost == Decimal("1.5"))


def test_a_batch_off_the_history_comes_back_with_its_rows(
    run_window: Run, scripted_server: ScriptedServer, tmp_path: Path, qtbot: QtBot
) -> None:
    running = run_window(scripted_server.url)
    assert running.workspace is not None
    for at in range(2):
        batch_id = submit(running, tmp_path / f"{at}", 2, name=f"Batch {at}")
        running.until(lambda batch_id=batch_id: status(running, batch_id) is BatchStatus.COMPLETED)
    running.until(lambda: len(running.statuses()) == 4)
    chooser = running.batch.batches
    chooser.list.choose(batch_id)
    chooser.list.setFocus()
    qtbot.keyClick(chooser.list, Qt.Key.Key_Delete)
    running.until(lambda: names(running) == ["All batches", "Batch 0"])
    running.until(lambda: len(running.statuses()) == 2)
    assert chooser.list.current == ""
    qtbot.keyClick(chooser.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    running.until(lambda: names(running) == ["All batches", "Batch 1", "Batch 0"])
    running.until(lambda: len(running.statuses()) == 4)
    row = chooser.model.row_of(batch_id)
    assert chooser.model.index(row).data(Entry.BATCH).counts.completed == 2


def test_the_end_of_a_batch_is_told_in_other_panels(
    run_window: Run, scripted_server: ScriptedServer, tmp_path: Path
) -> None:
    running = run_window(scripted_server.url)
    assert running.workspace is not None
    running.window.open_panel("costs")
    submit(running, tmp_path / "a", 2, name="Harbour town")
    running.until(lambda: running.window.notices.text)
    assert running.window.notices.text.startswith("Harbour town: 2 of 2")


def test_states_are_offered_with_counts_and_walked_with_the_arrow_keys(
    run_window: Run, tmp_path: Path, qtbot: QtBot
) -> None:
    with ScriptedServer([Step("stall", times=0, match="Marrow2")]) as server:
        running = run_window(server.url)
        panel = running.batch
        assert running.workspace is not None
        submit(running, tmp_path / "a", 3)
        running.until(lambda: sorted(running.statuses()) == ["completed", "completed", "processing"])
        running.until(panel.states.isVisible)
        offered = [each for each in panel.states.buttons() if each.isVisible()]
        assert [each.text().split() for each in offered] == [["All", "3"], ["Running", "1"], ["Done", "2"]]
        offered[0].setFocus()
        qtbot.keyClick(offered[0], Qt.Key.Key_Right)
        assert panel.states.current is Group.RUNNING
        assert panel.controller.model.rowCount() == 1
        qtbot.keyClick(offered[1], Qt.Key.Key_Right)
        assert panel.controller.model.rowCount() == 2
        panel.begin_search()
        panel.search.setText("source-001")
        running.until(lambda: panel.controller.model.rowCount() == 1)
        panel.search.setFocus()
        qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
        running.until(lambda: panel.controller.model.rowCount() == 2)
