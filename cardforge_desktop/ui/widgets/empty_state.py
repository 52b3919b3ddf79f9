"""What an empty panel says: what belongs here, and the one button that fills it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import label


class EmptyState(QWidget):
    """A picture, a title, a sentence and perhaps a button or two, in the middle."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        icon: str,
        *,
        title: str,
        text: str,
        act: QPushButton | None = None,
        other: QPushButton | None = None,
    ) -> None:
        super().__init__()
        self._icons, self._name = icons, icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_S)
        layout.addStretch(1)
        layout.addWidget(self._picture)
        heading, self._words = label(title, "title"), label(text, "muted", wrap=True)
        for part in (heading, self._words):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(part)
        if act is not None:
            layout.addSpacing(SPACE_S)
            layout.addWidget(act, 0, Qt.AlignmentFlag.AlignHCenter)
        if other is not None:
            layout.addWidget(other, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        theme.changed.connect(self._repaint)
        self._repaint()

    def say(self, text: str) -> None:
        """Another sentence."""
        self._words.setText(text)

    def _repaint(self) -> None:
        self._picture.setPixmap(self._icons.pixmap(self._name, Tone.MUTED, 40))
