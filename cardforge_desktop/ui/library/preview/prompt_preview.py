"""The prompt of a card, part by part, in the order in which a reader sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import Card as Frame
from cardforge_desktop.ui.widgets.basics import ElidedLabel, icon_button, label, row
from cardforge_desktop.ui.widgets.token_bar import tokenizer_text

if TYPE_CHECKING:
    from cardforge_desktop.ui.library.preview.prompt_counts import CountedPart, CountedPrompt

#: What is shown at most; all of it is counted and copied.
MOST_PARTS, MOST_CHARACTERS = 60, 20_000
_LINE = "\u2028"  # a new line in the same paragraph


class PromptPreview(QWidget):
    """Every part with its title, whether it stays in the prompt, its tokens and its text.

    Signals:
        copy_wanted: the whole prompt to the clipboard.
    """

    copy_wanted = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._theme = services.theme
        self._prompt: CountedPrompt | None = None
        self.total = ElidedLabel("", "strong")
        self.counted = label("", "caption", wrap=True)
        self.copy = icon_button(services.icons, "copy", self.tr("Copy the whole prompt as text"))
        self.copy.clicked.connect(lambda _checked=False: self.copy_wanted.emit())
        self.text = QTextEdit()
        self.text.setProperty("role", "reading")
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setTabChangesFocus(True)
        self.text.document().setDocumentMargin(SPACE_M)
        self.text.setAccessibleName(self.tr("Prompt in the order it is sent"))
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        words = QVBoxLayout()
        words.setSpacing(0)
        head = row(self.total, self.copy)
        head.setStretch(0, 1)
        words.addLayout(head)
        words.addWidget(self.counted)
        body = Frame(margin=2)
        body.body.addWidget(self.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(words)
        layout.addWidget(body, 1)
        self._theme.changed.connect(self._write)

    @property
    def prompt(self) -> CountedPrompt | None:
        """What is shown."""
        return self._prompt

    def show_prompt(self, prompt: CountedPrompt) -> None:
        """Show a prompt; the place that was read is kept."""
        self._prompt = prompt
        estimate = not prompt.tokenizer.exact
        text = self.tr("%1 tokens: %2 permanent, %3 temporary")
        for mark, value in (
            ("%1", prompt.permanent + prompt.temporary),
            ("%2", prompt.permanent),
            ("%3", prompt.temporary),
        ):
            text = text.replace(mark, formatting.tokens(value, estimate=estimate), 1)
        self.total.set_whole(text)
        counted = self.tr("As SillyTavern sends it by default. Counted for %1.")
        self.counted.setText(counted.replace("%1", tokenizer_text(prompt.tokenizer)))
        self._write()

    @Slot()
    def _write(self) -> None:
        if self._prompt is None:
            return
        at = self.text.verticalScrollBar().value()
        self.text.clear()
        cursor = QTextCursor(self.text.document())
        cursor.beginEditBlock()
        parts, room = self._prompt.parts, MOST_CHARACTERS
        shown = 0
        for each in parts[:MOST_PARTS]:
            if room <= 0:
                break
            self._write_part(cursor, each, room)
            room -= len(each.part.text)
            shown += 1
        if shown < len(parts):
            rest = sum(each.tokens for each in parts[shown:])
            text = self.tr("%n more part(s), %1 tokens, not shown here.", None, len(parts) - shown)
            self._paragraph(cursor, text.replace("%1", formatting.number(rest)), Tone.MUTED, above=SPACE_M)
        cursor.endEditBlock()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self.text.verticalScrollBar().setValue(at)

    def _write_part(self, cursor: QTextCursor, each: CountedPart, room: int) -> None:
        part = each.part
        self._paragraph(cursor, part.title, Tone.TEXT, bold=True, above=SPACE_M, below=2)
        if part.text:
            estimate = self._prompt is not None and not self._prompt.tokenizer.exact
            mark = self.tr("permanent · %1") if part.permanent else self.tr("temporary · %1")
            mark = mark.replace("%1", formatting.tokens_text(each.tokens, estimate=estimate))
            tone = Tone.ACCENT if part.permanent else Tone.MUTED
            cursor.insertText("   ", self._form(Tone.MUTED))
            cursor.insertText(mark, self._form(tone, small=True))
            text = part.text
            if len(text) > room:
                text = self.tr("%1 … (only the beginning is shown here)").replace("%1", text[:room], 1)
            self._paragraph(cursor, text, Tone.TEXT)
        if part.note:
            self._paragraph(cursor, self.tr("Not sent: %1").replace("%1", part.note, 1), Tone.WARN)

    def _paragraph(
        self,
        cursor: QTextCursor,
        text: str,
        tone: Tone,
        *,
        bold: bool = False,
        above: int = 0,
        below: int = SPACE_XS,
    ) -> None:
        block = QTextBlockFormat()
        block.setTopMargin(above if cursor.position() else 0)
        block.setBottomMargin(below)
        form = self._form(tone, bold=bold)
        if cursor.position():
            cursor.insertBlock(block, form)
        else:
            cursor.setBlockFormat(block)
        cursor.insertText(text.replace("\n", _LINE), form)

    def _form(self, tone: Tone, *, bold: bool = False, small: bool = False) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFont(self._theme.font(0.92 if small else 1.0, bold=bold, tabular=small))
        form.setForeground(self._theme.tokens.tone(tone))
        return form
