"""The network, or the server, is gone for a while: the batch waits and goes on by itself."""

import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from cardforge_desktop.batches import holds
from cardforge_desktop.batches.model import ItemStatus, Options
from cardforge_desktop.engines import openai
from cardforge_desktop.engines.retries import Retries
from cardforge_desktop.events import Changed, Kind
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer, Step


def port_of(server: ScriptedServer) -> int:
    return int(server.url.rpartition(":")[2].partition("/")[0])


def test_a_batch_outlives_its_server_and_no_answer_is_paid_for_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "FIRST_PAUSE", 0.2)
    monkeypatch.setattr(holds, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(openai, "Retries", lambda: Retries(tries=2, first_wait=0.01))
    options = Options(output=tmp_path / "out", engine=ENGINE, formats=("json",))
    tried = threading.Semaphore(0)

    def hear(changed: Changed) -> None:
        if changed.kind is Kind.HOLD:
            tried.release()

    with ExitStack() as network, ExitStack() as app:
        server = network.enter_context(ScriptedServer([Step(), Step("stall", times=0)]))
        workspace = app.enter_context(open_workspace(server.url, 2))
        workspace.hub.changed.connect(hear)
        workspace.queue.submit(write_sources(tmp_path / "in", 6), options)
        server.wait_until(lambda calls: sum(not call.outcome for call in calls) == 2)
        network.close()  # in the midst of two answers
        first = server.calls
        for _ in range(4):
            assert tried.acquire(timeout=20)
        assert not workspace.queue.wait_idle(0), "the batch is not over: its items wait for the engine"
        states = Counter(item.status for item in workspace.batches.items())
        assert states[ItemStatus.COMPLETED] == 1
        assert states[ItemStatus.FAILED] == 0
        assert [hold.engine for hold in workspace.queue.holds()] == [ENGINE]
        with ScriptedServer(port=port_of(server)) as again:
            assert workspace.queue.wait_idle(60)
            second = again.calls
        assert Counter(item.status for item in workspace.batches.items()) == {ItemStatus.COMPLETED: 6}
        assert workspace.queue.holds() == ()
    assert [call.outcome for call in first].count("answer") == 1
    assert len({str(call.body) for call in second}) == len(second) == 5
