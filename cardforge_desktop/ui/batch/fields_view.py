"""A card's fields for reading, while they grow and after."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Slot
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import SPACE_M, Theme, Tone

#: Characters that are laid out in one go: about 1 ms, 4 ms at the end of a paragraph of 20,000.
_SLICE = 2_000
#: Time of the window's thread that is used before the rest waits for the next turn of its loop.
_TURN_MS = 3


class FieldsView(QTextEdit):
    """Fields of a card under their names. Growing text is appended: what stands is not laid out again.

    Long texts are put in by and by, so that the window goes on meanwhile.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._texts: dict[str, str] = {}
        self._written: dict[str, int] = {}
        self._scroll_to: int | None = None
        self.setReadOnly(True)
        self.setProperty("role", "reading")
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(1)
        self.setAccessibleName(self.tr("Fields of the card"))
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._go_on)
        theme.changed.connect(self._rewrite)

    @property
    def texts(self) -> dict[str, str]:
        """What is shown, or will be in a moment, by field."""
        return dict(self._texts)

    @property
    def is_whole(self) -> bool:
        """Whether all of it is laid out."""
        return all(self._written.get(name) == len(text) for name, text in self._texts.items())

    def show_fields(self, texts: dict[str, str]) -> None:
        """Replace everything."""
        wanted = {name: text for name, text in texts.items() if text and name != "name"}
        if wanted != self._texts:
            self._texts = wanted
            self._rewrite()

    def grow(self, name: str, text: str) -> None:
        """A field's text so far. Only what is new is added, when it goes on where it ended."""
        before = self._texts.get(name)
        if text == before or not text:
            return
        begun = list(self._written)
        self._texts[name] = text
        if name in self._written and (begun[-1] != name or before is None or not text.startswith(before)):
            self._rewrite()
        elif not self._rest.isActive():
            self._go_on()

    @Slot()
    def _rewrite(self) -> None:
        self._scroll_to = self.verticalScrollBar().value()
        self.clear()
        self._written = {}
        self._go_on()

    @Slot()
    def _go_on(self) -> None:
        """Write what fits into this turn; the rest waits for the next one."""
        bar = self.verticalScrollBar()
        follow = self._scroll_to is None and bar.value() >= bar.maximum() - 24
        clock = QElapsedTimer()
        clock.start()
        while not self.is_whole:
            if clock.elapsed() >= _TURN_MS:
                self._rest.start()
                break
            self._write_slice()
        if follow:
            bar.setValue(bar.maximum())
        elif self._scroll_to is not None and self.is_whole:
            bar.setValue(self._scroll_to)
            self._scroll_to = None

    def _write_slice(self) -> None:
        name = next(name for name, text in self._texts.items() if self._written.get(name) != len(text))
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        if name not in self._written:
            self._begin(cursor, name)
        at = self._written.get(name, 0)
        cursor.insertText(self._texts[name][at : at + _SLICE], self._body())
        cursor.endEditBlock()
        self._written[name] = min(at + _SLICE, len(self._texts[name]))

    def _begin(self, cursor: QTextCursor, name: str) -> None:
        """The field's name, and the block its text goes into."""
        heading = QTextCharFormat()
        heading.setForeground(self._theme.tokens.tone(Tone.MUTED))
        heading.setFont(self._theme.font(0.92))
        block = QTextBlockFormat()
        block.setTopMargin(SPACE_M if self._written else 0)
        block.setBottomMargin(2)
        if self._written:
            cursor.insertBlock(block, heading)
        else:
            cursor.setBlockFormat(block)
        cursor.insertText(formatting.field_label(name), heading)
        block = QTextBlockFormat()
        block.setLineHeight(112, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.insertBlock(block, self._body())

    def _body(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(self._theme.tokens.tone(Tone.TEXT))
        form.setFont(QFont(self._theme.font()))
        return form
