"""Keeping the machine from falling asleep while cards are made."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

_log = logging.getLogger(__name__)


@contextmanager
def kept_awake() -> Iterator[None]:
    """The machine does not fall asleep within the block, where its system lets that be asked for."""
    from wakepy import keep

    with keep.running(on_fail="pass") as mode:
        if not mode.active:
            _log.info("this system offers no way to keep it awake")
        yield


class Awake:
    """Keeps the machine awake for as long as it is told. Never raises; thread-safe.

    Asking the system may take a while, and must end on the thread on which it began: a thread of its own
    does it, started at the first wish.
    """

    def __init__(self, inhibitor: Callable[[], AbstractContextManager[object]] = kept_awake) -> None:
        self._inhibitor = inhibitor
        self._changed = threading.Condition()
        self._wanted = False
        self._wish = 0  # counts the changes of mind
        self._works = True
        self._closed = False
        self._thread: threading.Thread | None = None

    def keep(self, wanted: bool) -> None:
        """Keep the machine awake from now on, or no longer; returns at once."""
        with self._changed:
            if wanted == self._wanted or self._closed:
                return
            self._wanted = wanted
            self._wish += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="cardforge-awake", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def close(self) -> None:
        """Let the machine sleep, and end the thread."""
        with self._changed:
            self._wanted, self._closed = False, True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._closed)
                if self._closed:
                    return
                wish = self._wish
            try:
                with self._inhibitor():
                    self._wait_till_over(wish)
            except Exception:
                # A machine that falls asleep loses nothing: the cards are made when it wakes up.
                if self._works:
                    _log.warning("the machine can't be kept awake", exc_info=True)
                self._works = False
                self._wait_till_over(wish)

    def _wait_till_over(self, wish: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._wish != wish or self._closed)
