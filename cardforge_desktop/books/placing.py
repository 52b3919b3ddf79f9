"""Places for entries that move: numbers between those of their new neighbours. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cardforge_desktop.books.rows import FARTHEST, GAP


def places_between(order: Sequence[tuple[str, int]], ids: Sequence[str], after: str | None) -> dict[str, int]:
    """Places for `ids`, in this order, behind the entry `after`; None, or one that is not there: before all.

    Args:
        order: id and place of the book's entries, in their order.

    Returns:
        A place for each of `ids`; where no room is left, for all others of the book, too.
    """
    moved = set(ids)
    others = [(entry_id, place) for entry_id, place in order if entry_id not in moved]
    at = _behind(order, moved, after)
    before = others[at - 1][1] if at else None
    behind = others[at][1] if at < len(others) else None
    if before is None and behind is None:
        return {entry_id: step * GAP for step, entry_id in enumerate(ids)}
    if before is None:
        before = (behind or 0) - GAP * (len(ids) + 1)
    if behind is None:
        behind = before + GAP * (len(ids) + 1)
    step = (behind - before) // (len(ids) + 1)
    if step < 1 or before < -FARTHEST or behind > FARTHEST:
        listed = [entry_id for entry_id, _ in others]
        listed[at:at] = ids
        return {entry_id: place * GAP for place, entry_id in enumerate(listed)}
    return {entry_id: before + step * (number + 1) for number, entry_id in enumerate(ids)}


def _behind(order: Sequence[tuple[str, int]], moved: set[str], after: str | None) -> int:
    """How many entries that stay are before the place behind `after`, which may be one of those that move."""
    stay = 0
    for entry_id, _ in order:
        stay += entry_id not in moved
        if entry_id == after:
            return stay
    return 0
