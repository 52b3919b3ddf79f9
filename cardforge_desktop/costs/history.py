"""What calls wrote before: how many tokens a profile's answers take of a model, from its own past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, literal, select, union_all

from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table

#: Newest calls of a kind that count, and how few say nothing yet.
NEWEST, FEWEST = 200, 10

_CALLS = core_table(CallRow)
_NEWEST_OF_KIND = (
    select(_CALLS.c.output_tokens)
    .where(_CALLS.c.profile_id == bindparam("profile"), _CALLS.c.asked_model == bindparam("model"))
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
    """Reads the ledger. Thread-safe; each answer is one query over an index."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def spreads(self, profile_id: str, model: str, kinds: Iterable[str]) -> Mapping[str, Spread]:
        """What the newest completed calls of each kind wrote; kinds of fewer than `FEWEST` are absent.

        Args:
            model: as it is asked for, not as the provider names it in its answers.
            kinds: see `kind_of`.
        """
        wanted = tuple(dict.fromkeys(kinds))
        if not profile_id or not wanted:
            return {}
        parts = [
            select(literal(kind), newest.c.output_tokens)
            for kind in wanted
            for newest in (_NEWEST_OF_KIND.where(_CALLS.c.step_kind == kind).subquery(),)
        ]
        written: dict[str, list[int]] = {kind: [] for kind in wanted}
        with self._store.read() as session:
            for kind, tokens in session.execute(union_all(*parts), {"profile": profile_id, "model": model}):
                written[kind].append(tokens)
        return {kind: spread_of(tokens) for kind, tokens in written.items() if len(tokens) >= FEWEST}


def kind_of(step: str) -> str:
    """What calls of a step have in common: ``notes:1:2`` and ``notes:1:3`` are both ``notes``."""
    return step.partition(":")[0]


def spread_of(tokens: Sequence[int]) -> Spread:
    """The percentiles by nearest rank: always numbers that were seen."""
    ordered = sorted(tokens)
    low, high = (ordered[max(0, -(-len(ordered) * tenths // 10) - 1)] for tenths in (1, 9))
    return Spread(low, high, len(ordered))
