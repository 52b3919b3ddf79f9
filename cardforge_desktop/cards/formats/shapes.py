"""Which kind of card, or book, a JSON value is."""

from dataclasses import dataclass
from typing import Any, Literal

from cardforge_desktop.cards.formats import v1, v2
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.model import Card

_SPECS = {"chara_card_v1": "v1", "chara_card_v2": "v2", "chara_card_v3": "v3"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A value understood.

    Attributes:
        card: the card; of a book alone, a card with nothing but the book.
        spec: v1, v2, v3, or the name of another app's shape.
        holds: what the value is.
    """

    card: Card
    spec: str
    holds: Literal["card", "book"] = "card"


def read_object(value: Any, notes: Notes) -> Shape:
    """The card or book in a JSON value, whichever version or app it comes from.

    Raises:
        CardFormatError: CARD_UNKNOWN_FORMAT: neither; CARD_INVALID: a field of the wrong type.
    """
    if isinstance(value, dict):
        shape = _card(value, notes)
        if shape is not None:
            return shape
    raise CardFormatError(
        "CARD_UNKNOWN_FORMAT",
        "this JSON is no character card: it has neither V1's fields nor a V2 or V3 spec, "
        "and is no lorebook either.",
    )


def _card(value: dict[str, Any], notes: Notes) -> Shape | None:
    spec = str(value.get("spec"))
    # A spec of tomorrow is read as far as we know it: V3 asks readers not to refuse.
    if spec.startswith("chara_card_v") and isinstance(value.get("data"), dict):
        if spec not in _SPECS:
            notes.add("", f"The card says it is {spec[:40]}, newer than V3; it is read as V3")
        return Shape(v2.read(value, notes), _SPECS.get(spec, "v3"))
    if any(name in value for name in v1.FIELDS):
        return Shape(v1.read(value, notes), "v1")
    return None
