"""The texts of the card for the find bar: also those whose pages nobody opened yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from cardforge_desktop.cards.field_paths import texts, value_at, with_value
from cardforge_desktop.ui.library.preview.field_names import field_name

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import BookEntry, Card
    from cardforge_desktop.ui.library.editor.session import CardSession
    from cardforge_desktop.ui.widgets.text_search import FieldText

_NOTE = "extensions.depth_prompt.prompt"
_BOOK = "character_book."
_OF_ENTRIES = ("name", "comment")


class CardTexts(QObject):
    """`FindFields` over a card. What is replaced in one turn of the event loop is one step of undo."""

    def __init__(self, session: CardSession, go_to: Callable[[str, int, int], None]) -> None:
        super().__init__(session)
        self._session, self._go_to = session, go_to
        self._pending: Card | None = None
        self._first = ""
        self._known: tuple[Card, tuple[FieldText, ...]] | None = None
        self._book: tuple[list[BookEntry], tuple[FieldText, ...]] | None = None

    def fields(self) -> Sequence[FieldText]:
        """Path, label and text of every field, in the order of the screen."""
        self.commit()
        if not self._session.is_open:
            return ()
        card = self._session.card
        if self._known is None or self._known[0] is not card:
            self._known = (card, (*_card_texts(card), *self._book_texts(card)))
        return self._known[1]

    def select(self, path: str, start: int, end: int) -> None:
        """Bring a place into sight; the focus stays in the bar."""
        self.commit()
        self._go_to(path, start, end)

    def replace(self, path: str, start: int, end: int, new: str) -> None:
        """Put `new` there."""
        if self._pending is None:
            self._pending, self._first = self._session.card, path
            QTimer.singleShot(0, self, self.commit)
        text = str(value_at(self._pending, path))
        self._pending = with_value(self._pending, path, text[:start] + new + text[end:])

    @Slot()
    def commit(self) -> None:
        """Make what was replaced in this turn one step now."""
        card, self._pending = self._pending, None
        if card is not None and self._session.is_open:
            self._session.put(replace(self._session.package, card=card), self._first)

    def _book_texts(self, card: Card) -> tuple[FieldText, ...]:
        book = card.character_book
        if book is None:
            return ()
        if self._book is None or self._book[0] is not book.entries:
            self._book = (book.entries, tuple(_entry_texts(book.entries)))
        own = tuple(
            (f"{_BOOK}{name}", field_name(f"{_BOOK}{name}"), text)
            for name, text in (("name", book.name), ("description", book.description))
            if text
        )
        return own + self._book[1]


def _card_texts(card: Card) -> Iterator[FieldText]:
    without_book = card.model_copy(update={"character_book": None})
    for path, text in texts(without_book):
        yield path, field_name(path), text
        if path == "post_history_instructions":
            note = card.extensions.get("depth_prompt")
            if isinstance(note, dict) and isinstance(note.get("prompt"), str):
                yield _NOTE, field_name(_NOTE), note["prompt"]


def _entry_texts(entries: Sequence[BookEntry]) -> Iterator[FieldText]:
    """A book may have 20,000 entries: nothing is looked up for each."""
    name = QCoreApplication.translate("CardTexts", "Book entry %1")
    for at, entry in enumerate(entries):
        label, path = name.replace("%1", str(at + 1)), f"{_BOOK}entries[{at}]."
        for field in _OF_ENTRIES:
            text = getattr(entry, field)
            if text:
                yield path + field, label, text
        for number, key in enumerate(entry.keys):
            yield f"{path}keys[{number}]", label, key
        for number, key in enumerate(entry.secondary_keys or ()):
            yield f"{path}secondary_keys[{number}]", label, key
        yield path + "content", label, entry.content
