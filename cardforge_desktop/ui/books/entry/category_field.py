"""The category of an entry: any word, the book's own offered with how many entries have each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QMenu

from cardforge_desktop.cards.book_fields import CATEGORIES
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.theme import Tone

if TYPE_CHECKING:
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.widgets.field_bench import FieldBench

_EVERY_MS = 400
_MOST = 60


class CategoryField(QLineEdit):
    """A line that completes to the categories of the open book, and a list of them below it.

    Signals:
        given(object): the person wrote or chose this; sent when it is whole, not at each letter.
    """

    given = Signal(object)

    def __init__(self, bench: FieldBench, session: BookSession) -> None:
        super().__init__()
        self._background, self._session = bench.services.background, session
        self._value = ""
        self._categories: tuple[tuple[str, int], ...] = ()
        bench.without_undo(self)
        self.setPlaceholderText(self.tr("None"))
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self._open = QAction(self.tr("Choose a category (Down)"), self)
        bench.icons.put(self._open, "chevron-down", Tone.MUTED, 16)
        self._open.triggered.connect(self.offer)
        self.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
        self._reader = Paced(self._background, _EVERY_MS, self._read)
        self.editingFinished.connect(self.settle)
        session.opened.connect(self._reader.ask)
        session.entries_changed.connect(self._reader.ask)
        self._reader.ask()

    @property
    def categories(self) -> tuple[tuple[str, int], ...]:
        """Those of the book, and how many entries have each."""
        return self._categories

    def show_value(self, value: str) -> None:
        """Show a category."""
        self._value = value
        if value != self.text():
            self.setText(value)
            self.home(False)  # of a long one the beginning is seen

    @Slot()
    def settle(self) -> None:
        """Take what is written as it is."""
        value = self.text().strip()
        if value != self.text():
            self.setText(value)
        if value != self._value:
            self._value = value
            self.given.emit(value)

    @Slot()
    def offer(self) -> None:
        """Open the list of categories."""
        self.menu().popup(self.mapToGlobal(self.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """The categories of the book, then those that CardForge writes, then none."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setMinimumWidth(self.width())
        own = [name for name, _ in self._categories]
        for name, count in self._categories[:_MOST]:
            self._add(menu, name, f"{name}\t{formatting.number(count)}")
        for name in CATEGORIES:
            if name not in own:
                self._add(menu, name, name)
        menu.addSeparator()
        self._add(menu, "", self.tr("No category"))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the list, as in every such control."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4):
            self.offer()
            return
        super().keyPressEvent(event)

    def _add(self, menu: QMenu, name: str, text: str) -> None:
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(name == self._value)
        action.triggered.connect(lambda _checked=False: self._choose(name))

    def _choose(self, name: str) -> None:
        self.setText(name)
        self.settle()

    async def _read(self) -> None:
        book_id = self._session.book_id
        if not book_id:
            return
        from cardforge_desktop.books.search import EntryQuery

        try:
            counts = await self._background.call(lambda ws: ws.book_search.counts(EntryQuery(book_id)))
        except CardForgeError:  # the book is gone, which others tell
            return
        if shiboken6.isValid(self) and book_id == self._session.book_id:
            self._categories = tuple((name, count) for name, count in counts.categories if name)
            self._model.setStringList([name for name, _ in self._categories])
