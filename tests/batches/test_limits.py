"""Limits where cards are made: who is stopped, with which reason, and what lets it go on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select, update

from cardforge_desktop.batches.model import BatchOptions, BatchStatus, ItemStatus, Options
from cardforge_desktop.batches.rewriter import FieldWish
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.cards.model import Card
from cardforge_desktop.costs.errors import LimitError
from cardforge_desktop.costs.ledger import Call
from cardforge_desktop.costs.limits import DAY, Held, Limit, Limits
from cardforge_desktop.costs.prices import Price
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.base import Connection, Engine, Traits
from cardforge_desktop.engines.network import Cancellation, CancelledByUser
from cardforge_desktop.engines.openai import OpenAIEngine
from cardforge_desktop.engines.registry import KINDS, EngineKind, Key
from cardforge_desktop.engines.retries import Retries
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.paths import find_paths
from cardforge_desktop.store.database import Store
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, write_sources
from tests.support.scripted_server import ScriptedServer, Step

CLOUD = "Cloud"
#: What the scripted server says of each call.
USED = 300
USAGE = {"prompt_tokens": 200, "completion_tokens": 100}
ANSWERS = Step("answer", times=0, usage=USAGE)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Clock:
    """The time of a workspace: it moves when the test says so."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def opened(server: ScriptedServer, clock: Clock, concurrency: int) -> Iterator[Workspace]:
    """A workspace with an engine at that server that is not free, and one that is, as if it were here."""
    workspace = Workspace.open(find_paths(), concurrency, clock=clock)
    try:
        known = {connection.name for connection in workspace.engines.connections()}
        for name, kind in ((CLOUD, "cloud"), (ENGINE, "openai")):
            if name in known:
                continue
            workspace.engines.add(Connection(name, kind, server.url, "scripted-1"), None)
        yield workspace
    finally:
        workspace.close()


@pytest.fixture
def server(scripted_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> ScriptedServer:
    """There is a kind of engine that is not free, though it is here."""

    def build(connection: Connection, key: Key) -> Engine:
        return OpenAIEngine(connection, key, traits=Traits(), retries=Retries(first_wait=0.01))

    monkeypatch.setitem(KINDS, "cloud", EngineKind("Cloud", True, build))  # type: ignore[arg-type]
    return scripted_server


@pytest.fixture
def workspace(server: ScriptedServer, clock: Clock) -> Iterator[Workspace]:
    """Four calls at once."""
    with opened(server, clock, 4) as workspace:
        yield workspace


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=CLOUD, formats=("json",), include_book=False)


def statuses(workspace: Workspace) -> Counter[ItemStatus]:
    return Counter(item.status for item in workspace.batches.items())


def reason_of(workspace: Workspace, batch_id: str) -> str:
    summary = workspace.batches.summary_of(batch_id)
    assert (summary.reason is not None) == (summary.status is BatchStatus.PAUSED)
    return "" if summary.reason is None else summary.reason.code


def calls(workspace: Workspace) -> list[CallRow]:
    with workspace._store.read() as session:
        return list(session.exec(select(CallRow)))


def most_of(workspace: Workspace) -> int:
    """The most tokens that one of the calls so far could have taken."""
    return max(call.held_tokens for call in calls(workspace))


def wait_for(workspace: Workspace, condition: Callable[[], bool]) -> None:
    """Wait for something of which this process hears."""
    happened = threading.Event()

    def look(_: Changed | None) -> None:
        if condition():
            happened.set()

    workspace.hub.changed.connect(look)
    look(None)
    assert happened.wait(30)
    workspace.hub.changed.disconnect(look)


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that nobody tells of."""
    for _ in range(3_000):
        if condition():
            return
        threading.Event().wait(0.01)
    raise TimeoutError


def limit_of(workspace: Workspace, batch_id: str) -> Limit | None:
    return workspace.batches.summary_of(batch_id).options.limit


def test_a_batch_is_made_with_its_limit_or_not_at_all_and_it_can_be_changed(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    sources = write_sources(tmp_path / "in", 1)
    with pytest.raises(LimitError) as refused:
        workspace.queue.submit(sources, options, batch=BatchOptions(limit=Limit(tokens=-1)))
    assert refused.value.code == ErrorCode.LIMIT_INVALID
    assert workspace.batches.batches() == ()
    limit = Limit(500_000, Decimal("2.5"))
    batch_id = workspace.queue.submit(sources, options, batch=BatchOptions(limit=limit))
    assert workspace.limits.get(batch_id) == limit_of(workspace, batch_id) == limit
    ids = workspace.drafts.add(sources, options)
    drafted = workspace.queue.start(ids, BatchOptions(limit=limit))
    assert limit_of(workspace, drafted) == limit
    heard: list[Changed] = []
    workspace.hub.changed.connect(heard.append)
    workspace.queue.change_batch(batch_id, limit=Limit(tokens=7))
    assert limit_of(workspace, batch_id) == Limit(tokens=7)
    workspace.queue.change_batch(batch_id, limit=Limit())
    assert limit_of(workspace, batch_id) is None
    for kind in (Kind.LIMIT, Kind.BATCH):
        assert Changed(kind, frozenset({batch_id})) in heard


def test_a_day_that_is_used_up_pauses_the_batch_until_the_next_one_begins(
    workspace: Workspace, server: ScriptedServer, options: Options, clock: Clock, tmp_path: Path
) -> None:
    server.add(ANSWERS)
    sources = write_sources(tmp_path / "in", 6)
    workspace.queue.submit(sources[:1], options)
    assert workspace.queue.wait_idle(30)
    # Four at once hold more than there is: they wait for each other, until not even one call fits.
    workspace.limits.set(DAY, Limit(tokens=3 * USED + most_of(workspace)))
    batch_id = workspace.queue.submit(sources[1:], options)
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == {ItemStatus.COMPLETED: 4, ItemStatus.QUEUED: 2}
    assert reason_of(workspace, batch_id) == ErrorCode.LIMIT_REACHED
    assert len(server.calls) == len(calls(workspace)) == 4, "what is refused is no call"
    reason = workspace.batches.summary_of(batch_id).reason
    assert reason is not None
    assert reason.details["used"] == str(4 * USED)
    assert "today's limit: 1,200 of 8,770 tokens are used" in reason.message
    assert reason.details["resets_at"] == workspace.limits.periods()[DAY].end.isoformat()  # type: ignore[union-attr]
    workspace._look(changed=False)
    assert statuses(workspace)[ItemStatus.QUEUED] == 2
    # What a person pauses stays so, also when it was paused already.
    clock.now += timedelta(days=1)
    workspace.queue.pause_batches([batch_id])
    workspace._look(changed=False)
    assert workspace.batches.summary_of(batch_id).status is BatchStatus.PAUSED
    clock.now -= timedelta(days=1)
    workspace.queue.resume_batches([batch_id])
    assert workspace.queue.wait_idle(30)
    assert reason_of(workspace, batch_id) == ErrorCode.LIMIT_REACHED
    workspace._look(changed=False)
    clock.now += timedelta(days=1)
    workspace._look(changed=False)
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == {ItemStatus.COMPLETED: 6}
    assert len(server.calls) == 6


def test_a_limit_that_is_raised_here_or_elsewhere_lets_the_batch_go_on_with_what_is_paid_for(
    workspace: Workspace, server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    server.add(Step("truncated", usage=USAGE), ANSWERS)  # so that the card takes a second call
    workspace.take_up()
    sources = write_sources(tmp_path / "in", 1)
    batch_id = workspace.queue.submit(sources, options, batch=BatchOptions(limit=Limit(tokens=0)))
    wait_for(workspace, lambda: reason_of(workspace, batch_id) == ErrorCode.LIMIT_REACHED)
    assert server.calls == ()
    reason = workspace.batches.summary_of(batch_id).reason
    assert reason is not None
    other = Store(find_paths().store)
    Limits(other, Hub()).set(batch_id, Limit(tokens=int(reason.details["needed"])))
    other.close()
    wait_for(workspace, lambda: len(server.calls) == 1 and bool(reason_of(workspace, batch_id)))
    assert statuses(workspace) == {ItemStatus.QUEUED: 1}
    assert workspace.batches.items()[0].input_tokens == 200, "what the first call took is shown"
    workspace.queue.change_batch(batch_id, limit=Limit())
    wait_for(workspace, lambda: statuses(workspace) == {ItemStatus.COMPLETED: 1})
    bodies = [str(call.body) for call in server.calls]
    assert len(bodies) == len(set(bodies)) == 2, "no answer is paid for twice"


def test_money_is_not_spent_on_a_model_that_nobody_knows_the_price_of(
    workspace: Workspace, server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    server.add(ANSWERS)
    workspace.limits.set(DAY, Limit(cost=Decimal(5)))
    workspace.take_up()
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    wait_for(workspace, lambda: reason_of(workspace, batch_id) == ErrorCode.LIMIT_NO_PRICE)
    assert server.calls == ()
    rate = Decimal(10)
    workspace.prices.set_own(CLOUD, "another", Price(rate, rate, rate, rate, "yours"))
    workspace.prices.set_own(CLOUD, "scripted-1", Price(rate, rate, rate, rate, "yours"))
    wait_for(workspace, lambda: statuses(workspace) == {ItemStatus.COMPLETED: 1})
    (call,) = calls(workspace)
    assert call.cost == Decimal("0.003")
    assert call.held_cost is not None
    assert call.cost < call.held_cost < 5


def test_local_engines_go_on_in_a_batch_that_a_limit_stopped(
    workspace: Workspace, server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    server.add(ANSWERS)
    workspace.limits.set(DAY, Limit(tokens=0))
    sources = write_sources(tmp_path / "in", 2)
    batch_id = workspace.queue.submit(sources, options, engines=(CLOUD, ENGINE))
    assert workspace.queue.wait_idle(30)
    made = {(item.engine, item.status) for item in workspace.batches.items()}
    assert made == {(CLOUD, ItemStatus.QUEUED), (ENGINE, ItemStatus.COMPLETED)}
    assert reason_of(workspace, batch_id) == ErrorCode.LIMIT_REACHED
    assert all(call.local for call in calls(workspace))
    # An engine that was on this machine when its rows were queued, and is no longer, is not tried for ever.
    with workspace._store.write() as session:
        session.execute(update(ItemRow).values(local=True))
    workspace._scheduler.wake()
    assert workspace.queue.wait_idle(30)
    assert made == {(item.engine, item.status) for item in workspace.batches.items()}
    workspace.limits.set(DAY, Limit())
    workspace._look(changed=False)
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == {ItemStatus.COMPLETED: 4}
    assert workspace.batches.summary_of(batch_id).status is BatchStatus.COMPLETED


def test_a_window_goes_on_with_what_a_limit_stopped_in_a_process_that_is_gone(
    server: ScriptedServer, clock: Clock, options: Options, tmp_path: Path
) -> None:
    server.add(ANSWERS)
    sources = write_sources(tmp_path / "in", 2)
    with opened(server, clock, 1) as line:  # a command line
        line.limits.set(DAY, Limit(tokens=0))
        stopped, paused = (line.queue.submit([source], options) for source in sources)
        assert line.queue.wait_idle(30)
        line.queue.pause_batches([paused])
        clock.now += timedelta(days=1)
        line.limits.set(DAY, Limit(tokens=0))
        with opened(server, clock, 1) as other:  # another one: it runs what it is told to
            other._look(changed=True)
            assert reason_of(other, stopped) == ErrorCode.LIMIT_REACHED
    with opened(server, clock, 1) as window:
        assert window.take_up() == 0
        wait_for(window, lambda: window.queue.runs_here(window.batches.summary_of(stopped).owner))
        assert reason_of(window, stopped) == ErrorCode.LIMIT_REACHED
        window.limits.set(DAY, Limit())
        wait_for(window, lambda: window.batches.summary_of(stopped).status is BatchStatus.COMPLETED)
        assert window.batches.summary_of(paused).status is BatchStatus.PAUSED, "the person paused it"
        assert len(server.calls) == 1


def test_a_try_that_waits_for_room_keeps_no_place_from_the_one_who_has_it(
    server: ScriptedServer, clock: Clock, options: Options, tmp_path: Path
) -> None:
    server.add(*(Step("cut", match=f"Marrow{number}.") for number in (1, 2)), ANSWERS)
    sources = write_sources(tmp_path / "in", 3)
    with opened(server, clock, 1) as workspace:
        workspace.queue.submit(sources[2:3], options)
        assert workspace.queue.wait_idle(30)
        workspace.limits.set(DAY, Limit(tokens=USED + 2 * most_of(workspace)))
        server.hold_answers()
        workspace.queue.submit(sources[:2], options)
        # One calls, the other holds what is left of the limit and waits for the one place.
        until(lambda: [call.status for call in calls(workspace)].count("sent") == 2)
        server.release_answers()
        assert workspace.queue.wait_idle(30)
        assert statuses(workspace) == {ItemStatus.COMPLETED: 3}
        assert sorted(call.status for call in calls(workspace)) == ["completed"] * 3 + ["failed"] * 2


def test_who_waits_for_room_waits_as_long_as_the_person_wants_and_its_holder_lives(
    workspace: Workspace, server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    card = Card(name="Tessa", description="Tessa keeps the lamp.")
    wish = FieldWish("card_none", card, "description", card.description, "shorter", CLOUD, "Default")
    workspace.limits.set(DAY, Limit(tokens=0))
    with pytest.raises(LimitError, match="today's limit") as refused:
        workspace.rewriter.rewrite(wish, Cancellation())
    assert refused.value.code == ErrorCode.LIMIT_REACHED
    workspace.limits.set(DAY, Limit(tokens=100_000))
    held = Call("", "card", workspace._presence.worker_id, 1, "card", "d", CLOUD, "m", "", False)
    ours = workspace.costs.begin(held, Held(100_000))
    cancellation = Cancellation()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(workspace.rewriter.rewrite, wish, cancellation)
        cancellation.cancel()
        with pytest.raises(CancelledByUser):
            waiting.result(timeout=20)
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    until(lambda: statuses(workspace) == {ItemStatus.PROCESSING: 1})
    workspace.queue.pause_batches([batch_id])
    assert workspace.queue.wait_idle(20), "a pause ends the wait as well"
    assert statuses(workspace) == {ItemStatus.QUEUED: 1}
    workspace.costs.withdraw(ours)
    workspace.costs.begin(replace(held, worker_id="worker_gone"), Held(100_000))
    with pytest.raises(LimitError):
        workspace.rewriter.rewrite(wish, Cancellation())
    assert [call.status for call in calls(workspace)] == ["lost"]
    assert server.calls == ()
