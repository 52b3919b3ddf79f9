"""What cards will take, counted before anything is asked of an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from cardforge_desktop.batches.model import BOOK_TOKENS
from cardforge_desktop.batches.shared_books import told_room
from cardforge_desktop.cards.model import Card
from cardforge_desktop.costs.history import Beside, History, Spread, kind_of, reach_of
from cardforge_desktop.costs.prices import Priceable, Prices
from cardforge_desktop.engines.base import Engine
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.tokens import Tokenizer, tokenizer_for

if TYPE_CHECKING:
    from cardforge_desktop.generation.model import PlannedCalls

#: Prompts whose tokens are remembered: those of a profile are the same for every source.
_PROMPTS = 512
#: Texts whose tokens are remembered, by their address: a few hundred bytes each.
_TEXTS = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a card besides its source; `include_book` and `fields` as in `Order`.

    Attributes:
        shared_book, book_tokens: as in `Options`.
    """

    profile: Profile
    engine: Engine
    include_book: bool
    target: Card | None = None
    fields: tuple[str, ...] = ()
    shared_book: str = ""
    book_tokens: int = BOOK_TOKENS


@dataclass(frozen=True, slots=True)
class CardPlan:
    """The calls of one card, counted; what they write and cost is told by `Rates`.

    Attributes:
        exact: the tokens are counted with the model's own tokenizer.
    """

    calls: tuple[PlannedCalls, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class CardEstimate:
    """What one card will take, with what such cards were asked for again, and nothing from a cache.

    Attributes:
        input_tokens: of the planned calls, and what cards read beside them on average.
        output_low, output_high: tokens, from what such calls wrote before; without enough of these
            `output_low` is None and `output_high` the profile's limit.
        again: of `input_tokens`, those that cards read beside the planned calls on average.
        exact: all of the input is counted with the model's own tokenizer.
        cost_low, cost_high: US dollars for these; None = no price is known, or no lower end.
    """

    input_tokens: int
    output_low: int | None
    output_high: int
    exact: bool
    cost_low: Decimal | None
    cost_high: Decimal | None
    local: bool
    again: int = 0


@dataclass(frozen=True, slots=True)
class _More:
    """What a card takes beside its planned calls, at one end of what cards took."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


_NO_MORE = _More()


class Rates:
    """What the calls of one profile and engine write and cost, by history and prices as they are now.

    Use it for many cards and not for long. Slow at first: not on the window's thread.
    """

    def __init__(self, asked: Asked, prices: Prices, history: History) -> None:
        self._asked, self._prices, self._history = asked, prices, history
        self._of = Priceable.of(asked.engine)
        self._tariff = prices.tariff(self._of)
        self._price = self._tariff.price()
        self._spreads: dict[str, Spread | None] = {}
        self._past: tuple[Beside, ...] | None = None

    def of(self, plan: CardPlan) -> CardEstimate:
        """What a planned card will take."""
        reach = [self._reach(calls) for calls in plan.calls]
        lows = [low for low, _ in reach if low is not None]
        is_known = len(lows) == len(reach)
        parts = list(zip(plan.calls, reach, strict=True))
        read, least, most = self._more(plan) if is_known else (0, _NO_MORE, _NO_MORE)
        low_costs = [self._cost(calls, low) for calls, (low, _) in parts]
        high_costs = [self._cost(calls, high) for calls, (_, high) in parts]
        return CardEstimate(
            input_tokens=sum(calls.input_tokens for calls in plan.calls) + read,
            output_low=sum(lows) + least.output_tokens if is_known else None,
            output_high=sum(high for _, high in reach) + most.output_tokens,
            exact=plan.exact and not read,
            cost_low=_sum([*low_costs, self._cost_of_more(least)]) if is_known else None,
            cost_high=_sum([*high_costs, self._cost_of_more(most)]),
            local=self._of.local,
            again=read,
        )

    @property
    def has_old_price(self) -> bool:
        """Whether the price is another one by now."""
        return self._prices.tariff(self._of).price() != self._price

    @property
    def has_less_history(self) -> bool:
        """Whether some kind of calls has come to have a history since."""
        new = Rates(self._asked, self._prices, self._history)
        if any(new._spread(kind) is not None for kind, spread in self._spreads.items() if spread is None):
            return True
        return self._past is not None and not self._past and bool(new._beside())

    def _spread(self, kind: str) -> Spread | None:
        if kind not in self._spreads:
            self._spreads[kind] = self._history.spread(self._asked.profile.id, self._of.model, kind)
        return self._spreads[kind]

    def _reach(self, calls: PlannedCalls) -> tuple[int | None, int]:
        """What these calls write at least and at most.

        Where past ones wrote more than these may, they were of another size: they tell nothing then.
        """
        spread = self._spread(kind_of(calls.kind, updates=self._asked.target is not None))
        if spread is None or (calls.calls * spread.high > calls.output_tokens and not self._is_stepwise):
            return None, calls.output_tokens
        return calls.calls * spread.low, calls.calls * spread.high

    def _beside(self) -> tuple[Beside, ...]:
        if self._past is None:
            updates = self._asked.target is not None
            self._past = self._history.beside(self._asked.profile.id, self._of.model, updates=updates)
        return self._past

    def _more(self, plan: CardPlan) -> tuple[int, _More, _More]:
        """Beside the planned calls: the tokens read on average, and the least and the most it takes."""
        planned = next((calls.input_tokens for calls in plan.calls if calls.kind == "card"), None)
        if planned is None or not (past := self._beside()):
            return 0, _NO_MORE, _NO_MORE
        read = [card.input_for(planned) for card in past]
        ends = zip(
            reach_of([card.calls for card in past]),
            reach_of(read),
            reach_of([card.output_tokens for card in past]),
            strict=True,
        )
        least, most = (_More(*end) for end in ends)
        return round(sum(read) / len(read)), least, most

    @property
    def _is_stepwise(self) -> bool:
        """Small tasks are planned with what is usual, which is no limit."""
        return self._asked.engine.traits.stepwise

    def _cost(self, calls: PlannedCalls, output_tokens: int | None) -> Decimal | None:
        """All of them are taken for equally long: a price may depend on the length of each."""
        read, written = calls.input_tokens, output_tokens or 0
        cost = self._tariff.expected(-(-read // calls.calls), -(-written // calls.calls))
        return None if cost is None else calls.calls * cost

    def _cost_of_more(self, more: _More) -> Decimal | None:
        if more == _NO_MORE:
            return Decimal(0)
        calls = max(1, more.calls)
        cost = self._tariff.expected(-(-more.input_tokens // calls), -(-more.output_tokens // calls))
        return None if cost is None else calls * cost


def _sum(costs: Iterable[Decimal | None]) -> Decimal | None:
    """None when one of them is."""
    total = Decimal(0)
    for cost in costs:
        if cost is None:
            return None
        total += cost
    return total


class Estimating:
    """Counts; remembers what it counted. Thread-safe. Slow: never on the window's thread."""

    def __init__(self, prices: Prices, history: History) -> None:
        self._prices, self._history = prices, history
        self._words = lru_cache(_PROMPTS)(_count)
        self._texts: dict[tuple[Sequence[str], Tokenizer], int] = {}

    def tokens(self, tokenizer: Tokenizer, digests: tuple[str, ...], text: str) -> int:
        """Tokens of a kept text, or of several together, by their addresses."""
        key = (digests, tokenizer)
        known = self._texts.get(key)
        if known is None:
            if len(self._texts) >= _TEXTS:
                self._texts.clear()
            known = self._texts[key] = tokenizer.count(text)
        return known

    def rates(self, asked: Asked) -> Rates:
        """What calls of that profile and engine write and cost now."""
        return Rates(asked, self._prices, self._history)

    def plan(self, source: SourceText, digests: tuple[str, ...], asked: Asked) -> CardPlan:
        """The calls of a card of `source`."""
        tokenizer = tokenizer_for(asked.engine.connection.model)

        def count(text: str) -> int:
            if text is source.text:
                return self.tokens(tokenizer, digests, text)
            return self._words(tokenizer, text)

        return card_plan(source, asked, count)


def card_plan(source: SourceText, asked: Asked, count: Callable[[str], int]) -> CardPlan:
    """The calls of a card of `source`, its tokens and those of the prompts as `count` gives them.

    What it will be told of a shared book nobody knows before: so much as it may be, at most.
    """
    from cardforge_desktop.generation.model import Order
    from cardforge_desktop.generation.plan import estimate

    connection, traits = asked.engine.connection, asked.engine.traits
    order = Order(
        source=source,
        profile=asked.profile,
        traits=traits,
        count_tokens=count,
        include_book=asked.include_book,
        target=asked.target,
        fields=asked.fields,
    )
    calls = estimate(order).planned
    told = told_room(asked.shared_book, asked.book_tokens, traits)
    if told and calls:
        last = replace(calls[-1], input_tokens=calls[-1].input_tokens + told)
        calls = (*calls[:-1], last)
    return CardPlan(calls, tokenizer_for(connection.model).exact)


def _count(tokenizer: Tokenizer, text: str) -> int:
    return tokenizer.count(text)
