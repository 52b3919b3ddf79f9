"""How many calls to engines go out at once, in all and of each batch."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cardforge_desktop.engines.network import Cancellation


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    """One who waits."""

    batch_id: str


class CallingPlaces:
    """A bounded number of places to call from. Thread-safe.

    They are given out in the order they were asked for; who belongs to a batch that has all its places lets
    the others pass. Calls without a batch ("") know the common bound only.
    """

    def __init__(self, limit: int) -> None:
        self._changed = threading.Condition()
        self._limit = limit
        self._limits: dict[str, int] = {}  # batch → its own bound
        self._taken: Counter[str] = Counter()  # batch → places
        self._waiting: list[_Ticket] = []

    def set_limit(self, limit: int) -> None:
        """Change the bound; places above it are not taken back, only not given out again."""
        with self._changed:
            self._limit = limit
            self._changed.notify_all()

    def set_batch_limit(self, batch_id: str, limit: int | None) -> None:
        """Change the bound of a batch, as in `set_limit`; None = it has none of its own."""
        with self._changed:
            if limit is None:
                self._limits.pop(batch_id, None)
            else:
                self._limits[batch_id] = limit
            self._changed.notify_all()

    @contextmanager
    def one(self, cancellation: Cancellation, batch_id: str = "") -> Iterator[bool]:
        """Wait for a place and keep it within the block; yields whether it had to be waited for.

        Raises:
            CancelledByUser: cancelled while waiting.
        """
        ticket = _Ticket(batch_id)
        with cancellation.calling(self._wake), self._changed:
            self._waiting.append(ticket)
            try:
                waits = not self._is_next(ticket)
                self._changed.wait_for(lambda: cancellation.cancelled or self._is_next(ticket))
                cancellation.check()
                self._taken[batch_id] += 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield waits
        finally:
            with self._changed:
                self._taken[batch_id] -= 1
                if not self._taken[batch_id]:
                    del self._taken[batch_id]
                self._changed.notify_all()

    def _is_next(self, ticket: _Ticket) -> bool:
        if self._taken.total() >= self._limit:
            return False
        return next((one for one in self._waiting if self._has_room(one.batch_id)), None) is ticket

    def _has_room(self, batch_id: str) -> bool:
        limit = self._limits.get(batch_id)
        return limit is None or self._taken[batch_id] < limit

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
