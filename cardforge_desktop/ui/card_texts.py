"""A card as texts for reading and copying, field by field in the order they matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.ui import formatting

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import BookEntry, Card

_FIELDS = (
    "description",
    "personality",
    "scenario",
    "first_mes",
    "mes_example",
    "system_prompt",
    "post_history_instructions",
    "creator_notes",
)


def card_texts(card: Card) -> dict[str, str]:
    """Field → text of what is not empty; greetings are numbered, the book's entries follow each other."""
    texts = {name: str(getattr(card, name)) for name in _FIELDS}
    greetings = {
        f"alternate_greetings:{at}": text for at, text in enumerate(card.alternate_greetings, start=1)
    }
    ordered: dict[str, str] = {}
    for name, text in texts.items():
        ordered[name] = text
        if name == "first_mes":
            ordered |= greetings
    ordered["tags"] = ", ".join(card.tags)
    if card.character_book is not None:
        ordered["character_book"] = "\n\n".join(entry_text(entry) for entry in card.character_book.entries)
    return {name: text for name, text in ordered.items() if text.strip()}


def entry_text(entry: BookEntry) -> str:
    """An entry with its keys, for reading."""
    return f"{title_of(entry)} [{', '.join(entry.keys)}]\n{entry.content}"


def as_plain_text(card: Card) -> str:
    """The whole card for the clipboard."""
    parts = [f"{formatting.field_label(name)}\n{text}" for name, text in card_texts(card).items()]
    return "\n\n".join([card.name, *parts])
