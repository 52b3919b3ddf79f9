"""What lists show of an entry that was found: the part of its content that a search found, its keys. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from cardforge_desktop.books.marking import expressions, folded
from cardforge_desktop.cards.contents import without_surrogates

#: Characters of an excerpt; and how many of them are in sight in a list, also in a narrow column.
LONGEST = 240
_IN_SIGHT = 60
#: Characters before a hit, at most. What is around a hit stays the same while its word is being typed.
_LEAD = 28

_Wanted = Sequence[re.Pattern[str]]


def unseen(typed: str, name: str, excerpt: str) -> _Wanted:
    """What of `typed` is neither in the name nor where the excerpt begins. Keys are not always in sight."""
    shown = [folded(name), folded(excerpt[:_IN_SIGHT])]
    return [each for each in expressions(typed) if not any(map(each.search, shown))]


def found_first(keys: Sequence[str], typed: str) -> tuple[str, ...]:
    """The keys, those that `typed` found before the others: only the first ones are in sight."""
    wanted = expressions(typed)
    return tuple(sorted(keys, key=lambda key: not any(each.search(folded(key)) for each in wanted)))


def excerpt_around(content: str, wanted: _Wanted) -> str | None:
    """The part of `content` around the first of what is wanted; None where there is nothing of it."""
    told = folded(content)
    hits = [hit.start() for each in wanted if (hit := each.search(told)) is not None]
    if not hits:
        return None
    at = _place(content, min(hits))
    start = _beginning(content, at)
    return without_surrogates(("…" if start else "") + content[start : start + LONGEST])


def _place(content: str, at: int) -> int:
    """Where in `content` stands what is at this place of its folded form, which may be longer or shorter."""
    if content.isascii():
        return at
    return bisect_right(range(len(content)), at, key=lambda end: len(folded(content[:end]))) - 1


def _beginning(content: str, at: int) -> int:
    """The first word that begins so near before a place, or the sentence if that does."""
    first = max(0, at - _LEAD)
    if first == 0:
        return 0
    lead = content[first:at]
    sentence = max((found.end() for found in re.finditer(r"[.!?…]\s+|\n\s*", lead)), default=0)
    word = re.search(r"\s+", lead)
    return first + (sentence or (word.end() if word is not None else 0))
