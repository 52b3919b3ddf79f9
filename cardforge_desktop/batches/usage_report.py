"""What was used, what is left and what models cost, as JSON (specification, section 6.1; docs/local-api.md).

One shape for the command line and the local API. What nobody knows is null, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cardforge_desktop.batches.card_costs import CardCosts, TypicalCost
from cardforge_desktop.batches.group_names import GroupNames
from cardforge_desktop.batches.priced_models import priced_models
from cardforge_desktop.costs.days import Period
from cardforge_desktop.costs.ledger import Spending
from cardforge_desktop.costs.limits import DAY, MONTH, Limits, Standing, Unit
from cardforge_desktop.costs.prices import Price, Priceable, Prices
from cardforge_desktop.costs.sums import Group, Grouping, Spendings
from cardforge_desktop.engines.roster import Engines
from cardforge_desktop.profiles.report import utc
from cardforge_desktop.profiles.service import Profiles

_THOUSAND = Decimal(1_000)
#: Key of the report → scope and unit of the limit.
_LIMITS: Mapping[str, tuple[str, Unit]] = {
    "daily_limit": (DAY, "tokens"),
    "daily_cost_limit": (DAY, "money"),
    "monthly_limit": (MONTH, "tokens"),
    "monthly_cost_limit": (MONTH, "money"),
}
_FREE = Price(Decimal(0), Decimal(0), Decimal(0), Decimal(0), "local")


@dataclass(frozen=True, slots=True)
class UsageReports:
    """Tells the sums of a store, by these services. Thread-safe; off the window's thread."""

    spendings: Spendings
    cards: CardCosts
    names: GroupNames
    limits: Limits
    prices: Prices
    engines: Engines
    profiles: Profiles

    def usage(self, by: Grouping | None = None) -> dict[str, Any]:
        """Today, this month, the limits, and the prices of all models that are set up or were asked."""
        spendings = self.spendings
        return {
            "usage": {
                "current_month": self._period(spendings.this_month(), by),
                "today": self._period(spendings.this_day(), by),
                **limit_reports(self.limits.standings()),
            },
            **self.pricing(),
        }

    def month(self, day: date | None = None, by: Grouping | None = None) -> dict[str, Any]:
        """The month of a day alone, as ``month``; None = this one, as ``current_month``."""
        if day is None:
            return {"usage": {"current_month": self._period(self.spendings.this_month(), by)}}
        return {"usage": {"month": self._period(self.spendings.month_at(day), by)}}

    def models(self) -> tuple[Priceable, ...]:
        """Those that are set up, and those that were ever asked."""
        configs = (profile.config for profile in self.profiles.profiles())
        return priced_models(self.engines, self.spendings, configs)

    def pricing(self) -> dict[str, Any]:
        """What each model costs, and of which day the price list is."""
        known = self.prices.known(self.models())
        return {
            "pricing": _pricing(known),
            "price_list": {"name": "genai-prices", "date": self.prices.list_day.isoformat()},
        }

    def _period(self, period: Period, by: Grouping | None) -> dict[str, Any]:
        models = self.spendings.by("model", period)
        spent = sum((group.spending for group in models), Spending())
        report = {
            "starts_at": utc(period.start),
            "ends_at": None if period.end is None else utc(period.end),
            **_spent(spent, cost="total_cost", tokens="tokens_used"),
            "by_model": _by_model(models),
            "finished_cards": _cards(self.cards.median(period)),
        }
        if by is not None and by != "model":
            report[f"by_{by}"] = self._groups(by, period)
        return report

    def _groups(self, by: Grouping, period: Period) -> list[dict[str, Any]]:
        groups = self.spendings.by(by, period)
        names = self.names.of(by, [group.key for group in groups])
        return [
            {"id": group.key or None, "name": names.get(group.key), **_spent(group.spending)}
            for group in groups
        ]


def _known_cost(spent: Spending) -> Decimal | None:
    """The cost of those calls of which it is known; None where there are others alone."""
    return None if spent.unknown_calls and spent.unknown_calls == spent.calls else spent.cost


def _spent(spent: Spending, cost: str = "cost", tokens: str = "tokens") -> dict[str, Any]:
    known = _known_cost(spent)
    return {
        tokens: spent.input_tokens + spent.output_tokens,
        "input_tokens": spent.input_tokens,
        "output_tokens": spent.output_tokens,
        "requests_count": spent.calls,
        cost: _number(known),
        f"{cost}_exact": None if known is None else f"{known:f}",
        "unknown_cost_requests": spent.unknown_calls,
    }


def _by_model(groups: Iterable[Group]) -> dict[str, dict[str, Any]]:
    """By the model's name, whichever engines it was asked at."""
    found: dict[str, tuple[Spending, bool]] = {}
    for group in groups:
        spent, is_free = found.get(group.key, (Spending(), True))
        found[group.key] = (spent + group.spending, is_free and group.free)
    return {model: {**_spent(spent), "free": is_free} for model, (spent, is_free) in found.items()}


def _cards(typical: TypicalCost) -> dict[str, Any]:
    return {
        "median_cost": _number(typical.cost),
        "count": typical.cards,
        "free": typical.free,
        "unknown_cost": typical.unknown,
    }


def limit_reports(standings: Iterable[Standing]) -> dict[str, Any]:
    """The limits of day and month; None for those that are not set."""
    set_ones = {(standing.scope, standing.unit): standing for standing in standings}
    found = {name: set_ones.get(limit) for name, limit in _LIMITS.items()}
    return {name: None if standing is None else _limit_report(standing) for name, standing in found.items()}


def _limit_report(standing: Standing) -> dict[str, Any]:
    """A limit and how far it is used up; what calls on their way may take is `reserved`."""
    is_tokens, end = standing.unit == "tokens", standing.period.end
    number = int if is_tokens else float
    return {
        "tokens" if is_tokens else "cost": number(standing.limit),
        "used": number(standing.used),
        "reserved": number(standing.held),
        "remaining": number(standing.left),
        "resets_at": None if end is None else utc(end),
    }


def _pricing(known: Iterable[tuple[Priceable, Price | None]]) -> dict[str, dict[str, Any]]:
    """By the model's name. Where engines ask different prices for it, its own is the highest of them."""
    engines: dict[str, dict[str, Price | None]] = {}
    for of, price in known:
        engines.setdefault(of.model, {})[of.engine] = _FREE if of.local else price
    return {
        model: {
            **_price(max(filter(None, prices.values()), key=_height, default=None)),
            "engines": {engine: _price(price) for engine, price in prices.items()},
        }
        for model, prices in engines.items()
    }


def _height(price: Price) -> tuple[Decimal, Decimal]:
    return price.input, price.output


def _price(price: Price | None) -> dict[str, Any]:
    rates = {
        "per_1k_tokens": None if price is None else price.input,
        "per_1k_output_tokens": None if price is None else price.output,
        "per_1k_cached_tokens": None if price is None else price.cached,
        "per_1k_cache_write_tokens": None if price is None else price.cache_write,
    }
    told = {name: None if rate is None else _number(rate / _THOUSAND) for name, rate in rates.items()}
    return {**told, "source": None if price is None else price.source}


def _number(amount: Decimal | None) -> float | None:
    """The JSON number that is written with the amount's own digits, up to 15 of them."""
    return None if amount is None else float(amount)
