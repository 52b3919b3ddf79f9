"""Whether cards are expected to take more than what is left of a limit: said before Start, quietly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.batches.preparing import Expected
    from cardforge_desktop.costs.limits import Limit, Standing, Unit

_CONTEXT = "BuilderLimits"
#: By scope of the limit, "" = the batch's own: where it is sure, and where it may be.
_WORDS: Mapping[str, tuple[str, str]] = {
    "day": (
        QT_TRANSLATE_NOOP(
            "BuilderLimits",
            "That is more than the %1 left today: the batch will be paused, and go on tomorrow.",
        ),
        QT_TRANSLATE_NOOP(
            "BuilderLimits",
            "That may be more than the %1 left today: the batch would be paused, and go on tomorrow.",
        ),
    ),
    "month": (
        QT_TRANSLATE_NOOP(
            "BuilderLimits",
            "That is more than the %1 left this month: the batch will be paused, and go on next month.",
        ),
        QT_TRANSLATE_NOOP(
            "BuilderLimits",
            "That may be more than the %1 left this month: the batch would be paused, and go on next month.",
        ),
    ),
    "": (
        QT_TRANSLATE_NOOP(
            "BuilderLimits",
            "That is more than the batch's limit of %1: it will be paused when it gets there.",
        ),
        QT_TRANSLATE_NOOP(
            "BuilderLimits",
            "That may be more than the batch's limit of %1: it would be paused when it gets there.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a limit, in tokens or US dollars; `scope` "" = of the batch that is to be made."""

    scope: str
    unit: Unit
    amount: Decimal


def lefts(standings: Iterable[Standing], own: Limit | None) -> list[Left]:
    """What is left of the day's and the month's limits, and of the one that the batch will have."""
    found = [Left(each.scope, each.unit, each.left) for each in standings]
    if own is not None and own.tokens is not None:
        found.append(Left("", "tokens", Decimal(own.tokens)))
    if own is not None and own.cost is not None:
        found.append(Left("", "money", own.cost))
    return found


def beyond_text(cards: Sequence[Expected], limits: Iterable[Left]) -> str:
    """Which limit will stop these cards first; "" = none is expected to. What is local counts in none."""
    paid = [each for each in cards if not each.local]
    passed: list[tuple[bool, Decimal, Left]] = []
    for left in limits:
        low, high = _ends(paid, left.unit)
        if high > left.amount:
            passed.append((low <= left.amount, left.amount / high, left))
    if not passed:
        return ""
    is_unsure, _, first = min(passed, key=lambda each: each[:2])
    text = QCoreApplication.translate(_CONTEXT, _WORDS[first.scope][is_unsure])
    return text.replace("%1", _amount(first), 1)


def _ends(cards: Sequence[Expected], unit: Unit) -> tuple[Decimal, Decimal]:
    """The least and the most that is expected; of cards without a history the least counts for nothing."""
    if unit == "money":
        least = sum((each.cost_low for each in cards), Decimal(0))
        return least, sum((each.cost_high for each in cards), Decimal(0))
    read = sum(each.input_tokens for each in cards)
    low, high = sum(each.output_low for each in cards), sum(each.output_high for each in cards)
    return Decimal(read + low), Decimal(read + high)


def _amount(left: Left) -> str:
    if left.unit == "money":
        return formatting.money(left.amount)
    text = QCoreApplication.translate(_CONTEXT, "%1 tokens")
    return text.replace("%1", formatting.number(int(left.amount)), 1)
