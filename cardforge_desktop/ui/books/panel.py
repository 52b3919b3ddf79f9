"""The books panel: all books, the entries of the open one, and what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books.actions import PanelActions
from cardforge_desktop.ui.books.book_commands import BookCommands
from cardforge_desktop.ui.books.book_list import BookList
from cardforge_desktop.ui.books.book_model import listed
from cardforge_desktop.ui.books.browser import EntryBrowser
from cardforge_desktop.ui.books.commands import EntryCommands
from cardforge_desktop.ui.books.dragging import BookDropping, EntryDragging
from cardforge_desktop.ui.books.exchange.commands import ExchangeCommands, handlers
from cardforge_desktop.ui.books.head import BookHead
from cardforge_desktop.ui.books.session import BookSession
from cardforge_desktop.ui.books.side import SidePane
from cardforge_desktop.ui.books.writing import EntryWriting
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.library.progress_strip import ProgressStrip
from cardforge_desktop.ui.panel import Panel
from cardforge_desktop.ui.services import Notice
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card, button
from cardforge_desktop.ui.widgets.empty_state import EmptyState
from cardforge_desktop.ui.widgets.focus_order import move_focus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.services import Services

_OPEN, _SPLITTER, _SIDE, _PANE = "books/open", "books/splitter", "books/side", "books/pane"
_READ_MS = 100
#: Below this width in average letters there is room for two parts.
_LETTERS = 128


class BooksPanel(Panel):
    """Lays list, entries and side out, and lets each follow the others. Lives on the window's thread."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._active = False
        self._wanted = ""  # is opened as soon as it is in the list
        self._remembered = services.memory.text(_OPEN)
        self._row = 0  # where the open book stands among all: when it is gone, the next one does
        self.session = BookSession(services, self)
        self.list = BookList(services)
        self.head = BookHead(services, self.session)
        self.browser = EntryBrowser(services, self.session)
        self.side = SidePane(services, self.session)
        self.commands = EntryCommands(services, self.session, self, lambda: self.browser.finder.query)
        self.book_commands = BookCommands(services, self.session, self)
        self.writing = EntryWriting(
            services, self.session, self.commands, self.side, lambda: self.show_pane("entry")
        )
        self.strip = ProgressStrip(services.background)
        self.change_strip = ProgressStrip(
            services.background, self.tr("Stop; what was changed so far is taken back")
        )
        self.exchange = ExchangeCommands(services, self.session, self.strip, self)
        others = {**handlers(self.exchange), "entry.split_here": self.writing.split_here}
        self.actions_of_books = PanelActions(
            services, self.session, self.commands, self.book_commands, self, others
        )
        self.dragging = [
            EntryDragging(view, services, self.session, self.commands)
            for view in (self.browser.grid, self.browser.table)
        ]
        self.dropping = BookDropping(self.list.view, services, self.session, self.commands)
        self._reader = Paced(services.background, _READ_MS, self._read)
        self._lay_out()
        self._connect()
        self._reader.ask()

    @Slot(str)
    def show_book(self, book_id: str) -> None:
        """Choose a book and open it, once it is in the list."""
        if self.list.model.book(book_id) is None:
            self._wanted = book_id
            self._reader.ask()
            return
        self._wanted = ""
        self.list.choose(book_id)
        self.session.open(book_id)

    def activated(self) -> None:
        """The list has the focus; the panel's actions work."""
        self._active = True
        if self._pages.currentWidget() is self._splitter:
            self.list.view.setFocus()
        self.actions_of_books.set_active(True)
        self._set_side_actions()

    def deactivated(self) -> None:
        """The actions go with the panel; what is typed is stored."""
        self._active = False
        self.session.flush()
        self.actions_of_books.set_active(False)
        self._set_side_actions()

    def begin_search(self) -> None:
        """Among the entries."""
        if self.session.book is not None:
            self.browser.bar.begin_search()

    def show_pane(self, key: str) -> None:
        """Show what stands beside the entries: ``entry``, ``testing`` or ``health``; where there is such."""
        if key in self.side.tabs:
            self.side.show_pane(key)
            self._show_side(True)

    @Slot()
    def switch_side(self) -> None:
        """Show or hide what stands beside the entries."""
        if self.side.tabs:
            self._show_side(self.side.isHidden())

    def copy(self) -> None:
        """The selected entries."""
        self.commands.copy()

    def take_data(self, data: QMimeData) -> bool:
        """Entries on the clipboard."""
        return self.commands.take(data)

    def takes_drops(self) -> bool:
        """Files with books can be dropped anywhere on the panel."""
        return True

    def drop_text(self, count: int) -> str:
        """They are imported."""
        if count:
            return self.tr("Drop to import the books in %n file(s)", None, count)
        return self.tr("Drop to import this as a book")

    def take_drop(self, paths: Sequence[Path], text: str) -> None:
        """Files and folders, or the text of a lorebook."""
        from cardforge_desktop.cards.importing import NamedBytes

        pasted = NamedBytes(self.tr("Pasted text"), text.encode("utf-8", "replace"))
        self.exchange.take(tuple(paths) or (pasted,))

    def keep_state(self) -> None:
        """Remember what is open, and keep what nobody decided on."""
        self.session.flush()
        self.writing.keep_undecided()
        memory = self._services.memory
        memory.keep(_OPEN, self.session.book_id)
        memory.keep(_SPLITTER, self._splitter.saveState())
        memory.keep(_PANE, self.side.current)
        self.browser.keep_state()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes as the eye goes, through parts that were made late too."""
        return move_focus(self, forward=next) or super().focusNextPrevChild(next)

    def _lay_out(self) -> None:
        self._left = Card(margin=SPACE_S)
        self._left.body.addWidget(self.list)
        self._left.setMinimumWidth(180)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(self.head)
        column.addWidget(self.browser, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(SPACE_L)
        self._splitter.setChildrenCollapsible(False)
        for part in (self._left, middle, self.side):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([196, 486, 334])
        state = self._services.memory.state(_SPLITTER)
        if state is not None:
            self._splitter.restoreState(state)
        self._show_side(bool(self.side.tabs) and self._services.memory.text(_SIDE, "shown") == "shown")
        self._pages = QStackedWidget()
        self._empty = self._make_empty()
        for page in (QWidget(), self._empty, self._splitter):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.strip)
        layout.addWidget(self.change_strip)
        layout.addWidget(self._pages)

    def _make_empty(self) -> EmptyState:
        act = button(self.tr("New book…"), "primary")
        act.clicked.connect(lambda _checked=False: self.actions_of_books.run("book.new"))
        bring = button(self.tr("Import books…"), "link")
        bring.clicked.connect(lambda _checked=False: self.actions_of_books.run("book.import"))
        return EmptyState(
            self._services.theme,
            self._services.icons,
            "book-open",
            title=self.tr("No books yet"),
            text=self.tr(
                "A book tells a chat program about your world: places, people, objects. The books of your "
                "cards are listed here too, and lorebooks that you have already can be imported."
            ),
            act=act,
            other=bring,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A small window has no room for three parts."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """What stands beside the entries takes the place of the list of books where room is scarce."""
        is_narrow = self.width() < self.fontMetrics().averageCharWidth() * _LETTERS
        self._left.setVisible(not is_narrow or self.side.isHidden())

    def _show_side(self, shown: bool) -> None:
        self.side.setVisible(shown)
        self._make_room()
        self.head.side.setChecked(shown)
        self.head.side.setVisible(bool(self.side.tabs))
        if shown and not self.side.current:
            wanted = self._services.memory.text(_PANE)
            self.side.show_pane(wanted if wanted in self.side.tabs else next(iter(self.side.tabs)))
        if self.side.tabs:
            self._services.memory.keep(_SIDE, "shown" if shown else "hidden")

    def _connect(self) -> None:
        self.list.chosen.connect(self.session.open)
        self.session.book_wanted.connect(self.show_book)
        self._services.events.changed.connect(self._on_changed)
        self.session.opened.connect(self._on_opened)
        self.browser.opened.connect(self.writing.edit)
        self.head.asked.connect(self._run)
        self.head.test_wanted.connect(lambda: self.show_pane("testing"))
        self.head.side_wanted.connect(self.switch_side)
        actions = self._services.actions
        actions.handle("editor.side", self.switch_side, self)
        actions.handle("book.test", lambda: self.show_pane("testing"), self)
        actions.handle("book.health", lambda: self.show_pane("health"), self)
        self._connect_commands()

    def _run(self, key: str) -> None:
        if key in self._services.actions:
            self._services.actions[key].trigger()

    def _set_side_actions(self) -> None:
        """Out of sight they are another panel's, or nobody's."""
        is_open = self._active and self.session.book is not None
        wanted = {"editor.side": bool(self.side.tabs)}
        wanted |= {"book.test": "testing" in self.side.tabs, "book.health": "health" in self.side.tabs}
        for key, there in wanted.items():
            self._services.actions[key].setEnabled(is_open and there)

    @Slot()
    def _on_opened(self) -> None:
        if self.session.book is not None:
            ids = [book.id for book in self.list.model.shown]
            self._row = ids.index(self.session.book_id) if self.session.book_id in ids else 0
        else:
            self._reader.ask()
        if self._active:
            self._set_side_actions()

    def _connect_commands(self) -> None:
        run = self.actions_of_books.run
        self.browser.asked.connect(lambda wish: run(f"entry.{wish}"))
        self.browser.menu_wanted.connect(lambda point: self.actions_of_books.entry_menu().popup(point))
        self.list.menu_wanted.connect(lambda point: self.actions_of_books.book_menu().popup(point))
        self.list.asked.connect(self._on_asked)
        self.commands.made.connect(self.browser.show_entries)
        self.book_commands.made.connect(self.show_book)
        self.exchange.made.connect(self.show_book)
        self.session.failed.connect(self._say_failed)
        self.session.cancelled.connect(self._say_cancelled)
        self.session.follow_with(
            lambda work: self.change_strip.follow(self.tr("Changing entries…"), work, self._changing)
        )

    def _changing(self, done: str, of: str) -> str:
        return self.tr("Changing %1 of %2 entries").replace("%1", done).replace("%2", of)

    @Slot()
    def _say_cancelled(self) -> None:
        text = self.tr("Cancelled. All entries are as they were.")
        self._services.desk.notice.emit(Notice(text, lasting=False))

    @Slot(str)
    def _on_asked(self, wish: str) -> None:
        if wish == "enter":
            self.browser.enter()
        else:
            self.actions_of_books.run({"delete": "book.delete", "rename": "book.edit"}[wish])

    @Slot(object)
    def _say_failed(self, error: Exception) -> None:
        sentence = self.tr("That could not be done with the book. The log holds the details.")
        self._services.desk.notice.emit(notice_of(error, sentence))

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.BOOK, changes) is not None or ids_of(Kind.CARD, changes) is not None:
            self._reader.ask()

    async def _read(self) -> None:
        self.list.model.show(await self._services.background.call(listed))
        self.list.refresh()
        self.book_commands.note_there({book.id for book in self.list.model.books})
        if self._wanted and self.list.model.book(self._wanted) is not None:
            self.show_book(self._wanted)
        elif not self.session.book_id:
            self._show_first()
        self._show_page()  # a list that gets the focus before a book is chosen chooses its first one

    def _show_first(self) -> None:
        """What was open the last time; else what stands where the one stood that is gone."""
        shown = [book.id for book in self.list.model.shown] or [book.id for book in self.list.model.books]
        if shown:
            near = shown[min(self._row, len(shown) - 1)]
            self.show_book(self._remembered if self._remembered in shown else near)
        self._remembered = ""

    def _show_page(self) -> None:
        page = self._splitter if self.list.model.books else self._empty
        came = self._pages.currentWidget() is not page
        self._pages.setCurrentWidget(page)
        if came and self._active and page is self._splitter:
            self.list.view.setFocus()
