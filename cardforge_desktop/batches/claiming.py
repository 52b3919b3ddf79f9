"""Which item a worker takes next, and what it may still do with the one it has in hand.

Like `transitions`, all of it joins the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import Session, col

from cardforge_desktop.batches.model import BatchStatus, ItemStatus, Priority
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.batches.transitions import BY_LIMIT, OPEN_BATCH
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

#: Every so many-th slot goes to a lower priority that waits.
TURN = 10
_ORDER = {Priority.HIGH: 0, Priority.STANDARD: 1, Priority.LOW: 2}

_ITEMS = core_table(ItemRow)
_BATCHES = core_table(BatchRow)
_WAITS = (_ITEMS.c.status == ItemStatus.QUEUED, _ITEMS.c.held.is_(False))
#: In a batch that a limit paused, the items of local engines, which no limit counts, go on.
_GOES_ON = or_(_BATCHES.c.status != BatchStatus.PAUSED, BY_LIMIT)
_GOES_ON_THERE = or_(_BATCHES.c.status != BatchStatus.PAUSED, _ITEMS.c.local)
_RUNS_HERE = (_BATCHES.c.owner == bindparam("owner"), _BATCHES.c.status.in_(OPEN_BATCH), _GOES_ON)
#: Of each batch its first item that may run; the index ix_item_next has them in this order.
_FIRST = (
    select(_ITEMS.c.id)
    .where(
        _ITEMS.c.batch_id == _BATCHES.c.id,
        *_WAITS,
        _GOES_ON_THERE,
        _ITEMS.c.engine.not_in(bindparam("closed_engines", expanding=True)),
        _ITEMS.c.id.not_in(bindparam("not_items", expanding=True)),
    )
    .order_by(_ITEMS.c.rank)
    .limit(1)
    .correlate(_BATCHES)
    .scalar_subquery()
)
_CANDIDATES = select(
    _FIRST.label("item_id"),
    _BATCHES.c.id,
    _BATCHES.c.priority,
    _BATCHES.c.rank,
    _BATCHES.c.created_at,
    _BATCHES.c.max_concurrent,
).where(*_RUNS_HERE)
_CLAIM = (
    update(ItemRow)
    .where(col(ItemRow.id) == bindparam("of_item"), col(ItemRow.status) == ItemStatus.QUEUED)
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
_WAITING_FOR = (
    select(_ITEMS.c.id)
    .join(_BATCHES, _BATCHES.c.id == _ITEMS.c.batch_id)
    .where(*_RUNS_HERE, *_WAITS, _GOES_ON_THERE, _ITEMS.c.engine.in_(bindparam("engines", expanding=True)))
    .limit(1)
)
#: Only in the attempt that the worker began.
_OWN = (
    _ITEMS.c.id == bindparam("of_item"),
    _ITEMS.c.status == ItemStatus.PROCESSING,
    _ITEMS.c.worker_id == bindparam("owner"),
    _ITEMS.c.attempts == bindparam("attempt"),
)
_STANDING = (
    select(_ITEMS.c.held, and_(_GOES_ON, _GOES_ON_THERE).label("goes_on"))
    .join(_BATCHES, _BATCHES.c.id == _ITEMS.c.batch_id)
    .where(*_OWN)
)
_NOTE_PROGRESS = update(_ITEMS).where(_ITEMS.c.id == bindparam("of_item"))


@dataclass(frozen=True, slots=True)
class Taken:
    """What is in use when an item is claimed.

    Attributes:
        engines: those that are full or held back.
        batches: batch → how many of its items have calls to make.
        concurrency: that of the process; batches that allow as much are bounded by it alone.
        tried: items to take only when there is no other.
    """

    engines: Collection[str] = ()
    batches: Mapping[str, int] = field(default_factory=dict)
    concurrency: int = 1
    tried: Collection[str] = ()

    def has_room(self, batch_id: str, limit: int) -> bool:
        """Whether one more item of the batch may be taken."""
        return limit >= self.concurrency or self.batches.get(batch_id, 0) < limit


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed item.

    Attributes:
        batch_limit: calls of its batch at once.
        passed_over: for the next claim: slots in a row by which lower priorities were passed over.
    """

    item: ItemRow
    batch_limit: int
    passed_over: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The next item of one batch."""

    item_id: str
    batch_id: str
    priority: str
    rank: int
    created_at: datetime
    limit: int

    @property
    def order(self) -> tuple[int, int, datetime]:
        """Which goes first: the higher priority, then the batch that stands first."""
        return _ORDER[Priority(self.priority)], self.rank, self.created_at


def claim_next(session: Session, worker_id: str, taken: Taken, passed_over: int = 0) -> Claim | None:
    """Take the next item of this worker's batches; None when none may run.

    High before standard before low, then in the order of the batches and of their items. When lower
    priorities were passed over nine times, the oldest batch among them has the tenth slot.
    """
    for without in (taken.tried, ()) if taken.tried else ((),):
        found = [one for one in _candidates(session, worker_id, taken, without) if _fits(one, taken)]
        if found:
            chosen, passed_over = _chosen(found, passed_over)
            return _claimed(session, worker_id, chosen, passed_over)
    return None


def _candidates(session: Session, worker_id: str, taken: Taken, without: Collection[str]) -> list[_Candidate]:
    values = {"owner": worker_id, "closed_engines": list(taken.engines), "not_items": list(without)}
    return [_Candidate(*row) for row in session.execute(_CANDIDATES, values) if row.item_id is not None]


def _fits(candidate: _Candidate, taken: Taken) -> bool:
    return taken.has_room(candidate.batch_id, candidate.limit)


def _chosen(found: Sequence[_Candidate], passed_over: int) -> tuple[_Candidate, int]:
    """Whose turn it is, and how often lower ones were passed over then."""
    first = min(found, key=lambda one: one.order)
    lower = [one for one in found if one.order[0] > first.order[0]]
    if not lower:
        return first, passed_over
    if passed_over < TURN - 1:
        return first, passed_over + 1
    return min(lower, key=lambda one: (one.created_at, one.rank)), 0


def _claimed(session: Session, worker_id: str, chosen: _Candidate, passed_over: int) -> Claim | None:
    values = {"of_item": chosen.item_id, "owner": worker_id, "moment": now()}
    item = session.execute(_CLAIM, values).scalar_one_or_none()
    if item is None:
        return None
    session.execute(_BEGIN_BATCH, {"of_batch": item.batch_id})
    return Claim(item, chosen.limit, passed_over)


def waits_for(session: Session, worker_id: str, engines: Collection[str]) -> bool:
    """Whether an item of this worker's batches would run if these engines were free."""
    return session.execute(_WAITING_FOR, {"owner": worker_id, "engines": list(engines)}).first() is not None


class Standing(Enum):
    """What a worker may do with the item it claimed."""

    OWN = auto()
    HELD_BACK = auto()  # finish what is under way, begin nothing: it or its batch is paused
    LOST = auto()  # nothing: it was cancelled, or is in other hands


def standing(session: Session, item: ItemRow) -> Standing:
    """How the worker that claimed `item` stands to it."""
    known = {"of_item": item.id, "owner": item.worker_id, "attempt": item.attempts}
    found = session.execute(_STANDING, known).first()
    if found is None:
        return Standing.LOST
    return Standing.OWN if found.goes_on and not found.held else Standing.HELD_BACK


def note_progress(session: Session, item: ItemRow, fraction: float) -> None:
    """Write down how far the item is (0..1)."""
    session.execute(_NOTE_PROGRESS, {"of_item": item.id, "progress": fraction})
