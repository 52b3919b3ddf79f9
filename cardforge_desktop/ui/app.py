"""From the start of the process to the first painted window, and to the end."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

import cardforge_desktop
from cardforge_desktop.paths import Paths
from cardforge_desktop.ui.failures import Failures
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.language import speak
from cardforge_desktop.ui.main_window import MainWindow
from cardforge_desktop.ui.memory import Memory
from cardforge_desktop.ui.single_instance import SingleInstance
from cardforge_desktop.ui.theme import Theme

if TYPE_CHECKING:
    import asyncio

    from cardforge_desktop.ui.background import Background
    from cardforge_desktop.ui.frame import Frame
    from cardforge_desktop.ui.services import Desk, Notice, Services
    from cardforge_desktop.workspace import Workspace


class Application(QApplication):
    """The Qt application.

    Signals:
        file_opened(object): the system asks to open a file (macOS: dock, Open With).
    """

    file_opened = Signal(object)

    def event(self, event: QEvent) -> bool:
        """Take files from the dock."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit((Path(event.file()),))
            return True
        return super().event(event)


class _Imports(QObject):
    """Imports asyncio and qasync beside the painted window.

    Signals:
        done(): both are there.
    """

    done = Signal()

    def begin(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="imports", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        import asyncio  # noqa: F401
        import contextlib

        with contextlib.suppress(ImportError):  # the window's thread gets and reports the error
            import qasync  # noqa: F401

        import cardforge_desktop.ui.frame  # noqa: F401

        self.done.emit()


class Session(QObject):
    """One run of the window: builds it, opens the workspace behind it, ends both in order.

    Lives on the window's thread; `live` is its main coroutine.
    """

    ready = Signal()

    def __init__(
        self,
        app: QApplication,
        paths: Paths,
        files: Sequence[Path] = (),
        make: Callable[[Paths], Workspace] | None = None,
    ) -> None:
        """`make` opens the workspace, on a worker thread; None = the real one."""
        super().__init__()
        self._paths, self._files = paths, tuple(files)
        self._make = make or _open_workspace
        self.memory = Memory(paths.data)
        self.theme = Theme(app, self.memory.text("window/theme", "system"))
        self.icons = Icons(self.theme)
        self.window = MainWindow(self.theme, self.icons, self.memory)
        self.desk: Desk
        self.workspace: Workspace | None = None
        self.background: Background
        self.frame: Frame
        self.services: Services
        self._end: asyncio.Future[None]

    def furnish(self) -> None:
        """Everything that needs the asyncio loop: services, menus, the panel of the last time."""
        import asyncio

        from cardforge_desktop.ui.actions import Actions
        from cardforge_desktop.ui.background import Background
        from cardforge_desktop.ui.batch.history.reader import BatchReader
        from cardforge_desktop.ui.cache import Cache
        from cardforge_desktop.ui.core_events import CoreEvents
        from cardforge_desktop.ui.frame import Frame
        from cardforge_desktop.ui.services import Desk, Services

        self.desk = Desk()
        self._end = asyncio.get_running_loop().create_future()
        self.background = Background()
        events = CoreEvents()
        cache = Cache(self.background)
        events.changed.connect(cache.drop)  # before any panel: they read through it
        self.services = Services(
            self._paths,
            self.theme,
            self.icons,
            self.memory,
            Actions(self.window, self.icons),
            self.desk,
            self.background,
            events,
            cache,
            BatchReader(self.background, events),
        )
        self.frame = Frame(self.window, self.services)
        self.frame.quit.connect(self.end)
        self.window.furnish(self.services)
        self.frame.begin()
        if self._files:
            self.frame.open_files(self._files)

    async def open(self) -> None:
        """Open the workspace on a worker thread; a failure is said in the window."""
        from cardforge_desktop.ui.failures import notice_of

        try:
            workspace = await self.background.run(lambda: self._make(self._paths))
        except Exception as error:
            sentence = self.tr("The store could not be opened. The log holds the details.")
            self.desk.notice.emit(notice_of(error, sentence))
            self.window.status.showMessage(self.tr("Not open"))
            raise
        self.workspace = workspace
        self.services.events.listen(workspace.hub)
        self.background.provide(workspace)
        await self.background.run(workspace.take_up)
        self.ready.emit()

    async def live(self) -> None:
        """Until the person quits."""
        import asyncio
        import contextlib

        opening = asyncio.ensure_future(self.open())
        await self._end
        self.window.keep_state()
        self.memory.save()
        self.frame.close()
        self.window.let_close()
        self.window.close()
        with contextlib.suppress(Exception):
            await opening
        self.services.events.stop()
        self.services.cache.clear()
        if self.workspace is not None:
            await self.background.close(last=self.workspace.close)
        else:
            await self.background.close()

    @Slot()
    def end(self) -> None:
        """Let `live` come to its end."""
        if not self._end.done():
            self._end.set_result(None)


def _open_workspace(paths: Paths) -> Workspace:
    from cardforge_desktop.ui.importing import ONE_AT_A_TIME

    with ONE_AT_A_TIME:
        from cardforge_desktop.workspace import Workspace, log_to_file

    paths.make()
    log_to_file(paths)
    return Workspace.open(paths)


def run(paths: Paths, files: Sequence[Path], argv: Sequence[str]) -> int:
    """Show the window until it is closed; returns the exit code.

    A second start of the same store hands its files to the first and returns at once.
    """
    # Workers hand the interpreter back after half a millisecond instead of five: the window draws smoothly
    # while eight cards are parsed, checked and stored.
    sys.setswitchinterval(0.0005)
    app = Application(list(argv))
    QCoreApplication.setApplicationName("CardForge")
    QCoreApplication.setApplicationVersion(cardforge_desktop.__version__)
    app.setDesktopFileName("cardforge-desktop")
    speak(app)
    app.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(paths.data)
    if not instance.take() and instance.hand_over(files):
        return 0
    failures = Failures(paths.logs)
    session = Session(app, paths, files)
    _paint_first(session)
    try:
        _live(app, session, instance, failures)
    finally:
        instance.close()
        failures.close()
    return 0


def _paint_first(session: Session) -> None:
    """Show the window; import what comes next beside it."""
    imports, waiting = _Imports(), QEventLoop()
    imports.done.connect(waiting.quit, Qt.ConnectionType.QueuedConnection)
    session.window.painted.connect(imports.begin, Qt.ConnectionType.QueuedConnection)
    session.window.show()
    waiting.exec()


def _live(app: Application, session: Session, instance: SingleInstance, failures: Failures) -> None:
    import qasync

    from cardforge_desktop.ui.background import WindowGarbage
    from cardforge_desktop.ui.panels import PanelImports

    garbage = WindowGarbage(session)
    loop = qasync.QEventLoop(app)
    loop.set_exception_handler(failures.on_loop_exception)

    async def main() -> None:
        session.furnish()
        garbage.follow(session.background)
        failures.notice.connect(session.desk.notice)
        session.background.failed.connect(failures.report)
        session.ready.connect(garbage.settle)
        session.ready.connect(PanelImports(session.background, session).begin)
        session.ready.connect(instance.listen)
        instance.called.connect(session.frame.come_forward)
        app.file_opened.connect(session.frame.come_forward)
        if failures.crashed_before:
            session.desk.notice.emit(_crash_notice(session))
        _quit_on_signals(session, loop)
        await session.live()

    try:
        loop.run_until_complete(main())
    finally:
        garbage.stop()
        loop.close()


def _crash_notice(session: Session) -> Notice:
    from cardforge_desktop.ui.services import Link, Notice

    text = session.tr(
        "CardForge ended unexpectedly the last time. Finished cards are here; the others go on."
    )
    logs = Link(session.tr("Open log folder"), session.services.actions["help.logs"].trigger)
    return Notice(text, "warn", links=(logs,))


def _quit_on_signals(session: Session, loop: Any) -> None:
    """Ctrl+C in the terminal and a polite kill end the app in order."""
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(session.end))
