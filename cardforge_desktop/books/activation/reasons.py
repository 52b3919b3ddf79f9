"""Why entries sleep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cardforge_desktop.books.activation.buffer import NOWHERE, Buffer, Said, Scope
from cardforge_desktop.books.activation.model import Asleep, Place, Reason, ScanSettings
from cardforge_desktop.books.activation.reading import MAX_SCAN_DEPTH, ScanEntry
from cardforge_desktop.books.activation.timing import Running
from cardforge_desktop.cards.book_waking import AND_ALL, AND_ANY, NOT_ALL, NOT_ANY
from cardforge_desktop.cards.js_expressions import GivenUpError
from cardforge_desktop.cards.js_regex import as_regex
from cardforge_desktop.cards.key_matching import Key


class Reasons:
    """Notes made during a scan, and what is found out afterwards of those that were only not found."""

    def __init__(self, settings: ScanSettings) -> None:
        self._settings = settings
        self._settled: dict[int, Asleep] = {}
        self._noted: dict[int, Asleep] = {}
        self._scopes: dict[int, Scope] = {}
        self._given_up: dict[int, Key] = {}

    def is_settled(self, entry: ScanEntry) -> bool:
        """Whether no later step can change it."""
        return entry.index in self._settled

    def settle(self, asleep: Asleep) -> None:
        """It sleeps, whatever comes."""
        self._settled[asleep.index] = asleep

    def note(self, asleep: Asleep) -> None:
        """Why it slept in this step. What won a group goes on to keep the others out: the win is told."""
        if asleep.reason != "group_taken" or asleep.index not in self._noted:
            self._noted[asleep.index] = asleep

    def searched(self, entry: ScanEntry, scope: Scope) -> None:
        """Its keys are looked for in this."""
        self._scopes[entry.index] = scope

    def given_up(self, entry: ScanEntry, key: Key) -> None:
        """Whether an expression matches was not found out."""
        self._given_up.setdefault(entry.index, key)

    def note_secondary(
        self, entry: ScanEntry, place: Place, found: Sequence[tuple[Key, Place | None]]
    ) -> None:
        """The first key was found, but its secondary ones do not allow it."""
        missing = next((key.written for key, at in found if at is None), "")
        if entry.logic in (AND_ANY, AND_ALL):
            self.note(Asleep(entry.index, "secondary_missing", place, missing))
        elif entry.logic in (NOT_ALL, NOT_ANY):
            there = next((key.written for key, at in found if at is not None), "")
            self.note(Asleep(entry.index, "secondary_present", place, there))
        else:
            self.note(Asleep(entry.index, "logic_unknown", place))

    def holds_back(self, entry: ScanEntry, running: Running, length: int) -> bool:
        """Whether it is out before its keys are looked for, for the whole scan."""
        found: Asleep | None = None
        index, settings = entry.index, self._settings
        if not entry.enabled:
            found = Asleep(index, "off")
        elif entry.triggers and settings.trigger not in entry.triggers:
            found = Asleep(index, "trigger", key=", ".join(entry.triggers))
        elif entry.characters and (settings.char in entry.characters) is entry.excludes_characters:
            found = Asleep(index, "character", key=", ".join(entry.characters))
        elif length < entry.delay:
            found = Asleep(index, "delay", number=int(entry.delay))
        elif index in running.cooldown and index not in running.sticky:
            found = Asleep(index, "cooldown", number=running.cooldown[index] - length)
        if found is not None:
            self.settle(found)
        return found is not None

    def told(
        self, asleep: Iterable[ScanEntry], buffer: Buffer, unsaid: Sequence[tuple[int, str]], depth: int
    ) -> tuple[Asleep, ...]:
        """Why each of these sleeps, in the book's order.

        Args:
            asleep: the entries.
            buffer: what was searched.
            unsaid: contents that were searched by nobody.
            depth: how many messages were searched as a rule.
        """
        misses = _Misses(buffer, Said(unsaid), depth, self._settings)
        found = (self._reason(entry, misses) for entry in asleep)
        return tuple(sorted(found, key=lambda each: each.index))

    def _reason(self, entry: ScanEntry, misses: _Misses) -> Asleep:
        index = entry.index
        known = self._settled.get(index) or self._noted.get(index)
        if known is not None:
            return known
        if index not in self._scopes:
            return Asleep(index, "delayed_until_recursion", number=int(entry.delay_level))
        if all(key.never for key in entry.keys):
            return Asleep(index, "no_keys")
        if self._scopes[index] is NOWHERE:
            return Asleep(index, "no_depth")
        return misses.nearest(entry, self._given_up.get(index))


class _Misses:
    """How near the keys of entries came that were not found."""

    def __init__(self, buffer: Buffer, unsaid: Said, depth: int, settings: ScanSettings) -> None:
        self._buffer, self._unsaid, self._depth, self._settings = buffer, unsaid, depth, settings

    def nearest(self, entry: ScanEntry, given_up: Key | None) -> Asleep:
        """The first that applies."""
        depth = self._depth if entry.scan_depth is None else int(entry.scan_depth)
        ways = (self._in_recursion, self._with_other_rules, self._deeper, self._unsaid_by)
        for way in ways:
            for found in way(entry, Scope(min(depth, MAX_SCAN_DEPTH), entry.sources, recursion=True)):
                return found
        if given_up is not None:
            return Asleep(entry.index, "expression_slow", key=given_up.written)
        broken = next((key for key in entry.keys if key.expression is None and as_regex(key.told)), None)
        if broken is not None:
            return Asleep(entry.index, "expression_broken", key=broken.written)
        return Asleep(entry.index, "not_found", number=depth)

    def _with_other_rules(self, entry: ScanEntry, scope: Scope) -> Iterator[Asleep]:
        for key in entry.keys:
            if key.expression is None and not key.never:
                for reason, other in _others(key):
                    place = self._place(other, scope)
                    if place is not None:
                        yield Asleep(entry.index, reason, place, key.written)

    def _in_recursion(self, entry: ScanEntry, scope: Scope) -> Iterator[Asleep]:
        if not (entry.excludes_recursion and self._settings.recursive):
            return
        for key in entry.keys:
            place = self._place(key, scope)
            if place is not None:
                yield Asleep(
                    entry.index, "excluded_from_recursion", place, key.written, others=(place.entry,)
                )

    def _deeper(self, entry: ScanEntry, scope: Scope) -> Iterator[Asleep]:
        for key in entry.keys:
            place = self._place(key, Scope(MAX_SCAN_DEPTH))
            if place is not None:
                yield Asleep(entry.index, "too_deep", place, key.written, number=scope.depth)

    def _unsaid_by(self, entry: ScanEntry, _scope: Scope) -> Iterator[Asleep]:
        for key in entry.keys:
            if key.expression is None and not key.never and (holders := self._unsaid.holders(key)):
                place = Place(key.written, entry=holders[0])
                yield Asleep(entry.index, "not_woken_by_entry", place, key.written, others=holders)

    def _place(self, key: Key, scope: Scope) -> Place | None:
        try:
            return next(self._buffer.places(key, scope), None)
        except GivenUpError:
            return None


def _others(key: Key) -> Iterator[tuple[Reason, Key]]:
    """The key, compared in other ways."""
    loose = replace(key, needle=key.told.lower(), case_sensitive=False)
    if key.case_sensitive:
        yield "case", loose
    if key.is_word:
        yield "part_of_word", replace(key, is_word=False)
        if key.case_sensitive:
            yield "case", replace(loose, is_word=False)
