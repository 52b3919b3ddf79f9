"""A finished card with its picture: what is stored, and what its files are made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cardforge_desktop import __version__
from cardforge_desktop.batches.finding import read_picture
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.cards.exporting import told_losses
from cardforge_desktop.cards.importing import with_any_picture, with_png
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.store.types import now


def packed(card: Card, target: CardPackage | None, item: ItemRow) -> tuple[CardPackage, list[str]]:
    """The card with its picture: a new one signed, an updated one with all its file had but the date."""
    if target is None:
        avatar, warnings = _avatar(item, card.name)
        return CardPackage(_signed(card, item), avatar), warnings
    dated = card.model_copy(update={"modification_date": int(now().timestamp())})
    package, unread = with_png(replace(target, card=dated))
    return with_any_picture(package), [*unread, *told_losses(package, item.formats)]


def _avatar(item: ItemRow, name: str) -> tuple[bytes, list[str]]:
    """The picture beside the source or in it, else a drawn one."""
    from cardforge_desktop.cards.avatar import draw_placeholder

    path = Path(item.avatar_path)
    if not item.avatar_path:
        return draw_placeholder(name), []
    try:
        return read_picture(path) or draw_placeholder(name), []
    except (OSError, CardForgeError) as error:
        reason = error.message if isinstance(error, CardForgeError) else str(error.strerror)
        return draw_placeholder(name), [f"{path.name} could not be used as the avatar: {reason}"]


def _signed(card: Card, item: ItemRow) -> Card:
    """The card with how it was made, under our own name in `extensions`."""
    known = card.extensions.get("cardforge")
    made = {
        **(known if isinstance(known, dict) else {}),
        "app": f"CardForge Desktop {__version__}",
        "engine": item.engine,
        "profile": item.profile,
        "made": now().isoformat(timespec="seconds"),
    }
    return card.model_copy(update={"extensions": {**card.extensions, "cardforge": made}})
