"""The machine is kept awake while cards are made, and not longer."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cardforge_desktop.batches.awake import Awake, kept_awake
from cardforge_desktop.batches.model import Options
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.paths import find_paths
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, write_sources
from tests.support.scripted_server import ScriptedServer, Step


class Bed:
    """A machine that remembers whether it may sleep."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.kept_awake = False
        self.times = 0
        self.threads: set[str] = set()

    @contextmanager
    def inhibitor(self) -> Iterator[None]:
        self._set(True)
        yield
        self._set(False)

    def _set(self, kept_awake: bool) -> None:
        with self._changed:
            self.threads.add(threading.current_thread().name)
            self.kept_awake = kept_awake
            self.times += kept_awake
            self._changed.notify_all()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, 20)


@pytest.fixture
def bed() -> Bed:
    return Bed()


def test_the_system_is_asked_once_for_each_wish_and_always_on_one_thread(bed: Bed) -> None:
    awake = Awake(bed.inhibitor)
    for _ in range(2):
        awake.keep(True)
        awake.keep(True)
        bed.wait_until(lambda: bed.kept_awake)
        awake.keep(False)
        bed.wait_until(lambda: not bed.kept_awake)
    awake.keep(True)
    awake.close()
    assert not bed.kept_awake
    assert bed.times in (2, 3)
    assert bed.threads == {"cardforge-awake"}


def test_a_system_that_refuses_does_no_harm_and_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    asked = threading.Semaphore(0)

    @contextmanager
    def refused() -> Iterator[None]:
        asked.release()
        raise OSError("no")
        yield

    awake = Awake(refused)
    with caplog.at_level(logging.INFO, "cardforge_desktop"):
        for _ in range(3):
            awake.keep(True)
            assert asked.acquire(timeout=20)
            awake.keep(False)
        awake.close()
    assert len(caplog.records) == 1


def test_the_real_way_does_not_raise_where_there_is_none() -> None:
    with kept_awake():
        pass


@pytest.fixture
def workspace(scripted_server: ScriptedServer, bed: Bed) -> Iterator[Workspace]:
    workspace = Workspace.open(find_paths(), awake=Awake(bed.inhibitor))
    workspace.engines.add(Connection(ENGINE, "openai", scripted_server.url, "scripted-1"), None)
    yield workspace
    workspace.close()


def test_it_is_kept_awake_while_an_item_runs_and_the_setting_is_on(
    scripted_server: ScriptedServer, workspace: Workspace, bed: Bed, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall", times=0))
    options = Options(output=tmp_path / "out", engine=ENGINE, formats=("json",))
    workspace.take_up()
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    bed.wait_until(lambda: bed.kept_awake)
    workspace.settings.update(keep_awake=False)
    bed.wait_until(lambda: not bed.kept_awake)
    workspace.settings.update(keep_awake=True)
    bed.wait_until(lambda: bed.kept_awake)
    workspace.queue.cancel([item.id for item in workspace.batches.items()])
    bed.wait_until(lambda: not bed.kept_awake)
