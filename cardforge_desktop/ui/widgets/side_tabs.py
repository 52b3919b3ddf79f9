"""Panes behind a row of tabs. Each is made when it is first seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import button, in_lines, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from cardforge_desktop.ui.icons import Icons


@dataclass(frozen=True, slots=True)
class Tab:
    """A pane and its tab.

    Attributes:
        key: stable name.
        text: of the tab.
        icon: Lucide name.
        tip: of the tab.
        build: imports and makes the pane.
    """

    key: str
    text: str
    icon: str
    tip: str
    build: Callable[[], QWidget]


class SideTabs(QWidget):
    """Shows one of its panes.

    Signals:
        shown(str): the pane with this key is in sight.
    """

    shown = Signal(str)

    def __init__(self, icons: Icons, tabs: Iterable[Tab], *, wraps: bool = False) -> None:
        """`wraps`: tabs that have no room go to a second line; else they keep the pane wide enough."""
        super().__init__()
        self._specs = {tab.key: tab for tab in tabs}
        self._panes: dict[str, QWidget] = {}
        self._pages = QStackedWidget()
        self._group = QButtonGroup(self)
        self.tabs: dict[str, QPushButton] = {}
        for key, spec in self._specs.items():
            tab = button(spec.text, "quiet", tip=spec.tip)
            icons.put(tab, spec.icon, Tone.MUTED, 16)
            tab.setCheckable(True)
            tab.clicked.connect(lambda _checked=False, key=key: self.show_pane(key))
            self._group.addButton(tab)
            self.tabs[key] = tab
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        if wraps:
            layout.addWidget(in_lines(*self.tabs.values(), spacing=SPACE_XS))
        else:
            layout.addLayout(row(*self.tabs.values(), None, spacing=SPACE_XS))
        layout.addWidget(self._pages, 1)

    @property
    def current(self) -> str:
        """Key of the pane that is shown, "" before there is one."""
        return next((key for key, pane in self._panes.items() if pane is self._pages.currentWidget()), "")

    def pane(self, key: str) -> QWidget:
        """A pane, made if nobody saw it yet."""
        if key not in self._panes:
            self._panes[key] = self._specs[key].build()
            self._pages.addWidget(self._panes[key])
        return self._panes[key]

    def made(self, key: str) -> QWidget | None:
        """A pane that somebody saw already."""
        return self._panes.get(key)

    def show_pane(self, key: str) -> None:
        """Show a pane."""
        self.tabs[key].setChecked(True)
        self._pages.setCurrentWidget(self.pane(key))
        self.shown.emit(key)
