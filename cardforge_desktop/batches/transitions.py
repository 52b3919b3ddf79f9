"""The only code that changes the state of an item or a batch. Each change is a compare-and-set.

All functions join the caller's write transaction; a False says that somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import Session, col, func, select, update

from cardforge_desktop.batches.model import BatchStatus, ErrorInfo, ItemStatus
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.costs.ledger import Ledger
from cardforge_desktop.store.types import now

_NOT_ENDED = (ItemStatus.QUEUED, ItemStatus.PROCESSING, ItemStatus.DRAFT)
_ACTIVE_BATCH = (BatchStatus.QUEUED, BatchStatus.PROCESSING)


def move(
    session: Session,
    item_ids: Collection[str],
    before: Sequence[ItemStatus],
    after: ItemStatus,
    **values: Any,
) -> list[str]:
    """Set the items that are in one of the states `before` to `after`; returns the ids that changed."""
    changed = session.execute(
        update(ItemRow)
        .where(col(ItemRow.id).in_(item_ids), col(ItemRow.status).in_(before))
        .values(status=after, **values)
        .returning(col(ItemRow.id))
    )
    return list(changed.scalars())


def claim_next(session: Session, worker_id: str, full_engines: Collection[str]) -> ItemRow | None:
    """Take the next queued item of this worker's batches, oldest batch first; None when there is none."""
    candidate = session.exec(
        select(ItemRow)
        .join(BatchRow, col(BatchRow.id) == col(ItemRow.batch_id))
        .where(
            BatchRow.owner == worker_id,
            col(BatchRow.status).in_(_ACTIVE_BATCH),
            ItemRow.status == ItemStatus.QUEUED,
            col(ItemRow.engine).not_in(full_engines),
        )
        .order_by(col(BatchRow.started_at), col(ItemRow.position))
        .limit(1)
    ).first()
    if candidate is None:
        return None
    candidate.status = ItemStatus.PROCESSING
    candidate.stage = "reading"
    candidate.worker_id = worker_id
    candidate.attempts += 1
    candidate.started_at = now()
    session.add(candidate)
    session.execute(
        update(BatchRow)
        .where(col(BatchRow.id) == candidate.batch_id, col(BatchRow.status) == BatchStatus.QUEUED)
        .values(status=BatchStatus.PROCESSING)
    )
    return candidate


def fail(
    session: Session,
    item_ids: Collection[str],
    before: Sequence[ItemStatus],
    error: ErrorInfo,
    **values: Any,
) -> bool:
    """End items as failed; False when none was in a state of `before`."""
    values["error"] = {"message": error.message, "code": error.code, "details": dict(error.details)}
    return bool(move(session, item_ids, before, ItemStatus.FAILED, stage="", finished_at=now(), **values))


def settle_batches(session: Session, batch_ids: Collection[str]) -> None:
    """End each batch whose last open item has ended; call it after every end of an item.

    A batch with some failures is completed; it is failed when nothing succeeded, and cancelled when nothing
    succeeded or failed (specification 1.1, read with the issue of the batch engine).
    """
    for batch_id in batch_ids:
        open_item = select(ItemRow.id).where(
            ItemRow.batch_id == batch_id, col(ItemRow.status).in_(_NOT_ENDED)
        )
        if session.exec(open_item.limit(1)).first() is not None:
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
            .where(col(BatchRow.id) == batch_id, col(BatchRow.status).in_(_ACTIVE_BATCH))
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
