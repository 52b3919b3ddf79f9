"""Looking at the queue: its rows, its batches, their history. Changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from cardforge_desktop.batches.adding import QueueError
from cardforge_desktop.batches.model import BatchStatus, BatchSummary, BatchView, Counts, ItemStatus, ItemView
from cardforge_desktop.batches.scheduler import Scheduler
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.batches.views import counts_of, read_items, read_summaries
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """Counts over the rows of the queue panel; `seconds_left` None = not known yet."""

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
            return tuple(read_items(session, ids=ids, batch_id=batch_id))

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

    def batches(
        self, ids: Collection[str] | None = None, *, hidden: bool = False
    ) -> tuple[BatchSummary, ...]:
        """The started batches (some of them), newest first; when `hidden`, those off the history as well."""
        with self._tools.store.read() as session:
            rows = select(BatchRow).where(BatchRow.status != BatchStatus.DRAFT)
            if ids is not None:
                rows = rows.where(col(BatchRow.id).in_(ids))
            if not hidden:
                rows = rows.where(col(BatchRow.hidden).is_(False))
            found = session.exec(rows.order_by(col(BatchRow.created_at).desc())).all()
            return tuple(read_summaries(session, found))

    def batch(self, batch_id: str) -> BatchView:
        """A batch with all its items.

        Raises:
            QueueError: BATCH_NOT_FOUND.
        """
        with self._tools.store.read() as session:
            summary = _summary_of(session, batch_id)
            return BatchView(summary, tuple(read_items(session, batch_id=batch_id)))

    def summary_of(self, batch_id: str) -> BatchSummary:
        """A batch without its items.

        Raises:
            QueueError: BATCH_NOT_FOUND.
        """
        with self._tools.store.read() as session:
            return _summary_of(session, batch_id)

    def ids_beginning(self, text: str) -> tuple[str, ...]:
        """The ids of all started batches that begin with `text`, newest first; removed ones too."""
        with self._tools.store.read() as session:
            ids = select(BatchRow.id).where(BatchRow.status != BatchStatus.DRAFT)
            ids = ids.where(col(BatchRow.id).startswith(text, autoescape=True))
            return tuple(session.exec(ids.order_by(col(BatchRow.created_at).desc())))

    def summary(self) -> QueueSummary:
        """Counts over the shown rows, and how long the waiting ones will take."""
        with self._tools.store.read() as session:
            rows = session.exec(
                select(ItemRow.status, func.count())
                .where(col(ItemRow.hidden).is_(False))
                .group_by(ItemRow.status)
            ).all()
            counts = counts_of({ItemStatus(status): count for status, count in rows})
            seconds = _typical_seconds(session)
        waiting = counts.queued + counts.processing
        left = None if seconds is None or not waiting else self._scheduler.expected_seconds(waiting, seconds)
        return QueueSummary(counts, left)


def _summary_of(session: Session, batch_id: str) -> BatchSummary:
    row = session.get(BatchRow, batch_id)
    if row is None:
        raise QueueError(ErrorCode.BATCH_NOT_FOUND, f"There is no batch {batch_id}.", {"batch_id": batch_id})
    (summary,) = read_summaries(session, [row])
    return summary


def _typical_seconds(session: Session) -> float | None:
    """The mean time of the latest finished items, None before the first."""
    latest = session.exec(
        select(ItemRow.started_at, ItemRow.finished_at)
        .where(ItemRow.status == ItemStatus.COMPLETED)
        .order_by(col(ItemRow.finished_at).desc())
        .limit(20)
    ).all()
    seconds = [(end - start).total_seconds() for start, end in latest if start and end]
    return sum(seconds) / len(seconds) if seconds else None
