"""Engines that are held back: nothing fails that waiting mends, and one item tries before all do."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from cardforge_desktop.batches import holds as holds_module
from cardforge_desktop.batches.holds import EngineHolds, Verdict
from cardforge_desktop.batches.model import BatchStatus, ItemStatus, Options
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.base import EngineError
from cardforge_desktop.engines.retries import Retries
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import Pace, ScriptedServer, Step

LIMITED = EngineError(ErrorCode.ENGINE_RATE_LIMITED, "too many calls")
TROUBLE = EngineError(ErrorCode.ENGINE_SERVER, "in trouble")


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def held(clock: Clock) -> EngineHolds:
    return EngineHolds(Hub(), clock)


def always() -> bool:
    return True


def never() -> bool:
    return False


def test_a_held_engine_is_closed_until_its_pause_ends_and_then_open_for_one(
    held: EngineHolds, clock: Clock
) -> None:
    assert held.judge("far", "a", LIMITED, never) is Verdict.BACK
    assert held.closed() == {"far"}
    assert not held.admit("far", "b")
    assert held.admit("near", "b")
    assert held.seconds_left() == holds_module.FIRST_PAUSE
    clock.seconds += holds_module.FIRST_PAUSE
    assert held.closed() == frozenset()
    assert held.admit("far", "b")
    assert held.closed() == {"far"}
    assert not held.admit("far", "c")
    held.answered("far", "c")  # a call from before the hold
    assert held.closed() == {"far"}
    held.answered("far", "b")
    assert held.closed() == frozenset()
    assert held.all() == ()


def test_pauses_grow_with_the_tries_and_a_server_that_asks_for_more_gets_it(
    held: EngineHolds, clock: Clock
) -> None:
    held.judge("far", "a", LIMITED, never)
    waits = []
    for _ in range(9):
        clock.seconds += held.seconds_left() or 0.0
        assert held.admit("far", "a")
        held.judge("far", "a", LIMITED, never)
        waits.append(held.seconds_left())
    assert waits == [10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, 300.0, 300.0]
    asking = EngineError(ErrorCode.ENGINE_RATE_LIMITED, "later", {"retry_after": 1_000.0})
    held.judge("far", "b", asking, never)
    assert held.seconds_left() == 1_000.0


def test_what_fails_beside_the_probe_does_not_make_the_pauses_grow(held: EngineHolds) -> None:
    for item in "abcdefgh":
        assert held.judge("far", item, LIMITED, never) is Verdict.BACK
    assert held.seconds_left() == holds_module.FIRST_PAUSE
    assert held.tried() == set("abcdefgh")


def test_trouble_is_waited_out_only_with_an_engine_that_ever_answered(held: EngineHolds) -> None:
    assert held.judge("new", "a", TROUBLE, never) is Verdict.FAILED
    assert held.judge("known", "a", TROUBLE, always) is Verdict.BACK
    bad = EngineError(ErrorCode.ENGINE_BAD_REQUEST, "no")
    assert held.judge("known", "a", bad, always) is Verdict.FAILED


def test_an_item_that_alone_meets_trouble_fails_in_the_end(held: EngineHolds, clock: Clock) -> None:
    verdicts = []
    for _ in range(3):
        verdicts.append(held.judge("far", "bad", TROUBLE, always))
        clock.seconds += 400.0
        assert held.admit("far", "good")
        held.answered("far", "good")
    assert verdicts == [Verdict.BACK, Verdict.BACK, Verdict.FAILED]
    assert held.all() == ()


def test_an_engine_that_answers_nobody_is_given_up_after_a_day(held: EngineHolds, clock: Clock) -> None:
    start = clock.seconds
    verdict = held.judge("far", "a", TROUBLE, always)
    while verdict is Verdict.BACK:
        clock.seconds += held.seconds_left() or 0.0
        assert held.admit("far", "a")
        verdict = held.judge("far", "a", TROUBLE, always)
    assert verdict is Verdict.GIVEN_UP
    assert 24 * 3600 <= clock.seconds - start < 24 * 3600 + holds_module.LONGEST_PAUSE
    assert held.all() == ()


def test_a_probe_that_leaves_without_an_answer_makes_room_for_the_next(
    held: EngineHolds, clock: Clock
) -> None:
    held.judge("far", "a", LIMITED, never)
    clock.seconds += 5
    assert held.admit("far", "b")
    held.leave("b", ended=True)
    assert held.admit("far", "c")


def test_every_change_is_announced_and_whoever_hears_it_may_ask(clock: Clock) -> None:
    hub = Hub()
    held = EngineHolds(hub, clock)
    told: list[tuple[frozenset[str], int]] = []

    def hear(changed: Changed) -> None:
        assert changed.kind is Kind.HOLD
        told.append((changed.ids, len(held.all())))

    hub.changed.connect(hear)
    held.judge("far", "a", LIMITED, never)
    held.try_now("far")
    assert held.admit("far", "b")
    held.answered("far", "b")
    assert told == [(frozenset({"far"}), count) for count in (1, 1, 0)]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["call", "wait", "leave", "limited", "trouble"]))
    )
)
def test_at_most_one_item_calls_a_held_engine_and_it_is_never_locked_for_good(
    steps: list[tuple[str, str]],
) -> None:
    clock = Clock()
    held = EngineHolds(Hub(), clock)
    in_flight: set[str] = set()
    for item, step in steps:
        closed_before = bool(held.all())
        if step == "call" and item not in in_flight and held.admit("far", item):
            if closed_before:
                assert not held.admit("far", "other")
            in_flight.add(item)
        elif step == "wait":
            clock.seconds += held.seconds_left() or 0.0
        elif step == "leave":
            held.leave(item, ended=True)
            in_flight.discard(item)
        elif step in ("limited", "trouble") and item in in_flight:
            in_flight.discard(item)
            held.judge("far", item, LIMITED if step == "limited" else TROUBLE, always)
            held.leave(item, ended=False)
    for item in "abc":
        held.leave(item, ended=True)
    clock.seconds += holds_module.LONGEST_HOLD
    assert held.closed() == frozenset()
    assert held.admit("far", "last")


# In the whole app


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)


@pytest.fixture
def workspace(scripted_server: ScriptedServer, clock: Clock) -> Iterator[Workspace]:
    with patient_workspace(scripted_server, clock, 2) as workspace:
        yield workspace


@contextmanager
def patient_workspace(server: ScriptedServer, clock: Clock, concurrency: int) -> Iterator[Workspace]:
    """A workspace whose engine tries each call once, and whose holds go by the test's clock."""
    with open_workspace(server.url, concurrency) as workspace:
        workspace.engines.get(ENGINE)._retries = Retries(tries=1)  # type: ignore[attr-defined]
        workspace.queue._tools.holds._clock = clock
        yield workspace


def wait_for(workspace: Workspace, kind: Kind, condition: Callable[[], bool]) -> None:
    happened = threading.Event()

    def look(changed: Changed) -> None:
        if changed.kind is kind and condition():
            happened.set()

    workspace.hub.changed.connect(look)
    if condition():
        happened.set()
    assert happened.wait(20)
    workspace.hub.changed.disconnect(look)


def statuses(workspace: Workspace) -> list[str]:
    return [item.status.value for item in workspace.batches.items()]


def calls(workspace: Workspace) -> Counter[str]:
    """How many rows of the ledger have each status."""
    with workspace._store.read() as session:
        return Counter(row.status for row in session.exec(select(CallRow)))


def all_wait(workspace: Workspace) -> Callable[[], bool]:
    return lambda: bool(workspace.queue.holds()) and "processing" not in statuses(workspace)


def test_a_rate_limit_holds_the_engine_back_and_no_item_fails(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, clock: Clock, tmp_path: Path
) -> None:
    scripted_server.add(Step("status", status=429, headers={"retry-after": "120"}, times=0))
    workspace.queue.submit(write_sources(tmp_path / "in", 6), options)
    wait_for(workspace, Kind.BATCH, all_wait(workspace))
    assert statuses(workspace) == ["queued"] * 6
    (hold,) = workspace.queue.holds()
    assert (hold.engine, hold.error.code) == (ENGINE, ErrorCode.ENGINE_RATE_LIMITED)
    assert not workspace.queue.wait_idle(0), "it goes on when the engine does"
    asked = len(scripted_server.calls)
    assert asked <= 4, "those that called, or were ready to, before the first answer was noted"
    clock.seconds += 119
    workspace._scheduler.wake()
    assert workspace.queue.holds()
    assert len(scripted_server.calls) == asked
    clock.seconds += 1
    workspace._scheduler.wake()
    scripted_server.wait_until(lambda calls: len(calls) == asked + 1)
    wait_for(workspace, Kind.BATCH, all_wait(workspace))
    assert len(scripted_server.calls) == asked + 1, "one item tries"
    assert [item.error for item in workspace.batches.items()] == [None] * 6


def test_the_answer_to_the_one_that_tries_lets_all_go_on(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("status", status=429, times=2))
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 6), options)
    wait_for(workspace, Kind.HOLD, lambda: bool(workspace.queue.holds()))
    while not workspace.queue.wait_idle(0.2):
        workspace.queue.try_now(ENGINE)
    assert statuses(workspace) == ["completed"] * 6
    assert workspace.queue.holds() == ()
    assert workspace.batches.batch(batch_id).status is BatchStatus.COMPLETED


def test_answers_are_kept_while_the_engine_is_held_back(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, clock: Clock, tmp_path: Path
) -> None:
    scripted_server.add(Step("truncated"), Step("status", status=429))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    wait_for(workspace, Kind.BATCH, all_wait(workspace))
    clock.seconds += 5
    workspace._scheduler.wake()
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == ["completed"]
    outcomes = [call.outcome for call in scripted_server.calls]
    assert outcomes == ["truncated", "status 429", "answer"], "the first answer is not asked for again"


def test_a_network_that_is_gone_for_an_hour_fails_nothing(
    options: Options, clock: Clock, tmp_path: Path
) -> None:
    sources = write_sources(tmp_path / "in", 5)
    server = ScriptedServer()
    with ExitStack() as network:
        network.enter_context(server)
        with patient_workspace(server, clock, 2) as workspace:
            workspace.queue.submit(sources[:1], options)
            assert workspace.queue.wait_idle(30)
            network.close()
            workspace.queue.submit(sources[1:], options)
            wait_for(workspace, Kind.BATCH, all_wait(workspace))
            for _ in range(12):
                tried = calls(workspace)["failed"]
                clock.seconds += 300
                workspace._scheduler.wake()
                wait_for(workspace, Kind.CALL, lambda tried=tried: calls(workspace)["failed"] > tried)
                wait_for(workspace, Kind.BATCH, all_wait(workspace))
                assert calls(workspace)["failed"] == tried + 1
            assert statuses(workspace) == ["completed", *["queued"] * 4]
            with ScriptedServer(port=server._port):
                clock.seconds += 300
                workspace._scheduler.wake()
                assert workspace.queue.wait_idle(30)
            assert statuses(workspace) == ["completed"] * 5
            assert calls(workspace)["completed"] == 5
            assert set(calls(workspace)) == {"completed", "failed"}


def test_an_engine_that_never_answered_fails_its_items(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("status", status=503, times=0))
    workspace.queue.submit(write_sources(tmp_path / "in", 2), options)
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == ["failed", "failed"]
    assert workspace.queue.holds() == ()


def test_one_source_that_always_breaks_the_server_does_not_hold_up_the_rest(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("status", status=500, match="Marrow2.", times=0))
    # Enough others: alone at the end it would be waited for, as nobody can tell it from an outage.
    workspace.queue.submit(write_sources(tmp_path / "in", 12), options)
    while not workspace.queue.wait_idle(0.2):
        workspace.queue.try_now()
    bad = workspace.batches.items()[1]
    assert bad.status is ItemStatus.FAILED
    assert {item.status for item in workspace.batches.items() if item.id != bad.id} == {ItemStatus.COMPLETED}


@pytest.mark.parametrize("way", ["pause", "pause_batches", "cancel"])
def test_what_a_person_pauses_or_cancels_is_not_waited_for(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path, way: str
) -> None:
    scripted_server.add(Step("status", status=429, times=0))
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 2), options)
    wait_for(workspace, Kind.BATCH, all_wait(workspace))
    assert not workspace.queue.wait_idle(0)
    ids = [batch_id] if way == "pause_batches" else [item.id for item in workspace.batches.items()]
    getattr(workspace.queue, way)(ids)
    assert workspace.queue.wait_idle(10)


def test_other_engines_go_on_meanwhile(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    from cardforge_desktop.engines.base import Connection

    with ScriptedServer(pace=Pace()) as other:
        workspace.engines.add(Connection("Other", "openai", other.url, "scripted-1"), None)
        scripted_server.add(Step("status", status=429, times=0))
        workspace.queue.submit(write_sources(tmp_path / "in", 2), options, engines=[ENGINE, "Other"])
        wait_for(
            workspace,
            Kind.BATCH,
            lambda: [s for s in statuses(workspace) if s == "completed"] == ["completed"] * 2,
        )
        assert {item.engine for item in workspace.batches.items() if item.status is ItemStatus.QUEUED} <= {
            ENGINE
        }


def test_a_connection_that_is_changed_is_tried_at_once(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    from cardforge_desktop.engines.base import Connection

    scripted_server.add(Step("status", status=429, times=2))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    wait_for(workspace, Kind.BATCH, all_wait(workspace))
    workspace.engines.add(Connection("New", "openai", scripted_server.url, "scripted-1"), None)
    scripted_server.wait_until(lambda calls: len(calls) == 2)


def test_closing_does_not_wait_for_a_pause(
    scripted_server: ScriptedServer, options: Options, clock: Clock, tmp_path: Path
) -> None:
    scripted_server.add(Step("status", status=429, times=0))
    with patient_workspace(scripted_server, clock, 1) as workspace:
        workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
        wait_for(workspace, Kind.BATCH, all_wait(workspace))
    with open_workspace() as workspace:
        assert statuses(workspace) == ["queued"]
