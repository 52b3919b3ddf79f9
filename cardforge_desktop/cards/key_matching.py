"""How SillyTavern looks for a key of a book in a text.

Source: SillyTavern 1.18.0 (the same as in 1.12.6), public/scripts/world-info.js, `WorldInfoBuffer.matchKeys`
and `#transformString`; `checkWorldInfo` for what is done to a key before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from cardforge_desktop.cards import js_regex
from cardforge_desktop.cards.js_expressions import expression_of
from cardforge_desktop.cards.macros import substitute

#: What JavaScript's `trim` and `\s` take for blank.
_BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_BLANK = re.compile(f"[{_BLANKS}]")
_WORD = re.compile("[A-Za-z0-9_]+")
_SPACE = re.compile(" ")
#: A text of so many characters is faster searched than indexed.
_SHORT_TEXT = 400
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class KeyRules:
    """How plain keys are compared. An expression goes by its own flags."""

    case_sensitive: bool = False
    whole_words: bool = True


@dataclass(frozen=True, slots=True)
class Key:
    """A key, ready to be looked for.

    Attributes:
        written: as it stands in the book.
        told: with its macros replaced and trimmed.
        expression: None for plain text.
        needle: what is searched of a plain key, in small letters where case makes no difference.
        is_word: only where no letter of ASCII, digit or ``_`` stands beside it.
        never: it is empty, and so never found. One of blanks is found in every text.
    """

    written: str
    told: str
    expression: js_regex.Written | None
    needle: str
    case_sensitive: bool
    is_word: bool
    never: bool


def key_of(key: str, rules: KeyRules, values: Mapping[str, str]) -> Key:
    """A key of an entry; `values` stand for macros."""
    substituted = substitute(key, values) if "{{" in key or "<" in key else key
    told = substituted.strip(_BLANKS)
    expression = expression_of(told) if told.startswith("/") else None
    needle = told if rules.case_sensitive else told.lower()
    is_word = rules.whole_words and not _BLANK.search(needle)
    return Key(key, told, expression, needle, rules.case_sensitive, is_word, not substituted)


def as_written(key: Key) -> Key:
    """The key with its macros and blanks as they stand, which is how SillyTavern's `getScore` counts it."""
    if key.expression is not None or (key.told == key.written and not key.never):
        return key
    needle = key.written if key.case_sensitive else key.written.lower()
    is_word = key.is_word and not _BLANK.search(needle)
    return replace(key, told=key.written, needle=needle, is_word=is_word, never=False)


class Haystack:
    """A text that many plain keys are looked for in."""

    def __init__(self, text: str) -> None:
        self.text = text

    def find(self, key: Key, end: int | None = None) -> Span | None:
        """Where a plain key stands first, not beyond `end`, which is behind a word; None for nowhere."""
        return next(self.find_all(key, end), None)

    def find_all(self, key: Key, end: int | None = None) -> Iterator[Span]:
        """Every place of a plain key, from the beginning."""
        text, index = (self.text, self._index) if key.case_sensitive else (self._lowered, self._lowered_index)
        if key.never:
            return
        begin = 0 if index is None else index.begin(key)
        if begin is None:
            return
        limit = len(self.text) if end is None else end
        # Small letters may be more than the large ones were: then all of them are searched.
        bound = limit if len(text) == len(self.text) else len(text)
        for start, stop in _places(text, key, begin, bound):
            span = (start, stop) if key.case_sensitive else (self._origin(start), self._origin(stop))
            if span[1] > limit:
                return
            yield span

    @cached_property
    def _lowered(self) -> str:
        return self.text.lower()

    @cached_property
    def _index(self) -> _Index | None:
        return _Index(self.text) if len(self.text) > _SHORT_TEXT else None

    @cached_property
    def _lowered_index(self) -> _Index | None:
        return _Index(self._lowered) if len(self.text) > _SHORT_TEXT else None

    @cached_property
    def _origins(self) -> list[int] | None:
        """For each character in small letters the place of its large one; None where they are the same."""
        if len(self._lowered) == len(self.text):
            return None
        origins = [at for at, character in enumerate(self.text) for _ in character.lower()]
        return [*origins, len(self.text)]

    def _origin(self, place: int) -> int:
        origins = self._origins
        return place if origins is None else origins[min(place, len(origins) - 1)]


class _Index:
    """What rules most keys out of a long text without a walk over it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def begin(self, key: Key) -> int | None:
        """From where on a key may be found; None for nowhere."""
        needle = key.needle
        if _WORD.fullmatch(needle):
            return self._words.get(needle) if key.is_word else 0 if needle in self._vocabulary else None
        joints = [needle[at - 2 : at + 3] for at in range(2, len(needle) - 2) if needle[at] == " "]
        if not all(joint in self._joints for joint in joints):
            return None
        pieces = (needle[at : at + 3] for at in range(len(needle) - 2))
        return 0 if all(piece in self._pieces for piece in pieces) else None

    @cached_property
    def _words(self) -> dict[str, int]:
        """Each word of ASCII, and where it stands first."""
        words: dict[str, int] = {}
        for found in _WORD.finditer(self._text):
            words.setdefault(found.group(), found.start())
        return words

    @cached_property
    def _vocabulary(self) -> str:
        """Each word of ASCII once: shorter than the text by far."""
        return " ".join(self._words)

    @cached_property
    def _joints(self) -> frozenset[str]:
        """What stands together around a space: two characters on each side."""
        text = self._text
        return frozenset(text[found.start() - 2 : found.start() + 3] for found in _SPACE.finditer(text, 2))

    @cached_property
    def _pieces(self) -> frozenset[str]:
        """Which three characters stand together."""
        text = self._text
        return frozenset(map("".join, zip(text, text[1:], text[2:], strict=False)))


def _places(text: str, key: Key, begin: int, end: int) -> Iterator[Span]:
    needle = key.needle
    if not needle:  # a key of blanks: every text holds nothing
        yield 0, 0
        return
    at = text.find(needle, begin, end)
    if at < 0:
        return
    if key.is_word:
        yield from _words(text, needle, at, end)
        return
    while at >= 0:
        yield at, at + len(needle)
        at = text.find(needle, at + len(needle), end)


def _words(text: str, needle: str, at: int, end: int) -> Iterator[Span]:
    """From the first place on that may be one."""
    stop = at + len(needle)
    if not _WORD.match(text, at - 1 if at else at, at) and not _WORD.match(text, stop, stop + 1):
        yield at, stop
        at = stop
    # A walk by `find` would take hostile texts a square of time.
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(needle)}(?![A-Za-z0-9_])")
    yield from (found.span() for found in word.finditer(text, at, end))
