"""Character Card V2 (``chara_card_v2``).

Source: github.com/malfoyslastname/character-card-spec-v2, spec_v2.md. A V2 reader keeps and ignores fields it
does not know, so V3's are written along when they say something; what it would put in the prompt (decorators)
is not.
"""

from typing import Any

from cardforge_desktop.cards.formats import books, v1
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.objects import card_of, fields_of
from cardforge_desktop.cards.model import Card

SPEC = "chara_card_v2"
SPEC_VERSION = "2.0"
_OUTSIDE = frozenset({"spec", "spec_version", "data", *v1.FIELDS})


def write(card: Card) -> dict[str, Any]:
    """The V2 object of `card`. What V3 requires and V2 has not is in it only where it says something."""
    book = card.character_book
    ready = card if book is None else card.model_copy(update={"character_book": books.for_v2(book)})
    data = fields_of(ready)
    if not card.group_only_greetings:
        del data["group_only_greetings"]
    for entry in data["character_book"]["entries"] if book is not None else ():
        if not entry["use_regex"]:
            del entry["use_regex"]
    return wrapped(SPEC, SPEC_VERSION, data)


def read(fields: dict[str, Any], notes: Notes) -> Card:
    """The card of an object with `data`, V2's or V3's: the names in them are the same.

    Raises:
        CardFormatError: a field of the wrong type.
    """
    beside = {name: value for name, value in fields.items() if name not in _OUTSIDE}
    return card_of({**fields["data"], "beside_data": beside}, notes)


def wrapped(spec: str, version: str, data: dict[str, Any]) -> dict[str, Any]:
    """`data` (which loses its `beside_data`) under its spec, with the unknown fields that stood beside it."""
    beside = {name: value for name, value in data.pop("beside_data").items() if name not in _OUTSIDE}
    return {"spec": spec, "spec_version": version, "data": data, **beside}
