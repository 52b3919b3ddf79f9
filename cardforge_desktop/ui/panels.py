"""The panels that exist. One is built at its first visit, and imported then or in a quiet moment before."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from cardforge_desktop.ui.importing import ONE_AT_A_TIME
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cardforge_desktop.ui.background import Background
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
        """Import it. On any thread; waits for others who import."""
        with ONE_AT_A_TIME:
            return self._imported()

    def build(self, services: Services, parent: QWidget) -> Panel:
        """Make it. Imported it has been, or the window's thread waits for it."""
        is_loaded = self._module in sys.modules
        make: Callable[[Services, QWidget], Panel] = self._imported() if is_loaded else self.load()
        return make(services, parent)

    @property
    def _module(self) -> str:
        return f"cardforge_desktop.ui.{self.key}.panel"

    def _imported(self) -> type[Panel]:
        found: type[Panel] = getattr(import_module(self._module), self.name)
        return found


PANELS: tuple[PanelSpec, ...] = (
    PanelSpec("batch", QT_TRANSLATE_NOOP("Panels", "Batch"), "layers", "BatchPanel"),
    PanelSpec("library", QT_TRANSLATE_NOOP("Panels", "Library"), "images", "LibraryPanel"),
    PanelSpec("profiles", QT_TRANSLATE_NOOP("Panels", "Profiles"), "sliders-horizontal", "ProfilesPanel"),
    PanelSpec("books", QT_TRANSLATE_NOOP("Panels", "Books"), "book-open", "BooksPanel"),
    PanelSpec("costs", QT_TRANSLATE_NOOP("Panels", "Costs"), "wallet", "CostsPanel"),
    PanelSpec("settings", QT_TRANSLATE_NOOP("Panels", "Settings"), "settings", "SettingsPanel", last=True),
)

#: Between looks whether nothing else is done.
_SPARE_MS = 100


class PanelImports(QObject):
    """Imports panels before anybody asks for them, one after the other, while no worker has anything to do.

    A first visit is so much shorter: by a third of it. Lives on the window's thread.
    """

    def __init__(self, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._background, self._left = background, list(PANELS)
        self._spare = QTimer(self, singleShot=True, interval=_SPARE_MS)
        self._spare.timeout.connect(self._next)

    @Slot()
    def begin(self) -> None:
        """From now on; the start itself is over."""
        self._spare.start()

    @Slot()
    def _next(self) -> None:
        if not self._background.is_busy:
            self._background.start(self._background.run(self._left.pop(0).load))
        if self._left:
            self._spare.start()
