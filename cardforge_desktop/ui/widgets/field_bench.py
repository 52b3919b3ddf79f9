"""What the fields of an editor work with, whatever is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from cardforge_desktop.ui.widgets.highlighter import Pace

if TYPE_CHECKING:
    from cardforge_desktop.ui.services import Services

_STEPS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class FieldBench(QObject):
    """The services, the pace of all highlighting of one screen, and whose undo it is."""

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self.services = services
        self.theme, self.icons = services.theme, services.icons
        self.pace = Pace(self)

    def without_undo(self, field: QWidget) -> None:
        """Undo and redo in this field are the editor's, not its own."""
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the keys to the actions."""
        pressed = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if pressed and isinstance(event, QKeyEvent) and any(event.matches(step) for step in _STEPS):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
