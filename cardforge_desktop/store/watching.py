"""Noticing what other processes write into a store."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from cardforge_desktop.store.database import Store

_log = logging.getLogger(__name__)
#: Seconds between two looks.
_EVERY = 0.5
#: Seconds between two announcements at least: whoever hears of one reads everything again.
_ANNOUNCED_EVERY = 1.5
#: Seconds until the next look after one that failed.
_PAUSE_AFTER_ERROR = 5.0


class StoreWatcher:
    """Looks for commits of others about twice a second, on a thread of its own. Own commits don't count."""

    def __init__(
        self, store: Store, look: Callable[[bool], None], announce: Callable[[], None], every: float = _EVERY
    ) -> None:
        """Begin to watch; what was committed before is not noticed.

        Args:
            look: called at every look with whether somebody else committed since the last one.
            announce: called after somebody else committed, soon but not with every look.
            every: seconds between two looks.
        """
        self._store = store
        self._look = look
        self._announce = announce
        self._every = every
        self._ended = threading.Event()
        self._version = store.foreign_version()
        self._due = False  # something is to be announced
        self._announced = -_ANNOUNCED_EVERY
        self._thread = threading.Thread(target=self._run, name="cardforge-watcher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; a look under way is waited for."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._every
        while not self._ended.wait(pause):
            pause = self._every
            try:
                self._once()
            except Exception:
                # Busy, full, or a mistake of ours: the next look may fare better.
                _log.exception("the store could not be watched")
                pause = _PAUSE_AFTER_ERROR

    def _once(self) -> None:
        version = self._store.foreign_version()
        changed = version != self._version
        self._version = version
        self._due = self._due or changed
        self._look(changed)
        if self._due and time.monotonic() - self._announced >= _ANNOUNCED_EVERY:
            self._due, self._announced = False, time.monotonic()
            self._announce()
