"""The only code that changes the state of an item or a batch. Each change is a compare-and-set.

All functions join the caller's write transaction; a False says that somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, or_
from sqlmodel import Session, col, func, select, update

from cardforge_desktop.batches.model import LIMIT_CODES, BatchStatus, ErrorInfo, ItemStatus
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.costs.ledger import Ledger
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

_NOT_ENDED = (ItemStatus.QUEUED, ItemStatus.PROCESSING, ItemStatus.DRAFT)
#: Items of these are taken.
ACTIVE_BATCH = (BatchStatus.QUEUED, BatchStatus.PROCESSING)
#: These have not ended.
OPEN_BATCH = (*ACTIVE_BATCH, BatchStatus.PAUSED)

#: Errors for which the answers of a try are to blame: the same ones would fail again.
_BAD_ANSWERS = (
    ErrorCode.INVALID_ANSWER,
    ErrorCode.EMPTY_ANSWER,
    ErrorCode.ANSWER_TRUNCATED,
    ErrorCode.REFUSED,
    ErrorCode.INTERNAL_ERROR,
)

#: Of a paused batch: a limit paused it, not the person.
BY_LIMIT: ColumnElement[bool] = core_table(BatchRow).c.reason["code"].as_string().in_(LIMIT_CODES)

_ITEMS = core_table(ItemRow)
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
_CANCEL_RUNNING = (
    update(_ITEMS)
    .where(
        _ITEMS.c.id.in_(bindparam("of_items", expanding=True)),
        _ITEMS.c.status == ItemStatus.PROCESSING,
        _ITEMS.c.card_id.is_(None),
    )
    # What it took is the ledger's to tell until its worker notes it: that one may die before.
    .values(status=ItemStatus.CANCELLED, stage="", input_tokens=None)
    .returning(_ITEMS.c.id)
)
_NOTE_CANCELLED = update(_ITEMS).where(
    _ITEMS.c.id == bindparam("of_item"),
    _ITEMS.c.status == ItemStatus.CANCELLED,
    _ITEMS.c.attempts == bindparam("attempt"),
)
_UNSETTLE = (
    update(_ITEMS)
    .where(_ITEMS.c.id == bindparam("of_item"), _ITEMS.c.status.not_in(_NOT_ENDED))
    .values(input_tokens=None)
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


def note_cancelled(session: Session, item: ItemRow, **values: Any) -> None:
    """Further columns of an item that was cancelled in the attempt in which its worker had it in hand.

    Where it was taken up and ended again meanwhile, what it took is from now on the ledger's to tell.
    """
    noted = session.execute(
        _NOTE_CANCELLED.returning(_ITEMS.c.id), {"of_item": item.id, "attempt": item.attempts, **values}
    )
    if noted.first() is None:
        session.execute(_UNSETTLE, {"of_item": item.id})


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


def cancel(session: Session, item_ids: Collection[str], error: ErrorInfo | None = None) -> list[str]:
    """Cancel waiting and running items, whichever process runs them; returns the ids that changed.

    An item whose card is saved already is left: only its files are still being written.

    Args:
        error: why, when it is not the person's wish.
    """
    waiting = [ItemStatus.QUEUED, ItemStatus.DRAFT]
    values = {"finished_at": now()} | ({} if error is None else {"error": _stored(error)})
    ended = move(session, item_ids, waiting, ItemStatus.CANCELLED, stage="", **values)
    running = session.execute(_CANCEL_RUNNING, {"of_items": list(item_ids), **values})
    return [*ended, *running.scalars()]


def enter_batch(session: Session, batch_id: str, item_ids: Sequence[str]) -> None:
    """Queue drafts as the items of a batch, in this order from position 1."""
    places = enumerate(item_ids, start=1)
    rows = [{"of_item": item_id, "into": batch_id, "place": place} for place, item_id in places]
    session.execute(_ENTER_BATCH, rows)


def fail(session: Session, item_ids: Collection[str], before: Sequence[ItemStatus], error: ErrorInfo) -> bool:
    """End items as failed; False when none was in a state of `before`."""
    values = {"error": _stored(error), "stage": "", "finished_at": now()}
    return bool(move(session, item_ids, before, ItemStatus.FAILED, **values))


def fail_own(session: Session, item: ItemRow, error: ErrorInfo, **values: Any) -> bool:
    """`fail` for the worker that claimed `item`."""
    values |= {"error": _stored(error), "stage": "", "finished_at": now()}
    return move_own(session, item, ItemStatus.FAILED, **values)


def stop_batch(session: Session, item: ItemRow, error: ErrorInfo) -> list[str]:
    """After the failure of `item`: cancel the rest of its batch where that does not go on after an error.

    Returns:
        The ids of the cancelled items.
    """
    told = error.message.removeprefix(f"{item.source_name}: ")
    reason = ErrorInfo(f"{item.source_name}: {told}", error.code, {**error.details, "item_id": item.id})
    stops = (col(BatchRow.id) == item.batch_id, col(BatchRow.continue_on_error).is_(False))
    session.execute(
        update(BatchRow).where(*stops, col(BatchRow.reason).is_(None)).values(reason=_stored(reason))
    )
    rest = session.exec(
        select(ItemRow.id)
        .join(BatchRow)
        .where(*stops, col(ItemRow.status).in_([ItemStatus.QUEUED, ItemStatus.PROCESSING]))
    ).all()
    message = f"Not made, since this batch stops at the first error: {reason.message}"
    return cancel(session, rest, ErrorInfo(message, ErrorCode.BATCH_STOPPED, {"item_id": item.id}))


def pause_for_engine(session: Session, item: ItemRow, error: ErrorInfo) -> bool:
    """After an error that every call to its engine meets: pause the batch if more of it needs that engine.

    Returns:
        Whether it is paused now, for this error: the item waits with the others then, and has not failed.
        A batch that stops at its first error is left to `stop_batch`.
    """
    batch = session.get_one(BatchRow, item.batch_id)
    if not batch.continue_on_error:
        return False
    if batch.status == BatchStatus.PAUSED:
        return batch.reason is not None and batch.reason["code"] == error.code
    others = select(ItemRow.id).where(
        ItemRow.batch_id == item.batch_id,
        ItemRow.engine == item.engine,
        ItemRow.id != item.id,
        col(ItemRow.status).in_([ItemStatus.QUEUED, ItemStatus.PROCESSING]),
    )
    if session.exec(others.limit(1)).first() is None:
        return False
    return bool(pause_batches(session, [item.batch_id], error))


def _stored(error: ErrorInfo) -> dict[str, Any]:
    return {"message": error.message, "code": error.code, "details": dict(error.details)}


def settle_batches(session: Session, batch_ids: Collection[str]) -> None:
    """End each batch whose last open item has ended; call it after every end of an item.

    A batch with some failures is completed; it is failed when nothing succeeded or it does not go on after an
    error, and cancelled when nothing succeeded or failed (specification 1.1, read with the issue of the batch
    engine).
    """
    for batch_id in batch_ids:
        if session.execute(_OPEN_ITEM, {"of_batch": batch_id}).first() is not None:
            continue
        counts = status_counts(session, batch_id)
        failed, completed = counts.get(ItemStatus.FAILED), counts.get(ItemStatus.COMPLETED)
        if failed and (not completed or not session.get_one(BatchRow, batch_id).continue_on_error):
            status = BatchStatus.FAILED
        elif completed:
            status = BatchStatus.COMPLETED
        else:
            status = BatchStatus.CANCELLED
        session.execute(
            update(BatchRow)
            .where(col(BatchRow.id) == batch_id, col(BatchRow.status).in_(OPEN_BATCH))
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

    Their batches lose their owner. Calls in flight are marked as made, of unknown cost. What the items
    took is from now on the ledger's to tell (`spending.UNSETTLED`).
    """
    Ledger.mark_lost(session, dead)
    released = session.execute(
        update(ItemRow)
        .where(col(ItemRow.worker_id).in_(dead), col(ItemRow.status) == ItemStatus.PROCESSING)
        .values(status=ItemStatus.QUEUED, stage="", worker_id="", input_tokens=None)
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
    """Pause batches that wait or run; returns the ids that changed.

    Args:
        reason: None = the person's wish. It holds, too, for those that a limit paused: they would go on by
            themselves.
    """
    may: ColumnElement[bool] = col(BatchRow.status).in_(ACTIVE_BATCH)
    if reason is None:
        may = or_(may, and_(col(BatchRow.status) == BatchStatus.PAUSED, BY_LIMIT))
    changed = session.execute(
        update(BatchRow)
        .where(col(BatchRow.id).in_(batch_ids), may)
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
    changed = session.execute(wanted.values(_going_on()).returning(col(BatchRow.id)))
    ids = list(changed.scalars())
    active = [BatchStatus.QUEUED, BatchStatus.PROCESSING]
    nobodys = update(BatchRow).where(col(BatchRow.owner) == "", col(BatchRow.status).in_(active))
    if batch_ids is not None:
        nobodys = nobodys.where(col(BatchRow.id).in_(batch_ids))
    session.execute(nobodys.values(owner=worker_id))
    return ids


def resume_stopped(session: Session, batch_ids: Collection[str]) -> None:
    """Let those of the batches go on that a limit paused, and no person meanwhile."""
    session.execute(
        update(BatchRow)
        .where(col(BatchRow.id).in_(batch_ids), col(BatchRow.status) == BatchStatus.PAUSED, BY_LIMIT)
        .values(_going_on())
    )


def adopt_stopped(session: Session, batch_ids: Collection[str], worker_id: str) -> None:
    """Take over those of the batches that a limit paused and that nobody runs."""
    session.execute(
        update(BatchRow)
        .where(col(BatchRow.id).in_(batch_ids), col(BatchRow.owner) == "")
        .where(col(BatchRow.status) == BatchStatus.PAUSED, BY_LIMIT)
        .values(owner=worker_id)
    )


def _going_on() -> dict[str, Any]:
    """The columns of a paused batch that goes on."""
    runs = (
        select(ItemRow.id)
        .where(ItemRow.batch_id == BatchRow.id, ItemRow.status == ItemStatus.PROCESSING)
        .exists()
    )
    return {"status": case((runs, BatchStatus.PROCESSING), else_=BatchStatus.QUEUED), "reason": None}


def void_bad_answers(session: Session, item_ids: Collection[str]) -> None:
    """Let the next try of items that failed for what a model answered ask for all answers anew.

    What it is told of a shared book is chosen anew, too: there is nothing left that was paid for.
    """
    code = col(ItemRow.error)["code"].as_string()
    session.execute(
        update(ItemRow)
        .where(col(ItemRow.id).in_(item_ids), col(ItemRow.status) == ItemStatus.FAILED)
        .where(code.in_(_BAD_ANSWERS))
        .values(run=ItemRow.run + 1, known=None)
    )


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
        .where(col(BatchRow.owner) == "", col(BatchRow.status).in_(ACTIVE_BATCH))
        .values(owner=worker_id)
    )
    waiting = (
        select(func.count())
        .select_from(ItemRow)
        .join(BatchRow)
        .where(BatchRow.owner == worker_id, col(BatchRow.status).in_(ACTIVE_BATCH))
        .where(ItemRow.status == ItemStatus.QUEUED, col(ItemRow.held).is_(False))
    )
    return session.exec(waiting).one()
