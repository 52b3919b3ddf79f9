"""What every part of the editor works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from cardforge_desktop.ui.widgets.highlighter import Pace

if TYPE_CHECKING:
    from cardforge_desktop.ui.library.editor.session import CardSession
    from cardforge_desktop.ui.services import Services

_STEPS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class Bench(QObject):
    """The services, the card under edit, and what fields ask of the editor.

    Signals:
        rewrite_wanted(str, str): path and label of the field to have written anew.
        fix_wanted(object): a `Finding` to mend.
        checks_wanted(): show all findings.
    """

    rewrite_wanted = Signal(str, str)
    fix_wanted = Signal(object)
    checks_wanted = Signal()

    def __init__(self, services: Services, session: CardSession, parent: QObject) -> None:
        super().__init__(parent)
        self.services, self.session = services, session
        self.theme, self.icons = services.theme, services.icons
        self.pace = Pace(self)

    def without_undo(self, field: QWidget) -> None:
        """Undo and redo in this field are the card's, not its own."""
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the keys to the actions."""
        pressed = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if pressed and isinstance(event, QKeyEvent) and any(event.matches(step) for step in _STEPS):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
