"""One of several choices that can be seen in both themes."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone

_SIDE = 16


class RadioButton(QRadioButton):
    """A ring with a dot in it when it is chosen, and a text."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(text.replace("&", "&&"))
        self._theme, self._whole = theme, text
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A line of the whole text."""
        metrics = self.fontMetrics()
        width = _SIDE + SPACE_S + metrics.horizontalAdvance(self._whole) + 6
        return QSize(width, max(_SIDE, metrics.height()) + 6)

    def minimumSizeHint(self) -> QSize:
        """May be shortened."""
        return QSize(_SIDE + SPACE_S + 40, self.sizeHint().height())

    def hitButton(self, pos: object) -> bool:
        """The text belongs to it."""
        return self.rect().contains(pos)  # type: ignore[call-overload,no-any-return]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ring, its dot, the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ring = QRect(self.width() - _SIDE - 2 if is_mirrored else 2, 0, _SIDE, _SIDE)
        ring.moveTop((self.height() - _SIDE) // 2)
        edge = QRectF(ring).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus():
            painter.setPen(QPen(tokens.tone(Tone.ACCENT), 1.5))
            painter.drawEllipse(edge.adjusted(-2, -2, 2, 2))
        tone = Tone.ACCENT if self.isChecked() and self.isEnabled() else Tone.MUTED
        painter.setPen(QPen(tokens.tone(tone), 1.5))
        painter.setBrush(QColor(tokens.surface))
        painter.drawEllipse(edge)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.tone(tone))
            painter.drawEllipse(edge.adjusted(4, 4, -4, -4))
        text = QRect(ring.right() + SPACE_S + 1, 0, self.width() - _SIDE - SPACE_S - 4, self.height())
        if is_mirrored:
            text.moveRight(ring.left() - SPACE_S)
        painter.setPen(tokens.tone(Tone.TEXT if self.isEnabled() else Tone.MUTED))
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        short = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, text.width())
        # Absolute: the painter would turn the side once more where the whole app is mirrored.
        painter.drawText(
            text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | side), short
        )
