"""Prices of models, from the `genai-prices` snapshot that ships with the app (offline)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from cardforge_desktop.engines.base import Usage

#: genai-prices' provider ids for the hosts whose prices it knows.
_PROVIDERS = {
    "api.openai.com": "openai",
    "openrouter.ai": "openrouter",
    "api.deepseek.com": "deepseek",
    "api.mistral.ai": "mistral",
    "api.groq.com": "groq",
    "api.together.xyz": "together",
    "api.x.ai": "x-ai",
}


@dataclass(frozen=True, slots=True)
class Priced:
    """A cost in US dollars and where it comes from; `cost` None = unknown, never guessed.

    ``source`` is ``local`` (free), ``provider`` (its own figure), ``genai-prices`` or ``unknown``.
    """

    cost: Decimal | None
    source: str


UNKNOWN = Priced(None, "unknown")
FREE = Priced(Decimal(0), "local")


def price(usage: Usage | None, *, model: str, url: str, local: bool) -> Priced:
    """The cost of one call. Imports the price list at first use: off the window's thread.

    Args:
        usage: None when the provider reported nothing: the cost is unknown then (unless local).
        model: as the provider names it.
        url: base URL of the connection; a host without known prices gives unknown, as a model of the
            same name costs something else elsewhere.
        local: a local engine is free.
    """
    if local:
        return FREE
    if usage is None:
        return UNKNOWN
    if usage.cost is not None:
        return Priced(usage.cost, "provider")
    provider = _PROVIDERS.get(urlsplit(url).hostname or "")
    if provider is None:
        return UNKNOWN
    from genai_prices import Usage as Tokens
    from genai_prices import calc_price

    tokens = Tokens(
        input_tokens=usage.input_tokens,
        cache_read_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
    )
    try:
        return Priced(calc_price(tokens, model, provider_id=provider).total_price, "genai-prices")
    except LookupError:
        return UNKNOWN
