"""Something to know about a prompt or a try, in a frame of its tone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.services import Link
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import button, label

_ICONS = {
    Tone.INFO: "info",
    Tone.OK: "circle-check",
    Tone.WARN: "triangle-alert",
    Tone.ERROR: "circle-x",
}


class Remark(QFrame):
    """A sentence with an icon, and perhaps what to do; hidden while there is nothing to say."""

    def __init__(self, icons: Icons, tone: Tone) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setProperty("tone", tone.value)
        names = {Tone.ERROR: self.tr("Error"), Tone.WARN: self.tr("Warning")}
        self.setAccessibleName(names.get(tone, self.tr("Message")))
        icon = QLabel()
        icons.put_on_label(icon, _ICONS[tone], tone)
        self._text = label("", wrap=True, selectable=True)
        self._advice = label("", "muted", wrap=True, selectable=True)
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        words.addWidget(self._text)
        words.addWidget(self._advice)
        self._link: Link | None = None
        self.way = button("", "link")
        self.way.setAccessibleName(self.tr("Where it can be changed"))
        self.way.clicked.connect(self._follow)
        words.addWidget(self.way, 0, Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout(self)
        line.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        line.setSpacing(SPACE_S)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What is said, "" while hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str, advice: str = "", link: Link | None = None) -> None:
        """Say it, with a way out where there is one; "" = nothing."""
        self._text.setText(text)
        self._advice.setText(self.tr("What to do: %1").replace("%1", advice, 1))
        self._advice.setVisible(bool(advice))
        self._link = link
        self.way.setText("" if link is None else link.text)
        self.way.setVisible(link is not None)
        self.setVisible(bool(text))

    @Slot()
    def _follow(self) -> None:
        if self._link is not None:
            self._link.do()
