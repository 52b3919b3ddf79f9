"""What an export would make of cards, worked out beforehand: their files' names, and what is lost. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.naming import NameValues

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

#: Cards that are looked through for losses: writing and reading each takes time.
LOOKED_THROUGH = 25
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Losses:
    """What cards lose in one format.

    Attributes:
        looked_at: how many cards were tried.
        losing: how many of them lose something.
        what: what, in words, the most frequent first.
        problem: why some of them can't be written at all, "" = all can.
    """

    looked_at: int
    losing: int = 0
    what: tuple[str, ...] = ()
    problem: str = ""


def samples_for(workspace: Workspace, ids: Sequence[str]) -> tuple[NameValues, ...]:
    """What the first cards' files are named after. Slow."""
    from cardforge_desktop.cards.naming import name_values

    samples: list[NameValues] = []
    for index, card_id in enumerate(ids[:_SAMPLES], 1):
        with suppress(CardForgeError):  # a card that is gone: the export says so
            stored = workspace.library.card(card_id)
            made, batch_id = stored.summary.created_at, stored.summary.batch_id
            samples.append(name_values(stored.card, made, batch_id=batch_id, index=index))
    return tuple(samples)


@dataclass(slots=True)
class _Found:
    losing: int = 0
    problem: str = ""
    what: dict[str, int] = field(default_factory=dict)


def losses_in(workspace: Workspace, ids: Sequence[str], format_name: str) -> Losses:
    """What the first `LOOKED_THROUGH` of these cards lose in a format. Slow."""
    found, some = _Found(), ids[:LOOKED_THROUGH]
    for card_id in some:
        try:
            losses = workspace.card_files.losses(card_id, [format_name])[format_name]
        except CardForgeError as error:
            found.problem = found.problem or error.message
            continue
        found.losing += bool(losses)
        for loss in losses:
            words = f"{loss.field} {loss.reason}"
            found.what[words] = found.what.get(words, 0) + 1
    what = sorted(found.what, key=lambda words: -found.what[words])
    return Losses(len(some), found.losing, tuple(what), found.problem)
