"""Column types that SQLite lacks."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, String, TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; naive ones are refused (they would shift silently)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """To the column: UTC without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """From the column: aware, in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class PathText(TypeDecorator[str]):
    """An absolute path. File systems may hold names that are no text (bytes of an old encoding on Linux):
    SQLite can't keep those as they are, so they are kept as ``fs:`` and their bytes in hexadecimal.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """To the column."""
        if value is None:
            return None
        try:
            value.encode()
        except UnicodeEncodeError:
            return f"fs:{os.fsencode(value).hex()}"
        return value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """From the column."""
        if value is not None and value.startswith("fs:"):
            return os.fsdecode(bytes.fromhex(value.removeprefix("fs:")))
        return value


class Money(TypeDecorator[Decimal]):
    """An exact decimal amount in US dollars, kept as text (SQLite has no decimals)."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> str | None:
        """To the column: plain notation."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        """From the column."""
        return None if value is None else Decimal(value)


class Picodollars(TypeDecorator[Decimal]):
    """An exact amount in US dollars, kept as a whole number of 10⁻¹² dollars, so that SQLite adds exactly.

    A column, and a sum, holds up to 9.2 million dollars either way. Amounts are rounded to that unit before
    they come here (`costs.prices.exact`); others are refused.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        """To the column."""
        if value is None:
            return None
        whole = value.scaleb(12)
        if whole != whole.to_integral_value():
            raise ValueError("an amount of less than a trillionth of a dollar can't be stored")
        return int(whole)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        """From the column."""
        return None if value is None else Decimal(value).scaleb(-12).normalize() + 0


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)
