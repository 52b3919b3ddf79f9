"""The words of the costs panel. Unknown is said as unknown, free as free; neither is ever shown as $0."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QTime

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.formatting import translate

if TYPE_CHECKING:
    from cardforge_desktop.costs.ledger import Spending
    from cardforge_desktop.ui.costs.series import Measure


def month_text(first: date) -> str:
    """“November 2026”."""
    return QLocale().toString(_qdate(first), "MMMM yyyy")


def day_text(day: date) -> str:
    """“Tuesday, November 17, 2026”."""
    return QLocale().toString(_qdate(day), QLocale.FormatType.LongFormat)


def short_day(day: date) -> str:
    """“Tue 17”, for the rows of one month."""
    return QLocale().toString(_qdate(day), "ddd d")


def cost_text(spending: Spending, *, free: bool = False) -> str:
    """“$1.32”, “$1.32 + 3 unknown”, “unknown”, “free”."""
    if free:
        return formatting.cost(None, local=True)
    return amount_text(spending.cost, "cost", spending.calls, spending.unknown_calls)


def exact_cost(spending: Spending, *, free: bool = False) -> str:
    """As `cost_text`, with all digits."""
    if free or spending.unknown_calls == spending.calls:
        return cost_text(spending, free=free)
    exact = f"${spending.cost.normalize():f}"
    return "\n".join((exact, unknown_text(spending.unknown_calls))) if spending.unknown_calls else exact


def amount_text(amount: Decimal, measure: Measure, calls: int, unknown: int) -> str:
    """An amount of so many calls, some of them of unknown cost."""
    if measure == "tokens":
        return formatting.number(int(amount))
    if unknown and unknown == calls:
        return formatting.money(None)
    if unknown:
        told = translate("Costs", "%1 + %Ln unknown", None, unknown)
        return told.replace("%1", formatting.money(amount))
    return formatting.money(amount)


def unknown_text(calls: int) -> str:
    """“3 calls of unknown price”."""
    return translate("Costs", "%Ln call(s) of unknown price", None, calls)


def calls_text(spending: Spending) -> str:
    """“89 calls · 145,000 tokens”."""
    text = translate("Costs", "%Ln call(s) · %1 tokens", None, spending.calls)
    return text.replace("%1", formatting.number(spending.input_tokens + spending.output_tokens))


def reset_text(end: datetime | None) -> str:
    """“resets at 00:00”, “resets on December 1”; "" = never."""
    if end is None:
        return ""
    local = end.astimezone()
    if (end - datetime.now(end.tzinfo)).total_seconds() <= 25 * 3_600:  # the longest day
        clock = QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
        return translate("Costs", "resets at %1").replace("%1", clock)
    day = QLocale().toString(_qdate(local.date()), "d MMMM")
    return translate("Costs", "resets on %1").replace("%1", day)


def scale_text(amount: Decimal, step: Decimal, measure: Measure) -> str:
    """At a line of the chart: with the digits that its step needs."""
    if measure == "tokens":
        return formatting.number(int(amount))
    exponent = int(step.normalize().as_tuple().exponent)
    digits = 0 if exponent >= 0 else max(2, -exponent)
    return f"${QLocale().toString(float(amount), 'f', digits)}"


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
