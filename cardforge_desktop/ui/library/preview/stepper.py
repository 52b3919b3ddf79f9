"""One of several, with a button to the one before and one to the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import icon_button, row


class Stepper(QWidget):
    """Two arrows around what says where one is. The arrows follow the direction of reading.

    Signals:
        stepped(int): -1 = the one before, 1 = the next one is wanted.
    """

    stepped = Signal(int)

    def __init__(self, icons: Icons, inner: QWidget, *, before: str, behind: str) -> None:
        """`before` and `behind` are the names of the buttons."""
        super().__init__()
        self._icons = icons
        self.before = icon_button(icons, "chevron-left", before)
        self.behind = icon_button(icons, "chevron-right", behind)
        self.before.clicked.connect(lambda _checked=False: self.stepped.emit(-1))
        self.behind.clicked.connect(lambda _checked=False: self.stepped.emit(1))
        self.setLayout(row(self.before, inner, self.behind, spacing=SPACE_XS))
        self._put_icons()

    def set_place(self, at: int, count: int) -> None:
        """Where one is, from 0. At the ends there is no further step; one alone needs no arrows."""
        self.before.setEnabled(at > 0)
        self.behind.setEnabled(at < count - 1)
        self.setVisible(count > 1)

    def changeEvent(self, event: QEvent) -> None:
        """Arrows that point the other way."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._put_icons()

    def _put_icons(self) -> None:
        names = ["chevron-left", "chevron-right"]
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            names.reverse()
        for each, name in zip((self.before, self.behind), names, strict=True):
            self._icons.put(each, name, Tone.MUTED, 16)
