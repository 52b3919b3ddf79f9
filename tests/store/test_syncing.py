"""A commit is on the disk when it returns, and many that wait share one sync."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from cardforge_desktop.settings import SettingRow
from cardforge_desktop.store import syncing
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from cardforge_desktop.store.syncing import JointSync


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def on_disk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Tells how much of the log has been synced, in bytes."""
    log = store.path.with_name(f"{store.path.name}-wal")
    synced = [0]

    def noted(path: Path) -> None:
        assert path == log
        size = path.stat().st_size
        real(path)
        synced[0] = size

    real = syncing.sync_file
    monkeypatch.setattr("cardforge_desktop.store.database.sync_file", noted)
    return lambda: synced[0]


def _set(store: Store, value: str, *, lasting: bool = True) -> None:
    with store.write(lasting=lasting) as session:
        session.merge(SettingRow(key="theme", value=value))


def test_all_of_the_log_is_synced_when_a_write_returns(store: Store, on_disk: Callable[[], int]) -> None:
    log = store.path.with_name(f"{store.path.name}-wal")
    for value in ("dark", "light", "dark"):
        _set(store, value)
        assert on_disk() == log.stat().st_size > 0


def test_what_need_not_last_is_synced_with_the_next_that_must(
    store: Store, on_disk: Callable[[], int]
) -> None:
    log = store.path.with_name(f"{store.path.name}-wal")
    _set(store, "dark")
    before = on_disk()
    _set(store, "light", lasting=False)
    assert on_disk() == before < log.stat().st_size
    _set(store, "dark")
    assert on_disk() == log.stat().st_size


def test_nothing_is_synced_for_what_was_rolled_back(store: Store, on_disk: Callable[[], int]) -> None:
    def fail() -> None:
        with store.write() as session:
            session.merge(SettingRow(key="theme", value="dark"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert on_disk() == 0


def test_when_the_log_can_t_be_synced_sqlite_syncs_each_commit_from_then_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def refused(descriptor: int) -> None:
        calls.append(descriptor)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refused)
    _set(store, "dark")  # it stands, and its writer need not try again
    _set(store, "light")
    assert len(calls) == 1
    with store.write() as session:
        assert session.connection().execute(text("PRAGMA synchronous")).scalar_one() == 2
        assert session.get_one(SettingRow, "theme").value == "light"


class Disk:
    """A file in memory, the first sync of which lasts until eight more writers wait."""

    def __init__(self) -> None:
        self.joint = JointSync(self._sync)
        self._writing = threading.Lock()
        self._written = 0
        self._safe = 0
        self._begun = threading.Event()
        self.syncs = 0

    def _sync(self) -> None:
        self.syncs += 1
        written = self._written
        self._begun.set()
        while self.joint._asked < 9:
            threading.Event().wait(0.001)
        self._safe = written

    def write(self, first: bool) -> bool:
        """Whether it is on the disk when the waiting is over."""
        if not first:
            assert self._begun.wait(20)
        with self._writing:
            self._written += 1
            mine = self._written
        self.joint.wait()
        return self._safe >= mine


def test_those_who_come_during_a_sync_share_the_next() -> None:
    disk = Disk()
    with ThreadPoolExecutor(9) as pool:
        assert all(pool.map(disk.write, [True] + [False] * 8))
    assert disk.syncs == 2


def test_after_a_sync_that_failed_the_next_in_line_syncs() -> None:
    outcomes = [OSError(5, "Input/output error"), None]

    def sync() -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    joint = JointSync(sync)
    with pytest.raises(OSError, match="Input/output"):
        joint.wait()
    joint.wait()
    assert outcomes == []
