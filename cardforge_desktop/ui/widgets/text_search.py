"""Finding and replacing in a list of texts, in bounded time whatever the pattern is. Runs on a worker.

Python's `re` cannot be stopped, and the `regex` package takes gigabytes for ``(?:a{9999}){9999}``. PCRE2 in
`QRegularExpression` bounds steps, memory and the size of a pattern: the worst ones end within some 20 ms.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QRegularExpression, QRegularExpressionMatch

#: path, label, text
FieldText = tuple[str, str, str]
Span = tuple[int, int]

_MOST_HITS = 100_000
_SECONDS = 1.5
_HALVES = re.compile("[\ud800-\udfff]")
_TEMPLATE = re.compile(r"\\(\d{1,2})|\$(\d{1,2})|\\(.)|(\$\$)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for.

    Attributes:
        is_pattern: `text` is a regular expression, ``^`` and ``$`` being the ends of lines.
    """

    text: str
    match_case: bool = False
    whole_words: bool = False
    is_pattern: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the field `path`; offsets are code points."""

    path: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """Places in the order of the fields; `is_whole` is False when there were too many to go on."""

    hits: tuple[Hit, ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Replacement:
    """The part of the field `path` that becomes `new`, with `count` places in it."""

    path: str
    start: int
    end: int
    new: str
    count: int = 1


class PatternError(ValueError):
    """The pattern, or what is put in its place, cannot be read.

    Attributes:
        place: how many characters of the pattern could be read; 0 = unknown.
    """

    def __init__(self, reason: str, place: int = 0) -> None:
        super().__init__(reason)
        self.place = place


class _Subject:
    """A text as Qt matches it, and the way back from its UTF-16 offsets to code points."""

    def __init__(self, text: str) -> None:
        self.text = text
        # PySide drops lone surrogates from strings, which would move everything behind them.
        self.matched = _HALVES.sub("\ufffd", text)
        self._wide: list[int] = []
        if not text.isascii() and max(text) > "\uffff":
            wide = (at for at, character in enumerate(text) if character > "\uffff")
            self._wide = [at + before for before, at in enumerate(wide)]

    @property
    def units(self) -> int:
        """Length in UTF-16."""
        return len(self.text) + len(self._wide)

    def span(self, match: QRegularExpressionMatch, group: int = 0) -> Span:
        """Where a group matched, in code points."""
        return self._place(match.capturedStart(group)), self._place(match.capturedEnd(group))

    def group(self, match: QRegularExpressionMatch, number: int) -> str:
        """What a group matched, "" when it took no part."""
        start, end = self.span(match, number)
        return self.text[start:end] if match.capturedStart(number) >= 0 else ""

    def _place(self, units: int) -> int:
        return units - bisect_left(self._wide, units)


def find(fields: Sequence[FieldText], search: Search) -> Found:
    """Every place of `search`; empty matches are left out.

    Raises:
        PatternError: the pattern cannot be read.
        TimeoutError: looking took too long.
    """
    if not search.text:
        return Found(())
    pattern, ends = _compile(search), monotonic() + _SECONDS
    hits: list[Hit] = []
    for path, label, text in fields:
        subject = _Subject(text)
        for match in _matches(pattern, subject, ends):
            if len(hits) == _MOST_HITS:
                return Found(tuple(hits), is_whole=False)
            hits.append(Hit(path, label, *subject.span(match)))
    return Found(tuple(hits))


def replacements(
    fields: Sequence[FieldText], search: Search, new: str, only: Hit | None = None
) -> tuple[Replacement, ...]:
    """One replacement for each field that has a match, from its first to its last one.

    In place of a pattern's match, ``\\1`` or ``$1`` is its first group, ``\\n`` a line end.

    Args:
        only: replace this one place.

    Raises:
        PatternError: the pattern or `new` cannot be read.
        TimeoutError: it took too long.
    """
    pattern, ends = _compile(search), monotonic() + _SECONDS
    made = []
    for path, _, text in fields:
        subject = _Subject(text)
        matches = ((*subject.span(match), match) for match in _matches(pattern, subject, ends))
        if only is not None:
            matches = (each for each in matches if only == Hit(path, only.label, each[0], each[1]))
        pieces: list[str] = []
        start, end, count = 0, 0, 0
        for count, (first, last, match) in enumerate(matches, 1):
            start, end = (first, first) if count == 1 else (start, end)
            pieces += text[end:first], _expanded(new, match, subject) if search.is_pattern else new
            end = last
        if count:
            made.append(Replacement(path, start, end, "".join(pieces), count))
    return tuple(made)


def _compile(search: Search) -> QRegularExpression:
    option = QRegularExpression.PatternOption
    options = option.UseUnicodePropertiesOption | option.MultilineOption
    if not search.match_case:
        options |= option.CaseInsensitiveOption
    source = search.text if search.is_pattern else QRegularExpression.escape(search.text)
    pattern = QRegularExpression(source, options)
    if not pattern.isValid():
        raise PatternError(pattern.errorString(), pattern.patternErrorOffset())
    if search.whole_words:
        pattern.setPattern(rf"(?<!\w)(?:{source})(?!\w)")
    return pattern


def _matches(
    pattern: QRegularExpression, subject: _Subject, ends: float
) -> Iterator[QRegularExpressionMatch]:
    found, stopped_at = pattern.globalMatch(subject.matched), -1
    while found.hasNext():
        if monotonic() > ends:
            raise TimeoutError("looking took too long")
        match = found.next()
        stopped_at = match.capturedEnd()
        if match.capturedLength():
            yield match
    # Behind an empty match at the end Qt looks no more, and calls that invalid, too.
    if not found.isValid() and stopped_at < subject.units:
        raise TimeoutError("the pattern needs too many steps")


def _expanded(template: str, match: QRegularExpressionMatch, subject: _Subject) -> str:
    groups = match.regularExpression().captureCount()

    def part(found: re.Match[str]) -> str:
        number = found[1] or found[2]
        if number is None:
            return "$" if found[4] else _ESCAPES.get(found[3], found[3])
        if int(number) > groups:
            raise PatternError(f"the pattern has no group {number}")
        return subject.group(match, int(number))

    return _TEMPLATE.sub(part, template)
