"""In which order cards stand, and how one list of them becomes another with few changes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from cardforge_desktop.cards.search import CardQuery, Sort
    from cardforge_desktop.cards.summaries import CardSummary

Run = tuple[int, int]

#: With more runs of rows that come and go than this, a view is quicker with a list that is new as a whole.
_MOST_RUNS = 200
#: Orders that the search knows itself.
_SEARCHED = frozenset({"newest", "oldest", "name", "edited", "rating", "tokens"})
#: The others, which belong to columns of the table.
_KEYS: dict[str, Callable[[CardSummary], Any]] = {
    "total": lambda card: card.total_tokens or 0,
    "tags": lambda card: tuple(tag.casefold() for tag in card.tags),
    "profile": lambda card: card.profile.casefold(),
    "source": lambda card: card.source.casefold(),
    "formats": lambda card: tuple(sorted(name for name, _ in card.files)) or (card.spec,),
    "state": lambda card: (not card.out_of_date, not card.draft, not card.imported),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What cards are sorted by.

    Attributes:
        key: one of the search's orders, or of a column.
        descending: None takes the key's own direction.
    """

    key: str = "newest"
    descending: bool | None = None


def query_in(query: CardQuery, order: Order) -> CardQuery:
    """`query`, asking for as much of `order` as the search knows."""
    if order.key in _SEARCHED:
        return replace(query, sort=cast("Sort", order.key), descending=order.descending)
    return replace(query, sort="newest", descending=None)


def arranged(cards: Sequence[CardSummary], order: Order) -> tuple[CardSummary, ...]:
    """What `query_in` found, wholly in `order`; equal ones stay as they stand."""
    key = _KEYS.get(order.key)
    return tuple(cards) if key is None else tuple(sorted(cards, key=key, reverse=bool(order.descending)))


@dataclass(frozen=True, slots=True)
class Change:
    """How `base` becomes `cards`: rows go, rows change places, rows come, and some say something else.

    Attributes:
        is_whole: too much is different to say what; the rest is empty then.
        removed: runs (first and last) of `base`, from the end.
        moves: of each row that stays, in their order, the row it goes to before others come; empty = none.
        inserted, altered: runs of `cards`, from the beginning.
    """

    base: tuple[CardSummary, ...]
    cards: tuple[CardSummary, ...]
    rows: dict[str, int]
    is_whole: bool = False
    removed: tuple[Run, ...] = ()
    moves: tuple[int, ...] = ()
    inserted: tuple[Run, ...] = ()
    altered: tuple[Run, ...] = ()


def change_between(base: tuple[CardSummary, ...], cards: tuple[CardSummary, ...]) -> Change:
    """How `base` becomes `cards`."""
    old = {card.id: row for row, card in enumerate(base)}
    rows = {card.id: row for row, card in enumerate(cards)}
    removed = runs(row for row, card in enumerate(base) if card.id not in rows)
    inserted = runs(row for row, card in enumerate(cards) if card.id not in old)
    if not base or not cards or len(removed) + len(inserted) > _MOST_RUNS:
        return Change(base, cards, rows, is_whole=bool(base or cards))
    stay = [card.id for card in base if card.id in rows]
    place = {card_id: at for at, card_id in enumerate(card.id for card in cards if card.id in old)}
    moves = tuple(place[card_id] for card_id in stay)
    altered = runs(
        row for row, card in enumerate(cards) if (at := old.get(card.id)) is not None and base[at] != card
    )
    is_moved = any(at != to for at, to in enumerate(moves))
    return Change(
        base,
        cards,
        rows,
        removed=tuple(reversed(removed)),
        moves=moves if is_moved else (),
        inserted=tuple(inserted),
        altered=tuple(altered),
    )


def runs(rows: Iterable[int]) -> list[Run]:
    """Rising numbers as runs without a gap: 1 2 3 7 → (1, 3) (7, 7)."""
    found: list[Run] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
