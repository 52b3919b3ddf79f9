"""What the library works out of a card: how it is kept, told apart, found and measured. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import embedded_path
from cardforge_desktop.cards.tokens import token_budget
from cardforge_desktop.store.full_text import searchable
from cardforge_desktop.tokens import O200K, VocabularyError


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """Tokens of a card in o200k; None where they can't be counted.

    Attributes:
        permanent: in every prompt of a chat.
        total: in the first one.
    """

    permanent: int | None
    total: int | None


def card_data(card: Card) -> dict[str, Any]:
    """The card as the store keeps it; `Card.model_validate` makes it again."""
    return card.model_dump(mode="json", exclude_unset=True)


def card_hash(card: Card) -> str:
    """sha256 of the card's canonical JSON: equal for cards that say the same, pictures and files aside.

    A field that is absent and one at its default are the same; what is unknown counts. PNG and CHARX name
    the file of an asset in ways of their own, which are the same as well.
    """
    fields = fields_of(card)
    for asset in fields.get("assets") or ():
        path = embedded_path(asset["uri"])
        if path is not None:
            asset["uri"] = f"embeded://{path}"
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def without_surrogates(text: str) -> str:
    """`text` with “?” for lone surrogates, which SQLite can't keep in a text (in JSON it can)."""
    return text.encode("utf-8", "replace").decode()


def search_text(card: Card, origins: Iterable[str] = ()) -> str:
    """All text of a card that a person may look for, as the full-text index takes it, line by line.

    Args:
        origins: words that are not in the card: its source, its profile.
    """
    return "\n".join(searchable(text) for text in (*_texts(card), *origins) if text)


def count_tokens(card: Card) -> TokenCounts:
    """Counts `card`. Some milliseconds, the first time in a process some tenths of a second."""
    try:
        budget = token_budget(card, O200K.count)
    except VocabularyError:  # an incomplete installation must not keep anybody from saving
        return TokenCounts(None, None)
    return TokenCounts(budget.permanent, budget.total)


def _texts(card: Card) -> Iterator[str]:
    yield from (card.name, card.nickname or "", card.description, card.personality, card.scenario)
    yield from (card.first_mes, card.mes_example, card.creator_notes, card.system_prompt)
    yield from (card.post_history_instructions, card.creator, card.character_version)
    for texts in (card.alternate_greetings, card.group_only_greetings, card.tags, card.source or ()):
        yield from texts
    yield from (card.creator_notes_multilingual or {}).values()
    yield from _character_note(card)
    if card.character_book is not None:
        yield from _book_texts(card.character_book)


def _character_note(card: Card) -> Iterator[str]:
    """SillyTavern's “character's note”."""
    depth_prompt = card.extensions.get("depth_prompt")
    note = depth_prompt.get("prompt") if isinstance(depth_prompt, dict) else None
    if isinstance(note, str):
        yield note


def _book_texts(book: CharacterBook) -> Iterator[str]:
    yield from (book.name or "", book.description or "")
    for entry in book.entries:
        yield from _entry_texts(entry)


def _entry_texts(entry: BookEntry) -> Iterator[str]:
    yield from (entry.name or "", entry.comment or "", entry.content)
    yield from entry.keys
    yield from entry.secondary_keys or ()
