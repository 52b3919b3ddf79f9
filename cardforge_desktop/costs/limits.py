"""What may be spent at most: a day, a month, a batch, in tokens and in money.

Before a call goes out, the most it may take is written down in the store with it (`tables.CallRow`): in one
transaction with the look at what was spent and at what other calls hold. So workers of any process together
never pass a limit: spent + held ≤ limit, always. Calls of local engines neither count nor are stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import bindparam, func, literal_column, select
from sqlmodel import Session

from cardforge_desktop.costs.days import ALWAYS, Period, day_of, month_of, slot_of
from cardforge_desktop.costs.errors import LimitError, RoomTakenError
from cardforge_desktop.costs.prices import Priceable, exact
from cardforge_desktop.costs.tables import IS_OUT, CallRow, CallSumRow, LimitRow
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import Picodollars, UtcTime, now

Unit = Literal["tokens", "money"]
DAY, MONTH = "day", "month"
#: Share of a limit from which on the person is warned.
WARN_AT = Decimal("0.8")
MOST_TOKENS = 10**15
MOST_DOLLARS = Decimal(1_000_000)

_CALLS, _SUMS, _LIMITS = core_table(CallRow), core_table(CallSumRow), core_table(LimitRow)
_SLOTS = (_SUMS.c.slot >= bindparam("first"), _SUMS.c.slot < bindparam("last"), _SUMS.c.local.is_(False))
_SENT = (IS_OUT, _CALLS.c.local.is_(False))
#: The plus keeps SQLite from looking through all calls of a month for the few that are out.
_STARTED = literal_column("+call.started_at", UtcTime())
_SPENT = select(
    func.coalesce(func.sum(_SUMS.c.input_tokens + _SUMS.c.output_tokens + _SUMS.c.held_tokens), 0),
    func.coalesce(func.sum(_SUMS.c.cost + _SUMS.c.held_cost, type_=Picodollars()), Decimal(0)),
).where(*_SLOTS)
_HELD = select(
    func.coalesce(func.sum(_CALLS.c.held_tokens), 0),
    func.coalesce(func.sum(_CALLS.c.held_cost, type_=Picodollars()), Decimal(0)),
).where(*_SENT, bindparam("start", type_=UtcTime()) <= _STARTED)
_SPENT_OF_BATCH = _SPENT.where(_SUMS.c.batch_id == bindparam("batch"))
_HELD_OF_BATCH = _HELD.where(_CALLS.c.batch_id == bindparam("batch"))
_BATCHES_AT_WORK = (
    select(_LIMITS.c.scope)
    .join(_SUMS, _SUMS.c.batch_id == _LIMITS.c.scope)
    .where(_SUMS.c.slot >= bindparam("recent"))
    .distinct()
)
_FOR_SCOPES = select(_LIMITS).where(_LIMITS.c.scope.in_(bindparam("scopes", expanding=True)))


@dataclass(frozen=True, slots=True)
class Limit:
    """None = no limit. `cost` in US dollars."""

    tokens: int | None = None
    cost: Decimal | None = None

    def __bool__(self) -> bool:
        """Whether there is one."""
        return self.tokens is not None or self.cost is not None


@dataclass(frozen=True, slots=True)
class Held:
    """The most that a call may take. `cost` None = nobody knows what the model costs."""

    tokens: int = 0
    cost: Decimal | None = Decimal(0)


NOTHING_HELD = Held()


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one limit is used up.

    Attributes:
        scope: `DAY`, `MONTH` or the id of a batch.
        period: when calls count; its end is when the limit resets.
        limit, used, held: tokens, or US dollars. `used` counts what calls of unknown usage may have taken;
            `held` is kept for the calls that are out.
    """

    scope: str
    unit: Unit
    period: Period
    limit: Decimal
    used: Decimal
    held: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be spent; never below 0."""
        return max(Decimal(0), self.limit - self.used - self.held)

    @property
    def share(self) -> float:
        """Used and held, of the limit: 0..1."""
        return 1.0 if not self.limit else min(1.0, float((self.used + self.held) / self.limit))

    @property
    def is_near(self) -> bool:
        """From 80 % on the person is warned; what is held for calls that are out mostly comes back."""
        return self.used >= self.limit * WARN_AT

    @property
    def is_reached(self) -> bool:
        """Nothing is left."""
        return self.used >= self.limit


class Limits:
    """Keeps the limits and holds calls to them. Thread-safe.

    Changes are announced as `Kind.LIMIT`, with the scope.
    """

    def __init__(
        self, store: Store, hub: Hub, clock: Callable[[], datetime] = now, zone: tzinfo | None = None
    ) -> None:
        """`zone`: where the days begin; None = as the system says."""
        self._store, self._hub, self._clock, self._zone = store, hub, clock, zone

    def get(self, scope: str) -> Limit:
        """The limit of a scope."""
        with self._store.read() as session:
            return _limits(session, [scope]).get(scope, Limit())

    def set(self, scope: str, limit: Limit) -> None:
        """Set or, with `Limit()`, take away a limit.

        Raises:
            LimitError: LIMIT_INVALID.
        """
        with self._store.write() as session:
            self.set_within(session, scope, limit)
        self._hub.changed.emit(Changed(Kind.LIMIT, frozenset({scope})))

    def used(self, scope: str) -> tuple[int, Decimal]:
        """Tokens and US dollars that count against a limit of this scope, whether there is one or not."""
        with self._store.read() as session:
            return _spent(session, scope, self.periods().get(scope, ALWAYS))

    @staticmethod
    def set_within(session: Session, scope: str, limit: Limit) -> None:
        """As `set`, in a transaction of the caller, who announces it."""
        checked = _checked(limit)
        row = session.get(LimitRow, scope)
        if not checked:
            if row is not None:
                session.delete(row)
            return
        session.merge(LimitRow(scope=scope, tokens=checked.tokens, cost=checked.cost))

    def moment(self) -> datetime:
        """Now, as limits are held to."""
        return self._clock()

    def periods(self, moment: datetime | None = None) -> dict[str, Period]:
        """The day and the month of a moment, None = now, by scope."""
        moment = moment or self._clock()
        return {DAY: day_of(moment, self._zone), MONTH: month_of(moment, self._zone)}

    def standings(self, batch_id: str = "") -> tuple[Standing, ...]:
        """How far each limit there is, is used up: the day's, the month's, and those of one batch."""
        with self._store.read() as session:
            return self.standings_within(session, batch_id)

    def standings_of_batches(self) -> tuple[Standing, ...]:
        """Likewise of the batches that called a while ago at most and have limits of their own."""
        recent = {"recent": slot_of(self._clock()) - 1}
        with self._store.read() as session:
            batches = session.execute(_BATCHES_AT_WORK, recent).scalars().all()
            limits = _limits(session, batches)
            return tuple(
                standing
                for batch_id, limit in limits.items()
                for standing in _standings(session, batch_id, ALWAYS, limit)
            )

    def standings_within(
        self, session: Session, batch_id: str = "", moment: datetime | None = None
    ) -> tuple[Standing, ...]:
        """As `standings`, in a transaction of the caller, at a moment (None = now)."""
        periods = self.periods(moment) | ({batch_id: ALWAYS} if batch_id else {})
        limits = _limits(session, periods)
        return tuple(
            standing
            for scope, period in periods.items()
            if (limit := limits.get(scope))
            for standing in _standings(session, scope, period, limit)
        )

    def admit(
        self, session: Session, batch_id: str, held: Held, of: Priceable, moment: datetime | None = None
    ) -> None:
        """Whether a call that may take so much may go out, in the transaction that notes it.

        Args:
            of: what is called.
            moment: when it begins, by which it counts for one day or the next; None = now.

        Raises:
            LimitError: LIMIT_REACHED, LIMIT_NO_PRICE.
            RoomTakenError: not now, but perhaps when calls that are out have ended.
        """
        is_taken = False
        for standing in self.standings_within(session, batch_id, moment):
            needed = Decimal(held.tokens) if standing.unit == "tokens" else held.cost
            if needed is None:
                raise _no_price(of)
            if standing.used + needed > standing.limit:
                raise reached(standing, needed)
            is_taken = is_taken or standing.used + standing.held + needed > standing.limit
        if is_taken:
            raise RoomTakenError

    def has_room(self, session: Session, batch_id: str, details: Mapping[str, Any]) -> bool:
        """Whether the call that a limit once stopped would go out by now.

        Args:
            details: of the `LimitError`.
        """
        unit, needed = details.get("unit"), Decimal(str(details.get("needed", "0")))
        return all(
            standing.used + (needed if standing.unit == unit else 0) <= standing.limit
            and not standing.is_reached
            for standing in self.standings_within(session, batch_id)
        )


def reached(standing: Standing, needed: Decimal) -> LimitError:
    """The error that says which limit stops a call, and when it goes on."""
    end = standing.period.end
    details = {
        "scope": standing.scope,
        "unit": standing.unit,
        "limit": str(standing.limit),
        "used": str(standing.used),
        "needed": str(needed),
        "resets_at": "" if end is None else end.isoformat(),
    }
    which = {DAY: "today's limit", MONTH: "this month's limit"}.get(standing.scope, "this batch's limit")
    used, limit, may_take = (_amount(each, standing.unit) for each in (standing.used, standing.limit, needed))
    tokens = " tokens" if standing.unit == "tokens" else ""
    message = (
        f"The next call may pass {which}: {used} of {limit}{tokens} are used, and it may take {may_take}. "
    )
    message += "Raise the limit to go on" + ("." if end is None else ", or wait until it resets.")
    return LimitError(ErrorCode.LIMIT_REACHED, message, details)


def _no_price(of: Priceable) -> LimitError:
    return LimitError(
        ErrorCode.LIMIT_NO_PRICE,
        f"Money is limited, and nobody knows what {of.model} costs at {of.engine}. Give it a price under "
        "Costs, or limit tokens instead.",
        {"engine": of.engine, "model": of.model},
    )


def _amount(amount: Decimal, unit: Unit) -> str:
    """Cents from a dollar up, up to four digits below: $1.65, $0.50, $0.3672."""
    if unit == "tokens":
        return f"{int(amount):,}"
    cents = f"${amount:,.2f}"
    return cents if amount >= 1 or round(amount, 4) == round(amount, 2) else f"${amount:.4f}"


def _limits(session: Session, scopes: Collection[str]) -> dict[str, Limit]:
    rows = session.execute(_FOR_SCOPES, {"scopes": list(scopes)})
    return {row.scope: Limit(row.tokens, row.cost) for row in rows}


def _checked(limit: Limit) -> Limit:
    tokens, cost = limit.tokens, limit.cost
    if tokens is not None and not 0 <= tokens <= MOST_TOKENS:
        raise _invalid(str(tokens), f"tokens from 0 to {MOST_TOKENS:,}")
    if cost is not None and not (cost.is_finite() and 0 <= cost <= MOST_DOLLARS):
        raise _invalid(str(cost), f"US dollars from 0 to {MOST_DOLLARS:,}")
    return Limit(tokens, None if cost is None else exact(cost))


def _invalid(given: str, wanted: str) -> LimitError:
    return LimitError(
        ErrorCode.LIMIT_INVALID,
        f"{given} is no limit. Give {wanted}, or nothing for no limit.",
        {"value": given},
    )


def _standings(session: Session, scope: str, period: Period, limit: Limit) -> Iterator[Standing]:
    used_tokens, used_cost = _spent(session, scope, period)
    held = _HELD if scope in (DAY, MONTH) else _HELD_OF_BATCH
    held_tokens, held_cost = session.execute(held, _values(scope, period)).one()
    if limit.tokens is not None:
        yield Standing(scope, "tokens", period, *map(Decimal, (limit.tokens, used_tokens, held_tokens)))
    if limit.cost is not None:
        yield Standing(scope, "money", period, limit.cost, used_cost, held_cost)


def _spent(session: Session, scope: str, period: Period) -> tuple[int, Decimal]:
    wanted = _SPENT if scope in (DAY, MONTH) else _SPENT_OF_BATCH
    tokens, cost = session.execute(wanted, _values(scope, period)).one()
    return tokens, cost


def _values(scope: str, period: Period) -> dict[str, Any]:
    first, last = period.slots
    batch = {} if scope in (DAY, MONTH) else {"batch": scope}
    return {"first": first, "last": last, "start": period.start, **batch}
