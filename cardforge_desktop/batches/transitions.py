"""The only code that changes the state of an item or a batch. Each change is a compare-and-set.

All functions join the caller's write transaction; a False says that somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select, update

from cardforge_desktop.batches.model import BatchStatus, ErrorInfo, ItemStatus
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.costs.ledger import Ledger
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

_NOT_ENDED = (ItemStatus.QUEUED, ItemStatus.PROCESSING, ItemStatus.DRAFT)
_ACTIVE_BATCH = (BatchStatus.QUEUED, BatchStatus.PROCESSING)
_OPEN_BATCH = (*_ACTIVE_BATCH, BatchStatus.PAUSED)

_ITEMS = core_table(ItemRow)
_BATCHES = core_table(BatchRow)
_MOVE = (
    update(_ITEMS)
    .where(
        _ITEMS.c.id.in_(bindparam("of_items", expanding=True)),
        _ITEMS.c.status.in_(bindparam("before", expanding=True)),
    )
    .returning(_ITEMS.c.id)
)
#: Only by the worker that has the item in hand, in the attempt it began.
_OWN = (
    _ITEMS.c.id == bindparam("of_item"),
    _ITEMS.c.status == ItemStatus.PROCESSING,
    _ITEMS.c.worker_id == bindparam("owner"),
    _ITEMS.c.attempts == bindparam("attempt"),
)
_MOVE_OWN = update(_ITEMS).where(*_OWN).returning(_ITEMS.c.id)
_IS_OWN = select(_ITEMS.c.id).where(*_OWN)
_CANCEL_RUNNING = (
    update(_ITEMS)
    .where(
        _ITEMS.c.id.in_(bindparam("of_items", expanding=True)),
        _ITEMS.c.status == ItemStatus.PROCESSING,
        _ITEMS.c.card_id.is_(None),
    )
    .values(status=ItemStatus.CANCELLED, stage="")
    .returning(_ITEMS.c.id)
)
_ENTER_BATCH = (
    update(_ITEMS)
    .where(_ITEMS.c.id == bindparam("of_item"), _ITEMS.c.status == ItemStatus.DRAFT)
    .values(
        status=ItemStatus.QUEUED,
        batch_id=bindparam("into"),
        position=bindparam("place"),
        rank=bindparam("place"),
    )
)
_NEXT_ITEM = (
    select(_ITEMS.c.id)
    .join(_BATCHES, _BATCHES.c.id == _ITEMS.c.batch_id)
    .where(
        _BATCHES.c.owner == bindparam("owner"),
        _BATCHES.c.status.in_(_ACTIVE_BATCH),
        _ITEMS.c.status == ItemStatus.QUEUED,
        _ITEMS.c.held.is_(False),
        _ITEMS.c.engine.not_in(bindparam("full_engines", expanding=True)),
    )
    .order_by(_BATCHES.c.rank, _ITEMS.c.rank)
    .limit(1)
)
_CLAIM = (
    update(ItemRow)
    .where(col(ItemRow.id) == _NEXT_ITEM.scalar_subquery())
    .values(
        status=ItemStatus.PROCESSING,
        stage="reading",
        worker_id=bindparam("owner"),
        attempts=ItemRow.attempts + 1,
        started_at=bindparam("moment"),
    )
    .returning(ItemRow)
    .execution_options(synchronize_session=False)
)
_BEGIN_BATCH = (
    update(_BATCHES)
    .where(_BATCHES.c.id == bindparam("of_batch"), _BATCHES.c.status == BatchStatus.QUEUED)
    .values(status=BatchStatus.PROCESSING)
)
_OPEN_ITEM = (
    select(_ITEMS.c.id)
    .where(_ITEMS.c.batch_id == bindparam("of_batch"), _ITEMS.c.status.in_(_NOT_ENDED))
    .limit(1)
)


def move(
    session: Session,
    item_ids: Collection[str],
    before: Sequence[ItemStatus],
    after: ItemStatus,
    **values: Any,
) -> list[str]:
    """Set the items that are in one of the states `before` to `after`; returns the ids that changed.

    `values` are further columns.
    """
    known = {"of_items": list(item_ids), "before": list(before)}
    return list(session.execute(_MOVE, {**known, "status": after, **values}).scalars())


def move_own(session: Session, item: ItemRow, after: ItemStatus, **values: Any) -> bool:
    """`move` for the worker that claimed `item`; False when it is not in its hand any more."""
    return session.execute(_MOVE_OWN, {**_own(item), "status": after, **values}).first() is not None


def is_own(session: Session, item: ItemRow) -> bool:
    """Whether the worker that claimed `item` still has it in hand."""
    return session.execute(_IS_OWN, _own(item)).first() is not None


def in_hand(session: Session, worker_id: str, item_ids: Collection[str]) -> set[str]:
    """Those of the items that this worker still has in hand."""
    wanted = select(ItemRow.id).where(
        col(ItemRow.id).in_(item_ids),
        ItemRow.status == ItemStatus.PROCESSING,
        ItemRow.worker_id == worker_id,
    )
    return set(session.exec(wanted))


def _own(item: ItemRow) -> dict[str, Any]:
    return {"of_item": item.id, "owner": item.worker_id, "attempt": item.attempts}


def cancel(session: Session, item_ids: Collection[str]) -> list[str]:
    """Cancel waiting and running items, whichever process runs them; returns the ids that changed.

    An item whose card is saved already is left: only its files are still being written.
    """
    waiting = [ItemStatus.QUEUED, ItemStatus.DRAFT]
    time = now()
    ended = move(session, item_ids, waiting, ItemStatus.CANCELLED, stage="", finished_at=time)
    running = session.execute(_CANCEL_RUNNING, {"of_items": list(item_ids), "finished_at": time})
    return [*ended, *running.scalars()]


def enter_batch(session: Session, batch_id: str, item_ids: Sequence[str]) -> None:
    """Queue drafts as the items of a batch, in this order from position 1."""
    places = enumerate(item_ids, start=1)
    rows = [{"of_item": item_id, "into": batch_id, "place": place} for place, item_id in places]
    session.execute(_ENTER_BATCH, rows)


def claim_next(session: Session, worker_id: str, full_engines: Collection[str]) -> ItemRow | None:
    """Take the next queued item of this worker's batches, oldest batch first; None when there is none."""
    values = {"owner": worker_id, "full_engines": list(full_engines), "moment": now()}
    claimed = session.execute(_CLAIM, values).scalar_one_or_none()
    if claimed is not None:
        session.execute(_BEGIN_BATCH, {"of_batch": claimed.batch_id})
    return claimed


def fail(session: Session, item_ids: Collection[str], before: Sequence[ItemStatus], error: ErrorInfo) -> bool:
    """End items as failed; False when none was in a state of `before`."""
    values = {"error": _stored(error), "stage": "", "finished_at": now()}
    return bool(move(session, item_ids, before, ItemStatus.FAILED, **values))


def fail_own(session: Session, item: ItemRow, error: ErrorInfo, **values: Any) -> bool:
    """`fail` for the worker that claimed `item`."""
    values |= {"error": _stored(error), "stage": "", "finished_at": now()}
    return move_own(session, item, ItemStatus.FAILED, **values)


def _stored(error: ErrorInfo) -> dict[str, Any]:
    return {"message": error.message, "code": error.code, "details": dict(error.details)}


def settle_batches(session: Session, batch_ids: Collection[str]) -> None:
    """End each batch whose last open item has ended; call it after every end of an item.

    A batch with some failures is completed; it is failed when nothing succeeded, and cancelled when nothing
    succeeded or failed (specification 1.1, read with the issue of the batch engine).
    """
    for batch_id in batch_ids:
        if session.execute(_OPEN_ITEM, {"of_batch": batch_id}).first() is not None:
            continue
        counts = status_counts(session, batch_id)
        if counts.get(ItemStatus.COMPLETED):
            status = BatchStatus.COMPLETED
        elif counts.get(ItemStatus.FAILED):
            status = BatchStatus.FAILED
        else:
            status = BatchStatus.CANCELLED
        session.execute(
            update(BatchRow)
            .where(col(BatchRow.id) == batch_id, col(BatchRow.status).in_(_OPEN_BATCH))
            .values(status=status, finished_at=now(), owner="")
        )


def status_counts(session: Session, batch_id: str) -> dict[ItemStatus, int]:
    """How many items of a batch are in each state; states with none are absent."""
    rows = session.exec(
        select(ItemRow.status, func.count()).where(ItemRow.batch_id == batch_id).group_by(ItemRow.status)
    )
    return {ItemStatus(status): count for status, count in rows}


def release_dead_workers(session: Session, dead: Collection[str]) -> list[str]:
    """Queue again what workers that died had in hand; returns the items' ids.

    Their batches lose their owner. Calls in flight are marked as made, of unknown cost.
    """
    Ledger.mark_lost(session, dead)
    released = session.execute(
        update(ItemRow)
        .where(col(ItemRow.worker_id).in_(dead), col(ItemRow.status) == ItemStatus.PROCESSING)
        .values(status=ItemStatus.QUEUED, stage="", worker_id="")
        .returning(col(ItemRow.id))
    ).scalars()
    ids = list(released)
    session.execute(update(BatchRow).where(col(BatchRow.owner).in_(dead)).values(owner=""))
    return ids


def hold(session: Session, item_ids: Collection[str], *, held: bool) -> list[str]:
    """Hold items that wait or run, or let them go; returns the ids that changed."""
    changed = session.execute(
        update(ItemRow)
        .where(col(ItemRow.id).in_(item_ids), col(ItemRow.held).is_not(held))
        .where(col(ItemRow.status).in_([ItemStatus.QUEUED, ItemStatus.PROCESSING]))
        .values(held=held)
        .returning(col(ItemRow.id))
    )
    return list(changed.scalars())


def pause_batches(session: Session, batch_ids: Collection[str], reason: ErrorInfo | None = None) -> list[str]:
    """Pause batches that wait or run; returns the ids that changed. `reason` None = the person's wish."""
    changed = session.execute(
        update(BatchRow)
        .where(col(BatchRow.id).in_(batch_ids), col(BatchRow.status).in_(_ACTIVE_BATCH))
        .values(status=BatchStatus.PAUSED, reason=None if reason is None else _stored(reason))
        .returning(col(BatchRow.id))
    )
    return list(changed.scalars())


def resume_batches(session: Session, batch_ids: Collection[str] | None, worker_id: str) -> list[str]:
    """Queue paused batches again (None = all); returns their ids. Those that nobody runs are this worker's.

    So are those that were at work when their process went away.
    """
    wanted = update(BatchRow).where(col(BatchRow.status) == BatchStatus.PAUSED)
    if batch_ids is not None:
        wanted = wanted.where(col(BatchRow.id).in_(batch_ids))
    changed = session.execute(
        wanted.values(status=BatchStatus.QUEUED, reason=None).returning(col(BatchRow.id))
    )
    ids = list(changed.scalars())
    active = [BatchStatus.QUEUED, BatchStatus.PROCESSING]
    nobodys = update(BatchRow).where(col(BatchRow.owner) == "", col(BatchRow.status).in_(active))
    if batch_ids is not None:
        nobodys = nobodys.where(col(BatchRow.id).in_(batch_ids))
    session.execute(nobodys.values(owner=worker_id))
    return ids


def reopen_batches(session: Session, batch_ids: Collection[str], worker_id: str) -> None:
    """Queue batches again in which items were retried; one that another process still runs stays its own."""
    ended = [BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED]
    session.execute(
        update(BatchRow)
        .where(col(BatchRow.id).in_(batch_ids), col(BatchRow.status).in_(ended))
        .values(status=BatchStatus.QUEUED, owner=worker_id, finished_at=None, reason=None, hidden=False)
    )


def adopt_batches(session: Session, worker_id: str) -> int:
    """Take over the batches that nobody runs; returns how many of their items wait."""
    session.execute(
        update(BatchRow)
        .where(col(BatchRow.owner) == "", col(BatchRow.status).in_(_ACTIVE_BATCH))
        .values(owner=worker_id)
    )
    waiting = (
        select(func.count())
        .select_from(ItemRow)
        .join(BatchRow)
        .where(BatchRow.owner == worker_id, col(BatchRow.status).in_(_ACTIVE_BATCH))
        .where(ItemRow.status == ItemStatus.QUEUED, col(ItemRow.held).is_(False))
    )
    return session.exec(waiting).one()


def reorder_items(session: Session, item_ids: Sequence[str], before: str | None) -> list[str]:
    """Put items of one batch before another one of it (None = last), in this order; returns them.

    Items of other batches than the first one's are left out.
    """
    batch_id = session.exec(select(ItemRow.batch_id).where(col(ItemRow.id).in_(item_ids)).limit(1)).first()
    order = session.exec(
        select(ItemRow.id).where(ItemRow.batch_id == batch_id).order_by(col(ItemRow.rank))
    ).all()
    moved = [item_id for item_id in dict.fromkeys(item_ids) if item_id in set(order)]
    others = [item_id for item_id in order if item_id not in set(moved)]
    place = others.index(before) if before in others else len(others)
    for rank, item_id in enumerate([*others[:place], *moved, *others[place:]], start=1):
        session.execute(update(ItemRow).where(col(ItemRow.id) == item_id).values(rank=rank))
    return moved


def reorder_batches(session: Session, batch_ids: Sequence[str]) -> None:
    """Give batches the ranks that they have between them, in this order."""
    ranks = sorted(session.exec(select(BatchRow.rank).where(col(BatchRow.id).in_(batch_ids))))
    for rank, batch_id in zip(ranks, batch_ids, strict=False):
        session.execute(update(BatchRow).where(col(BatchRow.id) == batch_id).values(rank=rank))
