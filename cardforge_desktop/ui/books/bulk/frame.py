"""What the dialogs have in common: a title, what they are about, what they would do, and two answers."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import button, label, row, set_role


class BulkDialog(QDialog):
    """Opened with `open`. `body` is where fields go; `say` tells at the foot what would happen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._title = label("", "title", wrap=True)
        self.about = label("", "muted", wrap=True)
        self.told = label("", "muted", wrap=True)
        self.yes = button("", "primary")
        self.no = button(self.tr("Cancel"))
        self.yes.setDefault(True)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL - SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._title)
        layout.addWidget(self.about)
        layout.addSpacing(SPACE_S)
        layout.addLayout(self.body, 1)
        layout.addSpacing(SPACE_M)
        foot = row(self.told, self.no, self.yes)
        foot.setStretch(0, 1)
        layout.addLayout(foot)

    def set_texts(self, title: str, about: str, yes: str) -> None:
        """What the dialog is for, and the word on its button."""
        self.setWindowTitle(title)
        self._title.setText(title)
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.yes.setText(yes)
        self.yes.setAccessibleName(yes)

    @property
    def is_there(self) -> bool:
        """Whether the dialog still exists: what a worker brings may come late."""
        return shiboken6.isValid(self) and shiboken6.isValid(self.yes)

    def say(self, text: str, *, wrong: bool = False, possible: bool = True) -> None:
        """What would happen, or what is in the way of it."""
        self.told.setText(text)
        set_role(self.told, "error" if wrong else "muted")
        self.yes.setEnabled(possible and not wrong)
