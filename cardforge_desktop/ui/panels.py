"""The panels that exist. A panel is imported and built at its first visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.ui.panel import Panel
    from cardforge_desktop.ui.services import Services


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """A panel of the rail.

    Attributes:
        key: stable name, kept between starts.
        text: label in the rail.
        icon: Lucide name.
        build: imports and makes the panel.
        last: stands at the foot of the rail.
    """

    key: str
    text: str
    icon: str
    build: Callable[[Services], Panel]
    last: bool = False


def _batch(services: Services) -> Panel:
    from cardforge_desktop.ui.batch.panel import BatchPanel

    return BatchPanel(services)


def _library(services: Services) -> Panel:
    from cardforge_desktop.ui.library.panel import LibraryPanel

    return LibraryPanel(services)


def _profiles(services: Services) -> Panel:
    from cardforge_desktop.ui.profiles.panel import ProfilesPanel

    return ProfilesPanel(services)


def _costs(services: Services) -> Panel:
    from cardforge_desktop.ui.costs.panel import CostsPanel

    return CostsPanel(services)


def _settings(services: Services) -> Panel:
    from cardforge_desktop.ui.settings.panel import SettingsPanel

    return SettingsPanel(services)


PANELS: tuple[PanelSpec, ...] = (
    PanelSpec("batch", QT_TRANSLATE_NOOP("Panels", "Batch"), "layers", _batch),
    PanelSpec("library", QT_TRANSLATE_NOOP("Panels", "Library"), "images", _library),
    PanelSpec("profiles", QT_TRANSLATE_NOOP("Panels", "Profiles"), "sliders-horizontal", _profiles),
    PanelSpec("costs", QT_TRANSLATE_NOOP("Panels", "Costs"), "wallet", _costs),
    PanelSpec("settings", QT_TRANSLATE_NOOP("Panels", "Settings"), "settings", _settings, last=True),
)
