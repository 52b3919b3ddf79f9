"""Errors of prices and limits."""

from __future__ import annotations

from cardforge_desktop.errors import CardForgeError


class PriceError(CardForgeError):
    """A price that can't be, or no newer list. Codes: PRICE_INVALID, PRICES_UNREADABLE."""


class LimitError(CardForgeError):
    """A call that may not go out, or a limit that can't be.

    Codes: LIMIT_REACHED, LIMIT_NO_PRICE (money is limited, and nobody knows what the model costs),
    LIMIT_INVALID. Details of LIMIT_REACHED: `scope`, `unit` (tokens | money), `limit`, `used`, `needed`, and
    `resets_at`, all as text.
    """


class RoomTakenError(Exception):
    """Calls that are out hold what is left of a limit: there may be room for this one when they end."""
