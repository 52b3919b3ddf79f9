"""Character Card V3 (``chara_card_v3``). Source: github.com/kwaroran/character-card-spec-v3, SPEC_V3.md."""

from typing import Any

from cardforge_desktop.cards.formats import books, v2
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import Card

SPEC = "chara_card_v3"
SPEC_VERSION = "3.0"


def write(card: Card) -> dict[str, Any]:
    """The V3 object of `card`: `group_only_greetings` and each entry's `use_regex` always stand in it."""
    book = card.character_book
    ready = card if book is None else card.model_copy(update={"character_book": books.for_v3(book)})
    return v2.wrapped(SPEC, SPEC_VERSION, fields_of(ready))


read = v2.read
