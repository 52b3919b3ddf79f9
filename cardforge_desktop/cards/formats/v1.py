"""Character Card V1: a flat object of six strings."""

from typing import Any

from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.objects import card_of
from cardforge_desktop.cards.model import Card

FIELDS = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
_NO_FIELDS = frozenset({"spec", "spec_version", "beside_data"})


def write(card: Card) -> dict[str, Any]:
    """The six fields; V1 has no place for more."""
    return {name: getattr(card, name) for name in FIELDS}


def read(fields: dict[str, Any], notes: Notes) -> Card:
    """A card of flat fields, V2's and V3's among them; whatever else stands there is kept.

    Raises:
        CardFormatError: a field of the wrong type.
    """
    return card_of({name: value for name, value in fields.items() if name not in _NO_FIELDS}, notes)
