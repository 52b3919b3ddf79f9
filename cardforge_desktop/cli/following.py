"""Telling on the terminal how batches get on, until they end or stop."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cardforge_desktop.batches.model import BatchStatus, BatchSummary, ItemView
from cardforge_desktop.cli.amounts import clock
from cardforge_desktop.cli.batch_text import ENDED, ending_lines, progress_text
from cardforge_desktop.cli.terminal import LastLine, counted
from cardforge_desktop.cli.usage import limit_lines
from cardforge_desktop.events import Changed, Kind

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

_ACTIVE = (BatchStatus.QUEUED, BatchStatus.PROCESSING)
#: Seconds between two looks.
_TICK = 0.3


class Follower:
    """Prints a line for each item that ends, and what keeps the batches waiting.

    Where standard error is a terminal, its last line shows how far they are. Used on one thread; it hears on
    the hub what changed, so that of thousands of items only those are read again.
    """

    def __init__(self, workspace: Workspace, *, quiet: bool) -> None:
        """Begin to listen.

        Args:
            quiet: print to standard error, since standard output gets JSON in the end.
        """
        self._workspace = workspace
        self._stream = sys.stderr if quiet else sys.stdout
        self._line = LastLine()
        self._lock = threading.Lock()
        self._changed: set[str] = set()
        self._all_changed = True
        self._has_spent = True
        self._warned: set[tuple[str, str, bool]] = (
            set()
        )  # scope and unit of a limit, and whether it is used up
        self._told: dict[str, datetime] = {}  # item → the end of it that was told
        self._begun = datetime.now(UTC)
        self._held: dict[str, str] = {}  # engine → code of the error that was told
        self._standing: dict[str, str] = {}  # batch → what keeps it, as it was told
        workspace.hub.changed.connect(self._hear)

    def follow(self, batch_ids: Collection[str]) -> None:
        """Tell of these batches until each has ended, or is paused by an error that waiting does not mend.

        A batch that somebody paused is waited for. Items that ended before this follower began are not told.
        """
        over = False
        while not over:
            idle = self._workspace.queue.wait_idle(timeout=_TICK)
            batches = self._tell(batch_ids, idle=idle)
            over = all(batch.status in ENDED or (idle and _is_stopped(batch)) for batch in batches)
            if idle and not over:
                time.sleep(_TICK)
        self._all_changed = True
        self._tell(batch_ids, idle=True)
        self.clear()

    def clear(self) -> None:
        """Take the last line away."""
        self._line.show("")

    def _hear(self, changed: Changed) -> None:
        """On any thread."""
        if changed.kind in (Kind.CALL, Kind.LIMIT):
            self._has_spent = True
        if changed.kind is not Kind.ITEM:
            return
        with self._lock:
            self._changed |= changed.ids
            self._all_changed = self._all_changed or not changed.ids

    def _tell(self, batch_ids: Collection[str], *, idle: bool) -> list[BatchSummary]:
        batches = [self._workspace.batches.summary_of(batch_id) for batch_id in batch_ids]
        # What goes on first, then what came of it.
        self._tell_holds()
        self._tell_pauses(batches, idle=idle)
        self._tell_limits(batch_ids)
        for item in self._news(batch_ids):
            if item.batch_id not in batch_ids or item.finished_at is None:
                continue
            if item.finished_at > self._told.get(item.id, self._begun):
                self._told[item.id] = item.finished_at  # a retried one ends, and is told, again
                self._say(*ending_lines(item))
        if self._line.is_seen:
            self._line.show(self._state_line(batches))
        return batches

    def _news(self, batch_ids: Collection[str]) -> list[ItemView]:
        with self._lock:
            everything, self._all_changed = self._all_changed, False
            changed, self._changed = self._changed, set()
        if everything:
            batches = self._workspace.batches
            return [item for batch_id in batch_ids for item in batches.items(batch_id=batch_id)]
        return list(self._workspace.batches.items(changed)) if changed else []

    def _tell_holds(self) -> None:
        """A line when an engine begins to be waited for, and one when it answers again."""
        holds = {hold.engine: hold for hold in self._workspace.queue.holds()}
        for engine, hold in holds.items():
            if self._held.get(engine) != hold.error.code:
                self._held[engine] = hold.error.code
                until = clock(hold.until)
                self._say(f"waiting    for {engine} until {until}: {hold.error.message}")
        for engine in self._held.keys() - holds.keys():
            del self._held[engine]
            self._say(f"going on   with {engine}")

    def _tell_pauses(self, batches: Collection[BatchSummary], *, idle: bool) -> None:
        """A line when somebody paused a batch, or all that is left of it, and one when it goes on."""
        standing = {}
        for batch in batches:
            if batch.status is BatchStatus.PAUSED and batch.reason is None:
                standing[batch.id] = f"paused     {batch.id}"
            elif idle and not self._held and batch.status in _ACTIVE and batch.counts.queued:
                standing[batch.id] = f"paused     {counted(batch.counts.queued, 'card')} of {batch.id}"
        for batch_id, told in standing.items():
            if batch_id not in self._standing:
                self._say(told, f"    To go on: cardforge batches resume {batch_id}")
        for batch_id in self._standing.keys() - standing.keys():
            self._say(f"going on   with {batch_id}")
        self._standing = standing

    def _tell_limits(self, batch_ids: Collection[str]) -> None:
        """On standard error, once for each limit that is nearly used up, and once when it is."""
        if not self._has_spent:
            return
        self._has_spent = False
        limits = self._workspace.limits
        standings = (each for batch_id in batch_ids for each in limits.standings(batch_id))
        for standing in standings:
            key = (standing.scope, standing.unit, standing.is_reached)
            if standing.is_near and key not in self._warned:
                self._warned.add(key)
                told = "used up" if standing.is_reached else "nearly used up"
                self._line.print([f"{told}: {line}" for line in limit_lines([standing])], sys.stderr)

    def _state_line(self, batches: Collection[BatchSummary]) -> str:
        held = [
            f"waiting for {hold.engine} until {clock(hold.until)}" for hold in self._workspace.queue.holds()
        ]
        if self._standing:
            held.append("paused")
        return progress_text(batches, held)

    def _say(self, *lines: str) -> None:
        self._line.print(lines, self._stream)


def _is_stopped(batch: BatchSummary) -> bool:
    """Paused by an error that comes again until somebody does something, such as a refused key."""
    return batch.status is BatchStatus.PAUSED and batch.reason is not None
