"""Asks into which book entries are to be moved or copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.bulk.frame import BulkDialog

if TYPE_CHECKING:
    from cardforge_desktop.books.model import BookSummary
    from cardforge_desktop.ui.services import Services

_BOOK = Qt.ItemDataRole.UserRole


class TargetDialog(BulkDialog):
    """All other books, to be searched. Accepted with `chosen`."""

    def __init__(self, services: Services, book_id: str, count: int, parent: QWidget, *, copy: bool) -> None:
        super().__init__(parent)
        title = (
            self.tr("Copy %Ln entries to another book", None, count)
            if copy
            else self.tr("Move %Ln entries to another book", None, count)
        )
        self.set_texts(title, "", self.tr("Copy") if copy else self.tr("Move"))
        self._services, self._book_id = services, book_id
        self.search = QLineEdit()
        self.search.setProperty("role", "search")
        self.search.setPlaceholderText(self.tr("Search books"))
        self.search.setAccessibleName(self.tr("Search books"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Books"))
        self.body.addWidget(self.search)
        self.body.addWidget(self.list, 1)
        self.resize(440, 420)
        self.search.textChanged.connect(self._find)
        self.list.currentItemChanged.connect(self._refresh)
        self.list.itemActivated.connect(self.accept)
        self._refresh()
        services.background.start(self._read())

    @property
    def chosen(self) -> BookSummary:
        """The book. Only while one is chosen."""
        book: BookSummary = self.list.currentItem().data(_BOOK)
        return book

    async def _read(self) -> None:
        books = await self._services.background.call(lambda ws: ws.books.books())
        if not self.is_there:
            return
        for book in sorted(books, key=lambda book: book.card_id != ""):
            if book.id != self._book_id:
                lines = words.book_lines(book)
                item = QListWidgetItem(" · ".join(lines[: 2 if book.card_id else 1]))
                item.setToolTip("\n".join(lines))
                item.setData(_BOOK, book)
                self.list.addItem(item)
        self._find("")
        self.search.setFocus()

    @Slot(str)
    def _find(self, text: str) -> None:
        first = None
        for at in range(self.list.count()):
            item = self.list.item(at)
            item.setHidden(text.casefold() not in item.text().casefold())
            first = item if first is None and not item.isHidden() else first
        self.list.setCurrentItem(first)  # type: ignore[arg-type]
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        item = self.list.currentItem()
        self.say("", possible=item is not None and not item.isHidden())
