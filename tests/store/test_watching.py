"""What other processes write is noticed, once; what this one writes is not."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardforge_desktop.settings import SettingRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from cardforge_desktop.store.watching import _ANNOUNCED_EVERY, StoreWatcher
from tests.support.app import variables

OTHER_PROCESS = """
import sys
from pathlib import Path
from cardforge_desktop.settings import SettingRow
from cardforge_desktop.store.database import Store
store = Store(Path(sys.argv[1]))
for line in sys.stdin:
    with store.write() as session:
        if line.strip() != "nothing":
            session.merge(SettingRow(key="theme", value=line.strip()))
    print("done", flush=True)
store.close()
"""


class Watched:
    """A watcher of a store, what it told, and a wait for it."""

    def __init__(self, store: Store) -> None:
        self._told = threading.Condition()
        self.looks: list[bool] = []
        self.announced = 0
        self.watcher = StoreWatcher(store, self._look, self._announce, every=0.01)

    def _look(self, changed: bool) -> None:
        with self._told:
            self.looks.append(changed)
            self._told.notify_all()

    def _announce(self) -> None:
        with self._told:
            self.announced += 1
            self._told.notify_all()

    def after_looks(self, count: int) -> None:
        """Wait for so many more looks: all that was committed before is noticed then."""
        with self._told:
            wanted = len(self.looks) + count
            assert self._told.wait_for(lambda: len(self.looks) >= wanted, 20)

    def after_announcements(self, count: int) -> None:
        with self._told:
            assert self._told.wait_for(lambda: self.announced >= count, 20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def watched(store: Store) -> Iterator[Watched]:
    watched = Watched(store)
    yield watched
    watched.watcher.close()


def write(store: Store, value: object) -> None:
    with store.write() as session:
        session.merge(SettingRow(key="theme", value=value))


def test_own_writes_of_any_thread_are_not_announced(store: Store, watched: Watched) -> None:
    threads = [
        threading.Thread(target=lambda: [write(store, number) for number in range(25)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watched.after_looks(2)
    assert not any(watched.looks)
    assert watched.announced == 0


def test_each_write_of_another_process_is_noticed_also_between_own_ones(
    store: Store, watched: Watched
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(store.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env=variables(),
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for number in range(10):
            write(store, number)
            before = watched.looks.count(True)
            other.stdin.write(f"{number}\n")
            assert other.stdout.readline() == "done\n"
            write(store, -number)  # hides nothing: right before, right after or without a look between
            watched.after_looks(2)
            assert watched.looks.count(True) == before + 1
        other.stdin.write("nothing\n")  # takes the lock, as a claim does, and changes no row
        assert other.stdout.readline() == "done\n"
        watched.after_looks(2)
        assert watched.looks.count(True) == 10
        other.stdin.close()


def test_many_foreign_writes_are_announced_together_and_the_last_is_not_forgotten(
    store: Store, watched: Watched
) -> None:
    other = Store(store.path)
    start = time.monotonic()
    write(other, "first")
    watched.after_announcements(1)
    for number in range(20):
        write(other, number)
        watched.after_looks(1)
    assert watched.announced <= 1 + (time.monotonic() - start) / _ANNOUNCED_EVERY
    announced = watched.announced
    write(other, "last")
    watched.after_announcements(announced + 1)
    other.close()


def test_a_look_that_fails_does_not_end_the_watching(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardforge_desktop.store.watching._PAUSE_AFTER_ERROR", 0.01)
    looked = threading.Event()
    looks: list[bool] = []

    def look(changed: bool) -> None:
        looks.append(changed)
        if len(looks) == 1:
            raise RuntimeError("a mistake of ours")
        looked.set()

    watcher = StoreWatcher(store, look, lambda: None, every=0.01)
    assert looked.wait(20)
    watcher.close()
