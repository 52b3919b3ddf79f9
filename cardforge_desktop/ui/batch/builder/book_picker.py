"""Which book the cards of some drafts share, if any, and how much of it is told to the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialogButtonBox, QInputDialog, QVBoxLayout, QWidget

from cardforge_desktop.batches.model import BOOK_TOKENS
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import label
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

#: Tokens that are offered.
_CAPS = (250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)
_LONGEST_NAME = 120


class BookPicker(QWidget):
    """Two choices; the second is there once there is a book.

    Attributes:
        made: ids of the books that were made here.

    Signals:
        picked(str): the person chose the book with this id, "" = none.
        capped(int): the person chose so many tokens.
    """

    picked = Signal(str)
    capped = Signal(int)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._services = services
        self._books: tuple[tuple[str, str], ...] = ()
        self.made: list[str] = []
        self.book = Picker(services.icons, self.tr("Shared book"))
        self.tokens = Picker(services.icons, self.tr("How much of the shared book is told"))
        self.make = QAction(self.tr("&New book…"), self)
        self.make.setStatusTip(self.tr("Make an empty book that these cards fill"))
        self.make.triggered.connect(self.ask_name)
        self.book.add_command(self.make)
        self.book.picked.connect(self._pick)
        self.tokens.picked.connect(lambda key: self.capped.emit(int(key)))
        self._about = label(
            self.tr(
                "What a source wakes of it is told to the model, but to no small one; what its card tells "
                "besides is added to it."
            ),
            "caption",
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        for part in (self.book, self.tokens, self._about):
            column.addWidget(part)
        self.setFocusProxy(self.book)
        self.show_books(())
        self.show_value("", BOOK_TOKENS)

    @property
    def current(self) -> str:
        """Id of the book, "" = none."""
        return self.book.current

    @property
    def cap(self) -> int:
        """Tokens."""
        return int(self.tokens.current or BOOK_TOKENS)

    def show_books(self, books: Sequence[tuple[str, str]]) -> None:
        """The ids and names of those that can be chosen."""
        self._books = tuple(books)
        none = Choice("", self.tr("None"), self.tr("Each card has a book of its own alone"))
        self.book.set_choices([none, *(Choice(*book) for book in books)], self.book.current)
        self.show_value(self.book.current, self.cap)

    def show_value(self, book_id: str | None, tokens: int | None, various: str = "") -> None:
        """What is chosen; None = the drafts differ, which is said as `various`."""
        gone = self.tr("A book that is no longer there")
        known = not book_id or any(book_id == each for each, _ in self._books)
        self.book.show_choice(book_id or "", various if book_id is None else "" if known else gone)
        caps = sorted({*_CAPS, tokens or BOOK_TOKENS})
        self.tokens.set_choices([Choice(str(cap), self._cap_text(cap)) for cap in caps], str(tokens or ""))
        if tokens is None:
            self.tokens.show_choice("", various)
        for part in (self.tokens, self._about):
            part.setVisible(book_id != "")

    @Slot()
    def ask_name(self) -> QInputDialog:
        """Ask how a new book is called, and make it."""
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("New book"))
        dialog.setLabelText(self.tr("Name of the book that the cards fill"))
        dialog.setOkButtonText(self.tr("Make book"))
        dialog.textValueSelected.connect(lambda name: self._services.background.start(self._make(name)))
        buttons = dialog.findChild(QDialogButtonBox)
        if buttons is not None:
            yes = buttons.button(QDialogButtonBox.StandardButton.Ok)
            yes.setEnabled(False)
            dialog.textValueChanged.connect(lambda name: yes.setEnabled(bool(name.strip())))
        dialog.open()
        return dialog

    def forget_made(self, but: str = "") -> None:
        """Delete the books that were made here and that nothing is written in. `but`: of the one in use."""
        ids = [book_id for book_id in self.made if book_id != but]
        self.made.clear()
        if ids:
            self._services.background.start(self._delete(ids))

    async def _delete(self, ids: Sequence[str]) -> None:
        def delete_empty(ws: Workspace) -> None:
            ws.books.delete([book.id for book in ws.books.books() if book.id in ids and not book.entries])

        await self._services.background.call(delete_empty)

    async def _make(self, name: str) -> None:
        from cardforge_desktop.cards.model import CharacterBook

        wanted = CharacterBook(name=name.strip()[:_LONGEST_NAME])
        try:
            book = await self._services.background.call(lambda ws: ws.books.create(wanted))
        except CardForgeError as error:
            self._services.background.failed.emit(error)
            return
        self.made.append(book.id)
        self.show_books([*self._books, (book.id, book.name)])
        self.show_value(book.id, self.cap)
        self.picked.emit(book.id)

    @Slot(str)
    def _pick(self, book_id: str) -> None:
        self.show_value(book_id, self.cap)
        self.picked.emit(book_id)

    def _cap_text(self, tokens: int) -> str:
        return self.tr("At most %1 tokens are told").replace("%1", formatting.number(tokens))
