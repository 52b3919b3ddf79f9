"""Which rows of the queue are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.ui.batch.state import Group, State, states_with
from cardforge_desktop.ui.batch.tally import Tally


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are shown.

    Attributes:
        batch: id of a batch, `NEW`, or "" for all.
        needle: folded; in the source, card, profile, engine or state.
    """

    batch: str = ""
    group: Group = Group.ALL
    needle: str = ""


class Sieve:
    """Tells which items pass a filter. Words are folded when an item comes, not with each letter typed."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._words: dict[str, str] = {}
        self._states: frozenset[State] = frozenset()
        self.filter = Filter()

    def choose(self, wanted: Filter) -> None:
        """Another filter."""
        self.filter = wanted
        self._states = states_with(wanted.needle)

    def put(self, item: ItemView) -> None:
        """An item as it is now."""
        parts = (item.source, item.target, item.card_name, item.profile, item.engine)
        self._words[item.id] = "\n".join(parts).casefold()

    def drop(self, item_id: str) -> None:
        """An item is gone."""
        del self._words[item_id]

    def sift(self, items: Iterable[ItemView], state_of: Callable[[ItemView], State]) -> list[str]:
        """The ids of those that are shown, in their order; quick enough for thousands."""
        wanted, words, states = self.filter, self._words, self._states
        if wanted.batch or wanted.group is not Group.ALL:
            items = self._tally.those(items, wanted.group, wanted.batch)
        if not wanted.needle:
            return [item.id for item in items]
        needle = wanted.needle
        if not states:
            return [item.id for item in items if needle in words[item.id]]
        return [item.id for item in items if needle in words[item.id] or state_of(item) in states]

    def passes(self, item: ItemView, state_of: Callable[[ItemView], State]) -> bool:
        """Whether an item is shown; `state_of` tells the state that it shows."""
        wanted = self.filter
        narrow = wanted.batch or wanted.group is not Group.ALL
        if narrow and not self._tally.holds(item, wanted.group, wanted.batch):
            return False
        if not wanted.needle or wanted.needle in self._words[item.id]:
            return True
        return bool(self._states) and state_of(item) in self._states
