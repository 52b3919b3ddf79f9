"""How SillyTavern looks for a key of a book in a text.

Source: SillyTavern 1.18.0 (the same as in 1.12.6), public/scripts/world-info.js, `WorldInfoBuffer.matchKeys`
and `#transformString`; `checkWorldInfo` for what is done to a key before.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from cardforge_desktop.cards.js_expressions import expression_of
from cardforge_desktop.cards.lint import js_regex
from cardforge_desktop.cards.macros import substitute

#: What JavaScript's `trim` and `\s` take for blank.
_BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_BLANK = re.compile(f"[{_BLANKS}]")
#: A text of so many characters is not worth a look at which three of them stand together.
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


class Haystack:
    """A text that many plain keys are looked for in."""

    def __init__(self, text: str) -> None:
        self.text = text

    def find(self, key: Key, end: int | None = None) -> Span | None:
        """Where a plain key stands first, not beyond `end`, which is behind a word; None for nowhere."""
        return next(self.find_all(key, end), None)

    def find_all(self, key: Key, end: int | None = None) -> Iterator[Span]:
        """Every place of a plain key, from the beginning."""
        text, grams = (self.text, self._grams) if key.case_sensitive else (self._lowered, self._lowered_grams)
        if key.never or not _may_hold(grams, key.needle):
            return
        limit = len(self.text) if end is None else end
        for start, stop in _places(text, key.needle, is_word=key.is_word):
            span = (start, stop) if key.case_sensitive else (self._origin(start), self._origin(stop))
            if span[1] > limit:
                return
            yield span

    @cached_property
    def _lowered(self) -> str:
        return self.text.lower()

    @cached_property
    def _grams(self) -> frozenset[str] | None:
        return _grams(self.text)

    @cached_property
    def _lowered_grams(self) -> frozenset[str] | None:
        return _grams(self._lowered)

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


def _grams(text: str) -> frozenset[str] | None:
    """Which three characters stand together somewhere: what most keys can be ruled out by."""
    if len(text) < _SHORT_TEXT:
        return None
    return frozenset(text[at : at + 3] for at in range(len(text) - 2))


def _may_hold(grams: frozenset[str] | None, needle: str) -> bool:
    return grams is None or all(needle[at : at + 3] in grams for at in range(len(needle) - 2))


def _places(text: str, needle: str, *, is_word: bool) -> Iterator[Span]:
    if not needle:  # a key of blanks: every text holds nothing
        yield 0, 0
        return
    at = text.find(needle)
    if at < 0:
        return
    if is_word:
        # A walk by `find` would take hostile texts a square of time.
        word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(needle)}(?![A-Za-z0-9_])")
        yield from (found.span() for found in word.finditer(text, at))
        return
    while at >= 0:
        yield at, at + len(needle)
        at = text.find(needle, at + len(needle))
