"""Cards as JSON files: ``json`` for every reader there is, ``v2`` and ``v3`` to the letter."""

from typing import Any

from cardforge_desktop.cards.formats import json_text, v1, v2, v3
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage


def everywhere(card: Card) -> dict[str, Any]:
    """V1's fields at the top with the V2 object's beside them: V1 readers and V2 readers both find theirs."""
    return {**v1.write(card), **v2.write(card)}


def write_json(package: CardPackage) -> bytes:
    """The file of the format ``json``, UTF-8."""
    return json_text.dump(everywhere(package.card), indent=2) + b"\n"


def write_v2(package: CardPackage) -> bytes:
    """The file of the format ``v2``, UTF-8."""
    return json_text.dump(v2.write(package.card), indent=2) + b"\n"


def write_v3(package: CardPackage) -> bytes:
    """The file of the format ``v3``, UTF-8."""
    return json_text.dump(v3.write(package.card), indent=2) + b"\n"
