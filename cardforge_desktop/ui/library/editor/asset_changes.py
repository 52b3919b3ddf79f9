"""A card's assets, changed together with the files they name. Pure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from cardforge_desktop.cards.formats.asset_paths import FreePaths
from cardforge_desktop.cards.model import Asset
from cardforge_desktop.cards.package import CardPackage, embedded_path


def with_asset(package: CardPackage, name: str, data: bytes) -> CardPackage:
    """The package with another file as its last asset, the first icon being the main one."""
    stem, ext = Path(name).stem, Path(name).suffix.removeprefix(".").lower()
    kind = "icon" if ext in ("png", "jpg", "jpeg", "webp", "gif", "avif") else "x_file"
    has_main = any(asset.type == "icon" and asset.name == "main" for asset in package.card.assets or ())
    title = "main" if kind == "icon" and not has_main else stem
    path = _free_path(package, kind, name)
    asset = Asset(type=kind, uri=f"embeded://{path}", name=title, ext=ext)
    assets = [*(package.card.assets or ()), asset]
    return replace(with_assets(package, assets), files={**package.files, path: data})


def with_file(package: CardPackage, at: int, name: str, data: bytes) -> CardPackage:
    """The package with another file for one asset; the old one goes if no other asset has it."""
    assets = list(package.card.assets or ())
    if not 0 <= at < len(assets):
        return package
    without = without_asset(package, at)
    path = _free_path(without, assets[at].type, name)
    ext = Path(name).suffix.removeprefix(".").lower()
    update: dict[str, Any] = {"uri": f"embeded://{path}", "ext": ext}
    assets[at] = assets[at].model_copy(update=update)
    return replace(with_assets(package, assets), files={**without.files, path: data})


def without_asset(package: CardPackage, at: int) -> CardPackage:
    """The package without one asset, and without its file where no other asset has that."""
    assets = list(package.card.assets or ())
    path = embedded_path(assets.pop(at).uri)
    files = dict(package.files)
    if path is not None and all(embedded_path(asset.uri) != path for asset in assets):
        files.pop(path, None)
    return replace(with_assets(package, assets), files=files)


def with_main_icon(package: CardPackage, at: int) -> CardPackage:
    """The package with this asset as the one icon named ``main``; others get a free name."""
    assets = list(package.card.assets or ())
    names = {asset.name for asset in assets}
    for other, asset in enumerate(assets):
        if other == at:
            main: dict[str, Any] = {"type": "icon", "name": "main"}
            assets[at] = asset.model_copy(update=main)
        elif asset.type == "icon" and asset.name == "main":
            number = next(number for number in range(2, len(assets) + 3) if f"icon_{number}" not in names)
            names.add(f"icon_{number}")
            renamed: dict[str, Any] = {"name": f"icon_{number}"}
            assets[other] = asset.model_copy(update=renamed)
    return with_assets(package, assets)


def with_assets(package: CardPackage, assets: list[Asset]) -> CardPackage:
    """The package with these assets, its files left as they are."""
    update: dict[str, Any] = {"assets": assets or None}
    return replace(package, card=package.card.model_copy(update=update))


def _free_path(package: CardPackage, kind: str, name: str) -> str:
    """A path of ASCII letters that no file has yet; writers move files to where V3 wants them."""
    ascii_name = "".join(
        each if each.isascii() and (each.isalnum() or each in "-_.") else "_" for each in name
    )
    path = Path(ascii_name)
    folder = "".join(each if each.isascii() and each.isalnum() else "_" for each in kind) or "other"
    return FreePaths(package.files).take(
        f"assets/{folder}/{path.stem or 'file'}", path.suffix.removeprefix(".").lower()
    )
