"""How many calls to engines go out at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from cardforge_desktop.engines.network import Cancellation


class CallingPlaces:
    """A bounded number of places to call from, given out in the order they were asked for. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self._changed = threading.Condition()
        self._limit = limit
        self._taken = 0
        self._waiting: deque[object] = deque()

    def set_limit(self, limit: int) -> None:
        """Change the bound; places above it are not taken back, only not given out again."""
        with self._changed:
            self._limit = limit
            self._changed.notify_all()

    @contextmanager
    def one(self, cancellation: Cancellation) -> Iterator[None]:
        """Wait for a place and keep it within the block.

        Raises:
            CancelledByUser: cancelled while waiting.
        """
        ticket = object()
        with cancellation.calling(self._wake), self._changed:
            self._waiting.append(ticket)
            try:
                self._changed.wait_for(lambda: cancellation.cancelled or self._is_next(ticket))
                cancellation.check()
                self._taken += 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._taken -= 1
                self._changed.notify_all()

    def _is_next(self, ticket: object) -> bool:
        return self._taken < self._limit and self._waiting[0] is ticket

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
