"""The queue as the faces use it: start, pause, resume, cancel, retry, put in another order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, or_, select, update

from cardforge_desktop.batches import ordering, transitions
from cardforge_desktop.batches.adding import (
    QueueError,
    checked_concurrency,
    fix_names,
    grouped,
    insert_items,
    item_values,
    new_batch,
)
from cardforge_desktop.batches.combining import ways
from cardforge_desktop.batches.drafts import Drafts
from cardforge_desktop.batches.finding import find
from cardforge_desktop.batches.holds import Hold
from cardforge_desktop.batches.intake import Intake
from cardforge_desktop.batches.liveness import Presence
from cardforge_desktop.batches.model import BatchOptions, BatchStatus, ItemStatus, Options, Priority
from cardforge_desktop.batches.scheduler import Scheduler
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.batches.targets import read_target
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.costs.limits import Limit, Limits
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Kind

_ENDED_BADLY = [ItemStatus.FAILED, ItemStatus.CANCELLED]


class Queue:
    """The one queue of a store, worked on by this process's pool. Thread-safe; methods block on the store."""

    def __init__(
        self, tools: Tools, presence: Presence, scheduler: Scheduler, intake: Intake, drafts: Drafts
    ) -> None:
        self._tools = tools
        self._drafts = drafts
        self._presence = presence
        self._scheduler = scheduler
        self._intake = intake

    # Into the queue

    def submit(
        self,
        paths: Sequence[Path],
        options: Options,
        on_note: Callable[[str], None] = lambda _: None,
        *,
        batch: BatchOptions | None = None,
        together: bool = False,
        profiles: Sequence[str] = (),
        engines: Sequence[str] = (),
    ) -> str:
        """Queue files as a batch of their own without a draft before; returns its id. For scripts.

        Args:
            together: all files make one card.
            profiles, engines: every source is made with each of these profiles by each of these engines;
                none = those of the options.

        Raises:
            QueueError: NOTHING_TO_START, no file was found.
            LimitError: LIMIT_INVALID.
            CardForgeError: as in `Drafts.add`.
        """
        target = read_target(options.update, self._tools.library)
        sources = find(paths, target, on_note)
        if not sources:
            places = ", ".join(str(path) for path in paths)
            raise QueueError(ErrorCode.NOTHING_TO_START, f"No source file was found in {places}.")
        values = [item_values(self._tools, way) for way in ways(options, profiles, engines)]
        items = grouped(sources, together=together)
        with self._tools.store.write() as session:
            batch_id = self._new_batch(session, batch)
            ids = insert_items(session, batch_id, items, values, status=ItemStatus.QUEUED, target=target)
            fix_names(session, batch_id, self._tools.settings.get().name_rules)
        self._announce(ids, batch_id)
        self._scheduler.wake()
        return batch_id

    def start(self, item_ids: Collection[str] | None = None, batch: BatchOptions | None = None) -> str:
        """Queue drafts (all of them, or some) as one batch; returns its id. Drafts left out stay drafts.

        Raises:
            QueueError: NOTHING_TO_START.
            LimitError: LIMIT_INVALID.
        """
        with self._tools.store.write() as session:
            drafts = select(ItemRow.id).where(
                ItemRow.status == ItemStatus.DRAFT, col(ItemRow.hidden).is_(False)
            )
            if item_ids is not None:
                drafts = drafts.where(col(ItemRow.id).in_(item_ids))
            ids = session.exec(drafts.order_by(col(ItemRow.rank))).all()
            if not ids:
                raise QueueError(
                    ErrorCode.NOTHING_TO_START, "There is nothing to start: add source files first."
                )
            batch_id = self._new_batch(session, batch)
            transitions.enter_batch(session, batch_id, ids)
            fix_names(session, batch_id, self._tools.settings.get().name_rules)
        self._announce(ids, batch_id)
        self._scheduler.wake()
        return batch_id

    def _new_batch(self, session: Session, options: BatchOptions | None) -> str:
        options = options or BatchOptions()
        if options.max_concurrent is None:
            options = replace(options, max_concurrent=self._scheduler.concurrency)
        return new_batch(session, BatchStatus.QUEUED, self._presence.worker_id, options)

    # Items

    def cancel(self, item_ids: Collection[str]) -> None:
        """Stop items: waiting ones at once, running ones within a second; finished ones stay as they are."""
        with self._tools.store.write() as session:
            ended = transitions.cancel(session, item_ids)
            transitions.settle_batches(session, _batches_of(session, ended))
        self._scheduler.cancel(ended)
        self._scheduler.wake_if_started()
        self._announce(ended)

    def pause(self, item_ids: Collection[str]) -> None:
        """Hold items back; a running one goes back to the queue when its call under way is answered."""
        self._hold(item_ids, held=True)
        self._scheduler.wake_if_started()

    def resume(self, item_ids: Collection[str]) -> None:
        """Let held items go on."""
        self._hold(item_ids, held=False)
        self._scheduler.wake()  # at a start with nothing but held items no thread was begun

    def _hold(self, item_ids: Collection[str], *, held: bool) -> None:
        with self._tools.store.write() as session:
            changed = transitions.hold(session, item_ids, held=held)
        self._announce(changed)

    def retry(self, item_ids: Collection[str]) -> None:
        """Queue failed and cancelled items again, in their batch.

        Answers that were paid for are used again, unless they are what the item failed for. Items of a batch
        that was never started are drafts again: their sources are read anew.
        """
        fresh: dict[str, Any] = {"error": None, "finished_at": None, "hidden": False, "held": False}
        fresh |= {"progress": 0.0}
        with self._tools.store.write() as session:
            unstarted = _items_of_drafts(session, item_ids)
            drafts = transitions.move(session, unstarted, _ENDED_BADLY, ItemStatus.DRAFT, **fresh)
            started = set(item_ids) - set(unstarted)
            transitions.void_bad_answers(session, started)
            again = transitions.move(session, started, _ENDED_BADLY, ItemStatus.QUEUED, **fresh)
            transitions.reopen_batches(session, _batches_of(session, again), self._presence.worker_id)
        self._intake.take(drafts)
        self._announce([*drafts, *again])
        self._scheduler.wake()

    def reorder(self, item_ids: Sequence[str], before: str | None = None) -> None:
        """Put waiting items of one batch before another of its items, in this order; None = to the end.

        Names of files keep their ``{index}``: only the order of running changes.
        """
        with self._tools.store.write() as session:
            changed = ordering.reorder_items(session, item_ids, before)
        self._announce(changed)

    # Batches

    def pause_batches(self, batch_ids: Collection[str]) -> None:
        """Begin nothing new of these batches; calls under way are answered first."""
        with self._tools.store.write() as session:
            changed = transitions.pause_batches(session, batch_ids)
        self._announce_batches(changed)
        self._scheduler.wake_if_started()

    def resume_batches(self, batch_ids: Collection[str] | None = None) -> tuple[str, ...]:
        """Let paused batches go on (None = all of them), in this process unless another one runs them.

        Returns:
            The ids of those that were paused.
        """
        with self._tools.store.write() as session:
            transitions.release_dead_workers(session, self._dead_owners(session))
            changed = transitions.resume_batches(session, batch_ids, self._presence.worker_id)
        self._announce_batches(changed)
        self._scheduler.wake()
        return tuple(changed)

    def _dead_owners(self, session: Session) -> list[str]:
        """Processes that are gone and whose paused batches are still theirs."""
        paused = select(BatchRow.owner).where(BatchRow.status == BatchStatus.PAUSED, BatchRow.owner != "")
        return [owner for owner in session.exec(paused.distinct()) if not self._presence.alive(owner)]

    def cancel_batches(self, batch_ids: Collection[str]) -> None:
        """Stop all items of batches."""
        with self._tools.store.read() as session:
            ids = session.exec(select(ItemRow.id).where(col(ItemRow.batch_id).in_(batch_ids))).all()
        self.cancel(ids)

    def retry_batches(self, batch_ids: Collection[str]) -> int:
        """Queue the failed items of batches again, and what was stopped after a failure; returns how many."""
        stopped = col(ItemRow.error)["code"].as_string() == ErrorCode.BATCH_STOPPED
        with self._tools.store.read() as session:
            failed = select(ItemRow.id).where(or_(col(ItemRow.status) == ItemStatus.FAILED, stopped))
            ids = session.exec(failed.where(col(ItemRow.batch_id).in_(batch_ids))).all()
        self.retry(ids)
        return len(ids)

    def duplicate_batch(self, batch_id: str) -> tuple[str, ...]:
        """A draft like each item of a batch, in their order; returns the drafts' ids.

        Raises:
            QueueError: BATCH_NOT_FOUND.
        """
        with self._tools.store.read() as session:
            if session.get(BatchRow, batch_id) is None:
                told = f"There is no batch {batch_id}."
                raise QueueError(ErrorCode.BATCH_NOT_FOUND, told, {"batch_id": batch_id})
            wanted = select(ItemRow.id).where(ItemRow.batch_id == batch_id)
            ids = session.exec(wanted.order_by(col(ItemRow.rank))).all()
        return self._drafts.duplicate(ids)

    def change_batch(
        self,
        batch_id: str,
        *,
        priority: Priority | None = None,
        name: str | None = None,
        max_concurrent: int | None = None,
        limit: Limit | None = None,
    ) -> None:
        """Give a batch another priority, name, number of calls at once or limit, also while it runs.

        Args:
            limit: `Limit()` takes it away. A batch that was stopped by its limit goes on when there is room.

        Raises:
            QueueError: CONCURRENCY_INVALID.
            LimitError: LIMIT_INVALID.
        """
        values: dict[str, Any] = {}
        if max_concurrent is not None:
            values["max_concurrent"] = checked_concurrency(max_concurrent)
        if priority is not None:
            values["priority"] = priority
        if name is not None:
            values["name"] = name.strip()
        if not values and limit is None:
            return
        with self._tools.store.write() as session:
            if values:
                session.execute(update(BatchRow).where(col(BatchRow.id) == batch_id).values(**values))
            if limit is not None:
                Limits.set_within(session, batch_id, limit)
        if limit is not None:
            self._tools.hub.changed.emit(Changed(Kind.LIMIT, frozenset({batch_id})))
        if max_concurrent is not None:
            self._scheduler.limit_batch(batch_id, max_concurrent)
        self._announce_batches([batch_id])

    def reorder_batches(self, batch_ids: Sequence[str]) -> None:
        """Let these batches run in this order, within their priorities and in their own places."""
        with self._tools.store.write() as session:
            ordering.reorder_batches(session, batch_ids)
        self._announce_batches(batch_ids)

    def remove_batches(self, batch_ids: Collection[str], *, hidden: bool = True) -> None:
        """Take ended batches out of the history, or bring them back; cards and costs stay."""
        ended = [BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED]
        with self._tools.store.write() as session:
            session.execute(
                update(BatchRow)
                .where(col(BatchRow.id).in_(batch_ids), col(BatchRow.status).in_(ended))
                .values(hidden=hidden)
            )
        self._announce_batches(batch_ids)

    # Engines

    def holds(self) -> tuple[Hold, ...]:
        """The engines that this process holds back after an error; `Kind.HOLD` tells when they change."""
        return self._tools.holds.all()

    def try_now(self, engine: str | None = None) -> None:
        """Try an engine that is held back (None = all of them) at once instead of at the end of its pause."""
        self._tools.holds.try_now(engine)

    # The process

    def adopt(self) -> int:
        """At a window's start: take over batches whose process is gone; returns how many items go on."""
        with self._tools.store.write() as session:
            open_items = transitions.adopt_batches(session, self._presence.worker_id)
        self._intake.resume()
        if open_items:
            self._scheduler.wake()
        return open_items

    def runs_here(self, owner: str) -> bool:
        """Whether `owner` (of a `BatchSummary`) is this process."""
        return owner == self._presence.worker_id

    def wait_idle(self, timeout: float | None = None) -> bool:
        """Wait until this process has nothing to do for the queue; False when the time was over first."""
        return self._scheduler.wait_idle(timeout)

    def _announce(self, item_ids: Collection[str], *batch_ids: str) -> None:
        if item_ids:
            self._tools.hub.changed.emit(Changed(Kind.ITEM, frozenset(item_ids)))
        self._announce_batches(batch_ids)

    def _announce_batches(self, batch_ids: Collection[str]) -> None:
        self._tools.hub.changed.emit(Changed(Kind.BATCH, frozenset(batch_ids)))


def _items_of_drafts(session: Session, item_ids: Collection[str]) -> list[str]:
    """Those of the items whose batch was never started."""
    wanted = select(ItemRow.id).join(BatchRow).where(BatchRow.status == BatchStatus.DRAFT)
    return list(session.exec(wanted.where(col(ItemRow.id).in_(item_ids))))


def _batches_of(session: Session, item_ids: Collection[str]) -> list[str]:
    return list(session.exec(select(ItemRow.batch_id).where(col(ItemRow.id).in_(item_ids)).distinct()))
