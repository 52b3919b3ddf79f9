"""What the frame does: status bar, drops and paste, commands, the question at the end, notifications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QMimeData, QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from cardforge_desktop.ui.action_list import SPECS
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.batch_news import BatchNews
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.limit_watch import LimitWatch
from cardforge_desktop.ui.main_window import MainWindow
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.widgets.question import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardforge_desktop.batches.overview import QueueSummary
    from cardforge_desktop.books.exchange import TakenBook
    from cardforge_desktop.costs.ledger import Spending
    from cardforge_desktop.costs.limits import Standing
    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.batch.panel import BatchPanel
    from cardforge_desktop.ui.books.panel import BooksPanel
    from cardforge_desktop.ui.library.panel import LibraryPanel
    from cardforge_desktop.ui.profiles.panel import ProfilesPanel
    from cardforge_desktop.workspace import Workspace


#: The status bar is read anew at most so often; it counts seconds, not events.
_STATUS_MS = 250


class Frame(QObject):
    """Decides for the main window. Lives on the window's thread.

    Signals:
        quit(): the person wants out and has nothing to lose.
    """

    quit = Signal()

    def __init__(self, window: MainWindow, services: Services) -> None:
        super().__init__(window)
        self._window, self._services = window, services
        self._summary: QueueSummary | None = None
        self._summary_reader = Paced(services.background, _STATUS_MS, self._read_summary)
        self._today_reader = Paced(services.background, _STATUS_MS, self._read_today)
        self._theme_reader = Paced(services.background, 0, self._read_theme)
        self._limit_watch = LimitWatch(services, self.open_limits)
        self._news = BatchNews(window, services, lambda: self.come_forward(()))
        self._midnight = QTimer(self, singleShot=True)
        self._midnight.timeout.connect(self._today_reader.ask)
        self._asking = False
        actions = services.actions
        actions.make_menus(window.menuBar())
        for spec in SPECS:
            actions.add(spec).setEnabled(False)
        self._handle_actions()
        window.dropped.connect(self.take)
        window.pictured.connect(self._take_picture)
        window.closing.connect(self.ask_to_quit)
        services.desk.open_card.connect(self._open_card)
        services.desk.open_book.connect(self._open_book)
        services.desk.merge_book.connect(self._merge_book)
        services.desk.open_batch.connect(self._open_batch)
        services.desk.show_batch.connect(self._show_batch)
        services.desk.open_made_with.connect(self._open_made_with)
        window.status.spent.wanted.connect(lambda: window.go_to("costs"))
        services.events.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Read what the status bar shows; waits for the workspace by itself."""
        self._summary_reader.ask()
        self._today_reader.ask()
        self._theme_reader.ask()
        self._services.batches.begin()

    @property
    def batch(self) -> BatchPanel:
        """The batch panel, opened."""
        return cast("BatchPanel", self._window.built("batch"))

    @property
    def library(self) -> LibraryPanel:
        """The library panel, opened."""
        return cast("LibraryPanel", self._window.built("library"))

    @property
    def books(self) -> BooksPanel:
        """The books panel, opened."""
        return cast("BooksPanel", self._window.built("books"))

    @property
    def profiles(self) -> ProfilesPanel:
        """The profiles panel, opened."""
        return cast("ProfilesPanel", self._window.built("profiles"))

    @Slot(list, str)
    def take(self, paths: list[Path], text: str = "") -> None:
        """What was dropped or pasted: the panel that is open imports it, else it is for the queue."""
        if self._window.current == "library" and (paths or text.lstrip().startswith("{")):
            self.library.take_drop(paths, text)
        elif self._window.current == "books" and (paths or text.lstrip().startswith("{")):
            self.books.take_drop(paths, text)
        elif self._window.current == "profiles" and paths:
            self.profiles.take_drop(paths)
        else:
            self.add(paths, text)

    def open_files(self, paths: Sequence[Path]) -> None:
        """Files the app was asked to open: card files are imported, the others are for the queue."""
        self._services.background.start(self._open_files(tuple(paths)))

    async def _open_files(self, paths: tuple[Path, ...]) -> None:
        cards = await self._services.background.run(lambda: [path for path in paths if _is_card(path)])
        others = [path for path in paths if path not in cards]
        if others:
            self.add(others)
        if cards:
            self.library.take(cards, opening=True)

    @Slot(object)
    def _take_picture(self, picture: object) -> None:
        if self._window.current == "library":
            self.library.take_picture(picture)

    @Slot(list, str)
    def add(self, paths: list[Path], text: str = "") -> None:
        """Put files, folders or a text into the queue."""
        self.batch.add(paths, text)

    @Slot(object)
    def come_forward(self, paths: tuple[Path, ...]) -> None:
        """A second start called: show the window, take its files."""
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        if paths:
            self.open_files(paths)

    @Slot()
    def ask_to_quit(self) -> None:
        """Quit at once when nothing runs; else ask once. What runs goes on at the next start."""
        summary = self._summary
        open_cards = summary.counts.processing + summary.counts.queued if summary is not None else 0
        if not open_cards:
            self.quit.emit()
            return
        if self._asking:
            return
        self._asking = True
        question = Question(
            self._window,
            self.tr("%n card(s) are not finished", None, open_cards),
            self.tr("They go on by themselves when you start CardForge again. Nothing is lost."),
            yes=self.tr("Close now"),
            no=self.tr("Keep working"),
        )
        question.finished.connect(self._stop_asking)
        question.accepted.connect(self.quit)
        question.open()

    def close(self) -> None:
        """Take the tray icon away."""
        self._news.close()

    def _handle_actions(self) -> None:
        actions, window = self._services.actions, self._window
        handlers = {
            "file.add": self._browse,
            "file.folder": self._browse_folder,
            "file.import": self._import,
            "file.import_folder": self._import_folder,
            "file.output": lambda: self._services.background.start(self._open_output()),
            "file.settings": lambda: window.open_panel("settings"),
            "file.quit": self.ask_to_quit,
            "costs.limits": self.open_limits,
            "costs.prices": self.open_prices,
            "edit.paste": self._paste,
            "edit.copy": self._copy,
            "edit.find": self._search,
            "view.palette": self.open_palette,
            "view.theme": self._switch_theme,
            "help.shortcuts": self.open_help,
            "help.logs": lambda: _open(self._services.paths.logs),
            "help.about": lambda: window.open_panel("settings"),
        }
        for key, do in handlers.items():
            actions.handle(key, do).setEnabled(True)

    @Slot()
    def _browse(self) -> None:
        self.batch.browse()

    @Slot()
    def _browse_folder(self) -> None:
        self.batch.browse_folder()

    @Slot()
    def _import(self) -> None:
        if self._window.current == "books":
            self.books.exchange.browse()
        else:
            self.library.importer.browse()

    @Slot()
    def _import_folder(self) -> None:
        self.library.importer.browse_folder()

    @Slot()
    def _paste(self) -> None:
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None for one that is empty
        if data is not None:
            self._window.take(data)

    def _copy(self) -> None:
        if self._window.panel is not None:
            self._window.panel.copy()

    @Slot()
    def _search(self) -> None:
        if self._window.panel is not None:
            self._window.panel.begin_search()

    @Slot()
    def open_palette(self) -> None:
        """Ctrl+K."""
        from cardforge_desktop.ui.command_palette import CommandPalette

        palette = CommandPalette(self._window, self._services.actions, self._services.theme)
        corner = self._window.mapToGlobal(self._window.rect().topLeft())
        palette.move(corner.x() + (self._window.width() - palette.width()) // 2, corner.y() + 90)
        palette.open()

    @Slot()
    def open_help(self) -> None:
        """F1."""
        from cardforge_desktop.ui.command_palette import ShortcutsHelp

        ShortcutsHelp(self._window, self._services.actions).open()

    @Slot(str)
    def _open_card(self, card_id: str) -> None:
        self.library.open_card(card_id)

    @Slot(str)
    def _open_book(self, book_id: str) -> None:
        self.books.show_book(book_id)

    @Slot(object)
    def _merge_book(self, item: TakenBook) -> None:
        self.books.exchange.bring_taken(item)

    @Slot(str)
    def _open_batch(self, batch_id: str) -> None:
        self.library.browser.show_all()
        self.library.browser.filters.filter(batch=batch_id)

    @Slot(str)
    def _show_batch(self, batch_id: str) -> None:
        if self._services.batches.batch(batch_id) is None:  # off the history: its cards are there
            self._open_batch(batch_id)
        else:
            self.batch.show_batch(batch_id)

    @Slot(str)
    def _open_made_with(self, profile: str) -> None:
        self.library.browser.show_all()
        self.library.browser.filters.filter(profile=profile)

    async def _open_output(self) -> None:
        settings = await self._services.background.call(lambda ws: ws.settings.get())
        await self._services.background.run(lambda: settings.output.mkdir(parents=True, exist_ok=True))
        _open(settings.output)

    def _switch_theme(self) -> None:
        theme = self._services.theme
        choice = "light" if theme.tokens.dark else "dark"
        theme.choose(choice)
        self._services.memory.keep("window/theme", choice)
        background = self._services.background
        background.start(background.call(lambda ws: ws.settings.update(theme=choice)))

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.ITEM, changes) is not None or ids_of(Kind.BATCH, changes) is not None:
            self._summary_reader.ask()
        if any(ids_of(kind, changes) is not None for kind in (Kind.CALL, Kind.LIMIT)):
            self._today_reader.ask()
        if ids_of(Kind.SETTING, changes) is not None:
            self._theme_reader.ask()

    async def _read_summary(self) -> None:
        summary = await self._services.background.call(lambda ws: ws.batches.summary())
        self._summary = summary
        self._window.status.show_summary(summary)

    async def _read_today(self) -> None:
        spent = await self._services.background.call(_spent)
        self._window.status.spent.show_spent(spent.today, spent.standings)
        self._limit_watch.judge((*spent.standings, *spent.of_batches))
        self._midnight.start(spent.milliseconds_left)

    @Slot()
    def open_limits(self) -> None:
        """What may be spent at most."""
        from cardforge_desktop.ui.costs.limits_dialog import LimitsDialog

        LimitsDialog(self._window, self._services).open()

    @Slot()
    def open_prices(self) -> None:
        """What models cost."""
        from cardforge_desktop.ui.costs.prices_dialog import PricesDialog

        PricesDialog(self._window, self._services).open()

    async def _read_theme(self) -> None:
        settings = await self._services.background.call(lambda ws: ws.settings.get())
        self._services.memory.keep("window/theme", settings.theme)
        self._services.theme.choose(settings.theme)

    @Slot()
    def _stop_asking(self) -> None:
        self._asking = False


@dataclass(frozen=True, slots=True)
class _Spent:
    """What the status bar tells, and when it is to be told anew even if nothing happens."""

    today: Spending
    standings: tuple[Standing, ...]
    of_batches: tuple[Standing, ...]
    milliseconds_left: int


def _spent(workspace: Workspace) -> _Spent:
    limits, spendings = workspace.limits, workspace.spendings
    end = spendings.this_day().end
    seconds = 0.0 if end is None else (end - datetime.now(UTC)).total_seconds()
    left = max(1_000, round(seconds * 1_000) + 1_000)  # a second too late rather than one too early
    return _Spent(spendings.today(), limits.standings(), limits.standings_of_batches(), left)


def _is_card(path: Path) -> bool:
    """Whether a file holds a character card. Slow."""
    from cardforge_desktop.cards.formats.headers import CARD_SUFFIXES, read_header

    if path.suffix.lower() not in CARD_SUFFIXES or not path.is_file():
        return False
    header = read_header(path)
    return header.problem is None and header.holds == "card"


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
