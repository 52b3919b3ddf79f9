"""Draws texts with the parts marked that a search found."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption

from cardforge_desktop.books.marking import marks
from cardforge_desktop.ui.theme import Theme, Tone, mix

#: Layouts that are kept, so that scrolling only draws: some screens of them.
_KEPT = 2_000


class MarkedText:
    """Lays texts out in one font. Lives on the window's thread."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self._theme, self._font = theme, font
        self.metrics = QFontMetrics(font)
        self._mark = QTextCharFormat()
        tokens = theme.tokens
        self._mark.setBackground(QColor(mix(tokens.surface, tokens.warn, 0.22 if tokens.dark else 0.16)))
        self._mark.setForeground(tokens.tone(Tone.WARN))
        self._kept: dict[tuple[str, int, int, bool], tuple[QTextLayout, str]] = {}
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
        layout, shown = self._laid_out(text, place.width(), lines, mirrored=mirrored)
        found = marks(shown, typed) if typed else ()
        layout.draw(painter, QPointF(place.left(), place.top()), [self._range(*span) for span in found])

    def _laid_out(self, text: str, width: int, lines: int, *, mirrored: bool) -> tuple[QTextLayout, str]:
        """The layout and the text in it. Marks come when it is drawn: with each key they are others."""
        key = (text, width, lines, mirrored)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) > _KEPT:
                self._kept.clear()
            layout = self._lay_out(text, width, lines, mirrored=mirrored)
            kept = self._kept[key] = layout, layout.text()
        return kept

    def _lay_out(self, text: str, width: int, lines: int, *, mirrored: bool) -> QTextLayout:
        plain = " ".join(text.split())
        if lines == 1:
            return self._layout(self._shortened(plain, width), width, mirrored=mirrored)
        layout = self._layout(plain, width, mirrored=mirrored)
        if layout.lineCount() <= lines:
            return layout
        start = layout.lineAt(lines - 1).textStart()
        last = self._shortened(plain[start:], width)
        return self._layout(plain[:start] + last, width, mirrored=mirrored)

    def _shortened(self, text: str, width: int) -> str:
        return self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

    def _layout(self, text: str, width: int, *, mirrored: bool) -> QTextLayout:
        layout = QTextLayout(text, self._font)
        option = QTextOption(Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout

    def _range(self, start: int, end: int) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start, made.length, made.format = start, end - start, self._mark
        return made
