"""Failing tests of the review; each is a bug until it passes. Not to be committed as they are."""

import os
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from cardforge_desktop.batches import scheduler as scheduler_module
from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.model import ItemStatus, Options
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.store.database import StoreError
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import Pace, ScriptedServer, Step


def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",))


def busy() -> StoreError:
    return StoreError("STORE_BUSY", "busy", {})


def test_a_cancel_between_claim_and_registration_is_not_lost(tmp_path, monkeypatch):
    (source,) = write_sources(tmp_path / "in", 1)
    with ScriptedServer(pace=Pace(total=0.3)) as server, open_workspace(server.url) as ws:
        real = Cancellation

        def cancelled_just_now():
            found = real()
            monkeypatch.setattr(scheduler_module, "Cancellation", real)
            ws.queue.cancel([item.id for item in ws.queue.items()])
            return found

        monkeypatch.setattr(scheduler_module, "Cancellation", cancelled_just_now)
        ws.queue.submit([source], options(tmp_path))
        assert ws.queue.wait_idle(30)
        assert ws.queue.items()[0].status == ItemStatus.CANCELLED


def test_a_busy_store_at_the_end_of_an_item_does_not_leave_it_processing(tmp_path, monkeypatch):
    (source,) = write_sources(tmp_path / "in", 1)
    with ScriptedServer([Step("status", status=400, times=0)]) as server, open_workspace(server.url) as ws:
        real, raised = transitions.fail, []

        def once_busy(*args, **kwargs):
            if not raised:
                raised.append(1)
                raise busy()
            return real(*args, **kwargs)

        monkeypatch.setattr(transitions, "fail", once_busy)
        ws.queue.submit([source], options(tmp_path))
        assert ws.queue.wait_idle(30)
        assert ws.queue.items()[0].status != ItemStatus.PROCESSING


def test_a_busy_store_at_a_claim_does_not_end_the_batch(tmp_path, monkeypatch):
    (source,) = write_sources(tmp_path / "in", 1)
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        real, raised = transitions.claim_next, []

        def once_busy(*args, **kwargs):
            if not raised:
                raised.append(1)
                raise busy()
            return real(*args, **kwargs)

        monkeypatch.setattr(transitions, "claim_next", once_busy)
        ws.queue.submit([source], options(tmp_path))
        assert ws.queue.wait_idle(30)
        assert ws.queue.items()[0].status == ItemStatus.COMPLETED


def test_an_unexpected_error_at_a_claim_does_not_kill_the_scheduler(tmp_path, monkeypatch):
    (source,) = write_sources(tmp_path / "in", 1)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        real, raised = transitions.claim_next, []

        def once_broken(*args, **kwargs):
            if not raised:
                raised.append(1)
                raise RuntimeError("can't start new thread")
            return real(*args, **kwargs)

        monkeypatch.setattr(transitions, "claim_next", once_broken)
        ws.queue.submit([source], options(tmp_path))
        assert ws.queue.wait_idle(5), "the scheduler thread is dead"
        ws.queue.start_again = None if False else None


def test_a_retry_that_fails_early_keeps_what_the_item_cost(tmp_path):
    (source,) = write_sources(tmp_path / "in", 1)
    blocked = tmp_path / "out"
    blocked.write_text("a file where the folder should be")
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        ws.queue.submit([source], options(tmp_path))
        assert ws.queue.wait_idle(30)
        before = ws.queue.items()[0]
        assert before.status == ItemStatus.FAILED and before.input_tokens
        ws.queue.retry([before.id])
        assert ws.queue.wait_idle(30)
        after = ws.queue.items()[0]
        assert (after.input_tokens, after.cost) == (before.input_tokens, before.cost)


def test_a_cancelled_item_stays_cancelled_when_the_app_closes_at_once(tmp_path):
    (source,) = write_sources(tmp_path / "in", 1)
    cancellation = Cancellation()
    cancellation.cancel()
    cancellation.interrupt()
    assert not cancellation.interrupted


def test_retry_of_an_unreadable_draft_leaves_the_other_drafts_batch_in_order(tmp_path):
    good, later = write_sources(tmp_path / "in", 2)
    bad = tmp_path / "in" / "bad.md"
    bad.write_bytes(b"")
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        ids = ws.queue.add([bad, good], options(tmp_path))
        wait_until(ws, lambda: ws.queue.item(ids[0]).status is ItemStatus.FAILED
                   and ws.queue.item(ids[1]).estimate_input is not None)
        bad.write_text(good.read_text())
        ws.queue.retry([ids[0]])
        assert ws.queue.wait_idle(30)
        assert ws.queue.item(ids[0]).status is ItemStatus.COMPLETED
        ws.queue.start([ids[1]])
        assert ws.queue.wait_idle(30)
        with ws._store.read() as session:
            batches = session.exec(select(BatchRow)).all()
        assert {b.status for b in batches} == {"completed"}, [(b.id, b.status) for b in batches]


def wait_until(ws, condition):
    event = threading.Event()

    def heard(_):
        if condition():
            event.set()

    ws.hub.changed.connect(heard)
    heard(None)
    assert event.wait(20)
    ws.hub.changed.disconnect(heard)


def test_a_lone_surrogate_in_an_answer_makes_a_card(tmp_path):
    """The server sends \\ud83d alone in a JSON string of its stream."""
    (source,) = write_sources(tmp_path / "in", 1)
    with ScriptedServer() as probe, open_workspace(probe.url) as ws:
        pass
    step = Step("answer", text="Half an emoji \ud83d and \x00 a NUL.", times=0)
    with ScriptedServer([step]) as server, open_workspace("") as ws:
        from cardforge_desktop.engines.base import Connection

        ws.engines.add(Connection("Second", "openai", server.url, "scripted-1"), None)
        ws.queue.submit([source], Options(output=tmp_path / "out", engine="Second", formats=("json",)))
        assert ws.queue.wait_idle(30)
        item = ws.queue.items()[0]
        assert item.error is None or item.error.code != "INTERNAL_ERROR", item.error
        with ws._store.read() as session:
            assert {row.status for row in session.exec(select(CallRow))} <= {"completed", "failed"}


@pytest.mark.parametrize("chunk", [
    {"choices": ["x"]}, {"choices": [{"delta": "x"}]}, {"choices": 5},
    {"choices": [], "usage": {"prompt_tokens": "many"}},
    {"choices": [], "usage": {"prompt_tokens": 1, "prompt_tokens_details": [1]}},
    {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "cost": "NaN"}},
    {"choices": [], "usage": {"prompt_tokens": 10**30, "completion_tokens": 1}},
    {"choices": [], "model": "m\ud800"},
])
def test_a_hostile_chunk_ends_as_an_engine_error(tmp_path, chunk):
    from tests.review_findings.raw_server import raw_server

    (source,) = write_sources(tmp_path / "in", 1)
    with raw_server(chunk) as url, open_workspace(url) as ws:
        ws.queue.submit([source], options(tmp_path))
        assert ws.queue.wait_idle(60)
        item = ws.queue.items()[0]
        with ws._store.read() as session:
            calls = [row.status for row in session.exec(select(CallRow))]
        assert item.error is None or item.error.code != "INTERNAL_ERROR", (item.error, calls)
        assert "sent" not in calls
        ws.costs.today() + ws.costs.today()


@pytest.mark.skipif(os.name == "nt", reason="POSIX names")
def test_a_source_with_a_name_that_is_no_utf8(tmp_path):
    folder = tmp_path / "in"
    good, = write_sources(folder, 1)
    odd = os.fsencode(folder) + b"/M\xfcller.md"
    with open(odd, "wb") as file:
        file.write(good.read_bytes())
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        ws.queue.submit([folder], options(tmp_path))
        assert ws.queue.wait_idle(30)
        assert [i.status for i in ws.queue.items()] == [ItemStatus.COMPLETED] * 2


def test_stop_waits_for_items_of_a_pool_that_was_replaced(tmp_path):
    (source,) = write_sources(tmp_path / "in", 1)
    with ScriptedServer([Step("stall", times=0)]) as server, open_workspace(server.url) as ws:
        ws.queue.submit([source], options(tmp_path))
        server.wait_until(lambda calls: len(calls) == 1)
        old = ws._scheduler._pool
        ws._scheduler.set_concurrency(5)
        gate, entered = threading.Event(), threading.Event()
        real = ws._scheduler._tools.live.forget

        def held(item_id):
            entered.set()
            gate.wait(5)
            real(item_id)

        object.__setattr__(ws._scheduler._tools.live, "forget", held)
        stopping = threading.Thread(target=ws._scheduler.stop)
        stopping.start()
        assert entered.wait(10)
        stopping.join(1)
        still_waiting = stopping.is_alive()
        gate.set()
        stopping.join()
        assert still_waiting, "stop() returned while an item was still being ended"
        old.shutdown(wait=True)


def test_cancel_of_an_item_that_another_process_runs(tmp_path):
    (source,) = write_sources(tmp_path / "in", 1)
    with ScriptedServer(pace=Pace(total=3)) as server, open_workspace(server.url) as ws:
        ws.queue.submit([source], options(tmp_path))
        server.wait_until(lambda calls: len(calls) == 1)
        with open_workspace(server.url) as window:
            (item,) = window.queue.items()
            window.queue.cancel([item.id])
        assert ws.queue.wait_idle(30)
        assert ws.queue.items()[0].status is ItemStatus.CANCELLED


def test_retry_in_a_batch_that_another_process_runs_does_not_take_its_other_items(tmp_path):
    sources = write_sources(tmp_path / "in", 3)
    first = Step("status", status=400, match="Marrow1")
    with ScriptedServer([first], pace=Pace(total=1)) as server, open_workspace(server.url, 1) as ws:
        batch_id = ws.queue.submit(sources, options(tmp_path))
        wait_until(ws, lambda: any(i.status is ItemStatus.FAILED for i in ws.queue.items()))
        with open_workspace(server.url, 1) as window:
            failed = [i for i in window.queue.items() if i.status is ItemStatus.FAILED]
            window.queue.retry([failed[0].id])
            assert ws.queue.wait_idle(30)
            states = {i.status for i in ws.queue.batch(batch_id).items}
            window.queue.wait_idle(30)
        assert ItemStatus.QUEUED not in states and ItemStatus.PROCESSING not in states, states


def test_a_removed_engine_of_another_process_is_not_used(tmp_path):
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        assert ws.engines.get(ENGINE)
        with open_workspace() as other:
            other.engines.remove(ENGINE)
        with pytest.raises(Exception):
            ws.engines.get(ENGINE)


def test_a_home_that_is_a_file_is_said_in_a_sentence(tmp_path, home):
    from cardforge_desktop.errors import CardForgeError
    from cardforge_desktop.paths import find_paths
    from cardforge_desktop.workspace import Workspace

    home.write_text("x")
    with pytest.raises(CardForgeError):
        Workspace.open(find_paths())
