"""What was spent: read from sums that the store keeps, so that a million calls take no longer than a few.

`tables.CallSumRow` has a row for each quarter hour, engine, model, profile and batch; every total shown is a
sum of these, and so of the calls (tests/costs/test_sums.py checks one against the other).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, bindparam, func, select

from cardforge_desktop.costs.days import ALWAYS, SLOT, Period, day_of, local_date, month_at, month_of
from cardforge_desktop.costs.ledger import Spending
from cardforge_desktop.costs.tables import CallSumRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import Picodollars, now

Grouping = Literal["model", "engine", "profile", "batch"]

_SUMS = core_table(CallSumRow)
_TOTALS: tuple[ColumnElement[Any], ...] = (
    func.coalesce(func.sum(_SUMS.c.calls), 0),
    func.coalesce(func.sum(_SUMS.c.input_tokens), 0),
    func.coalesce(func.sum(_SUMS.c.output_tokens), 0),
    func.coalesce(func.sum(_SUMS.c.cost, type_=Picodollars()), Decimal(0)),
    func.coalesce(func.sum(_SUMS.c.unknown_calls), 0),
)
#: Each by itself: asked together SQLite would go through them all.
_OLDEST = select(func.min(_SUMS.c.slot)).scalar_subquery()
_NEWEST = select(func.max(_SUMS.c.slot)).scalar_subquery()
#: Rows of a JSON list: the date, the first slot, the first that is no longer in it.
_DAYS = func.json_each(bindparam("days")).table_valued("value").alias("days")
_DATE, _BEGIN, _END = (func.json_extract(_DAYS.c.value, f"$[{place}]") for place in range(3))
_BY_DAY = (
    select(_DATE, _SUMS.c.model, *_TOTALS)
    .select_from(_DAYS.join(_SUMS, (_SUMS.c.slot >= _BEGIN) & (_SUMS.c.slot < _END)))
    .group_by(_DATE, _SUMS.c.model)
    .order_by(_DATE, _SUMS.c.model)
)
_IN_PERIOD = (_SUMS.c.slot >= bindparam("first"), _SUMS.c.slot < bindparam("last"))
_COLUMNS: dict[Grouping, tuple[ColumnElement[Any], ...]] = {
    "model": (_SUMS.c.model, _SUMS.c.engine, _SUMS.c.local),
    "engine": (_SUMS.c.engine, _SUMS.c.local),
    "profile": (_SUMS.c.profile_id,),
    "batch": (_SUMS.c.batch_id,),
}
#: Of a profile or batch: whether all of it was.
_ONLY_LOCAL = func.min(_SUMS.c.local)


@dataclass(frozen=True, slots=True)
class Group:
    """What one model, engine, profile or batch took.

    Attributes:
        key: the model's or engine's name, the id of a profile or batch, "" = none.
        engine: of a model: the engine it was asked at.
        free: a local engine's; of a profile or batch: it asked local engines only.
    """

    key: str
    spending: Spending
    engine: str = ""
    free: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """What was spent together; `free`: only local engines were asked."""

    spending: Spending
    free: bool


@dataclass(frozen=True, slots=True)
class DayModel:
    """What one model took on one local day."""

    day: date
    model: str
    spending: Spending


def sum_of(groups: Collection[Group]) -> Sum:
    """All of a period, from the groups of it."""
    spent = sum((group.spending for group in groups), Spending())
    return Sum(spent, bool(groups) and all(group.free for group in groups))


class Spendings:
    """Reads the sums. Thread-safe; off the window's thread."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = now, zone: tzinfo | None = None) -> None:
        """`zone`: where the days begin; None = as the system says."""
        self._store, self._clock, self._zone = store, clock, zone

    def this_day(self) -> Period:
        """From local midnight to the next."""
        return day_of(self._clock(), self._zone)

    def this_month(self) -> Period:
        """The local calendar month."""
        return month_of(self._clock(), self._zone)

    def month_at(self, day: date) -> Period:
        """The local calendar month of a day."""
        return month_at(day, self._zone)

    def total(self, period: Period = ALWAYS) -> Spending:
        """All calls that began in a period and have ended."""
        with self._store.read() as session:
            return Spending(*session.execute(select(*_TOTALS).where(*_IN_PERIOD), _values(period)).one())

    def today(self) -> Spending:
        """Since local midnight."""
        return self.total(self.this_day())

    def month(self) -> Spending:
        """Since the first of the month, local time."""
        return self.total(self.this_month())

    def by(self, grouping: Grouping, period: Period = ALWAYS) -> tuple[Group, ...]:
        """The sums of a period in groups, the dearest first, then those with most tokens."""
        columns = _COLUMNS[grouping]
        wanted = select(*columns, *_TOTALS, _ONLY_LOCAL).where(*_IN_PERIOD).group_by(*columns)
        with self._store.read() as session:
            rows = session.execute(wanted, _values(period)).all()
        groups = [_group(grouping, row) for row in rows]
        return tuple(sorted(groups, key=_dearest_first))

    def by_day(self, period: Period) -> tuple[DayModel, ...]:
        """What each model took on each local day, in their order; days without a call are left out."""
        with self._store.read() as session:
            oldest, newest = session.execute(select(_OLDEST, _NEWEST)).one()
            if oldest is None:
                return ()
            first, last = period.slots
            days = self._days(max(first, oldest), min(last, newest + 1))
            rows = session.execute(_BY_DAY, {"days": json.dumps(days)}).all()
        return tuple(
            DayModel(date.fromisoformat(day), model, Spending(*totals)) for day, model, *totals in rows
        )

    def months(self) -> tuple[date, ...]:
        """The first days of the local months in which calls were made, the newest first; this one always."""
        with self._store.read() as session:
            first = session.execute(select(_OLDEST)).scalar()
        newest = local_date(self._clock(), self._zone).replace(day=1)
        oldest = newest if first is None else local_date(_moment_of(first), self._zone).replace(day=1)
        found = [newest]
        while found[-1] > oldest:
            found.append((found[-1] - timedelta(days=1)).replace(day=1))
        return tuple(found)

    def _days(self, first: int, last: int) -> list[tuple[str, int, int]]:
        """The local days from a slot to before another: their dates, first slots, and ends."""
        found, begin = [], first
        while begin < last:
            day = day_of(_moment_of(begin), self._zone)
            # Long ago some began within a slot: it counts to one of the two.
            end = min(last, max(begin + 1, day.slots[1]))
            found.append((local_date(day.start, self._zone).isoformat(), begin, end))
            begin = end
        return found


def _moment_of(slot: int) -> datetime:
    return datetime.fromtimestamp(slot * SLOT, UTC)


def _values(period: Period) -> dict[str, int]:
    first, last = period.slots
    return {"first": first, "last": last}


def _group(grouping: Grouping, row: Row[Any]) -> Group:
    first, facts = len(_COLUMNS[grouping]), tuple(row)
    totals = Spending(*facts[first : first + len(_TOTALS)])
    return Group(facts[0], totals, facts[1] if grouping == "model" else "", bool(facts[-1]))


def _dearest_first(group: Group) -> tuple[Decimal, int, str, str]:
    spent = group.spending
    return -spent.cost, -(spent.input_tokens + spent.output_tokens), group.key, group.engine
