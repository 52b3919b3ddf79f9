"""What stands beside the entries of a book. Each pane is imported and made when it is first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.side_tabs import SideTabs, Tab

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services


@dataclass(frozen=True, slots=True)
class PaneSpec:
    """A pane beside the entries. It follows the session by itself, and works only while it is in sight.

    Attributes:
        key: stable name; the pane is in the package of that name, in its module ``pane``.
        text, tip: of its tab.
        icon: Lucide name.
        name: of its class, which is made with the services and the session.
    """

    key: str
    text: str
    tip: str
    icon: str
    name: str

    def build(self, services: Services, session: BookSession) -> QWidget:
        """Import and make it."""
        module = import_module(f"cardforge_desktop.ui.books.{self.key}.pane")
        make: Callable[[Services, BookSession], QWidget] = getattr(module, self.name)
        return make(services, session)


#: In the order of the tabs: entry (EntryPane), testing (TestPane), health (HealthPane).
PANES: tuple[PaneSpec, ...] = (
    PaneSpec(
        "entry",
        QT_TRANSLATE_NOOP("Books", "Entry"),
        QT_TRANSLATE_NOOP("Books", "Read and change the selected entry"),
        "pen-line",
        "EntryPane",
    ),
    PaneSpec(
        "testing",
        QT_TRANSLATE_NOOP("Books", "Test"),
        QT_TRANSLATE_NOOP("Books", "Which entries a chat wakes, and why the others sleep"),
        "messages-square",
        "TestPane",
    ),
    PaneSpec(
        "health",
        QT_TRANSLATE_NOOP("Books", "Health"),
        QT_TRANSLATE_NOOP("Books", "What would go wrong with this book, and how it is mended"),
        "circle-check",
        "HealthPane",
    ),
)


class SidePane(SideTabs):
    """Shows one of `PANES`."""

    def __init__(self, services: Services, session: BookSession, panes: tuple[PaneSpec, ...] = PANES) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            services.icons,
            (
                Tab(
                    spec.key,
                    translate("Books", spec.text),
                    spec.icon,
                    translate("Books", spec.tip),
                    partial(spec.build, services, session),
                )
                for spec in panes
            ),
        )
