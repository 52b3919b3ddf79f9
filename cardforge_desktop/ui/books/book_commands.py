"""What is done with whole books: new ones, their fields, copies, deleting and bringing back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.book_dialog import BookDialog, Values, with_values
from cardforge_desktop.ui.books.wishes import Plan
from cardforge_desktop.ui.failures import told
from cardforge_desktop.ui.services import Link, Notice

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine
    from typing import Any

    from cardforge_desktop.books.model import BookSummary
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace


class BookCommands(QObject):
    """Asks the store on workers, and says what came of it. Lives on the window's thread.

    Signals:
        made(str): a book with this id is there: show it.
        deleted(): a book is gone, or back: `deleted_ids` is another.
    """

    made = Signal(str)
    deleted = Signal()

    def __init__(self, services: Services, session: BookSession, over: QWidget) -> None:
        super().__init__(over)
        self._services, self._session, self._over = services, session, over
        self._deleted: list[str] = []

    @property
    def deleted_ids(self) -> tuple[str, ...]:
        """Of the books that were deleted here and are not back, the last one last."""
        return tuple(self._deleted)

    @Slot()
    def new(self) -> None:
        """Ask for its name and make it."""
        self._do(self._ask_new(self.tr("New book")))

    @Slot()
    def edit(self) -> None:
        """The fields of the open book."""
        book = self._session.book
        if book is None:
            return
        dialog = BookDialog(self._services, book.head, self._over, book_id=book.id)
        dialog.given.connect(lambda values: self.set_values(book.id, values))
        dialog.open()

    def set_values(self, book_id: str, values: Values) -> None:
        """Change fields of a book; what others changed beside them stays."""
        text = self.tr("Rename book") if "name" in values else self.tr("Change book details")

        def plan(ws: Workspace) -> Plan | None:
            from cardforge_desktop.books.model import SetHead

            head = ws.books.book(book_id).head
            made = with_values(head, values)
            return Plan(text, (SetHead(book_id, made),)) if made != head else None

        self._session.plan(plan)

    @Slot()
    def duplicate(self) -> None:
        """Another book like the open one."""
        self._do(self._copy(self._session.book_id))

    @Slot()
    def make_own(self) -> None:
        """Of the open book of a card a book of its own; the card keeps a copy."""
        book = self._session.book
        if book is not None and book.summary.card_id:
            self._do(self._make_own(book.summary))

    @Slot()
    def delete(self) -> None:
        """Take the open book away; a notice offers to bring it back."""
        if self._session.book is not None:
            self._session.flush()
            self._do(self._delete(self._session.book.summary))

    @Slot()
    def undo_deletion(self) -> None:
        """Have the book again that was deleted last."""
        if self._deleted:
            self.bring_back(self._deleted[-1])

    def bring_back(self, book_id: str) -> None:
        """Have a deleted book again."""
        self._do(self._bring_back(book_id))

    def note_there(self, ids: Collection[str]) -> None:
        """Books with these ids are there, whoever brought them back."""
        self._deleted = [each for each in self._deleted if each not in ids]
        self.deleted.emit()

    # On workers

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        sentence = self.tr("That could not be done with the book. The log holds the details.")
        self._services.background.start(told(self._services, work, sentence))

    async def _ask_new(self, name: str) -> None:
        from cardforge_desktop.cards.model import CharacterBook

        free = await self._services.background.call(lambda ws: ws.books.free_name(name))
        dialog = BookDialog(self._services, CharacterBook(name=free), self._over)
        dialog.given.connect(lambda values: self._do(self._make(values)))
        dialog.open()

    async def _make(self, values: Values) -> None:
        def work(ws: Workspace) -> BookSummary:
            from cardforge_desktop.cards.model import CharacterBook

            return ws.books.create(with_values(CharacterBook(), values))

        book = await self._services.background.call(work)
        self.made.emit(book.id)

    async def _copy(self, book_id: str) -> None:
        if book_id:
            book = await self._services.background.call(lambda ws: ws.books.create(ws.books.whole(book_id)))
            self.made.emit(book.id)
            text = self.tr("“%1” was made.").replace("%1", book.name)
            self._say(Notice(text, "ok", lasting=False))

    async def _make_own(self, book: BookSummary) -> None:
        name = words.book_name(book)
        await self._services.background.call(lambda ws: ws.card_copies.stand_alone(book.id, name))
        self.made.emit(book.id)
        text = self.tr("“%1” stands by itself now. The card %2 keeps a copy.")
        text = text.replace("%2", book.card_name).replace("%1", name)
        self._say(Notice(text, "ok", lasting=False))

    async def _delete(self, book: BookSummary) -> None:
        await self._services.background.call(lambda ws: ws.books.delete([book.id]))
        self._deleted.append(book.id)
        self.deleted.emit()
        text = self.tr("“%1” was deleted. It can come back for 30 days.")
        if book.card_id:
            text = self.tr("“%1” was deleted, and taken out of the card %2.").replace("%2", book.card_name)
        undo = Link(self.tr("Undo"), lambda: self.bring_back(book.id))
        self._say(Notice(text.replace("%1", words.book_name(book)), links=(undo,)))

    async def _bring_back(self, book_id: str) -> None:
        def bring_back(ws: Workspace) -> str:
            ws.books.undelete([book_id])
            return ws.books.book(book_id).summary.name  # another one, where it was taken meanwhile

        name = await self._services.background.call(bring_back)
        self.note_there({book_id})
        self.made.emit(book_id)
        text = self.tr("The book “%1” is there again.").replace("%1", name)
        self._say(Notice(text, "ok", lasting=False))

    def _say(self, notice: Notice) -> None:
        self._services.desk.notice.emit(notice)
