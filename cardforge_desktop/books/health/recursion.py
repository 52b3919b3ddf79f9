"""Which entries of a book wake which, by what stands in their contents.

What SillyTavern does: public/scripts/world-info.js, `checkWorldInfo` (delayUntilRecursion, excludeRecursion,
preventRecursion). Secondary keys, groups and dice are left aside: told is who could wake whom. Plain keys
count where all of their words stand as words; expressions do not.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from cardforge_desktop.books.health.subject import PIECE, Subject, delayed, flag, is_put_to_sleep
from cardforge_desktop.cards.js_expressions import GivenUpError
from cardforge_desktop.cards.key_matching import Haystack, Key

#: Why a delayed entry never wakes.
Never = Literal["off", "excluded", "nobody", "asleep"]
#: Seconds for looking everywhere after a key that stands nowhere as words, and for following chains.
_LOOKING = 1.0


@dataclass(frozen=True, slots=True)
class _Listened:
    """A key and the entries that have it. `is_whole`: a word, which is found where its piece is."""

    number: int
    key: Key
    holders: list[int]
    is_whole: bool


class Recursion:
    """The ways between the entries of a book."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._entries = [entry.entry for entry in subject.entries]
        self._woken: dict[int, list[_Listened]] = {}

    @cached_property
    def _asleep(self) -> list[bool]:
        return [is_put_to_sleep(entry) for entry in self._entries]

    @cached_property
    def _by_piece(self) -> dict[str, list[_Listened]]:
        """Plain keys of entries that take part in recursion, each once, by its rarest piece."""
        seen: dict[tuple[str, bool, bool], _Listened] = {}
        found: dict[str, list[_Listened]] = defaultdict(list)
        for at, keys in enumerate(self._subject.keys):
            if flag(self._entries[at], "exclude_recursion"):
                continue
            for key in keys:
                if not key.told or key.expression is not None:
                    continue
                same = (key.needle, key.case_sensitive, key.is_word)
                if same not in seen:
                    pieces = PIECE.findall(key.needle.lower())
                    is_whole = pieces == [key.needle] and key.is_word and not key.case_sensitive
                    seen[same] = _Listened(len(seen), key, [], is_whole)
                    if pieces:
                        rarest = min(pieces, key=lambda piece: self._subject.frequencies[piece])
                        found[rarest].append(seen[same])
                seen[same].holders.append(at)
        return found

    def woken_by(self, at: int) -> list[_Listened]:
        """The keys that stand in the content of an entry, if it wakes others."""
        found = self._woken.get(at)
        if found is None:
            found = self._woken[at] = self._look(at)
        return found

    def _look(self, at: int) -> list[_Listened]:
        if flag(self._entries[at], "prevent_recursion"):
            return []
        return self._standing(at, self._by_piece)

    def _standing(self, at: int, by_piece: Mapping[str, list[_Listened]]) -> list[_Listened]:
        """Those of these keys that stand in the content of an entry."""
        told = self._subject.told[at]
        candidates = (
            listened
            for piece in self._subject.pieces[at]
            if piece in by_piece
            for listened in by_piece[piece]
        )
        return [each for each in candidates if each.is_whole or self._is_in(each.key, at, told)]

    def _is_in(self, key: Key, at: int, told: str) -> bool:
        if key.needle.lower() not in told:
            return False
        if not key.is_word and not key.case_sensitive:
            return True
        return Haystack(self._entries[at].content).find(key) is not None

    def never_woken(self) -> dict[int, Never]:
        """Delayed entries that no other can wake, and why."""
        waiting = [at for at, entry in enumerate(self._entries) if delayed(entry) and not self._asleep[at]]
        if self._subject.book.head.recursive_scanning is False:
            return dict.fromkeys(waiting, "off")
        never: dict[int, Never] = {
            at: "excluded" for at in waiting if flag(self._entries[at], "exclude_recursion")
        }
        left = {at for at in waiting if at not in never and self._subject.keys[at]}
        if left:
            never.update(self._unheard(left))
        return dict(sorted(never.items()))

    def _unheard(self, waiting: set[int]) -> dict[int, Never]:
        wakers: dict[int, set[int]] = defaultdict(set)
        waited = {
            piece: some
            for piece, keys in self._by_piece.items()
            if (some := [each for each in keys if not waiting.isdisjoint(each.holders)])
        }
        for at, entry in enumerate(self._entries):
            if not flag(entry, "prevent_recursion"):
                for listened in self._standing(at, waited):
                    for one in waiting.intersection(listened.holders) - {at}:
                        wakers[one].add(at)
        awake = {at for at, entry in enumerate(self._entries) if not delayed(entry) and not self._asleep[at]}
        left = set(waiting)
        while woken := {at for at in left if not wakers[at].isdisjoint(awake)}:
            awake |= woken
            left -= woken
        deadline = time.monotonic() + _LOOKING
        return {
            at: "asleep" if wakers[at] else "nobody"
            for at in sorted(left)
            if wakers[at] or not self._may_hear(at, deadline)
        }

    def _may_hear(self, at: int, deadline: float) -> bool:
        """Whether some other content may hold a key after all; yes where that takes too long to see."""
        for key in self._subject.keys[at]:
            needle = key.needle.lower()
            for other, told in enumerate(self._subject.told):
                if other == at or flag(self._entries[other], "prevent_recursion"):
                    continue
                if time.monotonic() > deadline:
                    return True
                if self._matches(key, other) if key.expression is not None else needle and needle in told:
                    return True
        return False

    def _matches(self, key: Key, at: int) -> bool:
        if key.expression is None:
            return False
        try:
            return self._subject.expressions.search(key.expression, self._entries[at].content) is not None
        except GivenUpError:
            return True

    def chains_above(self, budget: float) -> list[tuple[int, int]]:
        """Entries that bring along more tokens than the budget: (how many others until then, index)."""
        found = []
        deadline = time.monotonic() + _LOOKING
        for at, entry in enumerate(self._subject.entries):
            if time.monotonic() > deadline:
                break
            if not self._asleep[at] and entry.tokens <= budget:
                number, tokens = self._pulled_by(at, budget)
                if tokens > budget:
                    found.append((number, at))
        return found

    def _pulled_by(self, first: int, budget: float) -> tuple[int, float]:
        """How many entries one brings along, and their tokens with its own, until these are too many."""
        tokens = float(self._subject.entries[first].tokens)
        seen, keys = {first}, set[int]()
        ahead = deque([first])
        while ahead:
            for listened in self.woken_by(ahead.popleft()):
                if listened.number in keys:
                    continue
                keys.add(listened.number)
                for at in listened.holders:
                    if at in seen or self._asleep[at]:
                        continue
                    seen.add(at)
                    ahead.append(at)
                    tokens += self._subject.entries[at].tokens
                    if tokens > budget:
                        return len(seen) - 1, tokens
        return len(seen) - 1, tokens
