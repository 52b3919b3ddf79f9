"""The messages of a prompt for reading: what the profile says, what is filled in, what is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XS, Theme, Tone

if TYPE_CHECKING:
    from cardforge_desktop.batches.prompt_pieces import Piece, ShownMessage
    from cardforge_desktop.batches.trials import ShownCall

#: Characters of one piece that are shown: its beginning and its end.
_HEAD, _TAIL = 4_000, 600


class Style(StrEnum):
    """How a run of the document looks."""

    CAPTION = "caption"
    COUNT = "count"
    TEMPLATE = "template"
    FILLED = "filled"
    ADDED = "added"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look; a line end begins a block that looks as this run's do."""

    text: str
    style: Style
    tip: str = ""


class PromptView(QTextEdit):
    """Shows one call. Of another text only what differs is written anew: nothing flickers or moves."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: list[list[Run]] = []
        self._estimate = False
        self.setReadOnly(True)
        self.setProperty("role", "reading")
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(SPACE_M)
        self.setAccessibleName(self.tr("Prompt as it is sent"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        theme.changed.connect(self._redraw)

    def show_call(self, call: ShownCall | None, *, estimate: bool) -> None:
        """Show a call, None = nothing; `estimate`: its tokens are not counted exactly."""
        self._estimate = estimate
        parts: list[list[Run]] = []
        for message in call.messages if call is not None else ():
            parts += [self._caption(message, first=not parts), self._body(message)]
        if parts == self._parts:
            return
        bar = self.verticalScrollBar()
        at = bar.value()
        if len(parts) == len(self._parts):
            self._write_changes(parts)
        else:
            self._write(parts)
        self._parts = parts
        bar.setValue(at)

    def _caption(self, message: ShownMessage, *, first: bool) -> list[Run]:
        words = {
            "system": self.tr("System"),
            "user": self.tr("User"),
            "assistant": self.tr("Assistant, the beginning of the answer"),
        }
        count = self.tr("%1 tokens").replace(
            "%1", formatting.tokens(message.tokens, estimate=self._estimate), 1
        )
        before = "" if first else "\n"
        return [Run(f"{before}{words[message.role]}", Style.CAPTION), Run(f"   {count}", Style.COUNT)]

    def _body(self, message: ShownMessage) -> list[Run]:
        runs = [Run("\n", Style.TEMPLATE)]
        has_words = any(piece.origin != "added" for piece in message.pieces)
        for piece in message.pieces:
            runs += self._runs(piece, plain=not has_words)
        return runs

    def _runs(self, piece: Piece, *, plain: bool) -> list[Run]:
        style = Style.TEMPLATE if plain else Style(piece.origin)
        tip = ""
        if piece.placeholder:
            tip = self.tr("Filled in for {%1}").replace("%1", piece.placeholder, 1)
        text = piece.text.replace("\r\n", "\n").replace("\r", "\n")  # a block each, for Qt too
        left = len(text) - _HEAD - _TAIL
        if left <= 0:
            return [Run(text, style, tip)]
        more = self.tr("… %1 characters more …").replace("%1", formatting.number(left), 1)
        return [
            Run(text[:_HEAD], style, tip),
            Run(f"\n{more}\n", Style.CUT),
            Run(text[-_TAIL:], style, tip),
        ]

    @Slot()
    def _redraw(self) -> None:
        at = self.verticalScrollBar().value()
        self._write(self._parts)
        self.verticalScrollBar().setValue(at)

    def _write(self, parts: Sequence[Sequence[Run]]) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.setBlockFormat(_block(Style.CAPTION, first=True))
        for part in parts:
            self._insert(cursor, part)
        cursor.endEditBlock()

    def _write_changes(self, parts: Sequence[Sequence[Run]]) -> None:
        """Part by part, from the last, so that what stands before keeps its place."""
        starts = [0]
        for part in self._parts:
            starts.append(starts[-1] + sum(_units(run.text) for run in part))
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for start, old, new in reversed(list(zip(starts, self._parts, parts, strict=False))):
            before, gone, come = differing(old, new)
            if gone or come:
                cursor.setPosition(start + before)
                cursor.setPosition(start + before + gone, QTextCursor.MoveMode.KeepAnchor)
                cursor.removeSelectedText()
                self._insert(cursor, come)
        cursor.endEditBlock()

    def _insert(self, cursor: QTextCursor, runs: Sequence[Run]) -> None:
        for run in runs:
            form = self._form(run)
            for at, line in enumerate(run.text.split("\n")):
                if at:
                    cursor.insertBlock(_block(run.style), form)
                cursor.insertText(line, form)

    def _form(self, run: Run) -> QTextCharFormat:
        tokens, style = self._theme.tokens, run.style
        small = style in (Style.COUNT, Style.CUT)
        form = QTextCharFormat()
        form.setFont(
            self._theme.font(
                0.92 if small else 1.0, bold=style is Style.CAPTION, tabular=style is Style.COUNT
            )
        )
        muted = style in (Style.COUNT, Style.CUT, Style.ADDED)
        form.setForeground(tokens.tone(Tone.MUTED if muted else Tone.TEXT))
        if style is Style.FILLED:
            form.setBackground(QColor(tokens.soft(Tone.ACCENT)))
        if run.tip:
            form.setToolTip(run.tip)
        return form


def differing(old: Sequence[Run], new: Sequence[Run]) -> tuple[int, int, list[Run]]:
    """What of `old` gives way to what: where it begins, how long it is (UTF-16 units), and the new runs."""
    most = min(len(old), len(new))
    same = next((at for at in range(most) if old[at] != new[at]), most)
    left = most - same
    behind = next((at for at in range(left) if old[-1 - at] != new[-1 - at]), left)
    gone, come = list(old[same : len(old) - behind]), list(new[same : len(new) - behind])
    before = sum(_units(run.text) for run in old[:same])
    if len(gone) == len(come) == 1 and (gone[0].style, gone[0].tip) == (come[0].style, come[0].tip):
        was, now = gone[0].text, come[0].text
        head = _common(was, now)
        rest = min(len(was), len(now)) - head
        tail = _common(was[len(was) - rest :][::-1], now[len(now) - rest :][::-1])
        before += _units(was[:head])
        gone = [Run(was[head : len(was) - tail], gone[0].style)]
        come = [Run(now[head : len(now) - tail], come[0].style, come[0].tip)]
    return before, sum(_units(run.text) for run in gone), [run for run in come if run.text]


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    least = min(len(one), len(other))
    return next((at for at in range(least) if one[at] != other[at]), least)


def _units(text: str) -> int:
    """The length of a text as Qt counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _block(style: Style, *, first: bool = False) -> QTextBlockFormat:
    block = QTextBlockFormat()
    if style in (Style.CAPTION, Style.COUNT):
        block.setTopMargin(0 if first else SPACE_L)
        block.setBottomMargin(SPACE_XS)
    else:
        block.setLineHeight(112, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return block
