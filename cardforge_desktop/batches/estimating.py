"""What cards will take, counted before anything is asked of an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from cardforge_desktop.batches.model import BOOK_TOKENS
from cardforge_desktop.batches.shared_books import told_room
from cardforge_desktop.cards.model import Card
from cardforge_desktop.costs.prices import Priceable, Prices
from cardforge_desktop.engines.base import Engine, Usage
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.tokens import Tokenizer, tokenizer_for

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
class CardEstimate:
    """What one card will take; `cost` in US dollars, None = no price is known."""

    input_tokens: int
    output_tokens: int
    exact: bool
    cost: Decimal | None
    local: bool


class Estimating:
    """Counts; remembers what it counted. Thread-safe. Slow: never on the window's thread."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
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

    def card(self, source: SourceText, digests: tuple[str, ...], asked: Asked) -> CardEstimate:
        """What a card of `source` will take."""
        tokenizer = tokenizer_for(asked.engine.connection.model)

        def count(text: str) -> int:
            if text is source.text:
                return self.tokens(tokenizer, digests, text)
            return self._words(tokenizer, text)

        return card_estimate(source, asked, count, self._prices)


def card_estimate(
    source: SourceText, asked: Asked, count: Callable[[str], int], prices: Prices
) -> CardEstimate:
    """What a card of `source` will take, its tokens and those of the prompts as `count` gives them.

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
    expected = estimate(order)
    told = told_room(asked.shared_book, asked.book_tokens, traits)
    usage = Usage(expected.input_tokens + told, expected.output_tokens)
    priced = prices.cost(usage, Priceable(connection.name, connection.model, connection.url, traits.local))
    exact = tokenizer_for(connection.model).exact
    return CardEstimate(usage.input_tokens, usage.output_tokens, exact, priced.cost, traits.local)


def _count(tokenizer: Tokenizer, text: str) -> int:
    return tokenizer.count(text)
