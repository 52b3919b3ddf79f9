"""The batches as they are now, read anew as they change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cardforge_desktop.batches.model import BatchSummary
from cardforge_desktop.ui.background import Background, Paced
from cardforge_desktop.ui.batch.history.words import is_open, is_stopped
from cardforge_desktop.ui.core_events import CoreEvents, ids_of

if TYPE_CHECKING:
    from cardforge_desktop.batches.holds import Hold
    from cardforge_desktop.events import Changed

#: Batches are read at most so often; they count items, not tokens.
_PACE_MS = 400
#: The time left is told anew so often while something runs.
_CLOCK_MS = 5_000


class BatchReader(QObject):
    """Knows every batch of the history. Lives on the window's thread.

    Signals:
        changed(): some batches are others now.
        ended(object): a batch (`BatchSummary`) that was open has ended.
        stopped(object): an open batch was paused for a reason, such as a limit.
    """

    changed = Signal()
    ended = Signal(object)
    stopped = Signal(object)

    def __init__(self, background: Background, events: CoreEvents) -> None:
        super().__init__(background)
        self._background = background
        self._known: dict[str, BatchSummary] = {}
        self._all: tuple[BatchSummary, ...] = ()
        self._open: tuple[BatchSummary, ...] = ()
        self._wanted: set[str] | None = None
        self._holds: tuple[Hold, ...] = ()
        self._began = datetime.now(UTC)
        self._pace = Paced(background, _PACE_MS, self._read)
        self._clock = QTimer(self, interval=_CLOCK_MS)
        self._clock.timeout.connect(self.changed)
        events.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Read them for the first time; waits for the workspace by itself."""
        self._pace.ask()

    @property
    def batches(self) -> tuple[BatchSummary, ...]:
        """All of them, newest first."""
        return self._all

    @property
    def open(self) -> tuple[BatchSummary, ...]:
        """Those that have not ended, newest first."""
        return self._open

    @property
    def holds(self) -> tuple[Hold, ...]:
        """Engines that are held back."""
        return self._holds

    def batch(self, batch_id: str) -> BatchSummary | None:
        """A batch by its id."""
        return self._known.get(batch_id)

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        batches = ids_of(Kind.BATCH, changes)
        if batches is None and ids_of(Kind.ITEM, changes) is None and ids_of(Kind.HOLD, changes) is None:
            return
        if batches is not None and not batches:
            self._wanted = None
        if self._wanted is not None:  # counts and costs of open ones move with their items
            self._wanted |= (batches or frozenset()) | {batch.id for batch in self.open}
        self._pace.ask()

    async def _read(self) -> None:
        wanted, self._wanted = self._wanted, set()
        ids = None if wanted is None else tuple(wanted)
        found, holds = await self._background.call(lambda ws: (ws.batches.batches(ids), ws.queue.holds()))
        before = self._known
        fresh = {batch.id: batch for batch in found}
        if wanted is not None:
            fresh = {key: batch for key, batch in before.items() if key not in wanted} | fresh
            fresh = dict(sorted(fresh.items(), key=lambda pair: pair[1].created_at, reverse=True))
        if (fresh, holds) == (before, self._holds):
            return
        self._known, self._holds, self._all = fresh, holds, tuple(fresh.values())
        self._open = tuple(filter(is_open, self._all))
        running = bool(self._open)
        if running != self._clock.isActive():
            (self._clock.start if running else self._clock.stop)()
        self.changed.emit()
        for batch in fresh.values():
            known = before.get(batch.id)
            if not is_open(batch) and self._was_open(known, batch):
                self.ended.emit(batch)
            elif is_stopped(batch) and self._was_open(known, batch) and not (known and is_stopped(known)):
                self.stopped.emit(batch)

    def _was_open(self, before: BatchSummary | None, batch: BatchSummary) -> bool:
        """Whether the batch ended since the last reading; short ones begin and end between two."""
        return is_open(before) if before is not None else batch.created_at >= self._began
