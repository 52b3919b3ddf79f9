"""The entries of the open book: searched, filtered, as table or as grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services


class EntryBrowser(QWidget):
    """Lays the entries out and keeps the selection; what is done with entries is the commands'."""

    def __init__(self, services: Services, session: BookSession) -> None:
        super().__init__()
        self._services, self._session = services, session
        self.view = QListWidget()
        self.view.setAccessibleName(self.tr("Entries"))
        self.view.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.view.itemSelectionChanged.connect(self._choose)
        session.opened.connect(self._refresh)
        session.entries_changed.connect(self._refresh)

    @Slot()
    def _refresh(self) -> None:
        if book_id := self._session.book_id:
            self._services.background.start(self._read(book_id))
        else:
            self.view.clear()

    async def _read(self, book_id: str) -> None:
        from cardforge_desktop.cards.book_fields import title_of

        entries = await self._services.background.call(lambda ws: ws.books.entries(book_id))
        self.view.clear()
        for entry in entries:
            item = QListWidgetItem(title_of(entry.entry))
            item.setData(Qt.ItemDataRole.UserRole, entry.id)
            self.view.addItem(item)

    @Slot()
    def _choose(self) -> None:
        self._session.select(item.data(Qt.ItemDataRole.UserRole) for item in self.view.selectedItems())
