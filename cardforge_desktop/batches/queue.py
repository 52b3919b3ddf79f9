"""The queue as the faces see it: add sources, start, cancel, retry, look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, delete, func, select, update

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.finding import NewSource, find
from cardforge_desktop.batches.intake import Intake
from cardforge_desktop.batches.kept_sources import keep_source
from cardforge_desktop.batches.liveness import Presence
from cardforge_desktop.batches.model import BatchStatus, BatchView, ItemStatus, ItemView, Options
from cardforge_desktop.batches.scheduler import Scheduler
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.batches.targets import Target, chosen_fields, forget_targets, keep_target, read_target
from cardforge_desktop.batches.views import read_items
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.ids import new_id
from cardforge_desktop.naming import check_pattern
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.store.types import now

_ENDED = (ItemStatus.COMPLETED, ItemStatus.FAILED, ItemStatus.CANCELLED)


class QueueError(CardForgeError):
    """The queue can't do that. Codes: NOTHING_TO_START, ITEM_NOT_FOUND, BATCH_NOT_FOUND, FORMAT_UNKNOWN."""


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """Counts over the rows of the queue panel; `seconds_left` None = not known yet."""

    total: int
    draft: int
    queued: int
    processing: int
    completed: int
    failed: int
    cancelled: int
    seconds_left: float | None


class Queue:
    """The one queue of a store, worked on by this process's pool. Thread-safe; methods block on the store."""

    def __init__(self, tools: Tools, presence: Presence, scheduler: Scheduler, intake: Intake) -> None:
        self._tools = tools
        self._presence = presence
        self._scheduler = scheduler
        self._intake = intake
        self._live = tools.live

    def add(
        self, paths: Sequence[Path], options: Options, on_note: Callable[[str], None] = lambda _: None
    ) -> tuple[str, ...]:
        """A draft row for each file, folders searched; reading and estimating go on in the background.

        Without any path, the card to update is its own source.

        Args:
            on_note: told of files in folders that were passed over though they may have been meant.

        Raises:
            CardForgeError: unknown profile, engine, format, field or naming placeholder, or a card to update
                that can't be read. Sources that can't be read fail on their own row.
        """
        target = read_target(options.update)
        sources = find(paths, target, on_note)
        ids = self._insert(sources, options, target, _draft_batch, ItemStatus.DRAFT)
        self._intake.take(ids)
        return ids

    def submit(
        self, paths: Sequence[Path], options: Options, on_note: Callable[[str], None] = lambda _: None
    ) -> str:
        """Queue files as a batch of their own without a draft before; returns its id. For scripts.

        Raises:
            QueueError: NOTHING_TO_START, no file was found.
            CardForgeError: as in `add`.
        """
        target = read_target(options.update)
        sources = find(paths, target, on_note)
        if not sources:
            places = ", ".join(str(path) for path in paths)
            raise QueueError("NOTHING_TO_START", f"No source file was found in {places}.")
        batch_id = new_id("batch", 8)

        def new_batch(session: Session) -> str:
            session.add(_new_batch(batch_id, BatchStatus.QUEUED, self._presence.worker_id))
            session.flush()
            return batch_id

        self._insert(sources, options, target, new_batch, ItemStatus.QUEUED)
        self._scheduler.wake()
        return batch_id

    def add_text(self, name: str, text: str, options: Options) -> tuple[str, ...]:
        """A draft row for pasted text.

        Raises:
            CardForgeError: the text is empty, or as in `add`.
        """
        from cardforge_desktop.sources.reader import from_text

        source = from_text(name, text)
        new = [NewSource(source.name, None, text=source)]
        ids = self._insert(new, options, read_target(options.update), _draft_batch, ItemStatus.DRAFT)
        self._intake.take(ids)
        return ids

    def _insert(
        self,
        sources: Sequence[NewSource],
        options: Options,
        target: Target | None,
        batch: Callable[[Session], str],
        status: ItemStatus,
    ) -> tuple[str, ...]:
        """Insert a row per source at the end of a batch that `batch` finds or makes."""
        profile = self._tools.profiles.by_name(options.profile)
        values = self._item_values(profile, options)
        ids: list[str] = []
        with self._tools.store.write() as session:
            batch_id = batch(session)
            if target is not None:
                values |= {"target": keep_target(session, target), "target_name": target.name}
            position = _last_position(session, batch_id)
            for source in sources:
                position += 1
                row = ItemRow(
                    id=new_id("item"),
                    job_id=new_id("job"),
                    batch_id=batch_id,
                    position=position,
                    source_name=source.name,
                    source_path="" if source.path is None else str(source.path),
                    avatar_path="" if source.avatar is None else str(source.avatar),
                    source=None if source.text is None else keep_source(session, source.text),
                    status=status,
                    **values,
                )
                session.add(row)
                ids.append(row.id)
        self._announce(ids)
        return tuple(ids)

    def _item_values(self, profile: Profile, options: Options) -> dict[str, Any]:
        """The columns of an item that come from the options, checked."""
        formats = options.formats or profile.config.formats
        for name in formats:
            if name not in FORMATS:
                known = ", ".join(FORMATS)
                raise QueueError("FORMAT_UNKNOWN", f"There is no format “{name}”. There are: {known}.")
        pattern = options.pattern or profile.config.naming_pattern
        check_pattern(pattern)
        book = profile.config.book.include if options.include_book is None else options.include_book
        engine = self._tools.engines.get(options.engine)
        return {
            "profile_id": profile.id,
            "profile": profile.name,
            "profile_version": profile.version,
            "engine": engine.connection.name,
            "local": engine.traits.local,
            "formats": list(dict.fromkeys(formats)),
            "include_book": book,
            "output": str(options.output.expanduser().absolute()),
            "pattern": pattern,
            "fields": chosen_fields(
                profile,
                options.fields,
                is_update=options.update is not None,
                include_book=options.include_book,
            ),
        }

    def change(
        self, item_ids: Collection[str], *, profile: str | None = None, engine: str | None = None
    ) -> None:
        """Give drafts another profile or engine; their estimates are made again.

        Raises:
            CardForgeError: unknown profile or engine.
        """
        values: dict[str, Any] = {"estimate_input": None, "estimate_output": None, "estimate_cost": None}
        if profile is not None:
            chosen = self._tools.profiles.by_name(profile)
            values |= {"profile_id": chosen.id, "profile": chosen.name, "profile_version": chosen.version}
            values |= {"formats": list(chosen.config.formats), "include_book": chosen.config.book.include}
        if engine is not None:
            found = self._tools.engines.get(engine)
            values |= {"engine": found.connection.name, "local": found.traits.local}
        with self._tools.store.write() as session:
            changed = transitions.move(session, item_ids, [ItemStatus.DRAFT], ItemStatus.DRAFT, **values)
        self._announce(changed)
        self._intake.take(changed)

    def start(self, item_ids: Collection[str] | None = None) -> str:
        """Queue drafts (all of them, or some) as one batch; returns its id. Drafts left out stay drafts.

        Raises:
            QueueError: NOTHING_TO_START.
        """
        batch_id = new_id("batch", 8)
        with self._tools.store.write() as session:
            drafts = select(ItemRow.id).where(ItemRow.status == ItemStatus.DRAFT)
            if item_ids is not None:
                drafts = drafts.where(col(ItemRow.id).in_(item_ids))
            ids = session.exec(drafts.order_by(col(ItemRow.position))).all()
            if not ids:
                raise QueueError("NOTHING_TO_START", "There is nothing to start: add source files first.")
            session.add(_new_batch(batch_id, BatchStatus.QUEUED, self._presence.worker_id))
            session.flush()
            transitions.enter_batch(session, batch_id, ids)
        self._announce(ids, batch_id)
        self._scheduler.wake()
        return batch_id

    def cancel(self, item_ids: Collection[str]) -> None:
        """Stop items: waiting ones at once, running ones within a second; finished ones stay as they are."""
        with self._tools.store.write() as session:
            ended = transitions.cancel(session, item_ids)
            transitions.settle_batches(session, _batches_of(session, ended))
        for item_id in ended:
            self._scheduler.cancel(item_id)
        self._announce(ended)

    def cancel_batch(self, batch_id: str) -> None:
        """Stop all items of a batch."""
        self.cancel([item.id for item in self.batch(batch_id).items])

    def retry(self, item_ids: Collection[str]) -> None:
        """Queue failed and cancelled items again, in their batch, with fresh answers.

        Those of a batch that was never started are drafts again: their sources are read anew.
        """
        ended = [ItemStatus.FAILED, ItemStatus.CANCELLED]
        fresh: dict[str, Any] = {"error": None, "finished_at": None, "hidden": False}
        with self._tools.store.write() as session:
            unstarted = _items_of_drafts(session, item_ids)
            drafts = transitions.move(session, unstarted, ended, ItemStatus.DRAFT, **fresh)
            started = set(item_ids) - set(unstarted)
            again = transitions.move(session, started, ended, ItemStatus.QUEUED, **fresh)
            session.execute(update(ItemRow).where(col(ItemRow.id).in_(again)).values(run=ItemRow.run + 1))
            # A batch that another process still runs stays its own: it finds the item itself.
            session.execute(
                update(BatchRow)
                .where(col(BatchRow.id).in_(_batches_of(session, again)), col(BatchRow.owner) == "")
                .values(status=BatchStatus.QUEUED, owner=self._presence.worker_id, finished_at=None)
            )
        self._intake.take(drafts)
        self._announce([*drafts, *again])
        self._scheduler.wake()

    def remove(self, item_ids: Collection[str]) -> None:
        """Take rows off the queue: drafts are deleted, ended ones hidden (their cards stay), others stay."""
        with self._tools.store.write() as session:
            session.execute(
                delete(ItemRow).where(col(ItemRow.id).in_(item_ids), col(ItemRow.status) == ItemStatus.DRAFT)
            )
            session.execute(
                update(ItemRow)
                .where(col(ItemRow.id).in_(item_ids), col(ItemRow.status).in_(_ENDED))
                .values(hidden=True)
            )
            forget_targets(session)
        self._announce(item_ids)

    def items(self, ids: Collection[str] | None = None) -> tuple[ItemView, ...]:
        """The rows of the queue, oldest batch first; only some when `ids` is given (removed ones absent)."""
        with self._tools.store.read() as session:
            return tuple(read_items(session, ids=ids))

    def item(self, item_id: str) -> ItemView:
        """One row.

        Raises:
            QueueError: ITEM_NOT_FOUND.
        """
        found = self.items([item_id])
        if not found:
            raise QueueError("ITEM_NOT_FOUND", "This row is no longer in the queue.", {"item_id": item_id})
        return found[0]

    def preview(self, item_id: str) -> dict[str, str]:
        """The fields of a running item so far, field → text."""
        return self._live.fields(item_id)

    def batch(self, batch_id: str) -> BatchView:
        """A batch with all its items.

        Raises:
            QueueError: BATCH_NOT_FOUND.
        """
        with self._tools.store.read() as session:
            row = session.get(BatchRow, batch_id)
            if row is None:
                raise QueueError("BATCH_NOT_FOUND", f"There is no batch {batch_id}.", {"batch_id": batch_id})
            items = tuple(read_items(session, batch_id=batch_id))
        moments = [row.created_at, row.started_at, row.finished_at]
        moments += [moment for item in items for moment in (item.started_at, item.finished_at)]
        updated = max(moment for moment in moments if moment is not None)
        return BatchView(row.id, BatchStatus(row.status), row.created_at, updated, items)

    def summary(self) -> QueueSummary:
        """Counts over the shown rows, and how long the waiting ones will take."""
        with self._tools.store.read() as session:
            rows = session.exec(
                select(ItemRow.status, func.count())
                .where(col(ItemRow.hidden).is_(False))
                .group_by(ItemRow.status)
            ).all()
            counts = {ItemStatus(status): count for status, count in rows}
            seconds = _typical_seconds(session)
        waiting = counts.get(ItemStatus.QUEUED, 0) + counts.get(ItemStatus.PROCESSING, 0)
        left = None if seconds is None or not waiting else self._scheduler.expected_seconds(waiting, seconds)
        by_status = {status.value: counts.get(status, 0) for status in ItemStatus}
        return QueueSummary(total=sum(counts.values()), seconds_left=left, **by_status)

    def resume(self) -> int:
        """At a window's start: take over batches whose process is gone; returns how many items go on."""
        with self._tools.store.write() as session:
            waiting = [BatchStatus.QUEUED, BatchStatus.PROCESSING]
            session.execute(
                update(BatchRow)
                .where(col(BatchRow.owner) == "", col(BatchRow.status).in_(waiting))
                .values(owner=self._presence.worker_id)
            )
            open_items = session.exec(
                select(func.count())
                .select_from(ItemRow)
                .join(BatchRow)
                .where(BatchRow.owner == self._presence.worker_id, ItemRow.status == ItemStatus.QUEUED)
            ).one()
        self._intake.resume()
        if open_items:
            self._scheduler.wake()
        return open_items

    def wait_idle(self, timeout: float | None = None) -> bool:
        """Wait until this process has nothing to do for the queue; False when the time was over first."""
        return self._scheduler.wait_idle(timeout)

    def _announce(self, item_ids: Collection[str], *batch_ids: str) -> None:
        if item_ids:
            self._tools.hub.changed.emit(Changed(Kind.ITEM, frozenset(item_ids)))
        self._tools.hub.changed.emit(Changed(Kind.BATCH, frozenset(batch_ids)))


def _new_batch(batch_id: str, status: BatchStatus, owner: str) -> BatchRow:
    time = now()
    started = None if status is BatchStatus.DRAFT else time
    return BatchRow(id=batch_id, status=status, owner=owner, created_at=time, started_at=started)


def _draft_batch(session: Session) -> str:
    """The batch that is being put together; there is at most one."""
    known = session.exec(select(BatchRow.id).where(BatchRow.status == BatchStatus.DRAFT)).first()
    if known is not None:
        return known
    row = _new_batch(new_id("batch", 8), BatchStatus.DRAFT, "")
    session.add(row)
    session.flush()
    return row.id


def _last_position(session: Session, batch_id: str) -> int:
    highest = session.exec(select(func.max(ItemRow.position)).where(ItemRow.batch_id == batch_id)).one()
    return highest or 0


def _items_of_drafts(session: Session, item_ids: Collection[str]) -> list[str]:
    """Those of the items whose batch was never started."""
    wanted = select(ItemRow.id).join(BatchRow).where(BatchRow.status == BatchStatus.DRAFT)
    return list(session.exec(wanted.where(col(ItemRow.id).in_(item_ids))))


def _batches_of(session: Session, item_ids: Collection[str]) -> list[str]:
    return list(session.exec(select(ItemRow.batch_id).where(col(ItemRow.id).in_(item_ids)).distinct()))


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
