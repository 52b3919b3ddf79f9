"""Amounts as people write them: ``2.50``, ``$2,50``, ``500k``, ``1,000,000``. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

_MONEY = re.compile(r"\$?\s*(\d{1,12})(?:[.,](\d{1,12}))?\s*\$?", re.ASCII)
_GROUPED_MONEY = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,12}))?\s*\$?", re.ASCII)
_TOKENS = re.compile(r"(\d{1,15})(?:[.,](\d{1,6}))?\s*([km]?)", re.ASCII | re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:([ ,.'\u00a0\u202f])\d{3})(?:\1\d{3})*", re.ASCII)
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


def read_dollars(text: str) -> Decimal:
    """US dollars; ``1,000.50`` has groups, ``2,5`` a decimal comma.

    Raises:
        ValueError: it is no such amount.
    """
    found = _GROUPED_MONEY.fullmatch(text.strip()) or _MONEY.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return Decimal(f"{found[1].replace(',', '')}.{found[2] or 0}")


def read_tokens(text: str) -> int:
    """A number of tokens, in thousands or millions where ``k`` or ``m`` is behind it.

    Raises:
        ValueError: it is none, or no whole one.
    """
    told = text.strip()
    if _GROUPED.fullmatch(told):
        return int(re.sub(r"\D", "", told))
    found = _TOKENS.fullmatch(told)
    if found is None:
        raise ValueError(text)
    amount = Decimal(f"{found[1]}.{found[2] or 0}") * _TIMES[found[3].lower()]
    if amount != amount.to_integral_value():
        raise ValueError(text)
    return int(amount)
