"""The books panel for the screenshots: the real window over a real store; only the town is made up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from cardforge_desktop.cards.book_fields import with_category, with_tags
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.placeholder import draw_placeholder
from cardforge_desktop.cards.service import Arrival
from cardforge_desktop.paths import Paths
from cardforge_desktop.workspace import Workspace

LONG = "The Extraordinarily Long Name of a Book That Somebody Wrote Down Without Ever Stopping"
#: Name, category, keys, content.
_TOLD = (
    (
        *("The Lantern Guild", "Factions", "Lantern Guild, the Guild, painted flame"),
        "Moneylenders of Old Tarn. The Lantern Guild marks every debtor's door with a painted flame and "
        "never forgets one.",
    ),
    (
        *("Warden Issa", "People", "Issa, Warden"),
        "Collects for the Lantern Guild. Polite, tireless, afraid of birds.",
    ),
    (
        *("Quay of Lamps", "Places", "Quay of Lamps, the quay"),
        "The only dry quay. Each lantern there belongs to someone who drowned.",
    ),
    (
        *("The long tide", "Events", "long tide"),
        "Twice a year the water stands in the market for three days. Nobody rings a bell then.",
    ),
    (
        *("The brass hand", "Objects", "brass hand, winch"),
        "Captain Sollen's left hand. She says a winch took the old one and came off worse.",
    ),
    ("How people talk", "", "", "Old Tarn says *the water* for every misfortune, and never says *drowned*."),
)
_PLACES = (
    "market",
    "bridge",
    "tower",
    "cellar",
    "school",
    "gate",
    "well",
    "stair",
    "mill",
    "wharf",
    "garden",
)
_KINDS = ("drowned", "old", "blue", "broken", "quiet", "upper", "lower", "painted", "salt", "narrow")


def store(change: Callable[[Workspace], object] | None = None) -> Callable[[Paths, str], Workspace]:
    """What opens a store with some books; `change` is done to it before."""

    def open_it(paths: Paths, theme: str) -> Workspace:
        workspace = Workspace.open(paths)
        workspace.settings.update(theme=theme)
        for book in (town(), _ship()):
            workspace.books.create(book)
        _add_card(workspace, "Mirela Voss", CharacterBook(entries=list(_ship().entries)))
        if change is not None:
            change(workspace)
        return workspace

    return open_it


def nothing(paths: Paths, theme: str) -> Workspace:
    """A store without books."""
    workspace = Workspace.open(paths)
    workspace.settings.update(theme=theme)
    return workspace


def town(entries: int = 64) -> CharacterBook:
    """Old Tarn."""
    made = [_entry(at, *told) for at, told in enumerate(_TOLD, start=1)]
    for at in range(len(made) + 1, entries + 1):
        place = f"{_KINDS[at * 7 % len(_KINDS)]} {_PLACES[at * 5 % len(_PLACES)]}"
        content = f"Few people go to the {place} after dark. They say that it listens."
        made.append(_entry(at, f"The {place}", "Places", place, content))
    book = CharacterBook(name="Old Tarn", description="A drowned town and who is left of it.", entries=made)
    return with_tags(book, ["town", "fog"])


def many(workspace: Workspace) -> None:
    """A book of 50,000 entries."""
    workspace.books.create(town(50_000).model_copy(update={"name": "All of Old Tarn"}))


def long_names(workspace: Workspace) -> None:
    """Names that test the layout."""
    first, *rest = town(12).entries
    first = with_category(first.model_copy(update={"name": f"{LONG}, and an Entry of It"}), LONG)
    workspace.books.create(CharacterBook(name=LONG, entries=[first, *rest]))


def act(name: str, do: Callable[[Any], object] | None = None, wait: float = 1.0) -> Callable[[Any], Any]:
    """Open the book of that name, and do something in the panel."""

    async def acting(session: Any) -> None:
        panel = session.window.panel
        for _ in range(200):
            if panel.session.book is not None:
                break
            await asyncio.sleep(0.05)
        books = panel.list.model.books
        panel.show_book(next((book.id for book in books if name in (book.name, book.card_name)), ""))
        await asyncio.sleep(wait)
        if do is not None:
            do(panel)
            await asyncio.sleep(0.6)

    return acting


def _ship() -> CharacterBook:
    entries = [
        _entry(1, "The Gannet", "Objects", "Gannet, ship", "An airship that apologises for nothing."),
        _entry(2, "Rhea Sollen", "People", "Rhea, captain", "Captain for nineteen years."),
    ]
    return with_tags(CharacterBook(name="Gannet", entries=entries), ["ship"])


def _entry(number: int, name: str, category: str, keys: str, content: str) -> BookEntry:
    made = BookEntry(
        id=number,
        name=name,
        keys=[key.strip() for key in keys.split(",") if key.strip()],
        content=content,
        constant=not keys,
        enabled=number % 9 != 8,
        insertion_order=100,
    )
    return with_category(made, category)


def _add_card(workspace: Workspace, name: str, book: CharacterBook) -> None:
    package = CardPackage(Card(name=name, character_book=book), draw_placeholder(name))
    with workspace._store.write() as session:
        workspace.library.add_imported(session, package, Arrival("v3", f"{name}.json", f"{name}.json"))
