"""Where entries stand in the prompt, and the text of each place.

Source: SillyTavern 1.18.0, public/scripts/world-info.js, `checkWorldInfo` from "BUILDING PROMPT" on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cardforge_desktop.books.activation.model import (
    AFTER,
    AT_DEPTH,
    BEFORE,
    EXAMPLES_BOTTOM,
    EXAMPLES_TOP,
    NOTE_BOTTOM,
    NOTE_TOP,
    OUTLET,
    Fired,
)

#: From the top of the prompt to its end.
_ORDER = (BEFORE, AFTER, EXAMPLES_TOP, EXAMPLES_BOTTOM, NOTE_TOP, NOTE_BOTTOM, AT_DEPTH, OUTLET)


@dataclass(frozen=True, slots=True)
class PromptPiece:
    """What stands together in the prompt.

    Attributes:
        position: as of `Fired`, with depth and role for position 4 and the outlet for 7.
        entries: indices, in order.
    """

    position: int
    depth: int
    role: int
    outlet: str
    entries: tuple[int, ...]
    text: str


def in_prompt_order(fired: Iterable[Fired]) -> tuple[Fired, ...]:
    """From the top of the prompt to its end; `fired` in the order of firing.

    Lower insertion orders come first; of the same order, what fired later. In an outlet all is the other way
    round.
    """

    def place(item: tuple[int, Fired]) -> tuple[float, ...]:
        at, each = item
        rank = _ORDER.index(each.position) if each.position in _ORDER else len(_ORDER)
        if each.position == OUTLET:
            return rank, 0, 0, -each.order, at
        deep = (-each.depth, -each.role) if each.position == AT_DEPTH else (0, 0)
        return rank, *deep, each.order, -at

    return tuple(each for _, each in sorted(enumerate(fired), key=place))


def prompt_pieces(fired: Iterable[Fired]) -> tuple[PromptPiece, ...]:
    """The texts that enter the prompt; what is empty or stands nowhere is left out."""
    groups: dict[tuple[int, int, int, str], list[Fired]] = {}
    for each in fired:
        if not each.content or each.position not in _ORDER or (each.position == OUTLET and not each.outlet):
            continue
        deep = (each.depth, each.role) if each.position == AT_DEPTH else (0, 0)
        outlet = each.outlet if each.position == OUTLET else ""
        groups.setdefault((each.position, *deep, outlet), []).append(each)
    return tuple(
        PromptPiece(*where, tuple(each.index for each in group), "\n".join(each.content for each in group))
        for where, group in groups.items()
    )
