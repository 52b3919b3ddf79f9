"""A card as the source of another: its texts in the order a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cardforge_desktop.cards.formats import CardFile
from cardforge_desktop.cards.formats.books import without_decorators
from cardforge_desktop.cards.macros import substitute
from cardforge_desktop.cards.model import BookEntry, Card
from cardforge_desktop.sources.blocks import LONGEST_TEXT, text_too_long
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.sources.plain import source_text

#: Fields `card_text` tells; the others are words for readers and apps, no facts of the character.
TOLD = frozenset(
    {"name", "description", "personality", "scenario", "first_mes", "alternate_greetings", "mes_example"}
)
_START = re.compile(r"<START>", re.IGNORECASE)


def source_of_card(file: CardFile, name: str) -> SourceText:
    """The texts of a card, or of a lorebook, as a source; `name` is the file's.

    Raises:
        SourceError: SOURCE_EMPTY, there is no text in it; SOURCE_TOO_LARGE.
    """
    card = file.package.card
    text = card_text(card)
    if len(text) > LONGEST_TEXT:
        raise text_too_long(Path(name))
    whose = " ".join(card.name.split())  # nobody's, of a lorebook
    return replace(source_text(name, "card", text), title=whose, warnings=file.warnings)


def card_text(card: Card) -> str:
    """What a card says of its character, as Markdown; the name stands for ``{{char}}``.

    Entries that are switched off are left out, and so are decorators.
    """
    name = card.name or card.nickname
    named = {"char": name} if name else {}
    sections = [f"# {_title(card)}"] if _title(card) else []
    sections += [
        f"{heading}\n\n{substitute(text, named).strip()}" for heading, text in _sections(card) if text.strip()
    ]
    return "\n\n".join(sections)


def _title(card: Card) -> str:
    book = card.character_book
    title = card.name or (book.name if book is not None else "") or ""
    return " ".join(title.split())


def _sections(card: Card) -> Iterator[tuple[str, str]]:
    yield "## Description", card.description
    yield "## Personality", card.personality
    yield "## Scenario", card.scenario
    yield "## Greeting", card.first_mes
    for greeting in (*card.alternate_greetings, *card.group_only_greetings):
        yield "## Another greeting", greeting
    yield "## Example messages", _START.sub("\n", card.mes_example)
    for entry in card.character_book.entries if card.character_book is not None else ():
        if entry.enabled:
            yield f"## {_entry_title(entry)}", without_decorators(entry.content)


def _entry_title(entry: BookEntry) -> str:
    title = entry.name or entry.comment or next(iter(entry.keys), "") or "From the book"
    return " ".join(title.split())[:100]
