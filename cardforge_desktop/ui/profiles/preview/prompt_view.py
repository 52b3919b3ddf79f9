"""The messages of a prompt for reading: what the profile says, what is filled in, what is added."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cardforge_desktop.batches.prompt_pieces import Piece
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.qt_positions import units
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XS, Theme, Tone

if TYPE_CHECKING:
    from cardforge_desktop.batches.prompt_pieces import ShownMessage
    from cardforge_desktop.batches.trials import ShownCall
    from cardforge_desktop.engines.base import Prompt

#: Characters of what is filled in that are shown: its beginning and its end.
_HEAD, _TAIL = 4_000, 600
#: Characters of the profile's own words, and of what is added, that are shown.
_OWN_HEAD = 20_000
#: Characters that are laid out in one go, and milliseconds of a turn that are used for it.
_SLICE, _TURN_MS = 2_000, 3


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
        self._rest: list[Run] = []  # not written yet, the last first
        self._scroll_to: int | None = None
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
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)
        theme.changed.connect(self._write)

    @property
    def is_whole(self) -> bool:
        """Whether all of it is written."""
        return not self._rest

    def show_call(self, call: ShownCall | None, *, estimate: bool) -> None:
        """Show a call, None = nothing; `estimate`: its tokens are not counted exactly."""
        self._estimate = estimate
        parts: list[list[Run]] = []
        for message in call.messages if call is not None else ():
            parts += [self._caption(message, first=not parts), self._body(message)]
        if call is not None:
            parts += self._besides(call.prompt)
        if parts == self._parts:
            return
        before, self._parts = self._parts, parts
        if self.is_whole and len(parts) == len(before) and (changes := _changes(before, parts)) is not None:
            at = self.verticalScrollBar().value()
            self._write_changes(changes)
            self.verticalScrollBar().setValue(at)
        else:
            self._write()

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

    def _besides(self, prompt: Prompt) -> list[list[Run]]:
        """What goes along with the messages, under the names that servers know it by."""
        sampling = {name: value for name, value in asdict(prompt.sampling).items() if value is not None}
        told = {"max_tokens": prompt.max_tokens, **sampling}
        if prompt.stop:
            told["stop"] = prompt.stop
        if prompt.schema is not None:
            told["schema"] = prompt.schema
        lines = [
            f"{name}: {json.dumps(value, ensure_ascii=False, indent=1 if name == 'schema' else None)}"
            for name, value in told.items()
        ]
        caption = [Run(f"\n{self.tr('Sent besides')}", Style.CAPTION)]
        return [caption, self._runs(Piece("\n" + "\n".join(lines), "added"), plain=False)]

    def _runs(self, piece: Piece, *, plain: bool) -> list[Run]:
        style = Style.TEMPLATE if plain else Style(piece.origin)
        tip = ""
        if piece.placeholder:
            tip = self.tr("Filled in for {%1}").replace("%1", piece.placeholder, 1)
        text = piece.text.replace("\r\n", "\n").replace("\r", "\n")  # a block each, for Qt too
        head = _HEAD if piece.origin == "filled" else _OWN_HEAD
        left = len(text) - head - _TAIL
        if left <= 0:
            return [Run(text, style, tip)]
        more = self.tr("… %1 characters more …").replace("%1", formatting.number(left), 1)
        return [
            Run(text[:head], style, tip),
            Run(f"\n{more}\n", Style.CUT),
            Run(text[-_TAIL:], style, tip),
        ]

    @Slot()
    def _write(self) -> None:
        """Write all of it anew, by and by, so that the window goes on meanwhile."""
        if self._scroll_to is None:
            self._scroll_to = self.verticalScrollBar().value()
        self.clear()
        self.textCursor().setBlockFormat(_block(Style.CAPTION, first=True))
        self._rest = [piece for part in self._parts for run in part for piece in _slices(run)][::-1]
        self._go_on()

    @Slot()
    def _go_on(self) -> None:
        """Write what fits into this turn; the rest waits for the next one."""
        clock = QElapsedTimer()
        clock.start()
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        while self._rest and clock.elapsed() < _TURN_MS:
            self._insert(cursor, [self._rest.pop()])
        if self._rest:
            self._turn.start()
        elif self._scroll_to is not None:
            self.verticalScrollBar().setValue(self._scroll_to)
            self._scroll_to = None

    def _write_changes(self, changes: Sequence[_Change]) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for change in reversed(changes):  # what stands before keeps its place
            cursor.setPosition(change.start)
            cursor.setPosition(change.start + change.gone, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            self._insert(cursor, change.come)
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


@dataclass(frozen=True, slots=True)
class _Change:
    """So many units from `start` on give way to other runs."""

    start: int
    gone: int
    come: list[Run]


def _changes(old: Sequence[Sequence[Run]], new: Sequence[Sequence[Run]]) -> list[_Change] | None:
    """What differs, part by part; None = too much to be written in one go."""
    changes, start = [], 0
    for before, after in zip(old, new, strict=True):
        at, gone, come = differing(before, after)
        if gone or come:
            changes.append(_Change(start + at, gone, come))
        start += sum(units(run.text) for run in before)
    written = sum(len(run.text) for change in changes for run in change.come)
    return changes if written <= _SLICE else None


def _slices(run: Run) -> list[Run]:
    """The run in pieces that are written in one go."""
    return [Run(run.text[at : at + _SLICE], run.style, run.tip) for at in range(0, len(run.text), _SLICE)]


def differing(old: Sequence[Run], new: Sequence[Run]) -> tuple[int, int, list[Run]]:
    """What of `old` gives way to what: where it begins, how long it is (UTF-16 units), and the new runs."""
    most = min(len(old), len(new))
    same = next((at for at in range(most) if old[at] != new[at]), most)
    left = most - same
    behind = next((at for at in range(left) if old[-1 - at] != new[-1 - at]), left)
    gone, come = list(old[same : len(old) - behind]), list(new[same : len(new) - behind])
    before = sum(units(run.text) for run in old[:same])
    if len(gone) == len(come) == 1 and (gone[0].style, gone[0].tip) == (come[0].style, come[0].tip):
        was, now = gone[0].text, come[0].text
        head = _common(was, now)
        rest = min(len(was), len(now)) - head
        tail = _common(was[len(was) - rest :][::-1], now[len(now) - rest :][::-1])
        before += units(was[:head])
        gone = [Run(was[head : len(was) - tail], gone[0].style)]
        come = [Run(now[head : len(now) - tail], come[0].style, come[0].tip)]
    return before, sum(units(run.text) for run in gone), [run for run in come if run.text]


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    least = min(len(one), len(other))
    return next((at for at in range(least) if one[at] != other[at]), least)


def _block(style: Style, *, first: bool = False) -> QTextBlockFormat:
    block = QTextBlockFormat()
    if style in (Style.CAPTION, Style.COUNT):
        block.setTopMargin(0 if first else SPACE_L)
        block.setBottomMargin(SPACE_XS)
    else:
        block.setLineHeight(112, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return block
