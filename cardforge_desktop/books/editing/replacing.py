"""Find and replace in the entries of a book, in bounded time whatever the expression is. Pure.

Expressions are written as in the card's find and replace (`ui.widgets.text_search`): ``^`` and ``$`` are ends
of lines; in what is put in, ``$1`` or ``\\1`` is the first group, ``\\n`` a line end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from cardforge_desktop.books.editing.changing import Steps, put_changed
from cardforge_desktop.books.editing.edits import with_keys
from cardforge_desktop.books.model import Entry
from cardforge_desktop.cards import js_regex
from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.cards.formats.key_lists import split_keys
from cardforge_desktop.cards.model import BookEntry

if TYPE_CHECKING:
    import regex  # type: ignore[import-untyped]

Part = Literal["name", "keys", "content"]
Span = tuple[int, int]
PARTS: frozenset[Part] = frozenset({"name", "keys", "content"})
#: Seconds for all entries together.
SECONDS = 5.0
#: Places that are shown before anything is done.
MOST_SHOWN = 200
_LONGEST = 2_000
#: The `regex` package unrolls counted repetitions: ``(?:a{9999}){9999}`` would take gigabytes.
_MOST_REPEATED = 10_000
_REPEAT = re.compile(r"\{(\d+)?(?:,(\d*))?\}")
_TEMPLATE = re.compile(r"\\(\d{1,2})|\$(\d{1,2})|\\(.)|(\$\$)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t"}
#: Characters around a match that are shown.
_AROUND = 60


class PatternError(ValueError):
    """What is looked for, or put in, cannot be done.

    Attributes:
        kind: ``unreadable`` (the text of the error says why), ``large`` or ``slow``.
        place: where in the pattern, in characters; None = unknown.
    """

    def __init__(
        self, kind: Literal["unreadable", "large", "slow"], why: str = "", place: int | None = None
    ) -> None:
        super().__init__(why)
        self.kind, self.place = kind, place


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and where."""

    text: str
    parts: frozenset[Part] = PARTS
    match_case: bool = False
    whole_words: bool = False
    is_pattern: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A place before and after.

    Attributes:
        title: of the entry.
        before, after: the text around it, shortened.
        old, new: where in those the text stands that goes, and that comes.
    """

    entry_id: str
    title: str
    part: Part
    before: str
    old: Span
    after: str
    new: Span


@dataclass(frozen=True, slots=True)
class Replaced:
    """What replacing would do.

    Attributes:
        places: how many there are; of entries that would change nothing, none count.
        entries: how many entries change.
        left: keys that would be no expression any more and are left as they are.
        shown: the first places, `MOST_SHOWN` at most.
    """

    steps: Steps
    places: int = 0
    entries: int = 0
    left: int = 0
    shown: tuple[Shown, ...] = ()


def replace_text(entries: Iterable[Entry], search: Search, new: str) -> Replaced:
    """What it would do to put `new` wherever `search` is found.

    Keys stay valid: none becomes empty or comes twice, a comma parts a plain key into two, and an expression
    that would no longer be one is left alone.

    Raises:
        PatternError: the pattern or `new` cannot be read, or it takes too long.
    """
    if not search.text or not search.parts:
        return Replaced(())
    work = _Work(_compiled(search), new if search.is_pattern else _literal(new), search)
    made = [(entry, work.replaced(entry)) for entry in entries]
    steps = put_changed(made)
    changed = sum(after is not entry.entry and after != entry.entry for entry, after in made)
    return Replaced(steps, work.places, changed, work.left, tuple(work.shown))


@dataclass(slots=True)
class _Work:
    """One run over many entries."""

    pattern: regex.Pattern
    template: str
    search: Search
    places: int = 0
    left: int = 0
    shown: list[Shown] = field(default_factory=list)
    ends: float = field(default_factory=lambda: monotonic() + SECONDS)

    def replaced(self, entry: Entry) -> BookEntry:
        """The entry with everything put in."""
        made, parts = entry.entry, self.search.parts
        if "name" in parts:
            texts = {name: getattr(made, name) for name in ("name", "comment")}
            put = {name: self._text(entry, "name", text) for name, text in texts.items() if text}
            put = {name: text for name, text in put.items() if text != texts[name]}
            made = made.model_copy(update=put) if put else made
        if "keys" in parts:
            keys = self._keys(entry, made.keys)
            secondary = self._keys(entry, made.secondary_keys or [])
            if keys != made.keys or secondary != (made.secondary_keys or []):
                made = with_keys(made, keys, secondary)
        if "content" in parts:
            content = self._text(entry, "content", made.content)
            made = made if content == made.content else made.model_copy(update={"content": content})
        return made

    def _keys(self, entry: Entry, keys: list[str]) -> list[str]:
        found: list[str] = []
        for key in keys:
            made = self._key(entry, key)
            found += [key] if made == key else split_keys(made)
        return found

    def _key(self, entry: Entry, key: str) -> str:
        places, shown = self.places, len(self.shown)
        made = self._text(entry, "keys", key)
        before, after = js_regex.as_regex(key.strip()), js_regex.as_regex(made.strip())
        was_good = before is not None and not js_regex.problem(before)
        if made == key or not was_good or (after is not None and not js_regex.problem(after)):
            return made
        self.left += self.places - places
        self.places = places
        del self.shown[shown:]
        return key

    def _text(self, entry: Entry, part: Part, text: str) -> str:
        pieces: list[str] = []
        end, shift = 0, 0
        places: list[tuple[Span, int, str]] = []
        for match in self._matches(text):
            new = self._expanded(match)
            start, stop = match.span()
            if new == match[0]:
                continue
            pieces += text[end:start], new
            places.append(((start, stop), start + shift, new))
            shift += len(new) - (stop - start)
            end = stop
        if not places:
            return text
        made = "".join((*pieces, text[end:]))
        self.places += len(places)
        for span, at, new in places[: max(0, MOST_SHOWN - len(self.shown))]:
            before, old = _around(text, span)
            after, come = _around(made, (at, at + len(new)))
            self.shown.append(Shown(entry.id, title_of(entry.entry), part, before, old, after, come))
        return made

    def _matches(self, text: str) -> Iterator[Any]:
        left = self.ends - monotonic()
        if left <= 0:
            raise PatternError("slow")
        try:
            for match in self.pattern.finditer(text, timeout=left):
                if match.end() > match.start():
                    yield match
        except TimeoutError as error:
            raise PatternError("slow") from error

    def _expanded(self, match: Any) -> str:
        def part(found: re.Match[str]) -> str:
            number = found[1] or found[2]
            if number is None:
                return "$" if found[4] else _ESCAPES.get(found[3], found[3])
            if int(number) > self.pattern.groups:
                raise PatternError("unreadable", f"the pattern has no group {number}")
            return match[int(number)] or ""

        return _TEMPLATE.sub(part, self.template)


def _compiled(search: Search) -> regex.Pattern:
    import regex

    if len(search.text) > _LONGEST or _repeats(search) > _MOST_REPEATED:
        raise PatternError("large")
    source = search.text if search.is_pattern else regex.escape(search.text, special_only=True)
    flags = regex.VERSION0 | regex.MULTILINE | (0 if search.match_case else regex.IGNORECASE)
    try:
        regex.compile(source, flags)  # by itself: a lone bracket must not close the group around it
        whole = rf"(?<!\w)(?:{source})(?!\w)" if search.whole_words else source
        return regex.compile(whole, flags)
    except regex.error as error:
        raise PatternError("unreadable", str(error.msg), error.pos) from error
    except (RecursionError, OverflowError, MemoryError) as error:
        raise PatternError("large") from error


def _repeats(search: Search) -> int:
    """How often the innermost part may be repeated at most, all counts multiplied."""
    product = 1
    for found in _REPEAT.finditer(search.text if search.is_pattern else ""):
        product *= max(1, *(int(number[:6]) for number in found.groups() if number))
    return product


def _literal(new: str) -> str:
    """A template that gives `new` as it is."""
    return new.replace("\\", "\\\\").replace("$", "$$")


def _around(text: str, span: Span) -> tuple[str, Span]:
    """The line of a place, shortened around it, and where the place stands in it."""
    start, end = span
    begin = max(text.rfind("\n", 0, start) + 1, start - _AROUND, 0)
    stop = text.find("\n", end)
    stop = min(len(text) if stop < 0 else stop, end + _AROUND)
    lead = "…" if begin and text[begin - 1] != "\n" else ""
    tail = "…" if stop < len(text) and text[stop] != "\n" else ""
    at = len(lead) + start - begin
    return lead + text[begin:stop].replace("\n", " ") + tail, (at, at + end - start)
