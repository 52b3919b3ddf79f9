"""What models cost: the person's own figures, else the price list that ships with the app.

A provider's own figure for a call (OpenRouter's ``usage.cost``) wins over both. Local engines are free. What
is not known stays unknown: it is never guessed, and never 0.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from cardforge_desktop.costs.errors import PriceError
from cardforge_desktop.costs.tables import OwnPriceRow
from cardforge_desktop.engines.base import Engine, Usage
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.store.database import Store

if TYPE_CHECKING:
    from cardforge_desktop.costs.price_list import PriceList

_MILLION = Decimal(1_000_000)
_UNIT = Decimal(1).scaleb(-12)
#: Digits to reckon with: 10¹² tokens at `MOST` dollars a million, each in trillionths.
_DIGITS = 60
#: A call that is reckoned now may be noted a little later, when a dearer hour has begun.
_SOON = timedelta(minutes=30)
#: Dollars for a million tokens; more is a slip of the keyboard.
MOST = Decimal(100_000)
#: Dollars for one call; more is a wrong report, or a wrong price. Hundreds of such calls make a sum that the
#: store can still keep (`store.types.Picodollars`).
_MOST_OF_CALL = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens.

    Attributes:
        input: of tokens that are not cached.
        cached: of input that the provider still had.
        cache_write: of input that the provider keeps for later calls.
        source: where it is from: ``yours``, or the list with its date, ``genai-prices 0.2.3 (2026-11-10)``.
        call: US dollars for each call besides.
    """

    input: Decimal
    output: Decimal
    cached: Decimal
    cache_write: Decimal
    source: str
    call: Decimal = Decimal(0)

    def of(self, usage: Usage) -> Decimal:
        """What these tokens cost."""
        cached, written = usage.cached_tokens, usage.cache_write_tokens
        plain = max(0, usage.input_tokens - cached - written)
        with localcontext(prec=_DIGITS):
            dollars = plain * self.input + cached * self.cached + written * self.cache_write
            return exact((dollars + usage.output_tokens * self.output) / _MILLION + self.call)

    def as_json(self) -> str:
        """For the ledger."""
        return json.dumps({name: str(value) for name, value in asdict(self).items()})


@dataclass(frozen=True, slots=True)
class Priced:
    """A cost in US dollars and where it comes from; `cost` None = unknown.

    Attributes:
        source: ``local`` (free), ``provider`` (its own figure), ``yours``, ``genai-prices``, ``none``
            (nothing was used) or ``unknown``.
        price: the rates that were used, where there are any.
    """

    cost: Decimal | None
    source: str
    price: Price | None = None


UNKNOWN = Priced(None, "unknown")
FREE = Priced(Decimal(0), "local")
NOTHING_USED = Priced(Decimal(0), "none")


@dataclass(frozen=True, slots=True)
class Priceable:
    """What a price depends on.

    Attributes:
        engine: the connection's name: own prices are kept by it.
        model: as the provider names it.
        url: base URL of the connection; a host without known prices gives unknown, as a model of the
            same name costs something else elsewhere.
        local: a local engine is free.
    """

    engine: str
    model: str
    url: str
    local: bool

    @classmethod
    def of(cls, engine: Engine) -> Priceable:
        """The calls of an engine, as the ledger names it."""
        connection = engine.connection
        return cls(connection.name, connection.model or connection.name, connection.url, engine.traits.local)


def exact(amount: Decimal) -> Decimal:
    """An amount in whole trillionths of a dollar, as the store keeps it."""
    return amount.quantize(_UNIT, ROUND_HALF_EVEN)


class Prices:
    """Tells prices, keeps the person's own ones. Thread-safe; slow at first: off the window's thread."""

    def __init__(self, store: Store, hub: Hub, price_list: PriceList) -> None:
        self._store, self._hub, self._list = store, hub, price_list

    def price(self, of: Priceable, input_tokens: int = 0) -> Price | None:
        """The rates of a model for a call of so many tokens; None for a local one, and where unknown."""
        return self.tariff(of).price(input_tokens)

    def known(self, models: Iterable[Priceable]) -> tuple[tuple[Priceable, Price | None], ...]:
        """The rates of each model for short calls; None for local ones, and where unknown."""
        own = self.own()
        return tuple((of, Tariff(of, own, self._list).price()) for of in models)

    def tariff(self, of: Priceable) -> Tariff:
        """What calls of a model cost as long as no price changes: for many of them."""
        return Tariff(of, {} if of.local else self.own(), self._list)

    def cost(self, usage: Usage | None, of: Priceable, asked: str = "", at: datetime | None = None) -> Priced:
        """The cost of one call.

        Args:
            usage: None when nobody knows what it took: the cost is unknown then (unless local).
            asked: the model's name in the settings, where the provider answered with another one
                (``gpt-4o-mini-2024-07-18``): its price counts where that one has none.
            at: when it began: prices of the list change by day, and some by the time of day; None = now.
        """
        return self.tariff(of).cost(usage, asked, at)

    def worst(
        self, input_tokens: int, output_tokens: int, of: Priceable, at: datetime | None = None
    ) -> Decimal | None:
        """The most that a call of so many tokens may cost, whatever is cached; None without a price."""
        tariff, begun = self.tariff(of), at or datetime.now(UTC)
        costs = []
        for moment in (begun, begun + _SOON):
            priced = tariff.cost(
                Usage(input_tokens, output_tokens, reasoning_tokens=output_tokens), at=moment
            )
            if priced.cost is None:
                return None
            costs.append(priced.cost)
            if (price := priced.price) is not None:
                dearest = max(price.input, price.cached, price.cache_write)
                costs.append(replace(price, input=dearest).of(Usage(input_tokens, output_tokens)))
        most = max(costs)
        return most if most <= _MOST_OF_CALL else None

    def fetch(self) -> date:
        """Fetch the newest price list, only when the person asks for it; returns its day. Takes seconds.

        Raises:
            PriceError: PRICES_UNREADABLE; what was in force stays.
        """
        day = self._list.fetch()
        self._hub.changed.emit(Changed(Kind.PRICE, frozenset()))
        return day

    @property
    def list_day(self) -> date:
        """How old the price list in force is: when it was published, or fetched."""
        return self._list.day

    # The person's own

    def own(self) -> Mapping[tuple[str, str], Price]:
        """By engine and model."""
        with self._store.read() as session:
            return _own(session)

    def set_own(self, engine: str, model: str, price: Price) -> None:
        """Say what a model costs at an engine; it counts for calls from now on.

        Raises:
            PriceError: PRICE_INVALID, for rates below zero or beyond all reason.
        """
        rates = {name: getattr(price, name) for name in ("input", "output", "cached", "cache_write")}
        for name, rate in rates.items():
            if not rate.is_finite() or not 0 <= rate <= MOST:
                raise PriceError(
                    ErrorCode.PRICE_INVALID,
                    f"{rate} is no price for a million tokens. Give one from 0 to {MOST:,} US dollars.",
                    {"field": name, "model": model},
                )
        with self._store.write() as session:
            kept = {name: exact(rate) for name, rate in rates.items()}
            session.merge(OwnPriceRow(engine=engine, model=model, **kept))
        self._hub.changed.emit(Changed(Kind.PRICE, frozenset({model})))

    def forget_own(self, engine: str, model: str) -> None:
        """From now on the list's price counts again."""
        with self._store.write() as session:
            row = session.get(OwnPriceRow, (engine, model))
            if row is not None:
                session.delete(row)
        self._hub.changed.emit(Changed(Kind.PRICE, frozenset({model})))


class Tariff:
    """What calls of one model cost: made by `Prices.tariff`, of the prices as they were then."""

    def __init__(self, of: Priceable, own: Mapping[tuple[str, str], Price], price_list: PriceList) -> None:
        self._of, self._own, self._list = of, own, price_list
        self._prices: dict[int, Price | None] = {}
        self._tiers: tuple[int, ...] | None = None

    def expected(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """What a call may cost that is only planned, in the twinkling of an eye; None = unknown."""
        if self._of.local:
            return Decimal(0)
        if self._tiers is None:
            self._tiers = self._list.tiers(self._of.model, self._of.url)
        tier = bisect_left(self._tiers, input_tokens)
        if tier not in self._prices:
            self._prices[tier] = self.price(input_tokens)
        price = self._prices[tier]
        return None if price is None else price.of(Usage(input_tokens, output_tokens))

    def price(self, input_tokens: int = 0) -> Price | None:
        """The rates for a call of so many tokens; None for a local model, and where unknown."""
        of = self._of
        if of.local:
            return None
        own = self._own.get((of.engine, of.model))
        return own if own is not None else self._list.price(of.model, of.url, input_tokens)

    def cost(self, usage: Usage | None, asked: str = "", at: datetime | None = None) -> Priced:
        """The cost of one call; see `Prices.cost`."""
        if self._of.local:
            return FREE
        if usage is None:
            return UNKNOWN
        if usage.cost is not None:
            return Priced(exact(usage.cost), "provider")
        if not (usage.input_tokens or usage.output_tokens):
            return NOTHING_USED
        names = tuple(dict.fromkeys((self._of.model, asked or self._of.model)))
        priced = self._by_rates(usage, names, at)
        return UNKNOWN if priced.cost is not None and priced.cost > _MOST_OF_CALL else priced

    def _by_rates(self, usage: Usage, names: tuple[str, ...], at: datetime | None) -> Priced:
        for model in names:
            if (price := self._own.get((self._of.engine, model))) is not None:
                return Priced(price.of(usage), "yours", price)
        for model in names:
            if (priced := self._list.cost(usage, model, self._of.url, at)) is not None:
                return Priced(*priced)
        return UNKNOWN


def _own(session: Session) -> dict[tuple[str, str], Price]:
    return {
        (row.engine, row.model): Price(row.input, row.output, row.cached, row.cache_write, "yours")
        for row in session.exec(select(OwnPriceRow))
    }
