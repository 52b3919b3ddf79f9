"""Which worker processes are alive: each holds a lock of the system that dies with it, also by kill -9."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from cardforge_desktop.ids import new_id


class Presence:
    """This process's own mark, and a look at those of others."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.worker_id = new_id("worker")
        self._lock = FileLock(self._file(self.worker_id))
        self._lock.acquire(timeout=0)

    def alive(self, worker_id: str) -> bool:
        """Whether the process with that mark still runs; the mark of a dead one is cleared away."""
        if worker_id == self.worker_id:
            return True
        file = self._file(worker_id)
        if not file.exists():
            return False
        lock = FileLock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        file.unlink(missing_ok=True)
        return False

    def close(self) -> None:
        """Take the mark away."""
        self._lock.release()
        self._file(self.worker_id).unlink(missing_ok=True)

    def _file(self, worker_id: str) -> Path:
        return self._folder / f"{worker_id}.lock"
