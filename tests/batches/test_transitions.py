"""States of items and batches: every change is a compare-and-set, and counts always add up."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from cardforge_desktop.batches import claiming, transitions
from cardforge_desktop.batches.model import BatchStatus, ItemStatus
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.cards import tables as _cards  # noqa: F401  # declares the table an item points at
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from cardforge_desktop.store.types import now

WORKER = "worker_here"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("store") / "store.db")
    migrate(store)
    yield store
    store.close()


def add_batch(store: Store, statuses: list[ItemStatus], owner: str = WORKER, engine: str = "Built-in") -> str:
    batch_id = new_id("batch", 8)
    time = now()
    with store.write() as session:
        session.add(
            BatchRow(
                id=batch_id,
                status=BatchStatus.PROCESSING,
                owner=owner,
                created_at=time,
                started_at=time,
            )
        )
        session.flush()
        for position, status in enumerate(statuses, start=1):
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
                    status=status,
                )
            )
    return batch_id


def clear(store: Store) -> None:
    with store.write() as session:
        for table in (ItemRow, BatchRow):
            for row in session.exec(select(table)):
                session.delete(row)
            session.flush()


@pytest.mark.parametrize(
    ("statuses", "goes_on", "expected"),
    [
        ([ItemStatus.COMPLETED, ItemStatus.FAILED], True, BatchStatus.COMPLETED),
        ([ItemStatus.COMPLETED, ItemStatus.FAILED], False, BatchStatus.FAILED),
        ([ItemStatus.COMPLETED, ItemStatus.CANCELLED], False, BatchStatus.COMPLETED),
        ([ItemStatus.CANCELLED], False, BatchStatus.CANCELLED),
    ],
)
@pytest.mark.parametrize("paused", [False, True])
def test_a_batch_that_does_not_go_on_after_an_error_is_failed_by_one(
    store: Store, statuses: list[ItemStatus], goes_on: bool, expected: BatchStatus, paused: bool
) -> None:
    batch_id = add_batch(store, statuses)
    with store.write() as session:
        session.get_one(BatchRow, batch_id).continue_on_error = goes_on
    with store.write() as session:
        if paused:
            transitions.pause_batches(session, [batch_id])
        transitions.settle_batches(session, [batch_id])
    with store.read() as session:
        assert session.get_one(BatchRow, batch_id).status == expected


def test_a_resumed_batch_is_processing_when_something_of_it_still_runs(store: Store) -> None:
    clear(store)
    running = add_batch(store, [ItemStatus.PROCESSING, ItemStatus.QUEUED])
    waiting = add_batch(store, [ItemStatus.QUEUED])
    with store.write() as session:
        transitions.pause_batches(session, [running, waiting])
        assert set(transitions.resume_batches(session, None, WORKER)) == {running, waiting}
    with store.read() as session:
        assert session.get_one(BatchRow, running).status == BatchStatus.PROCESSING
        assert session.get_one(BatchRow, waiting).status == BatchStatus.QUEUED


@given(
    st.lists(st.sampled_from([s for s in ItemStatus if s is not ItemStatus.DRAFT]), min_size=1, max_size=12)
)
def test_a_batch_ends_when_its_last_open_item_has_ended(store: Store, statuses: list[ItemStatus]) -> None:
    batch_id = add_batch(store, statuses)
    with store.write() as session:
        transitions.settle_batches(session, [batch_id])
        batch = session.get_one(BatchRow, batch_id)
        session.refresh(batch)
        counts = transitions.status_counts(session, batch_id)
    assert counts == Counter(statuses)
    if {ItemStatus.QUEUED, ItemStatus.PROCESSING} & set(statuses):
        assert batch.status == BatchStatus.PROCESSING
        assert batch.finished_at is None
    elif ItemStatus.COMPLETED in statuses:
        assert batch.status == BatchStatus.COMPLETED
    elif ItemStatus.FAILED in statuses:
        assert batch.status == BatchStatus.FAILED
    else:
        assert batch.status == BatchStatus.CANCELLED


def test_items_are_claimed_once_in_order_and_engines_at_their_limit_are_passed_over(store: Store) -> None:
    clear(store)
    first = add_batch(store, [ItemStatus.QUEUED, ItemStatus.QUEUED], engine="busy")
    second = add_batch(store, [ItemStatus.QUEUED], engine="free")
    add_batch(store, [ItemStatus.QUEUED], owner="worker_elsewhere")
    claimed = []
    for full in (["busy"], [], [], []):
        with store.write() as session:
            claim = claiming.claim_next(session, WORKER, claiming.Taken(full))
            claimed.append(None if claim is None else (claim.item.batch_id, claim.item.position))
    assert claimed == [(second, 1), (first, 1), (first, 2), None]


def test_a_change_from_another_state_than_expected_does_nothing(store: Store) -> None:
    batch_id = add_batch(store, [ItemStatus.COMPLETED])
    with store.write() as session:
        (item_id,) = session.exec(select(ItemRow.id).where(ItemRow.batch_id == batch_id)).all()
        assert transitions.move(session, [item_id], [ItemStatus.PROCESSING], ItemStatus.CANCELLED) == []
        assert session.get_one(ItemRow, item_id).status == ItemStatus.COMPLETED


def test_what_a_dead_worker_had_in_hand_is_queued_again(store: Store) -> None:
    clear(store)
    batch_id = add_batch(
        store, [ItemStatus.PROCESSING, ItemStatus.COMPLETED, ItemStatus.QUEUED], owner="worker_dead"
    )
    with store.write() as session:
        for row in session.exec(select(ItemRow).where(ItemRow.status == ItemStatus.PROCESSING)):
            row.worker_id = "worker_dead"
    with store.write() as session:
        released = transitions.release_dead_workers(session, ["worker_dead"])
    with store.read() as session:
        counts = transitions.status_counts(session, batch_id)
        owner = session.get_one(BatchRow, batch_id).owner
    assert len(released) == 1
    assert counts == {ItemStatus.QUEUED: 2, ItemStatus.COMPLETED: 1}
    assert owner == ""
