"""Cards of the same source side by side."""

from __future__ import annotations

from collections.abc import Sequence

from cardforge_desktop.batches.model import ItemView

#: So few and so many cards stand side by side.
FEWEST, MOST = 2, 4


def comparable(items: Sequence[ItemView]) -> bool:
    """Whether these rows can stand side by side."""
    return FEWEST <= len(items) <= MOST and all(item.card_id is not None for item in items)
