"""A thin bar that fills up."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cardforge_desktop.ui.theme import Theme, Tone

_HEIGHT = 5


class ThinBar(QWidget):
    """Progress without words: what it stands for is said beside it."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme, self._name = theme, name
        self._fraction = 0.0
        self._tone = Tone.ACCENT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    @property
    def fraction(self) -> float:
        """0..1."""
        return self._fraction

    def set_fraction(self, fraction: float) -> None:
        """How far it is filled, 0..1."""
        fraction = min(1.0, max(0.0, fraction))
        if fraction != self._fraction:
            self._fraction = fraction
            self.setAccessibleDescription(f"{round(100 * fraction)} %")
            self.update()

    def set_tone(self, tone: Tone) -> None:
        """In which colour it is filled."""
        if tone is not self._tone:
            self._tone = tone
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(80, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The track, and the filled part of it from where reading begins."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        tokens, whole = self._theme.tokens, QRectF(self.rect())
        painter.setBrush(QColor(tokens.track))
        painter.drawRoundedRect(whole, _HEIGHT / 2, _HEIGHT / 2)
        if self._fraction > 0:
            filled = QRectF(whole)
            filled.setWidth(max(float(_HEIGHT), whole.width() * self._fraction))
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                filled.moveRight(whole.right())
            painter.setBrush(tokens.tone(self._tone))
            painter.drawRoundedRect(filled, _HEIGHT / 2, _HEIGHT / 2)
