"""What the panel calls things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.formatting import translate

if TYPE_CHECKING:
    from cardforge_desktop.books.model import BookSummary


def in_cards() -> str:
    """The heading above the books that are kept in cards."""
    return translate("Books", "In cards")


def book_name(book: BookSummary) -> str:
    """A book's name; that of a card which has no name is called by the card's."""
    if book.name.strip() or not book.card_id:
        return book.name.strip() or translate("Books", "Without a name")
    if not book.card_name:
        return translate("Books", "Book of a card without a name")
    return translate("Books", "Book of %1").replace("%1", book.card_name)


def entries_text(count: int) -> str:
    """“64 entries”."""
    return translate("Books", "%Ln entries", None, count)


def tokens_text(count: int) -> str:
    """“9,412 tokens”."""
    return translate("Books", "%1 tokens").replace("%1", formatting.tokens(count))


def totals_text(book: BookSummary) -> str:
    """“64 entries · 9,412 tokens”."""
    whole = translate("Books", "%1 · %2").replace("%2", tokens_text(book.tokens))
    return whole.replace("%1", entries_text(book.entries))


def book_lines(book: BookSummary) -> list[str]:
    """All that the list knows of a book, a line each."""
    told = [book_name(book)]
    if book.card_id:
        told.append(translate("Books", "In the card %1").replace("%1", book.card_name))
    told += [totals_text(book), book.description[:300]]
    if book.tags:
        told.append(translate("Books", "Tags: %1").replace("%1", ", ".join(book.tags)))
    return [line for line in told if line]


def second_line(book: BookSummary) -> str:
    """“64 entries · 9,412 tokens”; of a book in a card “Mirela · 12 entries”."""
    if not book.card_id or not book.name.strip():
        return totals_text(book)
    whole = translate("Books", "%1 · %2").replace("%2", entries_text(book.entries))
    return whole.replace("%1", book.card_name)
