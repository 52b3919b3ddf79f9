"""What is said of one day of the chart, beside its bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle

from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, Theme, Tone

_SWATCH, _WIDEST_NAME = 10, 240
#: Where reading begins and ends: the painter mirrors them.
_START = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_END = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line; `colour` None = it is of no piece."""

    text: str
    value: str
    colour: QColor | None


class Readout:
    """Paints a small box with a title and lines, as many as there is room for."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def paint(
        self, painter: QPainter, room: QRect, beside: QRect, title: str, lines: Sequence[ReadLine]
    ) -> None:
        """Beside a bar, at the side where there is more room, within `room`."""
        plain, strong = self._theme.font(0.92, tabular=True), self._theme.font(0.92, bold=True, tabular=True)
        high = QFontMetrics(strong).height() + 3
        most = max(1, (room.height() - 2 * SPACE_S) // high - 1)
        shown = list(lines)
        if len(shown) > most:
            left_out = len(shown) - most + 1
            more = translate("Costs", "and %Ln more", None, left_out)
            shown = [*shown[: most - 2], ReadLine(more, "", None), shown[-1]] if most > 2 else shown[-most:]
        box = self._place(room, beside, self._width(title, shown, plain, strong), high * (len(shown) + 1))
        self._paint_box(painter, box)
        inner = box.adjusted(SPACE_M, SPACE_S, -SPACE_M, -SPACE_S)
        painter.setFont(strong)
        painter.setPen(self._theme.tokens.tone(Tone.TEXT))
        painter.drawText(QRect(inner.left(), inner.top(), inner.width(), high), _START, title)
        for at, line in enumerate(shown, 1):
            self._paint_line(
                painter, QRect(inner.left(), inner.top() + at * high, inner.width(), high), line, plain
            )

    def _width(self, title: str, lines: Sequence[ReadLine], plain: QFont, strong: QFont) -> int:
        metrics = QFontMetrics(plain)
        widths = [
            min(_WIDEST_NAME, metrics.horizontalAdvance(line.text))
            + (_SWATCH + SPACE_S if line.colour is not None else 0)
            + (metrics.horizontalAdvance(line.value) + SPACE_M if line.value else 0)
            for line in lines
        ]
        return max(*widths, QFontMetrics(strong).horizontalAdvance(title)) + 2 * SPACE_M + 4

    @staticmethod
    def _place(room: QRect, beside: QRect, width: int, height: int) -> QRect:
        height += 2 * SPACE_S
        is_right = room.right() - beside.right() >= beside.left() - room.left()
        left = beside.right() + SPACE_S if is_right else beside.left() - SPACE_S - width
        left = max(room.left(), min(left, room.right() - width))
        return QRect(left, max(room.top(), min(beside.top(), room.bottom() - height)), width, height)

    def _paint_box(self, painter: QPainter, box: QRect) -> None:
        tokens = self._theme.tokens
        painter.setPen(QColor(tokens.border))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _paint_line(self, painter: QPainter, where: QRect, line: ReadLine, font: QFont) -> None:
        direction = painter.layoutDirection()

        def mirrored(part: QRect) -> QRect:
            return QStyle.visualRect(direction, where, part)

        text = QRect(where)
        if line.colour is not None:
            swatch = QRect(where.left(), where.center().y() - _SWATCH // 2, _SWATCH, _SWATCH)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(line.colour)
            painter.drawRoundedRect(mirrored(swatch), 2, 2)
            text.setLeft(text.left() + _SWATCH + SPACE_S)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        taken = metrics.horizontalAdvance(line.value)
        painter.setPen(self._theme.tokens.tone(Tone.TEXT))
        painter.drawText(mirrored(where), _END, line.value)
        painter.setPen(self._theme.tokens.tone(Tone.MUTED))
        text.setRight(text.right() - taken - (SPACE_S if taken else 0))
        short = metrics.elidedText(line.text, Qt.TextElideMode.ElideMiddle, text.width())
        painter.drawText(mirrored(text), _START, short)
