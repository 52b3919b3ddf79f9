"""How many rows there are in each state, of each batch: counted as rows change, not by going through all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from cardforge_desktop.batches.model import BatchStatus, BatchSummary, ItemView
from cardforge_desktop.ui.batch.state import Group, group_of

#: In place of a batch's id: the rows that were never started.
NEW = "new"


class Tally:
    """Knows the batches: what their rows count as depends on them."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Group]] = Counter()
        self.names: Mapping[str, str] = {}
        self.paused: frozenset[str] = frozenset()

    def set_batches(self, batches: Iterable[BatchSummary]) -> frozenset[str] | None:
        """The batches as they are now.

        Returns:
            Those that were paused or go on since, whose rows are to be counted anew; None = nothing changed.
        """
        known = {batch.id: batch for batch in batches}
        names = {batch_id: batch.name for batch_id, batch in known.items()}
        paused = frozenset(each.id for each in known.values() if each.status is BatchStatus.PAUSED)
        if (names, paused) == (self.names, self.paused):
            return None
        touched = paused ^ self.paused
        self.names, self.paused = names, paused
        return touched

    def slot(self, item: ItemView) -> tuple[str, Group]:
        """What an item counts as."""
        return item.batch_id, group_of(item, paused=item.batch_id in self.paused)

    def add(self, item: ItemView) -> None:
        """One more."""
        self._counts[self.slot(item)] += 1

    def drop(self, item: ItemView) -> None:
        """One less."""
        self._counts[self.slot(item)] -= 1

    def count_anew(self, items: Iterable[ItemView]) -> None:
        """From nothing."""
        self._counts = Counter(map(self.slot, items))

    def count(self, group: Group, batch: str) -> int:
        """How many items are in a group, of one batch, of `NEW` ones or of all ("")."""
        return sum(count for slot, count in self._counts.items() if self.holds(slot, group, batch))

    def holds(self, slot: tuple[str, Group], group: Group, batch: str) -> bool:
        """Whether what counts as `slot` is in a group and of a batch."""
        batch_id, own = slot
        if group not in (Group.ALL, own):
            return False
        if batch == NEW:
            return own is Group.READY or batch_id not in self.names
        return batch in ("", batch_id)
