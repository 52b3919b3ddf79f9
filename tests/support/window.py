"""The real window on the offscreen screen, over a real workspace in the test's own home."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cardforge_desktop.engines.base import Connection
from cardforge_desktop.paths import Paths, find_paths
from cardforge_desktop.ui.app import Session
from cardforge_desktop.ui.batch.panel import BatchPanel
from cardforge_desktop.ui.library.panel import LibraryPanel
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE
from tests.support.scripted_server import ScriptedServer

#: The offscreen platform says this of every window with a smallest size; every other warning fails.
IGNORED = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture(scope="session")
def qt_loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """One loop for all tests: `stop` would have the application exit, and no Qt loop runs after that."""
    made = qasync.QEventLoop(qapp, already_running=True)
    asyncio.events._set_running_loop(None)
    yield made
    made._QEventLoop__is_running = False
    made.close()


@pytest.fixture
def loop(qt_loop: qasync.QEventLoop) -> Iterator[qasync.QEventLoop]:
    """asyncio on the test's Qt loop; whatever qtbot waits with drives it."""
    asyncio.events._set_running_loop(qt_loop)
    yield qt_loop
    asyncio.events._set_running_loop(None)


class Running:
    """A session of the window, and what tests ask of it."""

    def __init__(
        self, qtbot: QtBot, qapp: QApplication, make: Callable[[Paths], Workspace], files: Sequence[Path]
    ):
        self._qtbot = qtbot
        self.errors: list[BaseException] = []
        self.session = Session(qapp, find_paths(), files, make)
        self.window = self.session.window
        self.window.show()
        self.session.furnish()
        self.session.background.failed.connect(self.errors.append)
        self._living = asyncio.ensure_future(self.session.live())

    @property
    def batch(self) -> BatchPanel:
        return self.session.frame.batch

    @property
    def library(self) -> LibraryPanel:
        panel = self.window.built("library")
        assert isinstance(panel, LibraryPanel)
        return panel

    @property
    def workspace(self) -> Workspace:
        self.until(lambda: self.session.workspace is not None)
        assert self.session.workspace is not None
        return self.session.workspace

    def until(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=round(seconds * 1000))

    def statuses(self) -> list[str]:
        return [item.status.value for item in self.batch.controller.model.items()]

    def close(self) -> None:
        self.session.end()
        self.until(self._living.done)
        self._living.result()
        for part in (self.window, self.session.theme, self.session.background):
            part.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def run_window(
    qtbot: QtBot, qapp: QApplication, loop: qasync.QEventLoop, home: Path, scripted_server: ScriptedServer
) -> Iterator[Callable[..., Running]]:
    """Starts the window; `url` makes a scripted server the engine of new rows.

    Asks for the server only to outlive it: windows close first.
    """
    running: list[Running] = []

    def run(url: str = "", files: Sequence[Path] = ()) -> Running:
        def make(paths: Paths) -> Workspace:
            workspace = Workspace.open(paths)
            if url and all(known.name != ENGINE for known in workspace.engines.connections()):
                workspace.engines.add(Connection(ENGINE, "openai", url, "scripted-1"), None)
                workspace.settings.update(engine=ENGINE)
            return workspace

        running.append(Running(qtbot, qapp, make, files))
        return running[-1]

    yield run
    for each in running:
        if not each._living.done():
            each.close()
    errors = [error for each in running for error in each.errors]
    assert errors == []
