"""A disk that is full for a while: nothing fails or is paid for twice, all goes on when there is room."""

import errno
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cardforge_desktop.batches import insisting, scheduler
from cardforge_desktop.batches.model import BatchStatus, ItemStatus, Options
from cardforge_desktop.events import Changed
from cardforge_desktop.store import files
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer, Step


@pytest.fixture
def workspace(scripted_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(insisting, "_PAUSES", (0.01,))
    monkeypatch.setattr(scheduler, "_PAUSE_AFTER_ERROR", 0.01)
    with open_workspace(scripted_server.url) as workspace:
        yield workspace


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json", "tavernai"))


class FullStore:
    """The store's disk without a free page: SQLite itself refuses to grow, whatever is written."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self._store = workspace._store
        self.refused = threading.Semaphore(0)
        real = insisting._log.warning

        def warning(*arguments: object) -> None:
            real(*arguments)
            self.refused.release()

        monkeypatch.setattr(insisting._log, "warning", warning)
        monkeypatch.setattr(scheduler._log, "warning", lambda *_, **__: self.refused.release())

    def fill(self) -> None:
        self._limit("(SELECT page_count FROM pragma_page_count)")

    def free(self) -> None:
        self._limit("4294967294")

    def _limit(self, pages: str) -> None:
        with self._store._writing, self._store._write_engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            (count,) = driver.execute(f"SELECT {pages}").fetchone()
            driver.execute(f"PRAGMA max_page_count = {count}")

    def wait_until_refused(self, times: int = 2) -> None:
        for _ in range(times):
            assert self.refused.acquire(timeout=20)


@pytest.fixture
def full_store(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> FullStore:
    return FullStore(workspace, monkeypatch)


def test_an_answer_that_came_while_the_disk_was_full_is_not_asked_for_again(
    scripted_server: ScriptedServer,
    workspace: Workspace,
    options: Options,
    full_store: FullStore,
    tmp_path: Path,
) -> None:
    scripted_server.add(Step("slow", seconds=0.3, times=0))
    workspace.queue.submit(write_sources(tmp_path / "in", 4), options)
    scripted_server.wait_until(lambda calls: len(calls) == 3)
    full_store.fill()
    full_store.wait_until_refused(12)
    full_store.free()
    assert workspace.queue.wait_idle(30)
    assert [item.status for item in workspace.batches.items()] == [ItemStatus.COMPLETED] * 4
    assert len(scripted_server.calls) == 4
    assert len(workspace.library.cards()) == 4


def test_closing_with_a_full_disk_loses_nothing(
    scripted_server: ScriptedServer, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insisting, "_PAUSES", (0.01,))
    with open_workspace(scripted_server.url) as workspace:
        full_store = FullStore(workspace, monkeypatch)
        scripted_server.add(Step("slow", seconds=0.3))
        workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
        scripted_server.wait_until(lambda calls: len(calls) == 1)
        full_store.fill()
        full_store.wait_until_refused()
    with open_workspace() as workspace:
        assert workspace.batches.items()[0].status is ItemStatus.QUEUED
        assert workspace.queue.adopt() == 1
        assert workspace.queue.wait_idle(30)
        assert workspace.batches.items()[0].status is ItemStatus.COMPLETED
        assert len(workspace.library.cards()) == 1


def test_a_full_folder_of_cards_pauses_the_batch_and_resume_writes_only_the_files(
    scripted_server: ScriptedServer,
    workspace: Workspace,
    options: Options,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = files._write_synced

    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(files, "_write_synced", full)
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 3), options)
    wait_until(workspace, lambda: workspace.batches.summary_of(batch_id).status is BatchStatus.PAUSED)
    assert workspace.queue.wait_idle(30)
    paused = workspace.batches.batch(batch_id)
    assert {item.status for item in paused.items} == {ItemStatus.QUEUED}
    assert paused.summary.reason is not None
    assert paused.summary.reason.code == "FILES_DISK_FULL"
    assert list(options.output.iterdir()) == [], "half a card takes room and is of no use"
    paid = len(scripted_server.calls)
    monkeypatch.setattr(files, "_write_synced", real)
    workspace.queue.resume_batches([batch_id])
    assert workspace.queue.wait_idle(30)
    done = workspace.batches.batch(batch_id)
    assert {item.status for item in done.items} == {ItemStatus.COMPLETED}
    assert len(workspace.library.cards()) == 3
    assert len(list(options.output.iterdir())) == 6
    assert len(scripted_server.calls) == max(paid, 3)


def wait_until(workspace: Workspace, condition: Callable[[], bool]) -> None:
    happened = threading.Event()

    def look(_: Changed | None) -> None:
        if condition():
            happened.set()

    workspace.hub.changed.connect(look)
    look(None)
    assert happened.wait(20)
    workspace.hub.changed.disconnect(look)
