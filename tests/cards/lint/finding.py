"""What one rule finds in a card, short enough to be compared in a line."""

from typing import Any

from cardforge_desktop.cards.field_paths import value_at
from cardforge_desktop.cards.lint import RULES, LintContext, lint
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook

#: Field, severity, and the words the finding points at (None: the whole field).
Found = tuple[str, str, str | None]


def found(rule: str, card: Card, context: LintContext | None = None) -> list[Found]:
    """The findings of `rule` alone."""
    off = set(RULES) - {rule}
    return [
        (
            one.field,
            one.severity,
            None if one.start is None else value_at(card, one.field)[one.start : one.end],
        )
        for one in lint(card, context or LintContext(), off)
    ]


def sound_card(**fields: Any) -> Card:
    """A card that no rule has anything to say of, with `fields` in place of its own."""
    return Card(
        **{
            "name": "Mirela",
            "description": "{{char}} keeps the lamp above the bay.",
            "personality": "dry, patient",
            "scenario": "A storm has closed the harbour.",
            "first_mes": '*{{char}} lifts the lamp.* "You are late."',
            "mes_example": "<START>\n{{user}}: Hello there.\n{{char}}: So you came back.",
            **fields,
        }
    )


def book_card(*entries: dict[str, Any]) -> Card:
    """A card that is sound but for what `entries` say; each is a sound entry with fields of its own."""
    sound = {"content": "Whale oil burns in the lamp.", "keys": ["lamp"]}
    book = [BookEntry(**{**sound, "id": at, **fields}) for at, fields in enumerate(entries)]
    return sound_card(character_book=CharacterBook(entries=book))
