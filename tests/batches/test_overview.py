"""Looking at the queue: exact sums without the ledger, lists of any length, when a batch will be done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select, update

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.model import BatchStatus, ItemStatus, Options, Rest
from cardforge_desktop.batches.tables import BatchRow, ItemRow, ItemSourceRow
from cardforge_desktop.costs.ledger import sum_calls
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.events import Progress
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.types import now
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.filled_store import Filling, fill
from tests.support.scripted_server import ScriptedServer, Step


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    with open_workspace() as opened:
        yield opened


@pytest.fixture
def store(workspace: Workspace) -> Store:
    return workspace._store


def change(store: Store, places: range, **values: Any) -> None:
    """Give the items at these places other values."""
    with store.write() as session:
        session.execute(update(ItemRow).where(col(ItemRow.position).in_(places)).values(**values))


WAITING = {
    "status": ItemStatus.QUEUED,
    "attempts": 0,
    "started_at": None,
    "finished_at": None,
    "input_tokens": None,
    "output_tokens": None,
    "cost": None,
}


def test_what_the_cards_that_wait_will_cost_is_summed_without_those_nobody_knows(
    workspace: Workspace, store: Store
) -> None:
    (batch_id,) = fill(store, Filling(items=6, mark="rest"))

    def rest() -> Rest:
        return workspace.batches.summary_of(batch_id).rest

    change(store, range(1, 7), local=False, estimate_cost=Decimal(9), estimate_cost_low=Decimal(9))
    assert rest() == Rest(), "all are made"
    ranged = {"estimate_cost": Decimal("0.000000000003"), "estimate_cost_low": Decimal("0.000000000001")}
    change(store, range(1, 4), **WAITING, **ranged)
    assert rest() == Rest(3 * ranged["estimate_cost_low"], 3 * ranged["estimate_cost"])
    change(store, range(3, 4), estimate_cost_low=None)
    assert rest() == Rest(None, 3 * ranged["estimate_cost"])
    change(store, range(3, 4), estimate_cost=None)
    assert rest() == Rest(2 * ranged["estimate_cost_low"], 2 * ranged["estimate_cost"], 1)
    change(store, range(1, 4), local=True)
    assert rest() == Rest()


def test_sums_of_a_batch_are_those_of_the_ledger_to_the_last_digit(
    workspace: Workspace, store: Store
) -> None:
    price = Decimal("0.000000123")
    (batch_id,) = fill(store, Filling(items=50, calls=3, price=price))
    # One ended without its columns, one runs again after a crash, one ran before and waits.
    change(store, range(1, 2), status=ItemStatus.CANCELLED, input_tokens=None, output_tokens=None, cost=None)
    change(store, range(2, 3), status=ItemStatus.PROCESSING, attempts=2)
    change(store, range(3, 4), status=ItemStatus.QUEUED, input_tokens=1, output_tokens=1, cost=Decimal(9))
    batch = workspace.batches.summary_of(batch_id)
    assert batch.cost == 150 * price
    with store.read() as session:
        truth = sum_calls(session.exec(select(CallRow)).all())
    assert (batch.input_tokens, batch.output_tokens) == (truth.input_tokens, truth.output_tokens)
    assert batch.unknown_costs == truth.unknown_calls == 0
    assert batch.counts.total == 50
    assert batch.counts.completed == 47


def test_what_a_dead_process_spent_is_in_the_sums_also_when_its_item_is_cancelled(
    workspace: Workspace, store: Store
) -> None:
    (batch_id,) = fill(store, Filling(items=1, calls=2, price=Decimal("0.5")))
    # Its columns are from an earlier attempt, of one call; in the second one the process died.
    half = {"input_tokens": 910, "output_tokens": 1_200, "cost": Decimal("0.5")}
    change(store, range(1, 2), status=ItemStatus.PROCESSING, worker_id="gone", attempts=2, **half)
    with store.write() as session:
        released = transitions.release_dead_workers(session, ["gone"])
        transitions.cancel(session, released)
    batch = workspace.batches.batch(batch_id)
    assert batch.summary.cost == batch.items[0].cost == Decimal("1.0")
    assert batch.summary.input_tokens == batch.items[0].input_tokens == 1_820


def test_calls_of_unknown_cost_are_told_beside_the_known_sum(workspace: Workspace, store: Store) -> None:
    (batch_id,) = fill(store, Filling(items=3, price=Decimal("0.5")))
    change(store, range(1, 2), unknown_calls=2)
    batch = workspace.batches.batch(batch_id)
    assert batch.summary.cost == Decimal("1.5")
    assert batch.summary.unknown_costs == 2
    assert [item.cost for item in batch.items] == [None, Decimal("0.5"), Decimal("0.5")]
    assert [item.unknown_calls for item in batch.items] == [2, 0, 0]


def test_how_far_the_queue_is_tells_of_what_goes_on_and_not_of_the_history(
    workspace: Workspace, store: Store
) -> None:
    old, new = fill(store, Filling(batches=2, items=5))
    running = {"status": BatchStatus.PROCESSING, "finished_at": None}
    with store.write() as session:
        session.execute(update(BatchRow).where(col(BatchRow.id) == old).values(finished_at=now()))
        session.execute(update(BatchRow).where(col(BatchRow.id) == new).values(**running))
        waiting = col(ItemRow.batch_id) == new, col(ItemRow.rank) > 2
        session.execute(update(ItemRow).where(*waiting).values(**WAITING))
    counts = workspace.batches.summary().counts
    assert (counts.total, counts.completed, counts.queued) == (5, 2, 3)
    workspace.queue.cancel_batches([new])
    counts = workspace.batches.summary().counts
    assert (counts.total, counts.completed, counts.cancelled) == (5, 2, 3), "the one that ended last"


def test_the_ledger_is_left_alone_where_the_items_tell_all(workspace: Workspace, store: Store) -> None:
    """It grows to a million rows; the items of a batch do not."""
    fill(store, Filling(batches=5, items=20, calls=5))
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    workspace.batches.batches()
    workspace.batches.items()
    workspace.batches.summary()
    assert asked
    assert [statement for statement in asked if "FROM call" in statement] == []


def test_more_ids_than_sqlite_takes_variables_are_looked_up(workspace: Workspace, store: Store) -> None:
    (batch_id,) = fill(store, Filling(items=3))
    unknown = [f"item_{number}" for number in range(40_000)]
    known = [item.id for item in workspace.batches.items()]
    assert [item.id for item in workspace.batches.items([*unknown, *known[:2]])] == known[:2]
    assert [batch.id for batch in workspace.batches.batches([*unknown, batch_id])] == [batch_id]


def test_items_come_in_the_order_they_run_with_all_that_is_theirs(workspace: Workspace, store: Store) -> None:
    first, second = fill(store, Filling(batches=2, items=3, cards=True))
    with store.write() as session:
        reverse = update(ItemRow).where(col(ItemRow.batch_id) == first).values(rank=-col(ItemRow.position))
        session.execute(reverse)
    items = workspace.batches.items()
    assert [(item.batch_id, item.position) for item in items] == [
        *((first, place) for place in (3, 2, 1)),
        *((second, place) for place in (1, 2, 3)),
    ]
    assert items[0].card_name == "Tessa Marrow 3"
    assert [name for name, _ in items[0].files] == ["json", "v2"]
    assert items[0].sources[0].path == Path("/sources/keeper-of-the-lamp-00003.md")
    assert items[0].progress == 1
    assert items == tuple(workspace.batches.items([item.id for item in items]))


def test_a_batch_is_called_after_its_first_source(workspace: Workspace, store: Store) -> None:
    (batch_id,) = fill(store, Filling(items=12))
    change(store, range(1, 4), **WAITING)
    assert workspace.batches.summary_of(batch_id).name == "keeper-of-the-lamp-00001.md + 11"
    with store.write() as session:
        session.execute(update(BatchRow).values(name="Night shift"))
    assert workspace.batches.summary_of(batch_id).name == "Night shift"


def test_a_source_that_is_tried_in_several_ways_is_named_once(workspace: Workspace, store: Store) -> None:
    (batch_id,) = fill(store, Filling(items=4))
    change(store, range(1, 5), source_name="mirela.md")
    with store.write() as session:
        session.execute(update(ItemSourceRow).values(path="/sources/mirela.md", name="mirela.md"))
    assert workspace.batches.summary_of(batch_id).name == "mirela.md"
    with store.write() as session:
        last = update(ItemSourceRow).where(col(ItemSourceRow.item_id).endswith("4"))
        session.execute(last.values(path="/others/mirela.md"))
    assert workspace.batches.summary_of(batch_id).name == "mirela.md + 1"


def test_a_batch_was_updated_when_its_last_item_moved(workspace: Workspace, store: Store) -> None:
    (batch_id,) = fill(store, Filling(items=2))
    moment = now().replace(microsecond=0) + timedelta(days=400)
    change(store, range(2, 3), finished_at=moment)
    assert workspace.batches.summary_of(batch_id).updated_at == moment


def test_a_job_is_found_by_its_id(workspace: Workspace, store: Store) -> None:
    fill(store, Filling(items=3))
    change(store, range(2, 3), hidden=True)
    job = workspace.batches.job("job_filled0001x00002")
    assert job.id == "item_filled0001x00002"
    with pytest.raises(CardForgeError) as raised:
        workspace.batches.job("job_none")
    assert raised.value.code == ErrorCode.JOB_NOT_FOUND


def going_on(store: Store, done: int, count: int) -> str:
    """A batch of items of 50 s, one after the other, of which so many are done; the last ended just now."""
    (batch_id,) = fill(store, Filling(items=count, batch_status=BatchStatus.PROCESSING))
    change(store, range(done + 1, count + 1), **WAITING)
    moment = now()
    with store.write() as session:
        for place in range(1, done + 1):
            ended = moment - timedelta(seconds=60 * (done - place))
            times = {"started_at": ended - timedelta(seconds=50), "finished_at": ended}
            session.execute(update(ItemRow).where(col(ItemRow.position) == place).values(**times))
        session.execute(update(BatchRow).values(owner="worker_1"))
    return batch_id


def test_a_batch_that_goes_on_tells_when_it_will_be_done(workspace: Workspace, store: Store) -> None:
    batch_id = going_on(store, done=5, count=9)
    expected = workspace.batches.summary_of(batch_id).finish_expected
    assert expected is not None
    assert (expected - now()).total_seconds() == pytest.approx(200, abs=5)
    assert workspace.batches.summary().seconds_left == pytest.approx(200, abs=5)
    (line,) = workspace.batches.batches()
    assert line.finish_expected is not None


def test_a_running_item_counts_by_how_far_it_is(workspace: Workspace, store: Store) -> None:
    batch_id = going_on(store, done=5, count=6)
    running = workspace.batches.batch(batch_id).items[-1]
    change(store, range(6, 7), status=ItemStatus.PROCESSING, started_at=now() - timedelta(seconds=25))
    live = workspace.batches._tools.live
    live.stage(running.id, "writing", 0.0)
    live._items[running.id].newest = Progress(running.id, "writing", fraction=0.5)
    assert workspace.batches.summary().seconds_left == pytest.approx(25, abs=3)
    (shown,) = workspace.batches.items([running.id])
    assert (shown.stage, shown.progress) == ("writing", 0.5)


@pytest.mark.parametrize("values", [{"held": True}, {"status": ItemStatus.CANCELLED}])
def test_what_does_not_go_on_is_not_waited_for(
    workspace: Workspace, store: Store, values: dict[str, Any]
) -> None:
    batch_id = going_on(store, done=5, count=9)
    change(store, range(6, 10), **values)
    assert workspace.batches.summary_of(batch_id).finish_expected is None
    assert workspace.batches.summary().seconds_left is None


def test_a_paused_batch_promises_nothing(workspace: Workspace, store: Store) -> None:
    batch_id = going_on(store, done=5, count=9)
    with store.write() as session:
        session.execute(update(BatchRow).values(status=BatchStatus.PAUSED))
    assert workspace.batches.summary_of(batch_id).finish_expected is None
    assert workspace.batches.summary().seconds_left is None


def test_a_batch_that_nobody_runs_promises_nothing(workspace: Workspace, store: Store) -> None:
    batch_id = going_on(store, done=5, count=9)
    with store.write() as session:
        session.execute(update(BatchRow).values(owner=""))
    assert workspace.batches.summary_of(batch_id).finish_expected is None
    assert workspace.batches.summary().seconds_left is None


def test_a_batch_that_waits_for_another_begins_when_that_is_done(workspace: Workspace, store: Store) -> None:
    first = going_on(store, done=5, count=9)
    later = Filling(items=2, status=ItemStatus.QUEUED, batch_status=BatchStatus.QUEUED, mark="later")
    (second,) = fill(store, later)
    change_places(store, second)
    finishes = known_finishes(workspace)
    # Two more of 50 s each, one on each of its places.
    assert (finishes[second] - finishes[first]).total_seconds() == pytest.approx(50, abs=5)
    with store.write() as session:
        session.execute(update(BatchRow).where(col(BatchRow.id) == second).values(priority="high"))
    finishes = known_finishes(workspace)
    assert finishes[second] < finishes[first]


def known_finishes(workspace: Workspace) -> dict[str, datetime]:
    return {one.id: one.finish_expected for one in workspace.batches.batches() if one.finish_expected}


def change_places(store: Store, batch_id: str) -> None:
    """Put a batch behind the others of the same worker."""
    behind = {"rank": 99, "owner": "worker_1"}
    with store.write() as session:
        session.execute(update(BatchRow).where(col(BatchRow.id) == batch_id).values(**behind))


def test_an_earlier_batch_tells_the_pace_before_the_first_item_ended(
    home: Path, tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    options = Options(output=tmp_path / "out", engine=ENGINE, include_book=False)
    with open_workspace(scripted_server.url) as workspace:
        assert workspace.batches.summary().seconds_left is None
        scripted_server.add(Step("stall", times=1))
        batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 2)[:1], options)
        scripted_server.wait_until(lambda calls: len(calls) == 1)
        assert workspace.batches.summary_of(batch_id).finish_expected is None
        workspace.queue.cancel_batches([batch_id])
        assert workspace.queue.wait_idle(30)
        workspace.queue.submit(write_sources(tmp_path / "in", 2)[:1], options)
        assert workspace.queue.wait_idle(30)
        scripted_server.add(Step("stall", times=1))
        batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 2)[1:], options)
        scripted_server.wait_until(lambda calls: len(calls) == 3)
        assert workspace.batches.summary_of(batch_id).finish_expected is not None
        assert (workspace.batches.summary().seconds_left or -1) >= 0


def test_fillings_are_what_the_store_takes(store: Store) -> None:
    """The rows written past the services are those a service reads."""
    assert len(fill(store, replace(Filling(), batches=2, items=2, cards=True))) == 2
