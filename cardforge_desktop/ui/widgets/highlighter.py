"""Colours for texts, first of all card prose (actions, speech, macros …), in slices that nobody feels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum, IntFlag
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

from cardforge_desktop.ui.theme import Theme, Tone

#: What a line may cost: beyond this many characters or parts it stays plain.
_MOST_CHARACTERS, _MOST_PARTS = 10_000, 500


class Style(IntFlag):
    """What a part of a text is; parts overlap."""

    ACTION = 1
    BOLD = 2
    SPEECH = 4
    CODE = 8
    HEADING = 16
    START = 32
    DECORATOR = 64
    MACRO = 128
    UNKNOWN_MACRO = 256
    PLACEHOLDER = 512
    UNKNOWN_PLACEHOLDER = 1024


class _Line(IntEnum):
    """What a line leaves to the next one: it was a decorator at the head, or inside a code fence."""

    PLAIN = 0
    HEAD = 1
    FENCE = 2


Part = tuple[int, int, Style]

_CODE = re.compile(r"`[^`]++`")
_BOLD = re.compile(r"\*\*(?![\s*])[^*]++(?:\*(?!\*)[^*]++)*+\*\*")
_ACTION = re.compile(r"\*(?!\s)[^*]++(?<!\s)\*|(?<!\w)_(?![\s_])[^_]++(?<!\s)_(?!\w)")
_SPEECH = re.compile(
    r'"[^"]++"|“[^“”]++”|„[^„“”]++[“”]|«[^«»]++»|»[^«»]++«|「[^「」]++」|『[^『』]++』|＂[^＂]++＂'
)
_HEADING = re.compile(r"#{1,6}\s+\S")
_START = re.compile(r"\s*<START>\s*", re.IGNORECASE)
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_DECORATOR = re.compile(r"@@@?\w+")


def parts(text: str) -> Iterator[Part]:
    """The parts of one line of prose, with code points as offsets.

    Every pattern gives up at the next delimiter, so that the time grows with the text and no faster.
    """
    if _START.fullmatch(text):
        yield 0, len(text), Style.START
        return
    if _HEADING.match(text):
        yield 0, len(text), Style.HEADING
    plain = text
    for match in _CODE.finditer(text):
        yield *match.span(), Style.CODE
        plain = plain[: match.start()] + " " * (match.end() - match.start()) + plain[match.end() :]
    for match in _BOLD.finditer(plain):
        yield *match.span(), Style.BOLD
    for match in _ACTION.finditer(_BOLD.sub(lambda match: f"\0\0{match[0][2:-2]}\0\0", plain)):
        yield *match.span(), Style.ACTION
    for match in _SPEECH.finditer(plain):
        yield *match.span(), Style.SPEECH
    yield from macros(text)


def macros(text: str) -> Iterator[Part]:
    """The macros of one line, known or not."""
    if "{{" not in text and "<" not in text:
        return
    from cardforge_desktop.cards.macros import find_macros

    for macro in find_macros(text):
        yield macro.start, macro.end, Style.MACRO if macro.known else Style.UNKNOWN_MACRO


def runs(found: Iterator[Part]) -> Iterator[Part]:
    """Overlapping parts as runs of equal style, in order, without the plain ones."""
    changes: dict[int, list[tuple[Style, int]]] = {}
    for count, (start, end, style) in enumerate(found):
        if count == _MOST_PARTS:
            break
        changes.setdefault(start, []).append((style, 1))
        changes.setdefault(end, []).append((style, -1))
    depth: dict[Style, int] = {}
    before, style = 0, Style(0)
    for at in sorted(changes):
        if style:
            yield before, at, style
        for changed, step in changes[at]:
            depth[changed] = depth.get(changed, 0) + step
        style = Style(sum(each for each, open_parts in depth.items() if open_parts))
        before = at


class Pace(QObject):
    """A few milliseconds for each turn of the event loop, shared by all who ask. Window's thread.

    Signals:
        again: a new turn began.
    """

    again = Signal()

    def __init__(self, parent: QObject | None = None, milliseconds: float = 2.0) -> None:
        super().__init__(parent)
        self._length = milliseconds / 1_000
        self._ends: float | None = None
        self._is_over = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._turn)

    def has_time(self) -> bool:
        """Is there time left in this turn? Who hears no is told by `again`."""
        if self._ends is None:
            self._ends = perf_counter() + self._length
            self._timer.start()
        if not self._is_over:
            self._is_over = perf_counter() >= self._ends
        return not self._is_over

    @Slot()
    def _turn(self) -> None:
        self._ends, self._is_over = None, False
        self.again.emit()


class Highlighter(QSyntaxHighlighter):
    """Highlights a document line by line and follows the theme; what is what is told by `read_line`.

    A line costs tens of microseconds; what does not fit into the turn of the event loop (a long text that is
    pasted or loaded) is done in the next ones.
    """

    def __init__(self, document: QTextDocument, theme: Theme, pace: Pace | None = None) -> None:
        """Attach to `document`; `pace` is shared by the fields of one screen, None makes one of its own."""
        super().__init__(document)
        self._document, self._theme = document, theme
        self._formats: dict[Style, QTextCharFormat] = {}
        self._first, self._last = 0, -1  # lines that still have to be done
        self._skipping = False
        self._pace = pace or Pace(self)
        self._pace.again.connect(self._go_on)
        document.contentsChange.connect(self._on_change)  # comes after the highlighter's own answer to it
        document.blockCountChanged.connect(self._widen)
        theme.changed.connect(self._on_theme)

    def read_line(self, text: str, block: QTextBlock) -> tuple[int, Iterator[Part]]:
        """What one line leaves to the next one (`currentBlockState`), and its parts. For subclasses."""
        raise NotImplementedError

    @property
    def is_done(self) -> bool:
        """Is every line coloured?"""
        return self._first > self._last

    def highlightBlock(self, text: str) -> None:
        """Colour one line, or leave it for the next turn."""
        if self._skipping:
            return
        block = self.currentBlock()
        if not self._pace.has_time():
            self._skipping = True  # the thousands of lines that may follow cost a microsecond each
            self._postpone(block.blockNumber())
            return
        state, found = self.read_line(text[:_MOST_CHARACTERS], block)
        if self.currentBlockState() != state:
            self.setCurrentBlockState(state)
        places = None if text.isascii() or max(text) <= "\uffff" else _units(text[:_MOST_CHARACTERS])
        for start, end, style in runs(found):
            at, stop = (start, end) if places is None else (places[start], places[end])
            self.setFormat(at, stop - at, self._format(style))

    def _format(self, style: Style) -> QTextCharFormat:
        form = self._formats.get(style)
        if form is None:
            form = self._formats[style] = _make_format(style, self._theme)
        return form

    def _postpone(self, first: int) -> None:
        self._first = first if self.is_done else min(first, self._first)
        self._last = self._document.blockCount() - 1

    @Slot()
    def _on_change(self) -> None:
        self._skipping = False

    @Slot()
    def _widen(self) -> None:
        """Lines moved: those that wait are somewhere among all."""
        if not self.is_done:
            self._postpone(0)

    @Slot()
    def _on_theme(self) -> None:
        self._formats.clear()
        self._postpone(0)
        self._go_on()

    @Slot()
    def _go_on(self) -> None:
        if self.is_done or not self._pace.has_time():
            return
        self._skipping = False
        slice_of_work = QTextCursor(self._document)  # one change to who listens, not one for each line
        slice_of_work.beginEditBlock()
        block = self._document.findBlockByNumber(self._first)
        while block.isValid() and not self.is_done and self._pace.has_time():
            self._first += 1
            self.rehighlightBlock(block)
            block = self._document.findBlockByNumber(self._first)
        slice_of_work.endEditBlock()
        self._skipping = False
        if not block.isValid():
            self._first, self._last = 0, -1


class CardHighlighter(Highlighter):
    """Highlights the prose of a card."""

    def __init__(
        self, document: QTextDocument, theme: Theme, pace: Pace | None = None, *, decorators: bool = False
    ) -> None:
        """Attach to `document`.

        Args:
            pace: see `Highlighter`.
            decorators: the text is the content of a book entry, whose head may hold ``@@depth 4`` lines
                (Character Card V3, "Decorators").
        """
        super().__init__(document, theme, pace)
        self._decorators = decorators

    def read_line(self, text: str, block: QTextBlock) -> tuple[int, Iterator[Part]]:
        """A line of prose."""
        before = self.previousBlockState()
        head = self._decorators and (block.blockNumber() == 0 or before == _Line.HEAD)
        if head and (name := _DECORATOR.match(text)):
            return _Line.HEAD, iter([(*name.span(), Style.DECORATOR)])
        if _FENCE.match(text):
            return _Line.PLAIN if before == _Line.FENCE else _Line.FENCE, iter([(0, len(text), Style.CODE)])
        if before == _Line.FENCE:
            return _Line.FENCE, iter([(0, len(text), Style.CODE)])
        return _Line.PLAIN, parts(text)


#: The first of these that a part is gives it its colour.
_TONES: Mapping[Style, Tone] = {
    Style.UNKNOWN_PLACEHOLDER: Tone.ERROR,
    Style.PLACEHOLDER: Tone.ACCENT,
    Style.UNKNOWN_MACRO: Tone.WARN,
    Style.MACRO: Tone.ACCENT,
    Style.START: Tone.ACCENT,
    Style.DECORATOR: Tone.OK,
    Style.SPEECH: Tone.INFO,
    Style.ACTION: Tone.MUTED,
    Style.CODE: Tone.TEXT,
    Style.BOLD: Tone.TEXT,
    Style.HEADING: Tone.TEXT,
}


def _make_format(style: Style, theme: Theme) -> QTextCharFormat:
    form = QTextCharFormat()
    tone = next(tone for each, tone in _TONES.items() if each & style)
    form.setForeground(theme.tokens.tone(tone))
    if style & (Style.BOLD | Style.HEADING | Style.START | Style.DECORATOR):
        form.setFontWeight(QFont.Weight.DemiBold)
    if style & Style.ACTION:
        form.setFontItalic(True)
    if style & Style.CODE:
        form.setFontFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
        form.setBackground(QColor(theme.tokens.soft(Tone.MUTED)))
    if style & (Style.PLACEHOLDER | Style.UNKNOWN_PLACEHOLDER):
        form.setBackground(QColor(theme.tokens.soft(tone)))
    if style & Style.UNKNOWN_MACRO:
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
        form.setUnderlineColor(theme.tokens.tone(Tone.WARN))
    return form


def _units(text: str) -> list[int]:
    """Where each code point of `text`, and its end, is in UTF-16."""
    places, at = [0], 0
    for character in text:
        at += 2 if character > "\uffff" else 1
        places.append(at)
    return places
