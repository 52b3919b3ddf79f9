"""What the chart and the table of days show: the pieces of each day, and the lines of the scale. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cardforge_desktop.costs.ledger import Spending
    from cardforge_desktop.costs.sums import DayModel

Measure = Literal["cost", "tokens"]
#: So many models have a piece of their own; more colours than these nobody tells apart.
MOST_SERIES = 6
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month.

    Attributes:
        amounts: one for each series, in dollars or tokens.
        total: their sum.
        calls: all that were made.
        unknown: those of unknown cost, which are in no amount.
    """

    day: date
    amounts: tuple[Decimal, ...]
    total: Decimal
    calls: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Days:
    """A month in one measure.

    Attributes:
        series: names of models, those that took most first.
        others: how many models the last amount of each day is of; 0 = there is no such amount.
    """

    measure: Measure
    series: tuple[str, ...]
    others: int
    days: tuple[Day, ...]

    @property
    def has_unknown(self) -> bool:
        """Whether some cost of the month is not known; of tokens there is nothing to say."""
        return self.measure == "cost" and any(day.unknown for day in self.days)

    @property
    def top(self) -> Decimal:
        """The amount of the day that took most."""
        return max((day.total for day in self.days), default=Decimal(0))

    @property
    def width(self) -> int:
        """How many amounts a day has."""
        return len(self.series) + bool(self.others)


def days_of_month(first: date) -> tuple[date, ...]:
    """All days of the month that begins with `first`."""
    after = (first + timedelta(days=32)).replace(day=1)
    return tuple(first + timedelta(days=at) for at in range((after - first).days))


def arrange(first: date, found: Sequence[DayModel], measure: Measure) -> Days:
    """The days of a month with a piece for each of the models that took most, and one for the rest."""
    sums: Counter[str] = Counter()
    for each in found:
        sums[each.model] += _amount(each.spending, measure)  # type: ignore[assignment]  # Decimal adds as int
    ranked = sorted(
        (model for model, amount in sums.items() if amount), key=lambda model: (-sums[model], model)
    )
    series = tuple(ranked if len(ranked) <= MOST_SERIES else ranked[: MOST_SERIES - 1])
    others = len(ranked) - len(series)
    place = {model: at for at, model in enumerate(series)}
    rows = {day: [Decimal(0)] * (len(series) + bool(others)) for day in days_of_month(first)}
    calls: Counter[date] = Counter()
    unknown: Counter[date] = Counter()
    for each in found:
        if each.day not in rows:
            continue
        calls[each.day] += each.spending.calls
        unknown[each.day] += each.spending.unknown_calls
        if amount := _amount(each.spending, measure):
            rows[each.day][place.get(each.model, len(series))] += amount
    days = (Day(day, tuple(row), sum(row, Decimal(0)), calls[day], unknown[day]) for day, row in rows.items())
    return Days(measure, series, others, tuple(days))


def scale(top: Decimal, lines: int, measure: Measure) -> tuple[Decimal, ...]:
    """The amounts at which lines are drawn, from 0 to one that is at least `top`: round ones, a few."""
    least = Decimal(1) if measure == "tokens" else Decimal("0.0001")
    wanted = max(top / max(1, lines), least)
    unit = Decimal(1).scaleb(wanted.adjusted())
    step = next(unit * each for each in _STEPS if unit * each >= wanted)
    if measure == "tokens":
        step = step.to_integral_value(rounding="ROUND_CEILING")
    count = max(1, int((top / step).to_integral_value(rounding="ROUND_CEILING")))
    return tuple(step * at for at in range(count + 1))


def _amount(spending: Spending, measure: Measure) -> Decimal:
    if measure == "cost":
        return spending.cost
    return Decimal(spending.input_tokens + spending.output_tokens)
