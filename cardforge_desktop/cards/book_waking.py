"""Which entries of a book a text wakes, as SillyTavern's defaults have it (``public/scripts/world-info.js``).

Keys without regard to case and as whole words (``default/content/settings.json``), secondary keys by
`selectiveLogic`, ``/keys/i`` as regular expressions. Entries do not wake each other here, and no budget, dice
or inclusion group drops one that woke.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cardforge_desktop.cards.lint import js_regex
from cardforge_desktop.cards.macros import substitute
from cardforge_desktop.cards.model import BookEntry, CharacterBook

_NO_VALUES: Mapping[str, str] = MappingProxyType({})
#: Seconds one expression may take, and all of a book together.
_ONE_EXPRESSION = 0.2
_ALL_EXPRESSIONS = 1.0
#: Characters; compiling takes time too.
_LONGEST_EXPRESSION = 2_000
#: A longer key is looked for without a care for the words around it, which costs one walk.
_LONGEST_WORD = 200
#: SillyTavern's names for selectiveLogic.
_AND_ANY, _NOT_ALL, _NOT_ANY, _AND_ALL = range(4)


@dataclass(frozen=True, slots=True)
class Waking:
    """What a text does to a book.

    Attributes:
        woken: indices of the entries that enter the prompt, those included that always do.
        untried: (index of the entry, key) of the expressions that were given up: too long, too slow, or not
            to be translated from JavaScript.
    """

    woken: tuple[int, ...]
    untried: tuple[tuple[int, str], ...] = ()


def waking(book: CharacterBook, text: str, values: Mapping[str, str] = _NO_VALUES) -> Waking:
    """Who wakes at `text`; `values` stand for the macros in keys. Takes seconds at most."""
    scan = _Scan(text, values)
    woken = tuple(index for index, entry in enumerate(book.entries) if scan.wakes(index, entry))
    return Waking(woken, tuple(scan.untried))


def decorators(content: str) -> tuple[list[str], str]:
    """The ``@@`` lines at the head of an entry and the text below them, which alone is sent."""
    if not content.startswith("@@"):
        return [], content
    lines = content.split("\n")
    below = next((at for at, line in enumerate(lines) if not line.startswith("@@")), None)
    return (lines, content) if below is None else (lines[:below], "\n".join(lines[below:]))


class _Scan:
    """One text, and the time that is left for expressions."""

    def __init__(self, text: str, values: Mapping[str, str]) -> None:
        self._text = text
        self._lowered = text.lower()
        self._values = values
        self._seconds = _ALL_EXPRESSIONS
        self.untried: list[tuple[int, str]] = []

    def wakes(self, index: int, entry: BookEntry) -> bool:
        if _sleeps(entry):
            return False
        ordered = {line.split(" ")[0].strip() for line in decorators(entry.content)[0]}
        if ordered & {"@@activate", "@@dont_activate"}:
            return "@@activate" in ordered
        if entry.constant:
            return True
        if not any(self._matches(index, entry, key) for key in entry.keys):
            return False
        if not (entry.selective and entry.secondary_keys):
            return True
        return self._secondary(index, entry, entry.secondary_keys)

    def _secondary(self, index: int, entry: BookEntry, keys: list[str]) -> bool:
        found: Iterator[bool] = (self._matches(index, entry, key) for key in keys)
        ways: dict[int, Callable[[], bool]] = {
            _AND_ANY: lambda: any(found),
            _NOT_ALL: lambda: not all(found),
            _NOT_ANY: lambda: not any(found),
            _AND_ALL: lambda: all(found),
        }
        logic = entry.extensions.get("selectiveLogic") or _AND_ANY
        return isinstance(logic, int) and logic in ways and ways[logic]()

    def _matches(self, index: int, entry: BookEntry, key: str) -> bool:
        told = substitute(key, self._values).strip()
        if not told:
            return False
        written = js_regex.as_regex(told)
        if written is None or js_regex.problem(written):
            return self._holds(entry, told)
        found = self._found(written)
        if found is None:
            self.untried.append((index, key))
        return bool(found)

    def _holds(self, entry: BookEntry, key: str) -> bool:
        case_sensitive = _setting(entry, "case_sensitive", bool(entry.case_sensitive))
        text, key = (self._text, key) if case_sensitive else (self._lowered, key.lower())
        if key not in text:
            return False
        if not _setting(entry, "match_whole_words", True) or len(key.split()) > 1 or len(key) > _LONGEST_WORD:
            return True
        # JavaScript's \w: beside a letter of any other script a key is a word of its own.
        return re.search(rf"(?<![A-Za-z0-9_]){re.escape(key)}(?![A-Za-z0-9_])", text) is not None

    def _found(self, written: js_regex.Written) -> bool | None:
        """Whether the expression matches, None if that was not to be found out."""
        import regex  # type: ignore[import-untyped]

        if self._seconds <= 0 or len(written.pattern) > _LONGEST_EXPRESSION:
            return None
        flags = sum(getattr(regex, flag.upper()) for flag in set(written.flags) & set("ims"))
        begun = time.monotonic()
        try:
            expression = regex.compile(written.pattern, flags)
            return expression.search(self._text, timeout=min(_ONE_EXPRESSION, self._seconds)) is not None
        except (regex.error, RecursionError, OverflowError, TimeoutError):
            return None
        finally:
            self._seconds -= time.monotonic() - begun


def _sleeps(entry: BookEntry) -> bool:
    """Whether nothing in a first message can wake it: off, never drawn, or held back."""
    held = entry.extensions
    never_drawn = held.get("probability") == 0 and held.get("useProbability") is not False
    delay = held.get("delay")
    too_early = isinstance(delay, (int, float)) and delay > 1
    return not entry.enabled or never_drawn or too_early or bool(held.get("delay_until_recursion"))


def _setting(entry: BookEntry, name: str, default: bool) -> bool:
    value = entry.extensions.get(name)
    return default if value is None else bool(value)
