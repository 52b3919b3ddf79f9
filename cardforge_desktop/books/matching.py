"""Which entry of a book, as it is kept, is which of the book as it comes. Pure."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.cards.model import BookEntry


def matched(
    known: Sequence[tuple[str, dict[str, Any]]], entries: Sequence[BookEntry]
) -> list[tuple[str | None, bool]]:
    """For each of `entries` the id of the known one it is, None for a new one, and whether it is unchanged.

    Unchanged ones find each other first, then those with one title, then those with one exported id.

    Args:
        known: id and fields of each entry, in their order.
    """
    free = dict(known)
    found: list[tuple[str | None, bool]] = [(None, False)] * len(entries)
    plain = [entry.model_dump(mode="json", exclude_unset=True) for entry in entries]
    _pair(free, found, plain, _code, same=True)
    _pair(free, found, plain, _title, same=False)
    _pair(free, found, plain, _exported_id, same=False)
    return found


def _pair(
    free: dict[str, dict[str, Any]],
    found: list[tuple[str | None, bool]],
    entries: Sequence[dict[str, Any]],
    view: Any,
    *,
    same: bool,
) -> None:
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for entry_id, fields in free.items():
        if seen := view(fields):
            waiting[seen].append(entry_id)
    for at, fields in enumerate(entries):
        if found[at][0] is None and (ids := waiting.get(view(fields))):
            entry_id = ids.popleft()
            del free[entry_id]
            found[at] = (entry_id, same)


def _code(fields: dict[str, Any]) -> str:
    return json.dumps(fields, sort_keys=True)


def _title(fields: dict[str, Any]) -> str:
    return title_of(BookEntry.model_validate(fields)).casefold()


def _exported_id(fields: dict[str, Any]) -> str:
    return "" if fields.get("id") is None else str(fields["id"])
