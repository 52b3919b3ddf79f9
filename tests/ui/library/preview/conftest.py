"""The panes beside the editor over the window's real services, without the rest of the window."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.engines.base import Connection
from cardforge_desktop.paths import find_paths
from cardforge_desktop.ui.actions import Actions
from cardforge_desktop.ui.background import Background
from cardforge_desktop.ui.batch.history.reader import BatchReader
from cardforge_desktop.ui.cache import Cache
from cardforge_desktop.ui.core_events import CoreEvents
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.memory import Memory
from cardforge_desktop.ui.services import Desk, Services
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE
from tests.support.scripted_server import ScriptedServer


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as the first start leaves it: made once, since the migrations take longer than most tests."""
    folder = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARDFORGE_HOME", str(folder))
        paths = find_paths()
        Workspace.open(paths).close()
    return paths.store


class Desktop:
    """A workspace and the services that panels are given, wired as `ui.app.Session` does."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, workspace: Workspace) -> None:
        self._qtbot = qtbot
        self.workspace = workspace
        self.window = QWidget()
        self.window.show()
        self.theme = Theme(qapp, "light")
        icons, self.background, self._events = Icons(self.theme), Background(), CoreEvents()
        self.errors: list[BaseException] = []
        self.background.failed.connect(self.errors.append)
        self._cache = Cache(self.background)
        self._events.changed.connect(self._cache.drop)
        self._events.listen(workspace.hub)
        self.background.provide(workspace)
        self.services = Services(
            workspace.paths,
            self.theme,
            icons,
            Memory(workspace.paths.data),
            Actions(self.window, icons),
            Desk(),
            self.background,
            self._events,
            self._cache,
            BatchReader(self.background, self._events),
        )
        self._closed = False

    def mount(self, pane: QWidget) -> QWidget:
        """Show a pane by itself."""
        self._qtbot.addWidget(pane)
        pane.resize(440, 640)
        pane.show()
        return pane

    def until(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=round(seconds * 1000))

    def close(self) -> None:
        """End as the app does."""
        if self._closed:
            return
        self._closed = True
        self.window.close()
        self._events.stop()
        self._cache.clear()
        closing = asyncio.ensure_future(self.background.close(self.workspace.close))
        self.until(closing.done)
        closing.result()
        for part in (self.window, self.theme, self.background):
            part.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def open_desktop(  # noqa: PLR0917  # fixtures
    qtbot: QtBot,
    qapp: QApplication,
    loop: qasync.QEventLoop,
    home: Path,
    empty_store: Path,
    scripted_server: ScriptedServer,
) -> Iterator[Callable[..., Desktop]]:
    """Makes the services; `url` makes a scripted server their engine. The server outlives them."""
    opened: list[Desktop] = []

    def run(url: str = "") -> Desktop:
        paths = find_paths()
        paths.make()
        shutil.copy(empty_store, paths.store)
        workspace = Workspace.open(paths)
        if url:
            workspace.engines.add(Connection(ENGINE, "openai", url, "scripted-1"), None)
            workspace.settings.update(engine=ENGINE)
        opened.append(Desktop(qtbot, qapp, workspace))
        return opened[-1]

    yield run
    for each in opened:
        each.close()
    assert [error for each in opened for error in each.errors] == []


@pytest.fixture
def desktop(open_desktop: Callable[..., Desktop]) -> Desktop:
    """The services over an empty library."""
    return open_desktop()
