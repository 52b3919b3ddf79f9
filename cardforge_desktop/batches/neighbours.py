"""The other processes on the same store: which of them are gone, and what they left behind."""

from __future__ import annotations

from sqlmodel import Session, col, select

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.liveness import Presence
from cardforge_desktop.batches.model import BatchStatus, ItemStatus
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.costs.tables import IS_OUT, CallRow
from cardforge_desktop.store.database import Store

_OPEN_BATCH = (BatchStatus.QUEUED, BatchStatus.PROCESSING, BatchStatus.PAUSED)


class Neighbours:
    """Finds work that no living process has in hand. What a living one has is never touched.

    Used on one thread at a time.
    """

    def __init__(self, store: Store, presence: Presence) -> None:
        self._store = store
        self._presence = presence
        self._named: set[str] | None = None  # workers that open work names; None = not read yet

    def release_dead(self) -> bool:
        """At the start: queue again what dead processes had in hand, for one who takes their batches over.

        Calls that they were making beside the queue are lost with them.

        Returns:
            Whether there was anything.
        """
        with self._store.read() as session:
            calling = session.exec(select(CallRow.worker_id).where(IS_OUT).distinct()).all()
            named = {*_named_workers(session), *calling}
        dead = self._dead(named)
        if dead:
            with self._store.write() as session:
                transitions.release_dead_workers(session, dead)
        return bool(dead)

    def take_over(self, *, stale: bool) -> bool:
        """Make what dead processes left this one's, and the batches that nobody runs; False: there are none.

        Args:
            stale: the store changed since the last time: which processes it names is read again. When nothing
                did, only their marks are looked at, no table.
        """
        if stale or self._named is None:
            with self._store.read() as session:
                self._named = _named_workers(session)
        dead = self._dead(self._named)
        if not dead and "" not in self._named:
            return False
        with self._store.write() as session:
            transitions.release_dead_workers(session, dead)
            transitions.adopt_batches(session, self._presence.worker_id)
        self._named = None
        return True

    def _dead(self, named: set[str]) -> list[str]:
        return [name for name in named if name and not self._presence.alive(name)]


def _named_workers(session: Session) -> set[str]:
    """Workers with items or batches in hand; "" among them when an active batch has no owner."""
    working = select(ItemRow.worker_id).where(ItemRow.status == ItemStatus.PROCESSING).distinct()
    owning = select(BatchRow.owner, BatchRow.status).where(col(BatchRow.status).in_(_OPEN_BATCH))
    named = set(session.exec(working)) - {""}
    for owner, status in session.exec(owning):
        if owner or status != BatchStatus.PAUSED:
            named.add(owner)
    return named
