"""A calm question over the window: what is the matter, and two answers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import button, label, row


class Question(QDialog):
    """Accepted when the person says `yes`; opened with `open`, never with a nested loop."""

    def __init__(self, parent: QWidget, title: str, text: str, *, yes: str, no: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setModal(True)
        self.yes = button(yes, "primary")
        self.no = button(no)
        self.yes.setDefault(True)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL - SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addWidget(label(title, "title", wrap=True))
        layout.addWidget(label(text, "muted", wrap=True))
        layout.addSpacing(SPACE_M)
        layout.addLayout(row(None, self.no, self.yes))
        self.setFixedWidth(420)
        self.yes.setFocus()
