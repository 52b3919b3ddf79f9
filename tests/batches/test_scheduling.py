"""Whose turn it is: priorities, orders, the tenth slot, and limits that nothing passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import col, delete, select

from cardforge_desktop.batches import claiming, ordering, transitions
from cardforge_desktop.batches.adding import new_batch
from cardforge_desktop.batches.claiming import Taken, claim_next
from cardforge_desktop.batches.model import BatchOptions, BatchStatus, ItemStatus, Options, Priority
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.batches.views import read_items
from cardforge_desktop.cards import tables as _cards  # noqa: F401  # declares the table an item points at
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import Pace, ScriptedServer, Step

WORKER = "worker_here"
ENGINES = ("red", "blue")
#: No limit of a process or of a batch.
FREE = 99
ALL_FREE = Taken(concurrency=FREE)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("store") / "store.db")
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def store(shared: Store) -> Store:
    """The module's store, emptied."""
    empty(shared)
    return shared


def empty(store: Store) -> None:
    with store.write() as session:
        session.execute(delete(ItemRow))
        session.execute(delete(BatchRow))


def add_batch(
    store: Store,
    engines: list[str],
    priority: Priority = Priority.STANDARD,
    limit: int = 32,
) -> str:
    """A batch of this worker, an item for each engine."""
    options = BatchOptions(priority=priority, max_concurrent=limit)
    with store.write() as session:
        batch_id = new_batch(session, BatchStatus.QUEUED, WORKER, options)
        for position, engine in enumerate(engines, start=1):
            session.add(
                ItemRow(
                    id=new_id("item"),
                    batch_id=batch_id,
                    job_id=new_id("job"),
                    position=position,
                    rank=position,
                    source_name=f"{position}.md",
                    profile_id="profile_default",
                    profile="Default",
                    profile_version=1,
                    engine=engine,
                    local=True,
                    formats=["json"],
                    include_book=True,
                    output=str(Path("out").absolute()),
                    pattern="default",
                    status=ItemStatus.QUEUED,
                )
            )
    return batch_id


class Slots:
    """Claims one after the other, as the scheduler does."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.passed_over = 0

    def next(self, taken: Taken) -> tuple[str, int] | None:
        """(batch, position) of the claimed item."""
        with self.store.write() as session:
            claim = claim_next(session, WORKER, taken, self.passed_over)
            if claim is None:
                return None
            self.passed_over = claim.passed_over
            return claim.item.batch_id, claim.item.position

    def all(self) -> list[tuple[str, int]]:
        claimed = []
        while (one := self.next(ALL_FREE)) is not None:
            claimed.append(one)
        return claimed


def test_high_goes_before_standard_before_low_and_the_tenth_slot_to_the_oldest_lower_one(
    store: Store,
) -> None:
    low = add_batch(store, ["red"] * 3, Priority.LOW)
    standard = add_batch(store, ["red"] * 3)
    high = add_batch(store, ["red"] * 25, Priority.HIGH)
    batches = [batch_id for batch_id, _ in Slots(store).all()]
    assert batches == (
        [high] * 9 + [low] + [high] * 9 + [low] + [high] * 7 + [standard] * 2 + [low] + [standard]
    )


def test_batches_of_one_priority_go_in_their_order_and_items_in_theirs(store: Store) -> None:
    first, second = add_batch(store, ["red"] * 2), add_batch(store, ["red"] * 2)
    with store.write() as session:
        ordering.reorder_batches(session, [second, first])
        ids = session.exec(
            select(ItemRow.id).where(ItemRow.batch_id == first).order_by(col(ItemRow.rank))
        ).all()
        ordering.reorder_items(session, [ids[1]], ids[0])
    assert Slots(store).all() == [(second, 1), (second, 2), (first, 2), (first, 1)]


def test_held_items_paused_batches_and_closed_engines_are_passed_over(store: Store) -> None:
    paused = add_batch(store, ["red"])
    batch_id = add_batch(store, ["red", "red", "blue"])
    with store.write() as session:
        transitions.pause_batches(session, [paused])
        (first,) = session.exec(
            select(ItemRow.id).where(ItemRow.batch_id == batch_id, ItemRow.position == 1)
        ).all()
        transitions.hold(session, [first], held=True)
    slots = Slots(store)
    assert slots.next(Taken({"red"}, concurrency=FREE)) == (batch_id, 3)
    assert slots.all() == [(batch_id, 2)]


def test_a_full_batch_is_passed_over_until_its_limit_is_the_processs_own(store: Store) -> None:
    narrow, other = add_batch(store, ["red"] * 3, limit=1), add_batch(store, ["red"])
    slots = Slots(store)
    busy = {narrow: 1}
    assert slots.next(Taken(batches=busy, concurrency=2)) == (other, 1)
    assert slots.next(Taken(batches=busy, concurrency=2)) is None
    # A process that makes one call at once takes items ahead: its places keep to the limit.
    assert slots.next(Taken(batches=busy, concurrency=1)) == (narrow, 1)


def test_items_that_failed_at_a_held_engine_come_last(store: Store) -> None:
    batch_id = add_batch(store, ["red"] * 3)
    with store.read() as session:
        first, second, _ = session.exec(select(ItemRow.id).order_by(col(ItemRow.rank))).all()
    taken = Taken(concurrency=FREE, tried={first, second})
    slots = Slots(store)
    assert [slots.next(taken) for _ in range(4)] == [(batch_id, 3), (batch_id, 1), (batch_id, 2), None]


class Claims(RuleBasedStateMachine):
    """Batches arrive, are claimed from, end, pause and change; a model of the rules watches."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        empty(self.store)
        self.slots = Slots(self.store)
        self.waiting: dict[str, list[tuple[int, str]]] = {}  # batch → (position, engine), in their order
        self.options: dict[str, tuple[Priority, int]] = {}
        self.running: list[tuple[str, str]] = []  # (batch, engine)
        self.paused: set[str] = set()
        self.since = 0  # slots in which a lower priority was passed over, since the last one it had

    @rule(
        engines=st.lists(st.sampled_from(ENGINES), min_size=1, max_size=12),
        priority=st.sampled_from(list(Priority)),
        limit=st.integers(1, 4),
    )
    def arrive(self, engines: list[str], priority: Priority, limit: int) -> None:
        batch_id = add_batch(self.store, engines, priority, limit)
        self.waiting[batch_id] = list(enumerate(engines, start=1))
        self.options[batch_id] = (priority, limit)

    @rule(closed=st.sets(st.sampled_from(ENGINES), max_size=1), count=st.integers(1, 15))
    def claim(self, closed: set[str], count: int) -> None:
        for _ in range(count):
            in_use = Counter(batch_id for batch_id, _ in self.running)
            ready = {
                batch_id: next(((at, engine) for at, engine in items if engine not in closed), None)
                for batch_id, items in self.waiting.items()
                if batch_id not in self.paused and in_use[batch_id] < self.options[batch_id][1]
            }
            ready = {batch_id: item for batch_id, item in ready.items() if item is not None}
            claimed = self.slots.next(Taken(closed, in_use, FREE))
            if claimed is None:
                assert ready == {}
                return
            batch_id, position = claimed
            item = ready[batch_id]
            assert item is not None
            assert item[0] == position, "the first of its batch that may run"
            self._check_turn(batch_id, [one for one in ready if one != batch_id])
            self.waiting[batch_id].remove(item)
            self.running.append((batch_id, item[1]))

    def _check_turn(self, chosen: str, others: list[str]) -> None:
        """Nobody of a higher priority waits, but in the tenth slot, which is the oldest lower one's."""
        order = [Priority.HIGH, Priority.STANDARD, Priority.LOW]
        rank = {one: order.index(self.options[one][0]) for one in [chosen, *others]}
        known = list(self.options)
        lower = [one for one in rank if rank[one] > min(rank.values())]
        if chosen in lower:
            assert self.since == claiming.TURN - 1
            assert chosen == min(lower, key=known.index), "the oldest lower one"
            self.since = 0
        else:
            equals = [one for one in rank if rank[one] == rank[chosen]]
            assert chosen == min(equals, key=known.index), "first come"
            self.since += bool(lower)
            assert self.since < claiming.TURN

    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        if self.running:
            ended = data.draw(st.integers(0, len(self.running) - 1))
            self.running.pop(ended)

    @rule(data=st.data())
    def pause_or_resume(self, data: st.DataObject) -> None:
        if not self.waiting:
            return
        batch_id = list(self.waiting)[data.draw(st.integers(0, len(self.waiting) - 1))]
        with self.store.write() as session:
            if batch_id in self.paused:
                assert transitions.resume_batches(session, [batch_id], WORKER) == [batch_id]
            else:
                assert transitions.pause_batches(session, [batch_id]) == [batch_id]
        self.paused ^= {batch_id}

    @rule(data=st.data())
    def move_items(self, data: st.DataObject) -> None:
        """What is shown is the order in which they run."""
        if not self.waiting:
            return
        batch_id = list(self.waiting)[data.draw(st.integers(0, len(self.waiting) - 1))]
        with self.store.read() as session:
            shown = read_items(session, batch_id=batch_id)
        places = st.integers(0, len(shown) - 1)
        moved = data.draw(st.lists(places, unique=True, min_size=1, max_size=3))
        before = data.draw(st.none() | places)
        with self.store.write() as session:
            ordering.reorder_items(
                session, [shown[at].id for at in moved], None if before is None else shown[before].id
            )
        with self.store.read() as session:
            waiting = [
                item for item in read_items(session, batch_id=batch_id) if item.status is ItemStatus.QUEUED
            ]
        assert sorted(self.waiting[batch_id]) == sorted((item.position, item.engine) for item in waiting)
        self.waiting[batch_id] = [(item.position, item.engine) for item in waiting]

    @invariant()
    def limits_hold(self) -> None:
        for batch_id, count in Counter(batch_id for batch_id, _ in self.running).items():
            assert count <= self.options[batch_id][1]


def test_turns_and_orders_hold_and_limits_are_never_passed(shared: Store) -> None:
    class Here(Claims):
        store = shared

    fewer = settings(max_examples=settings().max_examples // 3, stateful_step_count=30)
    run_state_machine_as_test(Here, settings=fewer)  # type: ignore[no-untyped-call]


@given(
    before=st.integers(0, 3),
    arriving=st.lists(st.sampled_from([Priority.HIGH, Priority.STANDARD]), max_size=8),
)
def test_a_low_item_is_claimed_in_time_whatever_arrives(
    shared: Store, before: int, arriving: list[Priority]
) -> None:
    empty(shared)
    for _ in range(before):
        add_batch(shared, ["red"], Priority.LOW)
    mine = add_batch(shared, ["red"], Priority.LOW)
    add_batch(shared, ["red"] * 10 * (before + 2), Priority.HIGH)
    slots, claimed = Slots(shared), []
    arrivals = iter(arriving)
    while (mine, 1) not in claimed:
        if (more := next(arrivals, None)) is not None:
            add_batch(shared, ["red"] * 2, more)
        one = slots.next(ALL_FREE)
        assert one is not None
        claimed.append(one)
    assert len(claimed) == claiming.TURN * (before + 1)


# In the whole app


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)


def most_at_once(server: ScriptedServer, *marks: str) -> int:
    """The most calls in flight at once of those that hold one of these texts."""
    moments = []
    for call in server.calls:
        if any(mark in str(call.body) for mark in marks):
            assert call.ended is not None
            moments += [(call.started, 1), (call.ended, -1)]
    at_once = most = 0
    for _, step in sorted(moments):
        at_once += step
        most = max(most, at_once)
    return most


def test_calls_keep_to_the_limits_of_each_batch_while_another_goes_on(
    options: Options, tmp_path: Path
) -> None:
    sources = write_sources(tmp_path / "in", 12)
    with ScriptedServer(pace=Pace(first=0.05)) as server, open_workspace(server.url, 4) as workspace:
        workspace.queue.submit(sources[:6], options, batch=BatchOptions(max_concurrent=1))
        workspace.queue.submit(sources[6:], options)
        assert workspace.queue.wait_idle(30)
        assert most_at_once(server, *(f"Marrow{n}." for n in range(1, 7))) == 1
        assert 2 <= most_at_once(server, *(f"Marrow{n}." for n in range(7, 13))) <= 4
        assert most_at_once(server, "Marrow") <= 4


def test_a_limit_that_is_raised_while_the_batch_runs_lets_more_calls_out(
    scripted_server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall", times=0))
    with open_workspace(scripted_server.url, 4) as workspace:
        batch_id = workspace.queue.submit(
            write_sources(tmp_path / "in", 6), options, batch=BatchOptions(max_concurrent=1)
        )
        scripted_server.wait_until(lambda calls: len(calls) == 1)
        workspace.queue.change_batch(batch_id, max_concurrent=3)
        scripted_server.wait_until(lambda calls: len(calls) == 3)
        assert workspace.batches.batch(batch_id).summary.options.max_concurrent == 3


def test_a_batch_without_a_limit_of_its_own_has_that_of_the_process(
    options: Options, tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    with open_workspace(scripted_server.url, 8) as workspace:
        batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
        assert workspace.batches.batch(batch_id).summary.options.max_concurrent == 8
        workspace.queue.wait_idle(30)
    with open_workspace() as workspace:
        batch_id = workspace.queue.submit(
            write_sources(tmp_path / "in", 1), options, batch=BatchOptions(name="Mine")
        )
        assert workspace.batches.batch(batch_id).summary.options.max_concurrent == 3
        workspace.queue.wait_idle(30)


def test_a_batch_made_urgent_goes_next_and_items_run_as_they_are_shown(
    options: Options, tmp_path: Path
) -> None:
    sources = write_sources(tmp_path / "in", 8)
    with ScriptedServer([Step("slow", seconds=0.5)]) as server, open_workspace(server.url, 1) as workspace:
        first = workspace.queue.submit(sources[:4], options)
        second = workspace.queue.submit(sources[4:], options)
        server.wait_until(lambda calls: len(calls) == 1)
        workspace.queue.change_batch(second, priority=Priority.HIGH)
        items = workspace.batches.items(batch_id=second)
        workspace.queue.reorder([items[3].id], before=items[0].id)
        assert workspace.queue.wait_idle(30)
        order = order_of_starts(workspace)
        shown = [item.id for item in workspace.batches.items(batch_id=second)]
    assert shown == [items[3].id, *(item.id for item in items[:3])]
    assert [item_id for item_id in order if item_id in shown] == shown
    # At most three of the first batch were in hand already: the one that called and two ahead of it.
    rest = [item_id for item_id in order if item_id not in shown]
    assert order.index(shown[-1]) < order.index(rest[3])
    assert first != second


def order_of_starts(workspace: Workspace) -> list[str]:
    """Ids of all items, as they were taken."""
    started = [(item.started_at, item.id) for item in workspace.batches.items() if item.started_at]
    return [item_id for _, item_id in sorted(started)]
