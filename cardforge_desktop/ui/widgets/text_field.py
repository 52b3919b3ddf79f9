"""A field for prose: grows with what is written, keeps undo, underlines what the lint found."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QEvent, QMimeData, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QTextEdit, QToolTip

from cardforge_desktop.ui.theme import Theme, Tone

_ENDLESS_WORD = re.compile(r"[^\s\u2e80-\U0010ffff]{2000}")  # scripts above break anywhere
_PARAGRAPH = "\u2029"  # QTextDocument's own line end


@dataclass(frozen=True, slots=True)
class Mark:
    """A wavy line under a part of a text, or a ground behind it.

    Attributes:
        start: first character, counted as Python counts (code points).
        end: behind the last character.
        tone: its colour.
        tip: what is the matter, shown under the pointer.
        is_ground: nothing is wrong with it: it is only shown.
    """

    start: int
    end: int
    tone: Tone
    tip: str
    is_ground: bool = False


def document_positions(text: str, places: Iterable[int]) -> dict[int, int]:
    """Where `places` of `text` are in a `QTextDocument` that was given this text.

    Qt counts UTF-16 units, takes ``\\r\\n`` as one line end, and PySide drops lone surrogates on the way.
    Places beyond the ends are moved to the ends.
    """
    wanted = sorted(set(places))
    found: dict[int, int] = {}
    at = position = 0
    for place in wanted:
        stop = min(max(place, 0), len(text))
        broken = at < stop and text[max(at - 1, 0) : at + 1] == "\r\n"
        position += _units(text[at:stop]) - broken
        at = stop
        found[place] = position
    return found


def _units(part: str) -> int:
    if part.isascii():
        return len(part) - part.count("\r\n")
    return len(part.replace("\r\n", "\n").encode("utf-16-le", "ignore")) // 2


class TextField(QPlainTextEdit):
    """Plain text of any length, as high as its lines within bounds; Tab leaves it.

    Nothing of the text is changed unless the person changes it: no-break spaces, line separators and the
    kind of line end stay. Offsets are code points of `text`.

    Signals:
        edited(str): the person changed the text to this, by typing, undoing, or through `replace`. Sent as
            an object: a string on its way through Qt loses lone surrogates.
    """

    edited = Signal(object)

    def __init__(self, theme: Theme, name: str, *, least: int = 2, most: int = 16) -> None:
        super().__init__()
        self._theme = theme
        self._least, self._most = least, most
        self._given = self._told = ""
        self._given_raw = ""
        self._marks: tuple[tuple[Mark, QTextCursor], ...] = ()
        self._setting = False
        self.setProperty("role", "editor")
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(_wrapping(""))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setInputMethodHints(Qt.InputMethodHint.ImhMultiLine)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_changed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        theme.changed.connect(self._on_theme)

    @property
    def text(self) -> str:
        """What the field holds; exactly what `set_text` gave as long as nobody changed it."""
        return self._text_of(self.document().toRawText())

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is underlined."""
        return tuple(mark for mark, _ in self._marks)

    def set_text(self, text: str) -> None:
        """Show another text, with nothing to undo; cursor and undo stay when it is the same."""
        if text == self.text:
            return
        self._setting = True
        self._marks = ()
        self.setPlainText("")  # or the old text would be laid out in another way of wrapping
        self.setWordWrapMode(_wrapping(text))
        self.setPlainText(text)
        self._given, self._given_raw = text, self.document().toRawText()
        self._told = text
        self._align()
        self._setting = False
        self._draw_marks()
        self._fit()

    def show_text(self, text: str) -> None:
        """As `set_text`; of a text that is much the same only what differs is changed: the cursor stays."""
        before = self.text
        if before == text:
            return
        start = _same(before, text)
        end = _same(before[start:][::-1], text[start:][::-1])
        if 2 * (start + end) > len(before):  # else it is another text, which is shown faster as a whole
            self._setting = True
            self.replace(start, len(before) - end, text[start : len(text) - end])
            self._told = self.text
            self._setting = False
            self._align()
        self.set_text(text)

    def replace(self, start: int, end: int, new: str) -> None:
        """Put `new` in the place of a part, as one step that can be undone; told as an edit."""
        cursor = self._cursor(start, end)
        cursor.beginEditBlock()
        cursor.insertText(new)
        cursor.endEditBlock()

    def select(self, start: int, end: int) -> None:
        """Select a part and bring it into sight; the focus stays where it is."""
        self.setTextCursor(self._cursor(start, end))
        self.ensureCursorVisible()

    @property
    def chosen(self) -> tuple[int, int]:
        """The part that is selected; where nothing is, twice where the cursor stands."""
        text, cursor = self.text, self.textCursor()
        ends = (cursor.selectionStart(), cursor.selectionEnd())
        start, end = (
            bisect_left(range(len(text)), at, key=lambda place: document_positions(text, (place,))[place])
            for at in ends
        )
        return start, end

    def mark(self, spans: Sequence[Mark]) -> None:
        """Underline these parts of `text` and no others; the lines move with the text."""
        places = document_positions(self.text, (at for span in spans for at in (span.start, span.end)))
        last = self.document().characterCount() - 1
        self._marks = tuple(
            (span, self._between(min(places[span.start], last), min(places[span.end], last)))
            for span in spans
        )
        self._draw_marks()

    def sizeHint(self) -> QSize:
        """As high as the text needs, between the least and the most lines."""
        height = min(max(self._content_height(), self._height_of(self._least)), self._height_of(self._most))
        around = self.contentsMargins()
        margin = 2 * self.document().documentMargin() + around.top() + around.bottom()
        return QSize(240, ceil(height + margin))

    def minimumSizeHint(self) -> QSize:
        """Any width; the height follows from the text."""
        return QSize(80, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wraps into other lines."""
        super().resizeEvent(event)
        if event.size().width() == event.oldSize().width():
            return
        if self.viewport().isVisible():
            self._fit()
        else:  # a resize within the first one is lost, and with it the room the scroll bar takes
            QTimer.singleShot(0, self, self._fit)

    def changeEvent(self, event: QEvent) -> None:
        """Another font has other lines."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift+Enter breaks the line as Enter does: Qt's own line separator is no line end to readers."""
        if event.matches(QKeySequence.StandardKey.InsertLineSeparator):
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only a field one is in takes the wheel from the page around it."""
        if self.hasFocus() and self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste text as it is."""
        if self.wordWrapMode() != QTextOption.WrapMode.WrapAnywhere:
            self.setWordWrapMode(_wrapping(source.text()))
        super().insertFromMimeData(source)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text, not files: those are dropped on the window."""
        return source.hasText() and not source.hasUrls()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is the matter with a marked part under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tip = self.tip_at(event.pos())
            if tip:
                QToolTip.showText(event.globalPos(), tip, self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def tip_at(self, point: QPoint) -> str:
        """The tips of the marks at a point of the viewport, one a line; "" where there is none."""
        near = self.cursorForPosition(point)
        rect = self.cursorRect(near)
        if not rect.top() <= point.y() <= rect.bottom() or abs(rect.center().x() - point.x()) > rect.height():
            return ""
        at = near.position()
        here = [
            mark.tip for mark, cursor in self._marks if cursor.selectionStart() <= at <= cursor.selectionEnd()
        ]
        return "\n".join(here)

    def _cursor(self, start: int, end: int) -> QTextCursor:
        places = document_positions(self.text, (start, end))
        return self._between(places[start], places[end])

    def _between(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _text_of(self, raw: str) -> str:
        if raw == self._given_raw:
            return self._given
        ends = self._given.count("\n")
        carriage = ends > 0 and self._given.count("\r\n") == ends
        return raw.replace(_PARAGRAPH, "\r\n" if carriage else "\n")

    @Slot()
    def _on_changed(self) -> None:
        if self._setting:
            return
        text = self.text
        if text != self._told:  # highlighting is a change to Qt, too
            self._told = text
            self._align()
            self.edited.emit(text)

    @Slot()
    def _on_theme(self) -> None:
        self._draw_marks()
        self._fit()

    def _align(self) -> None:
        """Text that is read from the right stands at the right; Qt knows one side for all paragraphs here."""
        from_right = self.document().firstBlock().textDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if from_right else Qt.AlignmentFlag.AlignLeft
        option = self.document().defaultTextOption()
        if option.alignment() != side:
            option.setAlignment(side)
            self.document().setDefaultTextOption(option)

    def _draw_marks(self) -> None:
        selections = []
        for mark, cursor in self._marks:
            selection = QTextEdit.ExtraSelection()
            form = QTextCharFormat()
            if mark.is_ground:
                form.setBackground(QColor(self._theme.tokens.soft(mark.tone)))
                form.setForeground(self._theme.tokens.tone(mark.tone))
            else:
                form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
                form.setUnderlineColor(self._theme.tokens.tone(mark.tone))
            selection.format = form
            selection.cursor = cursor
            selections.append(selection)
        self.setExtraSelections(selections)

    @Slot()
    def _fit(self) -> None:
        height = self.sizeHint().height()
        if height != self.minimumHeight() or height != self.maximumHeight():
            self.setFixedHeight(height)

    def _content_height(self) -> float:
        """Height of the lines, not counted further than the most."""
        bound = self._height_of(self._most)
        height, block = 0.0, self.document().firstBlock()
        while block.isValid() and height <= bound:
            height += self.blockBoundingRect(block).height()
            block = block.next()
        return height

    def _height_of(self, lines: int) -> float:
        return lines * self.fontMetrics().lineSpacing() + self.document().documentMargin()


class LineField(TextField):
    """A text of one line as a rule: Enter goes on to the next field."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A line end may be there already, or be pasted; nobody types one by mistake."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
            return
        super().keyPressEvent(event)


def _same(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    shortest = min(len(one), len(other))
    if one[:shortest] == other[:shortest]:
        return shortest
    low, high = 0, shortest
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle)
    return low


def _wrapping(text: str) -> QTextOption.WrapMode:
    """Between words; Qt needs half a second a key to look for the boundaries in base64 of 100 kB."""
    if _ENDLESS_WORD.search(text):
        return QTextOption.WrapMode.WrapAnywhere
    return QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
