"""The field above a list that is searched while one types."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Tone


class SearchField(QLineEdit):
    """Escape clears it.

    Signals:
        entered(): Down or Return, to go on in the list.
    """

    entered = Signal()

    def __init__(self, icons: Icons, text: str, name: str = "") -> None:
        """`text` stands in the empty field; `name` is what a screen reader says, where it is another."""
        super().__init__()
        self.setProperty("role", "search")
        self.setPlaceholderText(text)
        self.setAccessibleName(name or text)
        self.setClearButtonEnabled(True)
        glass = QAction(self)
        icons.put(glass, "search", Tone.MUTED, 16)
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)

    def begin(self) -> None:
        """To here, to search for something else."""
        self.setFocus()
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Return leave the field; in a dialog Return also is its answer. Escape clears the field."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        super().keyPressEvent(event)
