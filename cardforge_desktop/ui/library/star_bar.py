"""Five stars to click."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.library.marks import MOST_STARS, stars_text
from cardforge_desktop.ui.theme import Tone
from cardforge_desktop.ui.widgets.basics import icon_button


class StarBar(QWidget):
    """Shows a rating and takes another one; a click on the last star that is on takes all away.

    Signals:
        rated(int): 0 to 5.
    """

    rated = Signal(int)

    def __init__(self, icons: Icons, rating: int) -> None:
        super().__init__()
        self._icons, self._rating = icons, rating
        self.setAccessibleName(self.tr("Rating"))
        self._stars: list[QPushButton] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for at in range(1, MOST_STARS + 1):
            star = icon_button(icons, "star", self.tr("Rate: %1").replace("%1", stars_text(at)))
            star.setProperty("role", "star")
            star.clicked.connect(lambda _checked=False, at=at: self._rate(at))
            layout.addWidget(star)
            self._stars.append(star)
        layout.addStretch(1)
        self.show_rating(rating)

    @property
    def rating(self) -> int:
        """What is shown."""
        return self._rating

    def show_rating(self, rating: int) -> None:
        """Show a rating without telling anyone."""
        self._rating = rating
        self.setAccessibleDescription(stars_text(rating) or self.tr("Not rated"))
        for at, star in enumerate(self._stars, 1):
            name, tone = ("star-filled", Tone.WARN) if at <= rating else ("star", Tone.MUTED)
            self._icons.put(star, name, tone, 16)

    def _rate(self, stars: int) -> None:
        self.show_rating(0 if stars == self._rating else stars)
        self.rated.emit(self._rating)
