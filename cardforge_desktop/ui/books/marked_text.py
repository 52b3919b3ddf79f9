"""Draws texts with the parts marked that a search found."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption

from cardforge_desktop.books.marking import marks
from cardforge_desktop.ui.theme import Theme, Tone, mix

#: Layouts that are kept, so that scrolling only draws: some screens of them.
_KEPT = 2_000
#: Letters of a text whose width is remembered.
_SHORT = 40


@dataclass(frozen=True, slots=True)
class _Laid:
    """A text that is laid out.

    Attributes:
        shown: all of it that is seen.
        parts: below each other: lines, and from where to where in `shown` they go.
    """

    shown: str
    parts: tuple[tuple[QTextLayout, int, int], ...]


class MarkedText:
    """Lays texts out in one font. Lives on the window's thread."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self._theme, self._font = theme, font
        self.metrics = QFontMetrics(font)
        self._mark = QTextCharFormat()
        tokens = theme.tokens
        self._mark.setBackground(QColor(mix(tokens.surface, tokens.warn, 0.22 if tokens.dark else 0.16)))
        self._mark.setForeground(tokens.tone(Tone.WARN))
        self._kept: dict[tuple[str, int, int, bool], _Laid] = {}
        self._widths: dict[str, int] = {}

    def width(self, text: str) -> int:
        """Of a short text in one line."""
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) > _KEPT:
                self._widths.clear()
            width = self._widths[text] = self.metrics.horizontalAdvance(text)
        return width

    def draw(
        self,
        painter: QPainter,
        place: QRect,
        text: str,
        typed: str = "",
        *,
        tone: Tone = Tone.TEXT,
        lines: int = 1,
        mirrored: bool = False,
    ) -> None:
        """As much of `text` as fits into `place`, in at most so many lines, from its top.

        Args:
            typed: what was searched for.
            mirrored: the window runs from right to left: so does a text that says nothing else.
        """
        painter.setPen(self._theme.tokens.tone(tone))
        painter.setFont(self._font)
        laid = self._laid_out(text, place.width(), lines, mirrored=mirrored)
        found = marks(laid.shown, typed) if typed else ()
        top = place.top()
        for layout, start, end in laid.parts:
            here = [
                self._range(max(a, start) - start, min(b, end) - start)
                for a, b in found
                if a < end and b > start
            ]
            layout.draw(painter, QPointF(place.left(), top), here)
            top += layout.lineCount() * self.metrics.height()

    def _laid_out(self, text: str, width: int, lines: int, *, mirrored: bool) -> _Laid:
        """The text as it is shown. Marks come when it is drawn: with each key they are others."""
        key = (text, width, lines, mirrored)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) > _KEPT:
                self._kept.clear()
            kept = self._kept[key] = self._lay_out(text, width, lines, mirrored=mirrored)
        return kept

    def _lay_out(self, text: str, width: int, lines: int, *, mirrored: bool) -> _Laid:
        """The last line, which may have to be shortened, is laid out by itself: not all of them twice."""
        plain, parts, cut = " ".join(text.split()), [], 0
        if lines > 1:
            above = self._layout(plain, width, lines - 1, mirrored=mirrored)
            last = above.lineAt(above.lineCount() - 1)
            cut = last.textStart() + last.textLength() if last.isValid() else 0
            parts.append((above, 0, cut))
        if cut < len(plain):
            rest = self._shortened(plain[cut:], width)
            parts.append((self._layout(rest, width, 1, mirrored=mirrored), cut, cut + len(rest)))
            plain = plain[:cut] + rest
        return _Laid(plain, tuple(parts))

    def _shortened(self, text: str, width: int) -> str:
        if len(text) <= _SHORT and self.width(text) <= width:  # chips have been measured already
            return text
        return self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

    def _layout(self, text: str, width: int, lines: int, *, mirrored: bool) -> QTextLayout:
        """The first lines of a text."""
        layout = QTextLayout(text, self._font)
        option = QTextOption(Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        top = 0.0
        while layout.lineCount() < lines and (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout

    def _range(self, start: int, end: int) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start, made.length, made.format = start, end - start, self._mark
        return made
