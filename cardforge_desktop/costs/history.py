"""What calls wrote before: how many tokens a profile's answers take of a model, from its own past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table

#: Newest calls of a kind that count, and how few say nothing yet.
NEWEST, FEWEST = 200, 10

_CALLS = core_table(CallRow)
_WRITTEN = (
    select(_CALLS.c.output_tokens)
    .where(_CALLS.c.profile_id == bindparam("profile"), _CALLS.c.asked_model == bindparam("model"))
    .where(_CALLS.c.step_kind == bindparam("kind"))
    .where(_CALLS.c.status == "completed", _CALLS.c.output_tokens.is_not(None))
    .order_by(_CALLS.c.started_at.desc())
    .limit(NEWEST)
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Output tokens of one call: the 10th and the 90th percentile of `calls` past ones."""

    low: int
    high: int
    calls: int


class History:
    """Reads the ledger. Thread-safe; an answer is one query over an index, of `NEWEST` rows at most."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def spread(self, profile_id: str, model: str, kind: str) -> Spread | None:
        """What the newest completed calls of a kind wrote; None where there are fewer than `FEWEST`.

        Args:
            profile_id: "" = of no stored profile: nothing is known of it.
            model: as it is asked for, not as the provider names it in its answers.
            kind: see `kind_of`.
        """
        if not profile_id:
            return None
        values = {"profile": profile_id, "model": model, "kind": kind}
        with self._store.read() as session:
            written = session.execute(_WRITTEN, values).scalars().all()
        return spread_of(written) if len(written) >= FEWEST else None


def kind_of(step: str, *, updates: bool = False) -> str:
    """What calls of a step have in common: ``notes:1:2`` and ``notes:1:3`` are both ``notes``.

    Args:
        updates: a card that exists gets some fields anew: that takes less than a whole one.
    """
    kind = step.partition(":")[0]
    return f"{kind}/update" if updates else kind


def spread_of(tokens: Sequence[int]) -> Spread:
    """The percentiles by nearest rank: always numbers that were seen."""
    ordered = sorted(tokens)
    low, high = (ordered[max(0, -(-len(ordered) * tenths // 10) - 1)] for tenths in (1, 9))
    return Spread(low, high, len(ordered))
