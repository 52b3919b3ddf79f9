"""Looking at the queue: its rows, its batches, their history. Changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy
from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from cardforge_desktop.batches.adding import QueueError
from cardforge_desktop.batches.model import BatchStatus, BatchSummary, BatchView, Counts, ItemStatus, ItemView
from cardforge_desktop.batches.remaining import Remaining
from cardforge_desktop.batches.scheduler import Scheduler
from cardforge_desktop.batches.summaries import counts_of, read_batch, read_batches, read_summaries
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.batches.views import read_items
from cardforge_desktop.batches.waiting import Waiting, same_source, waiting_of
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.store.table import core_table

_ITEMS = core_table(ItemRow)
_BATCHES = core_table(BatchRow)
_OPEN = sqlalchemy.select(_BATCHES.c.id).where(
    _BATCHES.c.status.in_([BatchStatus.QUEUED, BatchStatus.PROCESSING, BatchStatus.PAUSED])
)
_LAST = (
    sqlalchemy.select(_BATCHES.c.id)
    .where(_BATCHES.c.hidden.is_(False), _BATCHES.c.finished_at.is_not(None))
    .order_by(_BATCHES.c.finished_at.desc())
    .limit(1)
)
#: The batches that go on, or the one that ended last: a history of thousands says nothing of how far it is.
_COUNTS = (
    sqlalchemy.select(_ITEMS.c.status, func.count())
    .where(
        _ITEMS.c.hidden.is_(False),
        or_(
            _ITEMS.c.status == ItemStatus.DRAFT,
            _ITEMS.c.batch_id.in_(_OPEN),
            and_(~_OPEN.exists(), _ITEMS.c.batch_id == _LAST.scalar_subquery()),
        ),
    )
    .group_by(_ITEMS.c.status)
)


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """Counts over the rows of all batches that have not ended, or of the last one; and over the drafts.

    `seconds_left` None = not known yet.
    """

    counts: Counts
    seconds_left: float | None


class Overview:
    """Reads the queue of a store. Thread-safe; methods block on the store."""

    def __init__(self, tools: Tools, scheduler: Scheduler) -> None:
        self._tools = tools
        self._scheduler = scheduler

    def items(self, ids: Collection[str] | None = None, batch_id: str | None = None) -> tuple[ItemView, ...]:
        """The rows of the queue, oldest batch first; only some when asked for (removed ones absent).

        Args:
            batch_id: the rows of that batch, removed ones too.
        """
        with self._tools.store.read() as session:
            return tuple(read_items(session, ids=ids, batch_id=batch_id, live=self._tools.live.newest))

    def item(self, item_id: str) -> ItemView:
        """One row.

        Raises:
            QueueError: ITEM_NOT_FOUND.
        """
        found = self.items([item_id])
        if not found:
            raise QueueError(
                ErrorCode.ITEM_NOT_FOUND, "This row is no longer in the queue.", {"item_id": item_id}
            )
        return found[0]

    def preview(self, item_id: str) -> dict[str, str]:
        """The fields of a running item so far, field → text."""
        return self._tools.live.fields(item_id)

    def waiting(self, item_id: str) -> Waiting | None:
        """What a queued item waits for; None when it does not wait."""
        with self._tools.store.read() as session:
            return waiting_of(session, item_id)

    def same_source(self, item_id: str, most: int) -> list[str]:
        """An item and the newest others of the same text that have a card, `most` together."""
        with self._tools.store.read() as session:
            return same_source(session, item_id, most)

    def job(self, job_id: str) -> ItemView:
        """The item of a job, also when it was taken off the panel.

        Raises:
            QueueError: JOB_NOT_FOUND.
        """
        with self._tools.store.read() as session:
            found = read_items(session, job_id=job_id, live=self._tools.live.newest)
        if not found:
            raise QueueError(ErrorCode.JOB_NOT_FOUND, f"There is no job {job_id}.", {"job_id": job_id})
        return found[0]

    def batches(
        self, ids: Collection[str] | None = None, *, hidden: bool = False
    ) -> tuple[BatchSummary, ...]:
        """The started batches (some of them), newest first; when `hidden`, those off the history as well."""
        with self._tools.store.read() as session:
            rows = read_batches(session, ids=ids, hidden=hidden)
            return tuple(read_summaries(session, rows, self._remaining(session).finishes()))

    def batch(self, batch_id: str) -> BatchView:
        """A batch with all its items.

        Raises:
            QueueError: BATCH_NOT_FOUND.
        """
        with self._tools.store.read() as session:
            summary = self._summary_of(session, batch_id)
            return BatchView(
                summary, tuple(read_items(session, batch_id=batch_id, live=self._tools.live.newest))
            )

    def summary_of(self, batch_id: str) -> BatchSummary:
        """A batch without its items.

        Raises:
            QueueError: BATCH_NOT_FOUND.
        """
        with self._tools.store.read() as session:
            return self._summary_of(session, batch_id)

    def ids_beginning(self, text: str) -> tuple[str, ...]:
        """The ids of all started batches that begin with `text`, newest first; removed ones too."""
        with self._tools.store.read() as session:
            ids = select(BatchRow.id).where(BatchRow.status != BatchStatus.DRAFT)
            ids = ids.where(col(BatchRow.id).startswith(text, autoescape=True))
            return tuple(session.exec(ids.order_by(col(BatchRow.created_at).desc())))

    def summary(self) -> QueueSummary:
        """How far the queue is, and how long the waiting and running items will take."""
        with self._tools.store.read() as session:
            counts = counts_of({ItemStatus(status): count for status, count in session.execute(_COUNTS)})
            return QueueSummary(counts, self._remaining(session).seconds())

    def _summary_of(self, session: Session, batch_id: str) -> BatchSummary:
        row = read_batch(session, batch_id)
        if row is None:
            raise QueueError(
                ErrorCode.BATCH_NOT_FOUND, f"There is no batch {batch_id}.", {"batch_id": batch_id}
            )
        (summary,) = read_summaries(session, [row], self._remaining(session).finishes())
        return summary

    def _remaining(self, session: Session) -> Remaining:
        return Remaining(session, self._tools.live.fraction, self._scheduler.concurrency)
