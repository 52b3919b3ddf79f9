"""Two processes on one store: neither runs what the other has, each hears of what the other does."""

import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cardforge_desktop.batches.model import BatchStatus, ItemStatus, Options
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.paths import find_paths
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.cradle import Cradle, Life
from tests.support.scripted_server import Exchange, ScriptedServer, Step

PROGRAM = "tests.e2e.kill_campaign.life:live"


@pytest.fixture(scope="module")
def cradle() -> Iterator[Cradle]:
    with Cradle(PROGRAM) as cradle:
        yield cradle


class Other:
    """Another process, started as a command line is; its items are made of sources of its own."""

    def __init__(self, cradle: Cradle, home: Path, url: str, folder: Path) -> None:
        self._cradle = cradle
        self._plan = {"home": str(home), "url": url, "out": str(folder / "out"), "takes_over": False}
        self._folder = folder
        self._lives: list[Life] = []

    def run(self, items: int, engine: str = ENGINE, *, priority: str = "standard") -> Life:
        """Start it on a batch of its own."""
        sources = [str(path) for path in write_sources(self._folder / "in", items)]
        batch: dict[str, Any] = {"name": "theirs", "priority": priority, "engine": engine}
        batch |= {"sources": sources, "together": False, "overwrite": False}
        life = self._cradle.live({**self._plan, "batches": [batch]})
        self._lives.append(life)
        life.wait_for("submitted")
        return life

    def end(self) -> None:
        for life in self._lives:
            if not life.over:
                life.kill()


@pytest.fixture
def other(cradle: Cradle, home: Path, scripted_server: ScriptedServer, tmp_path: Path) -> Iterator[Other]:
    other = Other(cradle, home, scripted_server.url, tmp_path / "theirs")
    yield other
    other.end()


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    """This process, as a window is."""
    with open_workspace(scripted_server.url) as workspace:
        workspace.take_up()
        yield workspace


def wait_until(workspace: Workspace, condition: Callable[[], bool]) -> None:
    """Wait for something of which this process hears."""
    happened = threading.Event()

    def look(_: Changed | None) -> None:
        if condition():
            happened.set()

    workspace.hub.changed.connect(look)
    look(None)
    assert happened.wait(30)
    workspace.hub.changed.disconnect(look)


def statuses(workspace: Workspace) -> Counter[ItemStatus]:
    return Counter(item.status for item in workspace.batches.items())


def source_of(call: Exchange) -> str:
    return str(call.body).partition("Marrow")[2].partition(".")[0].partition(" ")[0]


def test_both_run_their_own_at_the_same_time_and_each_item_is_asked_for_once(
    other: Other, workspace: Workspace, scripted_server: ScriptedServer, tmp_path: Path
) -> None:
    # Ours begin first and have more to ask for when theirs begin.
    scripted_server.add(*(Step("slow", seconds=4.0, match=f"Marrow{number}") for number in (13, 14, 15)))
    options = Options(output=tmp_path / "ours-out", engine=ENGINE, formats=("json",))
    sources = write_sources(tmp_path / "ours", 24)[12:]  # the other process has the first twelve
    for part in (sources[:4], sources[4:8], sources[8:]):
        workspace.queue.submit(part, options)
    scripted_server.wait_until(lambda calls: len(calls) == 3)
    life = other.run(12, priority="high")
    life.wait_for("status")
    assert workspace.queue.wait_idle(60)
    assert statuses(workspace) == {ItemStatus.COMPLETED: 24}
    calls = Counter(source_of(call) for call in scripted_server.calls)
    assert calls == dict.fromkeys((str(number) for number in range(1, 25)), 1)
    moments = [(call.started, source_of(call)) for call in scripted_server.calls]
    theirs = [moment for moment, source in moments if int(source) <= 12]
    ours = [moment for moment, source in moments if int(source) > 12]
    assert min(theirs) < max(ours), "they worked one after the other, which proves nothing"
    assert min(ours) < max(theirs), "they worked one after the other, which proves nothing"


def test_a_cancel_from_here_stops_a_call_over_there(
    other: Other, workspace: Workspace, scripted_server: ScriptedServer
) -> None:
    scripted_server.add(Step("stall", times=1))
    life = other.run(2)
    scripted_server.wait_until(lambda calls: len(calls) == 2)
    stalled = next(call for call in scripted_server.calls if not call.outcome)
    items = {item.source: item for item in workspace.batches.items()}
    workspace.queue.cancel([items[f"source-{int(source_of(stalled)):03d}.md"].id])
    scripted_server.wait_until(lambda calls: any(call.outcome == "disconnected" for call in calls))
    life.wait_for("status")
    wait_until(workspace, lambda: statuses(workspace) == {ItemStatus.CANCELLED: 1, ItemStatus.COMPLETED: 1})
    assert len(scripted_server.calls) == 2


def test_a_pause_from_here_lets_a_call_over_there_be_answered_and_no_other_begin(
    other: Other, workspace: Workspace, scripted_server: ScriptedServer
) -> None:
    scripted_server.add(Step("slow", seconds=1.0))
    life = other.run(1, "stepwise")
    scripted_server.wait_until(lambda calls: len(calls) == 1)
    (batch,) = workspace.batches.batches()
    workspace.queue.pause_batches([batch.id])
    wait_until(workspace, lambda: statuses(workspace) == {ItemStatus.QUEUED: 1})
    assert [call.outcome for call in scripted_server.calls] == ["slow"]
    assert workspace.batches.batches()[0].status is BatchStatus.PAUSED
    workspace.queue.resume_batches([batch.id])
    life.wait_for("status")
    wait_until(workspace, lambda: statuses(workspace) == {ItemStatus.COMPLETED: 1})
    bodies = [str(call.body) for call in scripted_server.calls]
    assert bodies.count(bodies[0]) == 1, "the answer that was waited for is not asked for again"


def test_what_another_process_makes_is_heard_of_here(
    other: Other, workspace: Workspace, scripted_server: ScriptedServer
) -> None:
    heard: set[Kind] = set()
    workspace.hub.changed.connect(lambda changed: heard.add(changed.kind))
    other.run(1)
    wait_until(workspace, lambda: statuses(workspace) == {ItemStatus.COMPLETED: 1})
    assert heard == set(Kind)


def test_a_batch_of_ones_own_is_not_announced_as_if_another_process_had_made_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    announced: Counter[Kind] = Counter()
    told = threading.Event()

    def hear(changed: Changed) -> None:
        announced[changed.kind] += 1
        if changed.kind is Kind.PROFILE:  # which no item changes
            told.set()

    workspace.hub.changed.connect(hear)
    options = Options(output=tmp_path / "out", engine=ENGINE, formats=("json",))
    workspace.queue.submit(write_sources(tmp_path / "in", 20), options)
    assert workspace.queue.wait_idle(60)
    with closing(sqlite3.connect(find_paths().store)) as other:
        other.execute("INSERT INTO setting VALUES ('theme', '\"dark\"')")
        other.commit()
    assert told.wait(20)
    assert announced[Kind.PROFILE] == 1


def test_an_open_window_goes_on_with_what_a_killed_command_line_left(
    other: Other, workspace: Workspace, scripted_server: ScriptedServer
) -> None:
    scripted_server.add(Step("stall", times=2))
    life = other.run(3)
    scripted_server.wait_until(lambda calls: sum(not call.outcome for call in calls) == 2)
    wait_until(workspace, lambda: statuses(workspace)[ItemStatus.COMPLETED] == 1)
    life.kill()
    wait_until(workspace, lambda: statuses(workspace) == {ItemStatus.COMPLETED: 3})
    answered = Counter(source_of(call) for call in scripted_server.calls if call.outcome == "answer")
    assert answered == {"1": 1, "2": 1, "3": 1}
    assert len(scripted_server.calls) == 5


@pytest.mark.parametrize("stopped", [False, True])
def test_what_a_living_process_has_is_left_to_it(
    other: Other, workspace: Workspace, scripted_server: ScriptedServer, stopped: bool
) -> None:
    """Also when it stands still: suspended, or starved by a busy machine."""
    scripted_server.add(Step("stall", times=1))
    life = other.run(1)
    scripted_server.wait_until(lambda calls: len(calls) == 1)
    if stopped:
        life.send(signal.SIGSTOP)
    wait_until(workspace, lambda: statuses(workspace) == {ItemStatus.PROCESSING: 1})
    looks = threading.Semaphore(0)
    real = workspace._neighbours.take_over

    def look(*, stale: bool) -> bool:
        took = real(stale=True)
        looks.release()
        return took

    workspace._neighbours.take_over = look  # type: ignore[method-assign]
    for _ in range(3):
        assert looks.acquire(timeout=20)
    assert len(scripted_server.calls) == 1
    assert statuses(workspace) == {ItemStatus.PROCESSING: 1}


def test_a_process_that_was_stopped_for_a_while_goes_on_with_its_call(
    other: Other, workspace: Workspace, scripted_server: ScriptedServer
) -> None:
    """As when the machine slept: the answer came meanwhile, or is still coming."""
    scripted_server.add(Step("slow", seconds=2.0))
    life = other.run(2)
    scripted_server.wait_until(lambda calls: len(calls) == 2)
    life.send(signal.SIGSTOP)
    scripted_server.wait_until(lambda calls: all(call.outcome for call in calls))
    life.send(signal.SIGCONT)
    life.wait_for("status")
    wait_until(workspace, lambda: statuses(workspace) == {ItemStatus.COMPLETED: 2})
    assert Counter(map(source_of, scripted_server.calls)) == {"1": 1, "2": 1}
