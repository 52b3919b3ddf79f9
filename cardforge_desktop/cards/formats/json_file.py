"""Cards as JSON files: ``json`` for every reader there is, ``v2`` as the specification has it."""

from typing import Any

from cardforge_desktop.cards.formats import json_text, v1, v2
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.model import Card


def everywhere(card: Card) -> dict[str, Any]:
    """V1's fields at the top with the V2 object's beside them: V1 readers and V2 readers both find theirs."""
    return {**v1.write(card), **v2.write(card)}


def write_json(card: Card) -> bytes:
    """The file of the format ``json``, UTF-8."""
    return json_text.dump(everywhere(card), indent=2) + b"\n"


def write_v2(card: Card) -> bytes:
    """The file of the format ``v2``, UTF-8."""
    return json_text.dump(v2.write(card), indent=2) + b"\n"


def read_json(data: bytes) -> Card:
    """The card in a JSON file of any version.

    Raises:
        CardFormatError: broken JSON, no card, or a field of the wrong type.
    """
    return read_object(json_text.load(data))


def read_object(value: Any) -> Card:
    """The card in a JSON value, whichever version it is.

    Raises:
        CardFormatError: no card, or a field of the wrong type.
    """
    if isinstance(value, dict):
        # A spec of tomorrow is read as far as we know it: V3 asks readers not to refuse.
        if str(value.get("spec")).startswith("chara_card_v") and isinstance(value.get("data"), dict):
            return v2.read(value)
        if any(name in value for name in v1.FIELDS):
            return v1.read(value)
    raise CardFormatError(
        "CARD_UNKNOWN_FORMAT",
        "this JSON is no character card: it has neither V1's fields nor a V2 or V3 spec.",
    )
