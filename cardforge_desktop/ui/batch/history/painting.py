"""Paints the progress of a batch, in the list and in the bar: done, failed, running, the rest."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from cardforge_desktop.batches.model import Counts
from cardforge_desktop.ui.theme import Theme, Tone, mix


def paint_progress(painter: QPainter, theme: Theme, rect: QRect, counts: Counts, *, mirrored: bool) -> None:
    """A bar of as many parts as there are states; the words beside it say the same."""
    tokens = theme.tokens
    radius = rect.height() / 2
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(rect), radius, radius)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(outline)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(rect, QColor(tokens.track))
    parts = (
        (counts.completed, tokens.tone(Tone.OK)),
        (counts.failed, tokens.tone(Tone.ERROR)),
        (counts.cancelled, QColor(mix(tokens.surface, tokens.muted, 0.6))),
        (counts.processing, tokens.tone(Tone.ACCENT)),
    )
    left = 0.0
    for count, colour in parts:
        width = rect.width() * count / max(1, counts.total)
        at = rect.right() + 1 - left - width if mirrored else rect.left() + left
        painter.fillRect(QRectF(at, rect.top(), width, rect.height()), colour)
        left += width
    painter.restore()
