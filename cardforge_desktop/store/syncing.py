"""Commits that are on the disk when they return, many of them for one waiting."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path


class JointSync:
    """Lets threads wait until what they wrote is on the disk; one syncs for all that wait. Thread-safe.

    A sync takes milliseconds, on a turning disk tens of them. Who comes while one is going on waits for the
    next, which is for everybody who came until then.
    """

    def __init__(self, sync: Callable[[], None]) -> None:
        """`sync`: returns when what was written before its call is on the disk; one runs at a time."""
        self._sync = sync
        self._changed = threading.Condition()
        self._asked = 0  # how many came
        self._done = 0  # how many of them, the first ones, were served
        self._going_on = False

    def wait(self) -> None:
        """Return when all that this thread wrote before is on the disk.

        Raises:
            OSError: from the sync, when this thread made it.
        """
        with self._changed:
            self._asked += 1
            mine = self._asked
            self._changed.wait_for(lambda: self._done >= mine or not self._going_on)
            if self._done >= mine:
                return
            self._going_on = True
            served = self._asked
        try:
            self._sync()
        except BaseException:
            served = 0  # the next one in line tries
            raise
        finally:
            with self._changed:
                self._going_on = False
                self._done = max(self._done, served)
                self._changed.notify_all()


def sync_file(path: Path) -> None:
    """Wait until the content of a file that is there is on the disk.

    Raises:
        OSError: it is not there, or the system can't sync it.
    """
    # Windows syncs only what is open for writing.
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
