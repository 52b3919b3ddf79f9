"""From one list of rows to another: which runs of neighbours go, which come."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

#: More runs than these cost a view more than being laid out anew.
_MOST_RUNS = 64


class RowChanges:
    """What a model has to announce. Rows that stay keep their order.

    Attributes:
        removed: (first, last) of the runs that go, as rows of the list before.
        inserted: (first, last) of the runs that come, as rows of the list after.
    """

    def __init__(
        self, before: Sequence[str], after: Sequence[str], leaving: Collection[str], entering: Collection[str]
    ) -> None:
        self.removed = runs([row for row, item_id in enumerate(before) if item_id in leaving])
        self.inserted = runs([row for row, item_id in enumerate(after) if item_id in entering])

    @property
    def too_many(self) -> bool:
        """Whether the view is better told that everything is new."""
        return len(self.removed) + len(self.inserted) > _MOST_RUNS


def put_in(rows: list[str], entering: Collection[str], place: Mapping[str, int]) -> None:
    """Put ids into `rows`, which are in the order of their places."""
    for item_id in sorted(entering, key=place.__getitem__):
        if rows and place[rows[-1]] > place[item_id]:
            rows.insert(bisect_right(rows, place[item_id], key=place.__getitem__), item_id)
        else:
            rows.append(item_id)


def runs(rows: list[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers of a sorted list as (first, last) pairs."""
    if not rows:
        return []
    breaks = [at for at, (one, two) in enumerate(pairwise(rows), start=1) if two != one + 1]
    starts, ends = [0, *breaks], [*breaks, len(rows)]
    return [(rows[start], rows[end - 1]) for start, end in zip(starts, ends, strict=True)]
