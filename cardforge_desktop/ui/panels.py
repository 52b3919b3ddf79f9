"""The panels that exist. A panel is imported and built at its first visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
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
        name: of its class, in the module ``panel`` of the package called `key`.
        last: stands at the foot of the rail.
    """

    key: str
    text: str
    icon: str
    name: str
    last: bool = False

    def load(self) -> type[Panel]:
        """Import it. On any thread."""
        found: type[Panel] = getattr(import_module(f"cardforge_desktop.ui.{self.key}.panel"), self.name)
        return found

    def build(self, services: Services) -> Panel:
        """Make it."""
        make: Callable[[Services], Panel] = self.load()
        return make(services)


PANELS: tuple[PanelSpec, ...] = (
    PanelSpec("batch", QT_TRANSLATE_NOOP("Panels", "Batch"), "layers", "BatchPanel"),
    PanelSpec("library", QT_TRANSLATE_NOOP("Panels", "Library"), "images", "LibraryPanel"),
    PanelSpec("profiles", QT_TRANSLATE_NOOP("Panels", "Profiles"), "sliders-horizontal", "ProfilesPanel"),
    PanelSpec("books", QT_TRANSLATE_NOOP("Panels", "Books"), "book-open", "BooksPanel"),
    PanelSpec("costs", QT_TRANSLATE_NOOP("Panels", "Costs"), "wallet", "CostsPanel"),
    PanelSpec("settings", QT_TRANSLATE_NOOP("Panels", "Settings"), "settings", "SettingsPanel", last=True),
)
