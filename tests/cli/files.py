"""Card files that commands are tried on."""

import json
from pathlib import Path

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from tests.support.cards import WHOLE_CARD

#: A window title, a colour, C1's own introducer, a reversed name, a bell.
HOSTILE = "\x1b]0;owned\x07 \x1b[31mred \x9b31m \u202eflip \x7f"
BOOK = {
    "spec": "lorebook_v3",
    "data": {
        "name": "The Coast",
        "extensions": {"mine": [1]},
        "entries": [
            {
                "keys": ["lamp"],
                "content": "It burns oil.",
                "extensions": {},
                "enabled": True,
                "insertion_order": 1,
                "use_regex": False,
                "id": 0,
            },
        ],
    },
}


def write_card(
    path: Path, card: Card = WHOLE_CARD, format_name: str = "v3", picture: bytes | None = None
) -> Path:
    """A card file made by the app's own writer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(FORMATS[format_name].write(CardPackage(card, picture)))
    return path


def write_book(path: Path) -> Path:
    """A lorebook without a character, as another app would write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(BOOK), encoding="utf-8")
    return path


def has_controls(text: str) -> bool:
    """Whether a terminal would obey something in `text`, or turn its direction."""
    return any(
        (ord(character) < 32 and character not in "\n\t")
        or 0x7F <= ord(character) <= 0x9F
        or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for character in text
    )
