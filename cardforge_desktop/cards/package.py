"""A card and what travels with it in one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from cardforge_desktop.cards.model import Asset, Card

_NOTHING: Mapping[str, bytes] = MappingProxyType({})
#: How assets name a file that comes with the card: V3's own spelling, the right one, RisuAI's in PNGs.
_SCHEMES = ("embeded://", "embedded://", "__asset:")


@dataclass(frozen=True, slots=True)
class CardPackage:
    """A card with its picture and the files of its assets.

    Attributes:
        card: the card itself.
        picture: an image file, mostly a PNG with every chunk but the card's own; None where there is none.
        files: what came along, by the path that an asset's uri names; others keep their path in the archive.
    """

    card: Card
    picture: bytes | None = None
    files: Mapping[str, bytes] = field(default_factory=lambda: _NOTHING)


def embedded_path(uri: str) -> str | None:
    """The path of a file that comes with the card, None for any other kind of uri."""
    for scheme in _SCHEMES:
        if uri.lower().startswith(scheme):
            return uri[len(scheme) :].removeprefix("/")
    return None


def main_icon(card: Card) -> Asset | None:
    """The asset that shows the character: the icon named ``main``, else the first icon."""
    icons = [asset for asset in card.assets or () if asset.type == "icon"]
    return next((asset for asset in icons if asset.name == "main"), icons[0] if icons else None)


def with_picture(package: CardPackage, picture: bytes) -> CardPackage:
    """The package with another picture (a PNG), also where an asset carries the old one."""
    icon = main_icon(package.card)
    path = None if icon is None else embedded_path(icon.uri)
    if icon is None or path is None or path not in package.files:
        return replace(package, picture=picture)
    update: dict[str, Any] = {"ext": "png"}
    new = icon.model_copy(update=update)
    assets = [new if asset is icon else asset for asset in package.card.assets or ()]
    card = package.card.model_copy(update={"assets": assets})
    return CardPackage(card, picture, {**package.files, path: picture})
