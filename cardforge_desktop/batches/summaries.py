"""Batches as lines of the history: their counts and sums, added up by SQLite from columns of their items."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, bindparam, case, func, select, type_coerce
from sqlmodel import Session

from cardforge_desktop.batches.model import (
    BatchOptions,
    BatchStatus,
    BatchSummary,
    Counts,
    ErrorInfo,
    ItemStatus,
    Priority,
    Rest,
)
from cardforge_desktop.batches.spending import UNSETTLED, among, spent_by_item, sum_of
from cardforge_desktop.batches.tables import BatchRow, ItemRow, ItemSourceRow
from cardforge_desktop.costs.ledger import Spending
from cardforge_desktop.costs.limits import Limit
from cardforge_desktop.costs.tables import LimitRow
from cardforge_desktop.store.table import core_table

_ITEMS = core_table(ItemRow)
_BATCHES = core_table(BatchRow)
_FILES = core_table(ItemSourceRow)
_LIMITS = core_table(LimitRow)
_WITH_LIMITS = select(
    _BATCHES, _LIMITS.c.tokens.label("limit_tokens"), _LIMITS.c.cost.label("limit_cost")
).outerjoin(_LIMITS, _LIMITS.c.scope == _BATCHES.c.id)
_STARTED = _WITH_LIMITS.where(_BATCHES.c.status != BatchStatus.DRAFT).order_by(
    _BATCHES.c.created_at.desc(), _BATCHES.c.rank.desc()
)
_ONE = _WITH_LIMITS.where(_BATCHES.c.id == bindparam("batch_id"))


#: Digits of a position before the name of its source: the first of a batch is then the least text.
_PLACE = 9


_FIRST_SOURCE = func.min(func.printf(f"%0{_PLACE}d", _ITEMS.c.position).concat(_ITEMS.c.source_name))


def _settled(column: Any) -> Any:
    return case((UNSETTLED, None), else_=column)


#: Cards that wait and will cost something.
_TO_PAY = (_ITEMS.c.status == ItemStatus.QUEUED) & _ITEMS.c.local.is_(False)


def _paid(column: Any) -> Any:
    return case((_TO_PAY, column))


_TOTALS = (
    select(
        _ITEMS.c.batch_id,
        _ITEMS.c.status,
        func.count().label("items"),
        func.coalesce(func.sum(_settled(_ITEMS.c.input_tokens)), 0).label("input_tokens"),
        func.coalesce(func.sum(_settled(_ITEMS.c.output_tokens)), 0).label("output_tokens"),
        func.group_concat(_settled(type_coerce(_ITEMS.c.cost, Text)), " ").label("costs"),
        func.coalesce(func.sum(_settled(_ITEMS.c.unknown_calls)), 0).label("unknown"),
        func.group_concat(case((UNSETTLED, _ITEMS.c.id)), " ").label("unsettled"),
        func.group_concat(_paid(type_coerce(_ITEMS.c.estimate_cost_low, Text)), " ").label("rest_low"),
        func.group_concat(_paid(type_coerce(_ITEMS.c.estimate_cost, Text)), " ").label("rest_high"),
        func.count().filter(_TO_PAY, _ITEMS.c.estimate_cost.is_(None)).label("unpriced"),
        func.count(_paid(_ITEMS.c.estimate_cost)).label("priced"),
        func.count(_paid(_ITEMS.c.estimate_cost_low)).label("proven"),
        _FIRST_SOURCE.label("first"),
        func.max(_ITEMS.c.started_at).label("began"),
        func.max(_ITEMS.c.finished_at).label("ended"),
    )
    .where(among(_ITEMS.c.batch_id, "ids"))
    .group_by(_ITEMS.c.batch_id, _ITEMS.c.status)
)


#: How many different sources there are in a batch, each perhaps tried in several ways.
_SOURCES = (
    select(_ITEMS.c.batch_id, func.count(func.distinct(_FILES.c.path.concat(_FILES.c.name))).label("sources"))
    .join(_FILES, (_FILES.c.item_id == _ITEMS.c.id) & (_FILES.c.place == 1))
    .where(among(_ITEMS.c.batch_id, "ids"))
    .group_by(_ITEMS.c.batch_id)
)


_NAMES = select(_BATCHES.c.id, _BATCHES.c.name).where(among(_BATCHES.c.id, "ids"))
_FIRST = (
    select(_ITEMS.c.batch_id, _FIRST_SOURCE.label("first"))
    .where(among(_ITEMS.c.batch_id, "ids"))
    .group_by(_ITEMS.c.batch_id)
)


def read_batches(
    session: Session, *, ids: Iterable[str] | None = None, hidden: bool = False
) -> Sequence[Row[Any]]:
    """Rows of started batches (only these), newest first; those off the history when `hidden`."""
    wanted, values = _STARTED, {}
    if ids is not None:
        wanted, values = wanted.where(among(_BATCHES.c.id, "ids")), {"ids": json.dumps(list(ids))}
    if not hidden:
        wanted = wanted.where(_BATCHES.c.hidden.is_(False))
    return session.execute(wanted, values).all()


def read_names(session: Session, batch_ids: Collection[str]) -> dict[str, str]:
    """What batches are called, those off the history too; unknown ones are absent."""
    ids = {"ids": json.dumps(list(batch_ids))}
    names = {row.id: row.name for row in session.execute(_NAMES, ids)}
    ids = {"ids": json.dumps([batch_id for batch_id, name in names.items() if not name])}
    sources = {row.batch_id: row.sources for row in session.execute(_SOURCES, ids)}
    for row in session.execute(_FIRST, ids):
        names[row.batch_id] = _name(row.first, sources.get(row.batch_id, 1))
    return names


def _name(first: str, sources: int) -> str:
    """From the first source: ``mirela.md + 4``, if there are four more."""
    return f"{first[_PLACE:]} + {sources - 1}" if sources > 1 else first[_PLACE:]


def read_batch(session: Session, batch_id: str) -> Row[Any] | None:
    """The row of a batch, started or not."""
    return session.execute(_ONE, {"batch_id": batch_id}).one_or_none()


@dataclass
class _Totals:
    """What the items of a batch add up to.

    Attributes:
        sources: different ones; counted only where the batch is named after them.
        first: the least place, and behind it that source's name.
    """

    counts: dict[ItemStatus, int] = field(default_factory=dict)
    spent: Spending = field(default_factory=Spending)
    unsettled: list[str] = field(default_factory=list)
    rest: Rest = field(default_factory=Rest)
    sources: int = 1
    first: str = ""
    moved_at: datetime | None = None

    @property
    def name(self) -> str:
        """As `_name` says."""
        return _name(self.first, self.sources)


def read_summaries(
    session: Session, batches: Sequence[Row[Any]], finishes: Mapping[str, datetime]
) -> list[BatchSummary]:
    """The batches as lines of the history, in the same order.

    Args:
        finishes: batch id → when it is expected to be done, where that is known.
    """
    totals = _totals(session, [batch.id for batch in batches])
    nameless = [batch.id for batch in batches if not batch.name]
    for row in session.execute(_SOURCES, {"ids": json.dumps(nameless)}) if nameless else ():
        totals[row.batch_id].sources = row.sources
    return [_summary(batch, totals.get(batch.id, _Totals()), finishes.get(batch.id)) for batch in batches]


def _totals(session: Session, batch_ids: Sequence[str]) -> dict[str, _Totals]:
    found: dict[str, _Totals] = {}
    for row in session.execute(_TOTALS, {"ids": json.dumps(batch_ids)}):
        totals = found.setdefault(row.batch_id, _Totals())
        totals.counts[ItemStatus(row.status)] = row.items
        totals.spent += Spending(0, row.input_tokens, row.output_tokens, sum_of(row.costs), row.unknown)
        totals.unsettled += row.unsettled.split() if row.unsettled else []
        if row.priced or row.unpriced:  # of the cards that wait, which are one row
            low = sum_of(row.rest_low) if row.proven == row.priced else None
            totals.rest = Rest(low, sum_of(row.rest_high), row.unpriced)
        totals.first = min(filter(None, (totals.first, row.first)))
        totals.moved_at = max(filter(None, (totals.moved_at, row.began, row.ended)), default=None)
    spent = spent_by_item(session, [item_id for one in found.values() for item_id in one.unsettled])
    for totals in found.values():
        for item_id in totals.unsettled:
            totals.spent += spent.get(item_id, Spending())
    return found


def _summary(batch: Row[Any], totals: _Totals, finish: datetime | None) -> BatchSummary:
    moments = [batch.created_at, batch.started_at, batch.finished_at, totals.moved_at]
    return BatchSummary(
        id=batch.id,
        name=batch.name or totals.name,
        status=BatchStatus(batch.status),
        options=BatchOptions(
            batch.name,
            Priority(batch.priority),
            batch.max_concurrent,
            batch.continue_on_error,
            Limit(batch.limit_tokens, batch.limit_cost) or None,
        ),
        counts=counts_of(totals.counts),
        created_at=batch.created_at,
        updated_at=max(moment for moment in moments if moment is not None),
        started_at=batch.started_at,
        finished_at=batch.finished_at,
        finish_expected=finish,
        owner=batch.owner,
        rank=batch.rank,
        reason=None if batch.reason is None else ErrorInfo(**batch.reason),
        input_tokens=totals.spent.input_tokens,
        output_tokens=totals.spent.output_tokens,
        cost=totals.spent.cost,
        unknown_costs=totals.spent.unknown_calls,
        rest=totals.rest,
    )


def counts_of(by_status: Mapping[ItemStatus, int]) -> Counts:
    """The counts of a batch or the queue; states with none may be absent."""
    return Counts(**{status.value: count for status, count in by_status.items()})
