"""Draws texts with the parts marked that a search found."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from cardforge_desktop.books.marking import Spans, marks
from cardforge_desktop.ui.qt_positions import signs, units
from cardforge_desktop.ui.theme import Theme, Tone, mix

#: Layouts that are kept, so that scrolling only draws: some screens of them.
_KEPT = 2_000
#: Average letters that a line holds, of the narrowest that a text is likely to be made of.
_NARROW = 1.6


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a text that is laid out: one line of it, or some.

    Attributes:
        start, end: from where to where of what is shown it goes.
        width: how wide its line is; as wide as the place where it is several.
        height: of its lines together.
    """

    layout: QTextLayout
    start: int
    end: int
    width: float
    height: int


@dataclass(frozen=True, slots=True)
class _Laid:
    """A text that is laid out: all of it that is seen, in parts below each other."""

    shown: str
    parts: tuple[_Part, ...]


class MarkedText:
    """Lays texts out in one font. Lives on the window's thread."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self._font = font
        self.metrics = QFontMetrics(font)
        self._line_height, self._ascent = self.metrics.height(), self.metrics.ascent()
        self._letter = max(1, self.metrics.averageCharWidth())
        tokens = theme.tokens
        self._pens = {tone: tokens.tone(tone) for tone in Tone}
        self._mark = QTextCharFormat()
        self._mark.setBackground(QColor(mix(tokens.surface, tokens.warn, 0.22 if tokens.dark else 0.16)))
        self._mark.setForeground(tokens.tone(Tone.WARN))
        self._unwrapped = _option(QTextOption.WrapMode.NoWrap)
        self._wrapped = {
            mirrored: _option(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere, mirrored=mirrored)
            for mirrored in (False, True)
        }
        self._lines: dict[str, tuple[QTextLayout, float]] = {}
        self._kept: dict[tuple[str, int, int, bool], _Laid] = {}

    def width(self, text: str) -> int:
        """Of a short text in one line."""
        return ceil(self._line(text)[1])

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
        painter.setPen(self._pens[tone])
        width = place.width()
        laid = self._laid_out(text, width, lines, mirrored=mirrored)
        found = marks(laid.shown, typed) if typed else ()
        left, top = place.left(), place.top()
        for part in laid.parts:
            at = QPointF(left + width - part.width if mirrored else left, top)
            part.layout.draw(painter, at, self._ranges(laid.shown, part, found) if found else [])
            top += part.height

    def _ranges(self, shown: str, part: _Part, found: Spans) -> list[QTextLayout.FormatRange]:
        """The marks that are in a part."""
        made = []
        for start, end in found:
            if start < part.end and end > part.start:
                first, last = max(start, part.start), min(end, part.end)
                marked = QTextLayout.FormatRange()
                marked.start = units(shown[part.start : first])
                marked.length = units(shown[first:last])
                marked.format = self._mark
                made.append(marked)
        return made

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
        plain, parts = " ".join(text.split()), []
        if lines > 1:
            parts.append(self._above(plain, width, lines - 1, mirrored=mirrored))
        cut = parts[0].end if parts else 0
        if cut < len(plain) or not parts:
            last, layout, natural = self._shortened(plain[cut:], width)
            parts.append(_Part(layout, cut, cut + len(last), natural, self._line_height))
            plain = plain[:cut] + last
        return _Laid(plain, tuple(parts))

    def _above(self, text: str, width: int, lines: int, *, mirrored: bool) -> _Part:
        """The first lines of a text, without laying out what follows them."""
        some = text[: self._room(width, lines)]
        layout, end = self._wrapped_layout(some, width, lines, mirrored=mirrored)
        if end == len(some) < len(text):  # of narrow letters
            layout, end = self._wrapped_layout(text, width, lines, mirrored=mirrored)
        return _Part(layout, 0, end, width, layout.lineCount() * self._line_height)

    def _shortened(self, text: str, width: int) -> tuple[str, QTextLayout, float]:
        """As much as fits into one line."""
        some = text[: self._room(width, 1)]
        if some == text:
            layout, natural = self._line(text)
            if natural <= width:
                return text, layout, natural
        shown = self.metrics.elidedText(some, Qt.TextElideMode.ElideRight, width)
        if shown == some and some != text:  # of narrow letters
            shown = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        return shown, *self._line(shown)

    def _room(self, width: int, lines: int) -> int:
        """Letters that fill so many lines, most likely: to lay out hundreds takes as long as all the rest."""
        return int(lines * (width / self._letter * _NARROW + 1))

    def _line(self, text: str) -> tuple[QTextLayout, float]:
        """A text in one line, and its width."""
        kept = self._lines.get(text)
        if kept is None:
            if len(self._lines) > _KEPT:
                self._lines.clear()
            layout = self._begun(text, self._unwrapped)
            line = layout.createLine()
            layout.endLayout()
            if line.isValid():
                line.setPosition(QPointF(0, self._sunk(line)))
            kept = self._lines[text] = layout, line.naturalTextWidth() if line.isValid() else 0.0
        return kept

    def _sunk(self, line: QTextLine) -> float:
        """How far below its place a line begins: with letters of another font the base line stays."""
        return self._ascent - line.ascent()

    def _wrapped_layout(
        self, text: str, width: int, lines: int, *, mirrored: bool
    ) -> tuple[QTextLayout, int]:
        """The first lines of a text, and where they end."""
        layout = self._begun(text, self._wrapped[mirrored])
        top, end = 0.0, 0
        while layout.lineCount() < lines and (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, top + self._sunk(line)))
            top += self._line_height
            end = line.textStart() + line.textLength()
        layout.endLayout()
        return layout, signs(text, end)

    def _begun(self, text: str, option: QTextOption) -> QTextLayout:
        layout = QTextLayout(text, self._font)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        return layout


def _option(wrap: QTextOption.WrapMode, *, mirrored: bool = False) -> QTextOption:
    made = QTextOption(Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft)
    made.setWrapMode(wrap)
    made.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # the text's own; Qt takes the window's
    return made
