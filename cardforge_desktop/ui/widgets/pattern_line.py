"""One line in which a naming pattern is typed, its placeholders in colour."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy

from cardforge_desktop.naming import placeholders_in
from cardforge_desktop.ui.qt_positions import units
from cardforge_desktop.ui.theme import Theme, Tone
from cardforge_desktop.ui.widgets.basics import set_tone

_BREAKS = str.maketrans(dict.fromkeys("\n\r\u2028\u2029", " "))

#: Characters that are taken at once.
_LONGEST = 300


class PatternLine(QPlainTextEdit):
    """A text field of one line. Tab leaves it, Return is told, whatever is pasted becomes one line.

    Signals:
        entered: the person pressed Return, or left the field.
    """

    entered = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setProperty("role", "editor")
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self._measure = QLineEdit(self)  # as high as every other line that is typed in
        self._measure.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._measure.hide()
        self._colours = _Colours(self, theme)

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Put another text in; the cursor goes to its end."""
        self.setPlainText(text.translate(_BREAKS))
        self.moveCursor(self.textCursor().MoveOperation.End)

    def sizeHint(self) -> QSize:
        """A line's."""
        return self._measure.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """A line's."""
        return self._measure.minimumSizeHint()

    def set_wrong(self, *, is_wrong: bool, reason: str) -> None:
        """Mark the text as one that can't be used, or not."""
        set_tone(self, "error" if is_wrong else "")
        self.setAccessibleDescription(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return ends the line; the keys for up and down do nothing in it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            # A dialog's own button is to hear it as well.
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving ends the line too; a menu that opens over it does not."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.entered.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls, not the line."""
        event.ignore()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted lines become one; of a whole text no more than a name can hold."""
        self.insertPlainText(source.text().strip().translate(_BREAKS)[:_LONGEST])


class _Colours(QSyntaxHighlighter):
    """Known placeholders in the accent's colour, others as errors."""

    def __init__(self, line: PatternLine, theme: Theme) -> None:
        super().__init__(line.document())
        self._theme = theme
        theme.changed.connect(self._follow)

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        for found in placeholders_in(text):
            look = QTextCharFormat()
            look.setForeground(self._theme.tokens.tone(Tone.ACCENT if found.known else Tone.ERROR))
            if not found.known:
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
                look.setUnderlineColor(self._theme.tokens.tone(Tone.ERROR))
            start = units(text[: found.start])
            self.setFormat(start, units(text[found.start : found.end]), look)

    @Slot()
    def _follow(self) -> None:
        self.rehighlight()
