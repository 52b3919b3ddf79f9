"""The scan: step by step what fires, as SillyTavern goes about it, without its dice.

Source: SillyTavern 1.18.0, public/scripts/world-info.js, `checkWorldInfo`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import count as numbers
from typing import Literal

from cardforge_desktop.books.activation.budget import Budget, budget_of
from cardforge_desktop.books.activation.buffer import NOWHERE, Buffer, Scope
from cardforge_desktop.books.activation.groups import Contest
from cardforge_desktop.books.activation.marking import marks_of
from cardforge_desktop.books.activation.model import (
    Activation,
    Asleep,
    Cause,
    Fired,
    Message,
    Place,
    ScanSettings,
)
from cardforge_desktop.books.activation.prompt import in_prompt_order
from cardforge_desktop.books.activation.reading import MAX_SCAN_DEPTH, Reader, ScanEntry, sorted_entries
from cardforge_desktop.books.activation.reasons import Reasons
from cardforge_desktop.books.activation.timing import NOTHING_RUNS, Effects, Running
from cardforge_desktop.cards.book_waking import ACTIVATE, DONT_ACTIVATE, NOT_ALL, NOT_ANY, secondary_met
from cardforge_desktop.cards.js_expressions import Expressions, GivenUpError
from cardforge_desktop.cards.key_matching import Key, as_written
from cardforge_desktop.cards.model import CharacterBook

#: Seconds that one search for an expression, and all of a test, may take.
_ONE_EXPRESSION, _ALL_EXPRESSIONS = 0.2, 4.0
_State = Literal["initial", "recursion", "min_activations", "done"]
Counter = Callable[[str], int]


def activate(
    book: CharacterBook, chat: Sequence[Message], settings: ScanSettings, count: Counter | None = None
) -> Activation:
    """What `chat` does to `book`, if all dice fall for its entries. Takes seconds at most.

    Entries that stay or rest for some messages (sticky, cooldown) are known from the turns of the chat, each
    taken as if it had been answered under the same settings.

    Args:
        book: the book, as SillyTavern would import it.
        chat: the oldest message first.
        settings: of the reader.
        count: text to tokens; None for o200k.
    """
    if count is None:
        from cardforge_desktop.tokens import O200K

        count = O200K.count
    settings = _as_book_says(book, settings)
    reader = Reader(settings)
    entries = sorted_entries(book, settings, reader)
    expressions = Expressions(_ONE_EXPRESSION, _ALL_EXPRESSIONS)
    tokens = budget_of(book, settings)

    def scan(length: int, running: Running) -> _Scan:
        said = chat[:length]
        buffer = Buffer(said, settings.sources, expressions, include_names=settings.include_names)
        made = _Scan(entries, reader, buffer, Budget(tokens, count), running)
        made.run(len(said))
        return made

    running = NOTHING_RUNS
    if any(entry.sticky or entry.cooldown for entry in entries):
        effects = Effects(entries)
        for length in effects.turns(chat, settings.user):
            effects.note(length, scan(length, effects.at(length)).certain)
        running = effects.at(len(chat))
    return scan(len(chat), running).result()


def _as_book_says(book: CharacterBook, settings: ScanSettings) -> ScanSettings:
    if not settings.follows_book:
        return settings
    depth = settings.scan_depth if book.scan_depth is None else int(book.scan_depth)
    recursive = settings.recursive if book.recursive_scanning is None else book.recursive_scanning
    return replace(settings, scan_depth=depth, recursive=recursive)


@dataclass(frozen=True, slots=True)
class _Woken:
    """An entry that a step would have fire, before groups, dice and the budget."""

    entry: ScanEntry
    cause: Cause
    place: Place | None = None
    secondary: tuple[Place, ...] = ()
    keys: tuple[Key, ...] = ()
    chance: float = 1.0


class _Scan:
    """One run over one chat."""

    def __init__(
        self, entries: Sequence[ScanEntry], reader: Reader, buffer: Buffer, budget: Budget, running: Running
    ) -> None:
        settings = reader.settings
        self._entries, self._reader, self._buffer = entries, reader, buffer
        self._settings, self._budget, self._running = settings, budget, running
        self._state: _State = "initial"
        self._step = 0
        self._skew = 0
        self._fired: dict[int, Fired] = {}
        self._cut: dict[int, Fired] = {}
        self._keys: dict[int, tuple[Key, ...]] = {}
        self._active_groups: dict[str, tuple[int, ...]] = {}
        self._unsaid: list[tuple[int, str]] = []
        self._reasons = Reasons(settings)
        levels = sorted({entry.delay_level for entry in entries if entry.delay_level})
        self._levels = levels[1:]
        self._level = levels[0] if levels else 0.0
        self._length = 0

    @property
    def certain(self) -> frozenset[int]:
        """What fires whatever the dice say."""
        return frozenset(index for index, fired in self._fired.items() if fired.certain)

    def run(self, length: int) -> None:
        """Scan until nothing more happens; `length`: messages of the chat."""
        self._length = length
        most = self._settings.max_recursion_steps
        for step in numbers(1):
            if self._state == "done" or (most and step > most):
                return
            self._step = step
            new = self._admitted(self._woken())
            self._advance(new)

    def result(self) -> Activation:
        """What came of it."""
        depth = self._settings.scan_depth + self._skew
        fired = in_prompt_order(self._fired.values())
        return Activation(
            fired=fired,
            cut=tuple(self._cut.values()),
            asleep=self._reasons.told(
                [e for e in self._entries if e.index not in self._fired and e.index not in self._cut],
                self._buffer,
                self._unsaid,
                depth,
            ),
            budget=self._budget.tokens,
            used=_worst(fired),
            steps=self._step,
            messages=self._length,
            scanned=max(0, min(depth, self._length, MAX_SCAN_DEPTH)),
            marks=marks_of(self._entries, self._fired, self._keys, self._buffer, depth),
        )

    # What wakes

    def _woken(self) -> list[_Woken]:
        found = []
        for entry in self._entries:
            if entry.index in self._fired or self._reasons.is_settled(entry):
                continue
            woken = self._wake(entry)
            if woken is not None:
                found.append(woken)
        # Sticky entries come first; the sort keeps the rest in order.
        return sorted(found, key=lambda each: each.entry.index not in self._running.sticky)

    def _wake(self, entry: ScanEntry) -> _Woken | None:
        sticky = entry.index in self._running.sticky
        if self._reasons.holds_back(entry, self._running, self._length) or self._waits(entry, sticky):
            return None
        if ACTIVATE in entry.orders:
            return _Woken(entry, "decorator")
        if DONT_ACTIVATE in entry.orders:
            self._reasons.note(Asleep(entry.index, "dont_activate"))
            return None
        if entry.constant:
            return _Woken(entry, "constant")
        if sticky:
            return _Woken(entry, "sticky")
        return self._woken_by_key(entry)

    def _waits(self, entry: ScanEntry, sticky: bool) -> bool:
        """Whether this step is not for it."""
        if sticky:
            return False
        if self._state != "recursion":
            return entry.delay_level > 0
        if entry.delay_level > self._level:
            return True
        return self._settings.recursive and entry.excludes_recursion

    def _scope(self, entry: ScanEntry) -> Scope:
        depth = self._settings.scan_depth + self._skew if entry.scan_depth is None else entry.scan_depth
        if depth <= 0:
            return NOWHERE
        return Scope(int(min(depth, MAX_SCAN_DEPTH)), entry.sources, self._state != "min_activations")

    def _woken_by_key(self, entry: ScanEntry) -> _Woken | None:
        scope = self._scope(entry)
        self._reasons.searched(entry, scope)
        for key in entry.keys:
            place, chance = self._found(entry, key, scope)
            if place is not None:
                return self._with_secondary(entry, scope, key, place, chance)
        return None

    def _found(self, entry: ScanEntry, key: Key, scope: Scope) -> tuple[Place | None, float]:
        """Where a key is, and how likely it is there: of several entries that say it the likeliest counts."""
        best: tuple[Place | None, float] = (None, 0.0)
        try:
            for place in self._buffer.places(key, scope):
                chance = self._chance(place)
                if chance > best[1] or best[0] is None:
                    best = (place, chance)
                if chance >= 1:
                    break
        except GivenUpError:
            self._reasons.given_up(entry, key)
        return best

    def _chance(self, place: Place) -> float:
        fired = self._fired.get(place.entry) or self._cut.get(place.entry)
        return 1.0 if fired is None else fired.chance

    def _with_secondary(
        self, entry: ScanEntry, scope: Scope, key: Key, place: Place, chance: float
    ) -> _Woken | None:
        if not entry.selective:
            return _Woken(entry, "key", place, keys=(key,), chance=chance)
        found = [(each, *self._found(entry, each, scope)) for each in entry.secondary]
        if not secondary_met(entry.logic, (at is not None for _, at, _ in found)):
            self._reasons.note_secondary(entry, place, [(each, at) for each, at, _ in found])
            return None
        if entry.logic in {NOT_ALL, NOT_ANY}:
            return _Woken(entry, "key", place, keys=(key,), chance=chance)
        there = [(each, at, likely) for each, at, likely in found if at is not None]
        chances = [likely for _, _, likely in there]
        likeliest = min(chances) if len(there) == len(found) and entry.logic else max(chances)
        places = tuple(at for _, at, _ in there)
        keys = (key, *(each for each, _, _ in there))
        return _Woken(entry, "key", place, places, keys, min(chance, likeliest))

    # What gets in

    def _admitted(self, woken: list[_Woken]) -> list[Fired]:
        """What of them fires, cut or not: groups, then dice, then the budget."""
        contest = Contest(
            [each.entry for each in woken],
            running=self._running,
            active=self._active_groups,
            use_scoring=self._settings.use_group_scoring,
            is_found=self._is_found,
        )
        admitted = []
        won: dict[str, tuple[int, ...]] = {}
        for each in woken:
            index = each.entry.index
            if index in self._cut:
                continue  # it still stood in the way of its group
            if index in contest.lost:
                self._reasons.note(contest.lost[index])
            elif each.entry.probability <= 0 and index not in self._running.sticky:
                self._reasons.settle(Asleep(index, "never_drawn", each.place))
            else:
                fired = self._fire(each, contest)
                has_room = self._budget.takes(
                    fired.tokens, fired.rivalries, ignores=each.entry.ignores_budget
                )
                (self._fired if has_room else self._cut)[index] = fired
                self._keys[index] = each.keys
                admitted.append(fired)
            if index in self._fired and each.entry.group:
                before = self._active_groups.get(each.entry.group, ())
                won[each.entry.group] = (*won.get(each.entry.group, before), index)
        self._active_groups |= won
        return admitted

    def _is_found(self, entry: ScanEntry, key: Key) -> bool:
        return self._found(entry, as_written(key), self._scope(entry))[0] is not None

    def _fire(self, woken: _Woken, contest: Contest) -> Fired:
        entry = woken.entry
        rivalries = tuple(contest.rivalries.get(entry.index, ()))
        is_rolled = entry.index not in self._running.sticky
        chance = woken.chance * (entry.probability / 100 if is_rolled else 1)
        for rivalry in rivalries:
            chance *= rivalry.chance
        content = self._reader.content(entry)
        return Fired(
            index=entry.index,
            cause=woken.cause,
            place=woken.place,
            secondary=woken.secondary,
            step=self._step,
            probability=entry.probability,
            chance=chance,
            content=content,
            tokens=self._budget.count(content),
            order=entry.order,
            position=entry.position,
            depth=entry.depth,
            role=entry.role,
            outlet=entry.outlet,
            ignores_budget=entry.ignores_budget,
            wakes_others=not entry.prevents_recursion,
            rivalries=rivalries,
        )

    # What comes next

    def _advance(self, new: list[Fired]) -> None:
        settings, overflowed = self._settings, self._budget.overflowed
        waking = [each for each in new if each.wakes_others]
        coming: _State = "done"
        if settings.recursive and not overflowed:
            after_more = self._state == "min_activations" and bool(self._buffer.said)
            if waking or after_more:
                coming = "recursion"
        if coming == "done" and not overflowed and self._needs_more():
            coming = "min_activations"
            self._skew += 1
        if coming == "done" and self._levels:
            coming = "recursion"
            self._level = self._levels.pop(0)
        self._unsaid += [(each.index, each.content) for each in new if not each.wakes_others]
        if coming == "done":
            self._unsaid += [(each.index, each.content) for each in waking]
        else:
            self._buffer.add([(each.index, each.content) for each in waking])
            self._budget.begin_step(_worst(waking) if any(each.content for each in waking) else 0)
        self._state = coming

    def _needs_more(self) -> bool:
        settings, depth = self._settings, self._settings.scan_depth + self._skew
        if len(self._fired) >= settings.min_activations:
            return False
        most = settings.min_activations_depth
        return not ((most > 0 and depth > most) or depth > self._length)


def _worst(fired: Collection[Fired]) -> int:
    """Tokens of entries, if of each group the longest is drawn."""
    groups: dict[tuple[int, ...], int] = {}
    total = 0
    for each in fired:
        if each.rivalries:
            rivals = each.rivalries[0].rivals
            groups[rivals] = max(groups.get(rivals, 0), each.tokens)
        else:
            total += each.tokens
    return total + sum(groups.values())
