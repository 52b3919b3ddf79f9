"""Places of a replacement, each before and after, with what goes and what comes marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QTextEdit

from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone

if TYPE_CHECKING:
    from cardforge_desktop.books.editing.replacing import Shown, Span


class PlacesView(QTextEdit):
    """A minus stands before what was, a plus before what will be; colours only help."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._places: Sequence[Shown] = ()
        self.setReadOnly(True)
        self.setProperty("role", "reading")
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName(self.tr("Preview"))
        theme.changed.connect(self._draw)

    def show_places(self, places: Sequence[Shown]) -> None:
        """Show these."""
        self._places = places
        self._draw()

    @Slot()
    def _draw(self) -> None:
        self.clear()
        cursor = self.textCursor()
        cursor.beginEditBlock()
        for at, place in enumerate(self._places):
            if at:
                apart = QTextBlockFormat()
                apart.setTopMargin(SPACE_S)
                cursor.insertBlock(apart)
            head = translate("Books", "%1 · %2").replace("%2", _parts()[place.part])
            cursor.insertText(head.replace("%1", place.title.strip()), self._format(Tone.MUTED))
            self._line(cursor, "− ", place.before, place.old, Tone.ERROR)
            self._line(cursor, "+ ", place.after, place.new, Tone.OK)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _line(self, cursor: QTextCursor, sign: str, text: str, span: Span, tone: Tone) -> None:
        start, end = span
        cursor.insertBlock(QTextBlockFormat())
        cursor.insertText(sign, self._format(tone))
        cursor.insertText(text[:start], self._format(Tone.TEXT))
        cursor.insertText(text[start:end], self._format(tone, marked=True))
        cursor.insertText(text[end:], self._format(Tone.TEXT))

    def _format(self, tone: Tone, *, marked: bool = False) -> QTextCharFormat:
        tokens = self._theme.tokens
        made = QTextCharFormat()
        made.setForeground(tokens.tone(tone))
        if marked:
            made.setBackground(QColor(tokens.soft(tone)))
            made.setFontWeight(QFont.Weight.DemiBold)
        return made


def _parts() -> dict[str, str]:
    return {
        "name": translate("Books", "Title"),
        "keys": translate("Books", "Keys"),
        "content": translate("Books", "Text"),
    }
