"""The books as a list: those that stand by themselves, then those in cards; all, or those searched for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cardforge_desktop.ui.books import words

if TYPE_CHECKING:
    from cardforge_desktop.books.model import BookSummary
    from cardforge_desktop.workspace import Workspace

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Role(IntEnum):
    """What a delegate may ask for beside Qt's own roles: the `BookSummary`, None for the heading."""

    BOOK = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Listed:
    """All books, and of each what is searched in."""

    books: tuple[BookSummary, ...] = ()
    texts: tuple[str, ...] = ()


def listed(ws: Workspace) -> Listed:
    """The books in the order of the list. Slow."""
    from cardforge_desktop.store.full_text import searchable, unaccented

    books = sorted(ws.books.books(), key=lambda book: (book.card_id != "", _called(book).casefold()))
    texts = (
        unaccented(searchable("\n".join((book.name, book.card_name, book.description, *book.tags))))
        for book in books
    )
    return Listed(tuple(books), tuple(texts))


def _called(book: BookSummary) -> str:
    return book.name or book.card_name


class BookModel(QAbstractListModel):
    """Lives on the window's thread. A row is a book, or the heading above those in cards."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = Listed()
        self._rows: list[BookSummary | None] = []
        self._row_of: dict[str, int] = {}
        self._wanted = ""
        self._tags: frozenset[str] = frozenset()

    @property
    def books(self) -> Sequence[BookSummary]:
        """All of them, shown or not."""
        return self._all.books

    @property
    def shown(self) -> list[BookSummary]:
        """Those that are shown, in their order."""
        return [book for book in self._rows if book is not None]

    def book(self, book_id: str) -> BookSummary | None:
        """The book with this id, shown or not."""
        return next((book for book in self._all.books if book.id == book_id), None)

    def row_of(self, book_id: str) -> int | None:
        """Where a book stands."""
        return self._row_of.get(book_id)

    def show(self, all_books: Listed) -> None:
        """The books as they are now."""
        self._all = all_books
        self._choose()

    def find(self, text: str, tags: Collection[str]) -> None:
        """Show only books in which each word of the text occurs, and that have all of the tags."""
        from cardforge_desktop.store.full_text import searchable, unaccented

        self._wanted, self._tags = unaccented(searchable(text)), frozenset(tags)
        self._choose()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Books, and the heading."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The heading is passed over."""
        if not index.isValid() or self._rows[index.row()] is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for the screen and for screen readers; the book under `Role`."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        book = self._rows[index.row()]
        if role == Role.BOOK:
            return book
        if book is None:
            return words.in_cards() if role == Qt.ItemDataRole.DisplayRole else None
        texts: dict[int, Callable[[], str]] = {
            Qt.ItemDataRole.DisplayRole: lambda: words.book_name(book),
            Qt.ItemDataRole.AccessibleTextRole: lambda: ", ".join(words.book_lines(book)),
            Qt.ItemDataRole.ToolTipRole: lambda: "\n".join(words.book_lines(book)),
        }
        return texts[role]() if role in texts else None

    def _choose(self) -> None:
        wanted = self._wanted.split()
        shown = [
            book
            for book, text in zip(self._all.books, self._all.texts, strict=True)
            if all(word in text for word in wanted) and self._tags <= frozenset(book.tags)
        ]
        alone = sum(not book.card_id for book in shown)
        rows: list[BookSummary | None] = [*shown]
        if alone < len(rows):
            rows.insert(alone, None)
        self._put([*rows])

    def _put(self, rows: list[BookSummary | None]) -> None:
        before = self._rows
        row_of = {book.id: row for row, book in enumerate(rows) if book is not None}
        if [book and book.id for book in before] == [book and book.id for book in rows]:
            self._rows = rows
            for row, (old, new) in enumerate(zip(before, rows, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        ids = [book.id if (book := before[index.row()]) is not None else "" for index in kept]
        self._rows, self._row_of = rows, row_of
        after = [self.index(row_of[each]) if each in row_of else QModelIndex() for each in ids]
        self.changePersistentIndexList(kept, after)
        self.layoutChanged.emit()
