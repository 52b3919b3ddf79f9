"""What differs between two states of a book, ready to be read in a `DiffView`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import CharacterBook
    from cardforge_desktop.ui.library.preview.card_diff import CardDiff


def book_diff(before: CharacterBook | None, after: CharacterBook | None) -> CardDiff:
    """Compare them as a person would. Slow."""
    from cardforge_desktop.books.difference import as_told
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.ui.library.preview.card_diff import card_diff

    old, new = (CardPackage(Card(character_book=as_told(book))) for book in (before, after))
    return card_diff(old, new)
