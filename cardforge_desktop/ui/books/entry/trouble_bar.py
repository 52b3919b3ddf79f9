"""Why what is written is not stored, and the ways out. It can't be closed: one of them has to be gone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from cardforge_desktop.ui.books.entry.draft import Trouble
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import button, label, row, set_tone


class TroubleBar(QFrame):
    """Shows the `Trouble` of a draft, hidden while there is none.

    Signals:
        mine_wanted(): store what is written here, whatever stands there.
        theirs_wanted(): drop what is written here.
    """

    mine_wanted = Signal()
    theirs_wanted = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self.setProperty("role", "notice")
        self._icon, self._text = QLabel(), label(wrap=True, selectable=True)
        self.mine = button("", "link", name=self.tr("Keep mine"))
        self.theirs = button("", "link", name=self.tr("Take what is stored"))
        self.mine.clicked.connect(self.mine_wanted)
        self.theirs.clicked.connect(self.theirs_wanted)
        said = row(self._icon, spacing=SPACE_S)
        said.addWidget(self._text, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(said)
        layout.addLayout(row(self.mine, self.theirs, None, spacing=SPACE_XS))
        self.hide()

    @property
    def text(self) -> str:
        """What is being said, "" when hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_trouble(self, trouble: Trouble | None) -> None:
        """Say this, or nothing."""
        self.setVisible(trouble is not None)
        if trouble is None:
            return
        texts = {
            "changed": (
                self.tr("This entry was changed elsewhere while you were writing. Yours is not stored yet."),
                self.tr("Keep mine"),
                self.tr("Keep theirs"),
            ),
            "gone": (
                self.tr("This entry was deleted while you were writing. Yours is not stored."),
                self.tr("Bring it back with mine"),
                self.tr("Let it go"),
            ),
            "failed": (
                self.tr("Not stored: %1").replace("%1", str(trouble.error), 1),
                self.tr("Try again"),
                self.tr("Show what is stored"),
            ),
        }
        text, mine, theirs = texts[trouble.kind]
        tone = Tone.ERROR if trouble.kind == "failed" else Tone.WARN
        set_tone(self, tone.value)
        icon = "circle-x" if tone is Tone.ERROR else "triangle-alert"
        self._icon.setPixmap(self._icons.pixmap(icon, tone, 18))
        self._text.setText(text)
        for made, words in ((self.mine, mine), (self.theirs, theirs)):
            made.setText(words)
            made.setAccessibleName(words)
