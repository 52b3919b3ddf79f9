"""The head of the open book: its name and its totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.theme import SPACE_S
from cardforge_desktop.ui.widgets.basics import ElidedLabel, chip, row

if TYPE_CHECKING:
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services


class BookHead(QWidget):
    """Follows the session."""

    def __init__(self, services: Services, session: BookSession) -> None:
        super().__init__()
        self._services, self._session = services, session
        self.name = ElidedLabel("", "heading")
        self.entries, self.tokens = chip(""), chip("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.name)
        layout.addLayout(row(self.entries, self.tokens, None))
        session.opened.connect(self._show)
        session.book_changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        if (book := self._session.book) is not None:
            self.name.set_whole(words.book_name(book.summary))
            self.entries.setText(words.entries_text(book.summary.entries))
            self.tokens.setText(words.tokens_text(book.summary.tokens))
