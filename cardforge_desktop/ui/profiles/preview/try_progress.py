"""How far a try is, and what it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.state import stage_text
from cardforge_desktop.ui.theme import SPACE_XS, Theme
from cardforge_desktop.ui.widgets.basics import ElidedLabel, label, row
from cardforge_desktop.ui.widgets.thin_bar import ThinBar

if TYPE_CHECKING:
    from cardforge_desktop.events import Progress


class TryProgress(QWidget):
    """A bar with words while it runs; afterwards only what it took."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.bar = ThinBar(theme, self.tr("Progress of the card"))
        self.doing = ElidedLabel("", "caption")
        self.percent = label("", "caption")
        self.taken = label("", "caption", wrap=True, selectable=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        line = row(self.doing, self.percent)
        line.setStretch(0, 1)
        column.addLayout(line)
        column.addWidget(self.bar)
        column.addWidget(self.taken)
        self.hide()

    def begin(self) -> None:
        """Another card begins."""
        self.bar.set_fraction(0.0)
        self.percent.setText("")
        self.doing.set_whole(stage_text("waiting"))

    def show_progress(self, progress: Progress) -> None:
        """Where the card is."""
        self.bar.set_fraction(progress.fraction)
        percent = round(100 * min(1.0, max(0.0, progress.fraction)))
        self.percent.setText(self.tr("%1%").replace("%1", str(percent), 1))
        stage = stage_text(progress.stage)
        if not progress.field:
            self.doing.set_whole(stage)
            return
        text = self.tr("%1: %2").replace("%1", stage, 1)
        text = text.replace("%2", formatting.field_label(progress.field), 1)
        if pace := progress.tokens_per_second:
            told = self.tr("%1 · %2 tokens/s").replace("%2", formatting.number(round(pace)), 1)
            text = told.replace("%1", text, 1)
        self.doing.set_whole(text)

    def say_taken(self, text: str, *, running: bool) -> None:
        """What it took so far; "" = nothing was tried."""
        self.taken.setText(text)
        for part in (self.bar, self.doing, self.percent):
            part.setVisible(running)
        self.setVisible(bool(text))
