"""A field for templates: ``{placeholders}`` in colour, and offered while one is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, Qt, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QInputMethodEvent, QKeyEvent, QTextBlock, QTextCursor

from cardforge_desktop.profiles.templates import placeholders_in
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.completion_list import CompletionList, Suggestion
from cardforge_desktop.ui.widgets.highlighter import Highlighter, Pace, Part, Style, macros
from cardforge_desktop.ui.widgets.text_field import TextField

#: A placeholder that is begun left of the cursor, and what of it stands right of it.
_BEGUN = re.compile(r"(?<!\{)\{(\w{0,40})\Z")
_REST = re.compile(r"\w{0,40}+(?:\}(?!\}))?")
_LOOK_BACK = 42


class TemplateHighlighter(Highlighter):
    """Known placeholders in the accent's colour on a faint ground, others as errors; macros as in cards."""

    def __init__(self, field: TextField, theme: Theme, known: Sequence[str], pace: Pace | None) -> None:
        super().__init__(field.document(), theme, pace)
        self._known = frozenset(known)

    def read_line(self, text: str, block: QTextBlock) -> tuple[int, Iterator[Part]]:
        """A line of a template."""
        del block
        return 0, self._parts(text)

    def _parts(self, text: str) -> Iterator[Part]:
        for each in placeholders_in(text):
            style = Style.PLACEHOLDER if each.name in self._known else Style.UNKNOWN_PLACEHOLDER
            yield each.start, each.end, style
        yield from macros(text)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a placeholder is being written: its part of the document, and what stands of its name."""

    start: int
    end: int
    prefix: str


class TemplateField(TextField):
    """A text in which placeholders stand for what is filled in later.

    A list opens behind ``{`` or with Ctrl+Space: arrows choose, Return or Tab take, Escape closes.
    """

    def __init__(
        self,
        theme: Theme,
        name: str,
        known: Sequence[Suggestion],
        *,
        pace: Pace | None = None,
        least: int = 3,
        most: int = 18,
    ) -> None:
        """`known` are the placeholders by their names, without braces, in the order they are offered."""
        super().__init__(theme, name, least=least, most=most)
        self.known = tuple(known)
        self.highlighter = TemplateHighlighter(self, theme, [each.word for each in known], pace)
        self.completion = CompletionList(theme, self)
        self.completion.taken.connect(self._take)
        self.destroyed.connect(self.completion.deleteLater)  # it is the window's by then
        self.cursorPositionChanged.connect(self._follow)
        self.verticalScrollBar().valueChanged.connect(self.completion.hide)

    def insert(self, name: str) -> None:
        """Put a placeholder in the place of what is selected, and go on writing behind it."""
        self.textCursor().insertText(f"{{{name}}}")
        self.completion.hide()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """While the list is open its keys are nobody's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_for_list(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list's keys, or another letter of the placeholder."""
        if self._is_for_list(event):
            self._do_in_list(event.key())
        elif event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._offer(asked=True)
        else:
            super().keyPressEvent(event)
            if event.key() == Qt.Key.Key_Backspace or (event.text() and event.text().isprintable()):
                self._offer()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Letters of an input method are letters, too."""
        super().inputMethodEvent(event)
        if event.commitString():
            self._offer()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab takes what the list offers."""
        if forward and self.completion.isVisible():
            self.completion.take()
            return True
        return super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who leaves wants nothing of the list."""
        self.completion.hide()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The list is a part of the window, and would stay."""
        self.completion.hide()
        super().hideEvent(event)

    def _is_for_list(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        return (
            self.completion.isVisible()
            and isinstance(event, QKeyEvent)
            and event.key() in keys
            and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        )

    def _do_in_list(self, key: int) -> None:
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.completion.step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            self.completion.hide()
        else:
            self.completion.take()

    def _offer(self, *, asked: bool = False) -> None:
        """Show what fits what is begun; `asked`: everything where nothing is."""
        place = self._place()
        if place is None:
            found: Sequence[Suggestion] = self.known if asked else ()
        else:
            wanted = place.prefix.casefold()
            starting = [each for each in self.known if each.word.startswith(wanted)]
            inside = [each for each in self.known if wanted in each.word and each not in starting]
            found = [*starting, *inside]
        spot = self.cursorRect()
        self.completion.offer(found, QRect(self.viewport().mapToGlobal(spot.topLeft()), spot.size()))

    @Slot()
    def _follow(self) -> None:
        """The cursor went elsewhere: what was begun there is over."""
        if self.completion.isVisible() and self._place() is None:
            self.completion.hide()

    def _place(self) -> _Place | None:
        cursor = self.textCursor()
        if cursor.hasSelection():
            return None
        at, block = cursor.position(), cursor.block()
        before = self._between(max(block.position(), at - _LOOK_BACK), at).selectedText()
        begun = _BEGUN.search(before)
        if begun is None:
            return None
        after = self._between(at, min(block.position() + block.length() - 1, at + _LOOK_BACK)).selectedText()
        rest = _REST.match(after)
        return _Place(at - len(begun[0]), at + (len(rest[0]) if rest else 0), begun[1])

    @Slot(str)
    def _take(self, word: str) -> None:
        place = self._place()
        cursor = self.textCursor()
        if place is not None:
            cursor.setPosition(place.start)
            cursor.setPosition(place.end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(f"{{{word}}}")
        self.setTextCursor(cursor)
        self.completion.hide()
