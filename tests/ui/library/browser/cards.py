"""Cards for the library, as files and in it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cardforge_desktop.cards.avatar import draw_placeholder
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.importing import NamedBytes
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.workspace import Workspace


def card(name: str, **more: Any) -> Card:
    """A small card."""
    return Card(name=name, **({"description": f"{name} keeps a lamp.", "first_mes": "Hello."} | more))


def png(name: str, **more: Any) -> bytes:
    """A card's PNG file."""
    package = CardPackage(card(name, **more), draw_placeholder(name), {})
    return FORMATS["tavernai"].write(package)


def put(workspace: Workspace, cards: Sequence[Card]) -> tuple[str, ...]:
    """Import cards; their ids."""
    files = [
        NamedBytes(f"{each.name}.json", FORMATS["v3"].write(CardPackage(each, None, {}))) for each in cards
    ]
    return tuple(item.card_id for item in workspace.card_imports.take(files).items)


def lamp_keepers(running: Any, count: int = 5, **more: Any) -> tuple[str, ...]:
    """Cards “Keeper 000” …, in the library that is open now; their ids."""
    ids = put(running.workspace, [card(f"Keeper {at:03}", **more) for at in range(count)])
    library = running.library
    running.until(lambda: library.model.rowCount() == count)
    return ids


def names(running: Any) -> list[str]:
    """What the library shows, from top to bottom."""
    return [each.name for each in running.library.model.cards]


def select(running: Any, *card_ids: str) -> None:
    """Select these cards."""
    browser = running.library.browser
    browser.selection.clearSelection()
    browser._select_again(card_ids[0], card_ids)
    running.until(lambda: {each.id for each in browser.cards()} == set(card_ids))


def write_files(folder: Path, count: int) -> list[Path]:
    """Card files, one of them with something to mend."""
    paths = []
    for at in range(count):
        path = folder / f"figure-{at}.png"
        path.write_bytes(png(f"Figure {at}"))
        paths.append(path)
    mended = folder / "mended.json"
    data = {"name": "Mended", "description": "x", "alternate_greetings": "just one", "character_book": None}
    mended.write_text(json.dumps({"spec": "chara_card_v2", "spec_version": "2.0", "data": data}))
    return [*paths, mended]
