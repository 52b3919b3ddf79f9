"""What stands before a queued item, and which finished ones stand beside one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case
from sqlmodel import Session, and_, col, func, or_, select

from cardforge_desktop.batches.model import BatchStatus, ErrorInfo, ItemStatus, Priority, is_by_limit
from cardforge_desktop.batches.tables import BatchRow, ItemRow, ItemSourceRow

_ORDER = case(
    (col(BatchRow.priority) == Priority.HIGH, 0), (col(BatchRow.priority) == Priority.STANDARD, 1), else_=2
)
_RANKS = {Priority.HIGH: 0, Priority.STANDARD: 1, Priority.LOW: 2}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a queued item does not run yet.

    Attributes:
        ahead: items that will run before it, those that run now not counted.
        running: items that run now.
        held: the person paused it.
        paused: its batch is paused; `reason` says why, when that was not the person's own wish.
    """

    ahead: int
    running: int
    held: bool
    paused: bool
    reason: ErrorInfo | None = None


def waiting_of(session: Session, item_id: str) -> Waiting | None:
    """What an item waits for; None when it does not wait."""
    found = session.exec(
        select(ItemRow, BatchRow)
        .join(BatchRow)
        .where(col(ItemRow.id) == item_id, ItemRow.status == ItemStatus.QUEUED)
    ).first()
    if found is None:
        return None
    item, batch = found
    order, order_of_batch = _RANKS[Priority(batch.priority)], _ORDER
    before = or_(
        order_of_batch < order,
        and_(order_of_batch == order, col(BatchRow.rank) < batch.rank),
        and_(col(BatchRow.id) == batch.id, col(ItemRow.rank) < item.rank),
    )
    ahead = session.exec(
        select(func.count())
        .select_from(ItemRow)
        .join(BatchRow)
        .where(ItemRow.status == ItemStatus.QUEUED, col(ItemRow.held).is_(False))
        .where(col(BatchRow.status).in_([BatchStatus.QUEUED, BatchStatus.PROCESSING]), before)
    ).one()
    running = session.exec(
        select(func.count()).select_from(ItemRow).where(ItemRow.status == ItemStatus.PROCESSING)
    ).one()
    reason = None if batch.reason is None else ErrorInfo(**batch.reason)
    goes_on = item.local and is_by_limit(batch.status, None if reason is None else reason.code)
    return Waiting(
        ahead,
        running,
        held=item.held,
        paused=batch.status == BatchStatus.PAUSED and not goes_on,
        reason=reason,
    )


def same_source(session: Session, item_id: str, most: int) -> list[str]:
    """An item and the newest others made of the same text that have a card, `most` together, newest first."""
    texts = select(ItemSourceRow.source).where(
        ItemSourceRow.item_id == item_id, col(ItemSourceRow.source).is_not(None)
    )
    others = session.exec(
        select(ItemRow.id)
        .join(ItemSourceRow)
        .where(col(ItemSourceRow.source).in_(texts), col(ItemRow.id) != item_id)
        .where(col(ItemRow.card_id).is_not(None), col(ItemRow.hidden).is_(False))
        .distinct()
        .order_by(col(ItemRow.finished_at).desc())
        .limit(most - 1)
    ).all()
    return [item_id, *others]
