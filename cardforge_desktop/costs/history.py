"""What calls took before: how much a profile's answers take of a model, and what is asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, not_, select

from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table

#: Newest calls of a kind, or cards, that count, and how few say nothing yet.
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
#: The first answer of each finished card: its one planned call beside the first notes on a long source.
_FIRST = (
    select(_CALLS.c.id, _CALLS.c.item_id, _CALLS.c.run, _CALLS.c.input_tokens)
    .where(_CALLS.c.profile_id == bindparam("profile"), _CALLS.c.asked_model == bindparam("model"))
    .where(_CALLS.c.step_kind == bindparam("kind"), _CALLS.c.step == "card")
    .where(_CALLS.c.status == "completed", _CALLS.c.card_id != "", _CALLS.c.input_tokens.is_not(None))
    .order_by(_CALLS.c.started_at.desc())
    .limit(NEWEST)
    .subquery("first")
)
_OTHER = _CALLS.alias("other")
_BESIDE = (
    select(
        _FIRST.c.input_tokens.label("planned"),
        func.count(_OTHER.c.input_tokens).label("calls"),
        func.coalesce(func.sum(_OTHER.c.input_tokens), 0).label("read"),
        func.coalesce(func.sum(_OTHER.c.output_tokens), 0).label("written"),
    )
    .outerjoin_from(
        _FIRST,
        _OTHER,
        and_(
            _OTHER.c.item_id == _FIRST.c.item_id,
            _OTHER.c.run == _FIRST.c.run,
            _OTHER.c.asked_model == bindparam("model"),
            _OTHER.c.id != _FIRST.c.id,
            not_(and_(_OTHER.c.status == "completed", _OTHER.c.step.like("notes:1:%"))),
        ),
    )
    .group_by(_FIRST.c.id)
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Output tokens of one call: the 10th and the 90th percentile of `calls` past ones."""

    low: int
    high: int
    calls: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What one finished card took beside its planned calls: what was asked for again, what broke off.

    Attributes:
        calls: those of known usage.
        planned_input: tokens that the card's first call read.
        input_tokens, output_tokens: of all `calls` together.
    """

    calls: int
    planned_input: int
    input_tokens: int
    output_tokens: int

    def input_for(self, planned_input: int) -> int:
        """What as many calls read where the first one reads so much: each is told the source again."""
        return max(0, self.input_tokens + self.calls * (planned_input - self.planned_input))


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

    def beside(self, profile_id: str, model: str, *, updates: bool = False) -> tuple[Beside, ...]:
        """What the newest finished cards took beside their planned calls; empty where there are too few.

        Args:
            profile_id, model, updates: as in `spread` and `kind_of`.
        """
        if not profile_id:
            return ()
        values = {"profile": profile_id, "model": model, "kind": kind_of("card", updates=updates)}
        with self._store.read() as session:
            rows = session.execute(_BESIDE, values).all()
        cards = tuple(Beside(row.calls, row.planned, row.read, row.written) for row in rows)
        return cards if len(cards) >= FEWEST else ()


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


def reach_of(amounts: Sequence[int]) -> tuple[int, int]:
    """The percentiles, and never past the mean: sums of many would else leave out what is rare but costs."""
    spread, total, count = spread_of(amounts), sum(amounts), len(amounts)
    return min(spread.low, total // count), max(spread.high, -(-total // count))
