"""The text that keys are looked for in, and whose each part of it is.

Source: SillyTavern 1.18.0, public/scripts/world-info.js, `WorldInfoBuffer`: the messages from the newest to
the oldest, then texts of the card, then what recursion added, each behind a mark. What stands first in it is
what an entry is told to have been woken by.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cardforge_desktop.books.activation.model import Message, Place
from cardforge_desktop.books.activation.reading import MAX_SCAN_DEPTH
from cardforge_desktop.cards.book_waking import MESSAGE_MARK
from cardforge_desktop.cards.js_expressions import Expressions
from cardforge_desktop.cards.key_matching import Haystack, Key, Span

_JOINER = f"\n{MESSAGE_MARK}"
_Plain = tuple[str, bool, bool]


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the buffer is searched for an entry in a step.

    Attributes:
        depth: messages, from the newest.
        recursion: also what other entries said by now.
    """

    depth: int
    sources: tuple[str, ...] = ()
    recursion: bool = False


#: At a scan depth of 0 not even recursion is searched: only what is found in an empty text.
NOWHERE = Scope(0)


class Said:
    """Texts of entries, joined, in which keys are looked for together."""

    def __init__(self, contents: Sequence[tuple[int, str]]) -> None:
        """`contents`: index of the entry and its text."""
        self._entries = [index for index, _ in contents]
        self._starts: list[int] = []
        at = 0
        for _, text in contents:
            self._starts.append(at)
            at += len(text) + 1
        self.haystack = Haystack("\n".join(text for _, text in contents))
        self._found: dict[_Plain, tuple[int, ...]] = {}

    def holders(self, key: Key) -> tuple[int, ...]:
        """The entries whose text holds a plain key, in their order."""
        plain = (key.needle, key.case_sensitive, key.is_word)
        if plain not in self._found:
            found = (self.entry_at(start) for start, _ in self.haystack.find_all(key))
            self._found[plain] = tuple(dict.fromkeys(found))
        return self._found[plain]

    def entry_at(self, place: int) -> int:
        """Whose text is at a place."""
        return self._entries[max(0, bisect_right(self._starts, place) - 1)]


class Buffer:
    """A chat prepared for a scan. Recursion adds to it."""

    def __init__(
        self,
        chat: Sequence[Message],
        sources: Mapping[str, str],
        expressions: Expressions,
        *,
        include_names: bool,
    ) -> None:
        self._chat = chat
        self._expressions = expressions
        self._prefixes: list[int] = []  # how much of each line is not the message's text
        lines = [self._line(each, include_names) for each in reversed(chat[-MAX_SCAN_DEPTH:])]
        self._starts = []
        at = len(MESSAGE_MARK)
        for line in lines:
            self._starts.append(at)
            at += len(line) + len(_JOINER)
        self._lines = lines
        self.haystack = Haystack(MESSAGE_MARK + _JOINER.join(lines))
        self._sources = {name: Haystack(text) for name, text in sources.items() if text}
        self.said: list[Said] = []
        self._first: dict[tuple[str, int | None, _Plain], Span | None] = {}
        self._texts: dict[tuple[Scope, int], str] = {}

    @property
    def messages(self) -> int:
        """How many can be searched at all."""
        return len(self._lines)

    def add(self, contents: Sequence[tuple[int, str]]) -> None:
        """What entries say is searched by later steps."""
        if any(text for _, text in contents):
            self.said.append(Said(contents))

    def end(self, depth: int) -> int:
        """Where the text of the newest `depth` messages ends."""
        at = min(depth, len(self._lines)) - 1
        return self._starts[at] + len(self._lines[at]) if at >= 0 else len(MESSAGE_MARK)

    def places(self, key: Key, scope: Scope) -> Iterator[Place]:
        """Where a key is found: first in the chat, else in the card, else by each entry that says it.

        Raises:
            GivenUpError: that can't be said of an expression.
        """
        if key.expression is not None:
            yield from self._matches(key, scope)
            return
        span = self._first_in("", self.haystack, key, self.end(scope.depth))
        if span is not None:
            yield self._in_chat(key.written, span)
            return
        for name in scope.sources:
            held = self._sources.get(name)
            if held is not None and (found := self._first_in(name, held, key)) is not None:
                yield Place(key.written, source=name, start=found[0], end=found[1])
                return
        if scope.recursion:
            for said in self.said:
                yield from (Place(key.written, entry=index) for index in said.holders(key))

    def all_in_chat(self, key: Key, depth: int) -> Iterator[Place]:
        """Every place of a key in the messages; of an expression the first.

        Raises:
            GivenUpError: that can't be said of an expression.
        """
        if key.expression is not None:
            yield from (place for place in self._matches(key, Scope(depth)) if place.message >= 0)
            return
        for span in self.haystack.find_all(key, self.end(depth)):
            yield self._in_chat(key.written, span)

    def _first_in(self, name: str, haystack: Haystack, key: Key, end: int | None = None) -> Span | None:
        known = (name, end, (key.needle, key.case_sensitive, key.is_word))
        if key.never:
            return None
        if known not in self._first:
            self._first[known] = haystack.find(key, end)
        return self._first[known]

    def _matches(self, key: Key, scope: Scope) -> Iterator[Place]:
        expression = key.expression
        if expression is None:
            return
        chat_end = self.end(scope.depth)
        found = self._expressions.search(expression, self._text(scope))
        if found is None:
            return
        last = max(found[0], found[1] - 1)
        if last < chat_end:
            yield self._in_chat(key.written, found)
            return
        at = chat_end + len(_JOINER)
        for name in scope.sources:
            if name in self._sources:
                size = len(self._sources[name].text)
                if last < at + size:
                    yield Place(key.written, source=name, start=max(0, found[0] - at), end=found[1] - at)
                    return
                at += size + len(_JOINER)
        for said in self.said:
            size = len(said.haystack.text)
            if last < at + size + len(_JOINER):
                yield Place(key.written, entry=said.entry_at(last - at))
                return
            at += size + len(_JOINER)

    def _text(self, scope: Scope) -> str:
        if scope is NOWHERE:
            return ""
        known = (scope, len(self.said) if scope.recursion else 0)
        if known not in self._texts:
            parts = [self.haystack.text[: self.end(scope.depth)]]
            parts += [self._sources[name].text for name in scope.sources if name in self._sources]
            if scope.recursion:
                parts += [said.haystack.text for said in self.said]
            self._texts[known] = _JOINER.join(parts)
        return self._texts[known]

    def _line(self, message: Message, include_names: bool) -> str:
        prefix = f"{message.name}: " if include_names and message.name else ""
        line = f"{prefix}{message.text}"
        self._prefixes.append(len(prefix) - (len(line) - len(line.lstrip())))
        return line.strip()

    def _in_chat(self, key: str, span: Span) -> Place:
        last = max(span[0], span[1] - 1)
        at = max(0, bisect_right(self._starts, last) - 1)
        if not self._lines:  # a key of blanks is found in no message, too
            return Place(key)
        start, prefix = self._starts[at], self._prefixes[at]
        message = len(self._chat) - 1 - at
        begin, end = max(0, span[0] - start), max(0, span[1] - start)
        if end <= prefix and prefix > 0:
            name = len(self._chat[message].name)
            return Place(key, message, at + 1, min(begin, name), min(end, name), in_name=True)
        return Place(key, message, at + 1, max(0, begin - prefix), max(0, end - prefix))
