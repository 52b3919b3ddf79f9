"""Why a batch does not go on is said in its bar, with the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.model import BatchOptions, BatchStatus, ErrorInfo, Options
from cardforge_desktop.costs.days import ALWAYS
from cardforge_desktop.costs.limits import Limit, Standing
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.ui.batch.history.bar import BatchBar
from cardforge_desktop.ui.costs.limits_dialog import LimitsDialog
from cardforge_desktop.ui.costs.prices_dialog import PricesDialog
from cardforge_desktop.ui.limit_watch import LimitWatch
from cardforge_desktop.ui.services import Notice
from tests.support.app import ENGINE, write_sources
from tests.support.scripted_server import ScriptedServer, Step
from tests.support.window import Running

Run = Callable[..., Running]


def submit(running: Running, folder: Path, count: int) -> str:
    out = Options(output=folder.parent / "out", engine=ENGINE)
    options = BatchOptions(max_concurrent=1)
    return running.workspace.queue.submit(write_sources(folder, count), out, batch=options)


def link(running: Running, text: str) -> QPushButton:
    """The word in the bar that does something, as soon as it is there."""

    def found() -> list[QPushButton]:
        buttons = running.batch.batches.bar.findChildren(QPushButton)
        return [each for each in buttons if each.text() == text and each.isVisible()]

    running.until(found)
    return found()[0]


def stop(running: Running, batch_id: str, message: str) -> None:
    """Pause the batch as its limit does."""
    reason = ErrorInfo(message, ErrorCode.LIMIT_REACHED, {"scope": batch_id, "unit": "tokens", "needed": "1"})
    with running.workspace._store.write() as session:
        transitions.pause_batches(session, [batch_id], reason)
    running.workspace.hub.changed.emit(Changed(Kind.BATCH, frozenset({batch_id})))


def test_a_refused_key_pauses_the_batch_and_leads_to_the_settings(
    run_window: Run, tmp_path: Path, qtbot: QtBot
) -> None:
    with ScriptedServer([Step("status", times=0, status=401)]) as server:
        running = run_window(server.url)
        bar = running.batch.batches.bar
        assert running.workspace is not None
        batch_id = submit(running, tmp_path / "a", 4)
        reader = running.session.services.batches
        running.until(lambda: (b := reader.batch(batch_id)) and b.status is BatchStatus.PAUSED)
        running.until(bar.resume_button.isVisible)
        assert reader.batch(batch_id).reason.message in bar.trouble_text
        qtbot.mouseClick(link(running, "Open settings"), Qt.MouseButton.LeftButton)
        assert running.window.current == "settings"


def test_an_engine_that_is_held_back_can_be_tried_at_once(
    run_window: Run, tmp_path: Path, qtbot: QtBot
) -> None:
    with ScriptedServer([Step("status", times=4, status=429)]) as server:  # as often as a call is tried
        running = run_window(server.url)
        bar = running.batch.batches.bar
        assert running.workspace is not None
        batch_id = submit(running, tmp_path / "a", 2)
        reader = running.session.services.batches
        running.until(lambda: bar.hold_text)
        assert bar.hold_text.startswith(f"{ENGINE} asked for a pause. Goes on at ")
        assert running.statuses().count("failed") == 0
        qtbot.mouseClick(link(running, "Try now"), Qt.MouseButton.LeftButton)
        running.until(lambda: not bar.hold_text)
        running.until(lambda: reader.batch(batch_id).status is BatchStatus.COMPLETED)
        assert reader.batch(batch_id).counts.completed == 2


def test_a_batch_that_a_limit_stopped_leads_to_what_lets_it_go_on(
    run_window: Run, tmp_path: Path, qtbot: QtBot
) -> None:
    with ScriptedServer([Step("stall", times=0)]) as server:
        running = run_window(server.url)
        batch_id = submit(running, tmp_path / "a", 1)
        services = running.session.services
        running.until(lambda: services.batches.batch(batch_id) is not None)
        running.batch.show_batch(batch_id)
        bar = BatchBar(services, running.batch.batch_commands)  # the panel's own shows how it really is
        qtbot.addWidget(bar)
        ways = (
            (ErrorCode.LIMIT_REACHED, {"scope": "day"}, LimitsDialog),
            (ErrorCode.LIMIT_REACHED, {"scope": batch_id}, LimitsDialog),
            (ErrorCode.LIMIT_NO_PRICE, {"model": "gpt"}, PricesDialog),
        )
        for code, details, kind in ways:
            reason = ErrorInfo(f"It stops here: {details}", code, details)
            stopped = replace(services.batches.batch(batch_id), status=BatchStatus.PAUSED, reason=reason)
            bar.show_batch(stopped, (), None)
            (way,) = bar.ways_out
            way.click()
            dialog = running.window.findChild(kind)
            if kind is LimitsDialog:
                assert ("day" in dialog.fields) == (details["scope"] == "day")
            dialog.reject()
            running.until(lambda kind=kind: running.window.findChild(kind) is None)
        # Whoever looks elsewhere is told, with the batch's name.
        running.window.go_to("costs")
        told: dict[str, Notice] = {}
        services.desk.notice.connect(lambda notice: told.setdefault(notice.text, notice))
        # Whoever pauses it now does not want it to go on by itself.
        workspace = running.workspace
        workspace.limits.set(batch_id, Limit(tokens=0))
        stop(running, batch_id, "It stops here.")
        running.until(lambda: services.batches.batch(batch_id).waits_for_limit)
        name = services.batches.batch(batch_id).name
        running.until(lambda: f"{name}: It stops here." in told)
        used_up = Standing(batch_id, "tokens", ALWAYS, Decimal(9), Decimal(9), Decimal(0))
        LimitWatch(services, running.session.frame.open_limits).judge([used_up])
        assert any(text.startswith(f"{name}: Limit of the batch is used up: 9 of 9 tokens") for text in told)
        for notice in told.values():
            running.window.go_to("costs")
            notice.links[0].do()
            running.until(lambda: running.window.current == "batch")
        running.until(services.actions["batch.resume"].isEnabled)
        services.actions["batch.pause"].trigger()
        running.until(lambda: not services.batches.batch(batch_id).waits_for_limit)
        assert services.batches.batch(batch_id).status is BatchStatus.PAUSED
        running.until(lambda: not services.actions["batch.pause"].isEnabled())
        running.window.go_to("costs")
        workspace.queue.resume_batches([batch_id])
        stop(running, batch_id, "It stops again.")
        running.until(lambda: f"{name}: It stops again." in told)
        workspace.queue.resume_batches([batch_id])
        running.until(lambda: f"{name} goes on." in told)
