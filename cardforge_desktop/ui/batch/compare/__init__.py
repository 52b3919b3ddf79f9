"""Cards of the same source side by side."""

from __future__ import annotations

from collections.abc import Sequence

from cardforge_desktop.batches.model import ItemView

_FEWEST, _MOST = 2, 4


def comparable(items: Sequence[ItemView]) -> bool:
    """Whether these rows can stand side by side."""
    return _FEWEST <= len(items) <= _MOST and all(item.card_id is not None for item in items)
