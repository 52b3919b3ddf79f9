"""Inclusion groups: of several entries that fire at once, one is drawn. Here all stay, each with its chance.

Source: SillyTavern 1.18.0, public/scripts/world-info.js, `filterByInclusionGroups`,
`filterGroupsByTimedEffects`, `filterGroupsByScoring` and `WorldInfoBuffer.getScore`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cardforge_desktop.books.activation.model import Asleep, Reason, Rivalry
from cardforge_desktop.books.activation.reading import ScanEntry
from cardforge_desktop.books.activation.timing import Running
from cardforge_desktop.cards.book_waking import AND_ALL, AND_ANY
from cardforge_desktop.cards.key_matching import Key


class Contest:
    """The groups of one step.

    Attributes:
        lost: why entries are out, by index.
        rivalries: what is left to be drawn, by index of each that may win.
    """

    def __init__(
        self,
        entries: Sequence[ScanEntry],
        *,
        running: Running,
        active: Mapping[str, tuple[int, ...]],
        use_scoring: bool,
        is_found: Callable[[ScanEntry, Key], bool],
    ) -> None:
        """`active`: what stands in the field `group` of entries that fired before, and which those are."""
        self.lost: dict[int, Asleep] = {}
        self.rivalries: dict[int, list[Rivalry]] = {}
        self._is_found = is_found
        groups: dict[str, list[ScanEntry]] = {}
        for entry in entries:
            for name in entry.groups:
                groups.setdefault(name, []).append(entry)
        with_sticky: set[str] = set()
        for name, group in groups.items():
            if any(each.index in running.sticky for each in group):
                with_sticky.add(name)
                losers = [each for each in group if each.index not in running.sticky]
                self._remove("group_sticky", name, losers, group)
            # In a group what stays and rests at once is out, unlike anywhere else.
            resting = [each for each in group if each.index in running.cooldown]
            self._remove("cooldown", name, resting, group)
        for name, group in groups.items():
            if name not in with_sticky and (use_scoring or any(each.scored for each in group)):
                self._score(name, group, use_scoring)
        for name, group in groups.items():
            if name not in with_sticky:
                self._draw(name, self._left(group), active)

    def _left(self, group: list[ScanEntry]) -> list[ScanEntry]:
        return [each for each in group if each.index not in self.lost]

    def _remove(self, reason: Reason, name: str, losers: list[ScanEntry], group: list[ScanEntry]) -> None:
        gone = {each.index for each in losers}
        others = tuple(each.index for each in group if each.index not in gone)
        for each in losers:
            self.lost.setdefault(each.index, Asleep(each.index, reason, others=others, group=name))

    def _score(self, name: str, group: list[ScanEntry], use_scoring: bool) -> None:
        group = self._left(group)
        scores = {each.index: self._score_of(each) for each in group}
        most = max(scores.values(), default=0)
        losers = [
            each
            for each in group
            if (use_scoring if each.scored is None else each.scored) and scores[each.index] < most
        ]
        self._remove("group_score", name, losers, group)

    def _score_of(self, entry: ScanEntry) -> int:
        if not entry.keys:
            return 0
        primary = sum(self._is_found(entry, key) for key in entry.keys)
        secondary = sum(self._is_found(entry, key) for key in entry.secondary)
        if entry.secondary and entry.logic == AND_ANY:
            return primary + secondary
        if entry.secondary and entry.logic == AND_ALL and secondary == len(entry.secondary):
            return primary + secondary
        return primary

    def _draw(self, name: str, group: list[ScanEntry], active: Mapping[str, tuple[int, ...]]) -> None:
        if name in active:
            for each in group:
                asleep = Asleep(each.index, "group_taken", others=active[name], group=name)
                self.lost.setdefault(each.index, asleep)
            return
        if len(group) <= 1:
            return
        first = [each for each in group if each.group_priority]
        if first:
            winner = max(first, key=lambda each: each.order)
            self._remove("group_priority", name, [each for each in group if each is not winner], group)
            return
        total = sum(each.group_weight for each in group)
        weights = {each.index: each.group_weight for each in group}
        if total <= 0:  # the first one takes a roll of nothing
            weights, total = {each.index: float(each is group[0]) for each in group}, 1
        without = [each for each in group if weights[each.index] <= 0]
        self._remove("group_weight", name, without, group)
        rivals = tuple(each.index for each in group if weights[each.index] > 0)
        for index in rivals if len(rivals) > 1 else ():
            rivalry = Rivalry(name, rivals, weights[index] / total)
            self.rivalries.setdefault(index, []).append(rivalry)
