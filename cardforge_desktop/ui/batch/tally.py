"""How many rows there are in each state, of each batch: counted as rows change, not by going through all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from cardforge_desktop.batches.model import BatchStatus, BatchSummary, ItemView
from cardforge_desktop.ui.batch.state import Group, group_of

#: In place of a batch's id: the rows that were never started.
NEW = "new"


class Tally:
    """Knows the batches: what their rows count as depends on them."""

    def __init__(self) -> None:
        self._groups: dict[str, Group] = {}
        self._all: Counter[Group] = Counter()
        self._of: defaultdict[str, Counter[Group]] = defaultdict(Counter)
        self.names: Mapping[str, str] = {}
        self._paused: frozenset[str] = frozenset()
        self._limited: frozenset[str] = frozenset()  # those of the paused ones that a limit stopped

    def set_batches(self, batches: Iterable[BatchSummary]) -> frozenset[str] | None:
        """The batches as they are now.

        Returns:
            Those that were paused or go on since, whose rows are to be counted anew; None = nothing changed.
        """
        known = list(batches)
        names = {batch.id: batch.name for batch in known}
        paused = frozenset(batch.id for batch in known if batch.status is BatchStatus.PAUSED)
        limited = frozenset(batch.id for batch in known if batch.waits_for_limit)
        if (names, paused, limited) == (self.names, self._paused, self._limited):
            return None
        touched = (paused ^ self._paused) | (limited ^ self._limited)
        self.names, self._paused, self._limited = names, paused, limited
        return touched

    def is_paused(self, item: ItemView) -> bool:
        """Whether the batch of an item is paused for it: a limit stops no local engine."""
        return item.batch_id in self._paused and not (item.local and item.batch_id in self._limited)

    def put(self, item: ItemView, before: ItemView | None = None) -> None:
        """An item as it is now, and as it was."""
        if before is not None:
            self.drop(before)
        group = group_of(item, paused=self.is_paused(item))
        self._groups[item.id] = group
        self._all[group] += 1
        self._of[item.batch_id][group] += 1

    def drop(self, item: ItemView) -> None:
        """An item is gone."""
        group = self._groups.pop(item.id)
        self._all[group] -= 1
        self._of[item.batch_id][group] -= 1

    def count(self, group: Group, batch: str) -> int:
        """How many items are in a group, of one batch, of `NEW` ones or of all ("")."""
        if batch == NEW:
            others = self._of.keys() - self.names.keys()
            unknown = sum(self._in(self._of[key], group) for key in others)
            return unknown + self._in_started(group)
        return self._in(self._all if not batch else self._of.get(batch, Counter()), group)

    def holds(self, item: ItemView, group: Group, batch: str) -> bool:
        """Whether an item is in a group and of a batch."""
        if group is not Group.ALL and self._groups[item.id] is not group:
            return False
        if batch == NEW:
            return self._groups[item.id] is Group.READY or item.batch_id not in self.names
        return batch in ("", item.batch_id)

    def those(self, items: Iterable[ItemView], group: Group, batch: str) -> list[ItemView]:
        """The items that `holds` holds; quick enough for thousands."""
        groups = self._groups
        if group is not Group.ALL:
            items = [item for item in items if groups[item.id] is group]
        if batch == NEW:
            return [item for item in items if self.holds(item, Group.ALL, NEW)]
        return [item for item in items if item.batch_id == batch] if batch else list(items)

    def _in_started(self, group: Group) -> int:
        """Rows that wait for Start though their batch is known: just now it is being started."""
        if group not in (Group.ALL, Group.READY):
            return 0
        return sum(counts[Group.READY] for key, counts in self._of.items() if key in self.names)

    @staticmethod
    def _in(counts: Counter[Group], group: Group) -> int:
        return counts.total() if group is Group.ALL else counts[group]
