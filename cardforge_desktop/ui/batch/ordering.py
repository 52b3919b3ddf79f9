"""Where rows go when a person moves them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum, auto


class Move(Enum):
    """A wish for another place."""

    UP = auto()
    DOWN = auto()
    TOP = auto()
    END = auto()


def place_of(move: Move, order: Sequence[str], chosen: Collection[str]) -> tuple[bool, str | None]:
    """Before which one of `order` the `chosen` ones are to stand.

    Chosen ones with others between them are gathered first.

    Returns:
        Whether anything moves, and the id they go before; None = to the end.
    """
    places = [at for at, each in enumerate(order) if each in chosen]
    if not places:
        return False, None
    others = [each for each in order if each not in chosen]
    ahead = sum(each not in chosen for each in order[: places[0]])
    gathered = places[-1] - places[0] + 1 == len(places)
    match move:
        case Move.UP:
            to = ahead - 1 if gathered else ahead
        case Move.DOWN:
            to = ahead + 1 if gathered else sum(each not in chosen for each in order[: places[-1]])
        case Move.TOP:
            to = 0
        case Move.END:
            to = len(others)
    if to < 0 or to > len(others):
        return False, None
    moved = [*others[:to], *(each for each in order if each in chosen), *others[to:]]
    return moved != list(order), others[to] if to < len(others) else None
