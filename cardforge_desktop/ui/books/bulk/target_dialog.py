"""Asks into which book entries are to be moved or copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Slot
from PySide6.QtWidgets import QWidget

from cardforge_desktop.ui.books.book_list import BookView
from cardforge_desktop.ui.books.book_model import BookModel, Listed, Role, listed
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from cardforge_desktop.books.model import BookSummary
    from cardforge_desktop.ui.services import Services


class TargetDialog(BulkDialog):
    """All other books, to be searched. Accepted with `chosen`."""

    def __init__(self, services: Services, book_id: str, count: int, parent: QWidget, *, copy: bool) -> None:
        super().__init__(parent)
        title = (
            self.tr("Copy %Ln entry(s) to another book", None, count)
            if copy
            else self.tr("Move %Ln entry(s) to another book", None, count)
        )
        self.set_texts(title, "", self.tr("Copy") if copy else self.tr("Move"))
        self._services, self._book_id = services, book_id
        self.search = SearchField(services.icons, self.tr("Search books"))
        self.model = BookModel(self)
        self.list = BookView(services, self.model)
        self.body.addWidget(self.search)
        self.body.addWidget(self.list, 1)
        self.resize(440, 420)
        self.search.textChanged.connect(self._find)
        self.search.entered.connect(self.list.setFocus)
        self.list.selectionModel().currentChanged.connect(self._refresh)
        self.list.doubleClicked.connect(self.accept)
        self.list.asked.connect(self._on_key)
        self._refresh()
        services.background.start(self._read())

    @property
    def chosen(self) -> BookSummary:
        """The book. Only while one is chosen."""
        book: BookSummary = self.list.currentIndex().data(Role.BOOK)
        return book

    async def _read(self) -> None:
        found = await self._services.background.call(listed)
        if not self.is_there:
            return
        pairs = [pair for pair in zip(found.books, found.texts, strict=True) if pair[0].id != self._book_id]
        self.model.show(Listed(tuple(book for book, _ in pairs), tuple(text for _, text in pairs)))
        self._find("")
        self.search.setFocus()

    @Slot(str)
    def _find(self, text: str) -> None:
        self.model.find(text, ())
        if shown := self.model.shown:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(
                self.model.index(self.model.row_of(shown[0].id) or 0), flag
            )
        self._refresh()

    @Slot(str)
    def _on_key(self, key: str) -> None:
        if key == "enter" and self.yes.isEnabled():
            self.accept()

    @Slot()
    def _refresh(self) -> None:
        self.say("", possible=bool(self.model.shown) and self.list.currentIndex().data(Role.BOOK) is not None)
