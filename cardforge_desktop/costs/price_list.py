"""The price list: `genai-prices` with the data inside it, or newer data that the person asked for."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cardforge_desktop.costs.errors import PriceError
from cardforge_desktop.costs.prices import MOST, Price, exact
from cardforge_desktop.engines.base import Usage
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.store.files import keep_file

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot

_log = logging.getLogger(__name__)
#: The release whose data is inside, and its day (https://pypi.org/project/genai-prices/#history).
SHIPPED_VERSION, SHIPPED_DAY = "0.2.3", date(2026, 11, 10)
#: Where the project publishes its newest data (genai_prices/update_prices.py, DEFAULT_UPDATE_URL).
NEWEST_URL = (
    "https://raw.githubusercontent.com/pydantic/genai-prices/refs/heads/main/prices/new_data/v2/data.json"
)
#: Bytes; in November 2026 it has some two million.
_LONGEST = 30_000_000
#: Without a byte, and altogether.
_SECONDS, _MOST_SECONDS = 20.0, 120.0
#: What OpenRouter and others put behind the name of a model that costs nothing.
_FREE = ":free"
#: What Google's API puts before the names of its models, in its lists and answers.
_GOOGLES = "models/"


@dataclass(frozen=True, slots=True)
class _Data:
    """The data in force, and when it was published or fetched.

    Attributes:
        changed: the time stamp of the file of fetched data that was looked at, 0 = there was none.
    """

    snapshot: DataSnapshot
    day: date
    told: str
    changed: int = 0


class PriceList:
    """Looks prices up. Thread-safe; the first look takes some 0.2 s: off the window's thread.

    What another process fetched counts here from the next look on.
    """

    def __init__(self, fetched: Path, url: str = NEWEST_URL) -> None:
        """`fetched`: the file that newer data is kept in."""
        self._fetched, self._url = fetched, url
        self._lock = threading.Lock()
        self._data: _Data | None = None

    @property
    def day(self) -> date:
        """Of the data in force: when it was published, or fetched."""
        return self._in_force().day

    def price(self, model: str, url: str, input_tokens: int = 0) -> Price | None:
        """The rates of a model at the host of `url` for a call of so many tokens; None where unknown."""
        found = self.cost(Usage(max(1, input_tokens), 0), model, url)
        return None if found is None else found[2]

    def tiers(self, model: str, url: str) -> tuple[int, ...]:
        """Beyond how many input tokens of a call its rates are others, in order."""
        snapshot = self._in_force().snapshot
        try:
            _, found = snapshot.find_provider_model(model.removeprefix(_GOOGLES), None, None, url)
            values = vars(found.get_prices(datetime.now(UTC))).values()
        except (LookupError, RecursionError):
            return ()
        return tuple(sorted({tier.start for value in values for tier in getattr(value, "tiers", ())}))

    def cost(
        self, usage: Usage, model: str, url: str, at: datetime | None = None
    ) -> tuple[Decimal, str, Price] | None:
        """What a call costs that began `at` (None = now), ``genai-prices`` and the rates.

        None for a model unknown there, or with no price for what it reads or what it writes.
        """
        from genai_prices import Usage as Tokens

        data = self._in_force()
        # More cached than there were is refused there; whoever reports so is off, and yet has its price.
        cached = min(usage.cached_tokens, usage.input_tokens)
        tokens = Tokens(
            input_tokens=usage.input_tokens,
            cache_read_tokens=cached or None,
            cache_write_tokens=min(usage.cache_write_tokens, usage.input_tokens - cached) or None,
            output_tokens=usage.output_tokens,
            output_reasoning_tokens=min(usage.reasoning_tokens, usage.output_tokens) or None,
        )
        try:
            found = data.snapshot.calc(tokens, model.removeprefix(_GOOGLES), None, url, at)
        except LookupError:
            return None
        except (ValueError, ArithmeticError, RecursionError):  # a price that can't be, in what was fetched
            _log.warning("the price of %s can't be worked out of %s", model, usage, exc_info=True)
            return None
        rates = _rates(found.model_price, usage.input_tokens, data.told, is_free=model.endswith(_FREE))
        return None if rates is None else (exact(found.total_price), "genai-prices", rates)

    def fetch(self) -> date:
        """Fetch the newest data, on the person's wish alone; returns its day.

        Raises:
            PriceError: PRICES_UNREADABLE; what was in force stays.
        """
        today = datetime.now(UTC).date()
        raw = _downloaded(self._url)
        data = _Data(_parsed(raw), today, f"genai-prices ({today.isoformat()})")
        kept = {"day": today.isoformat(), "providers": raw}
        keep_file(self._fetched, json.dumps(kept).encode())
        with self._lock:
            self._data = replace(data, changed=self._changed())
        return today

    def _in_force(self) -> _Data:
        with self._lock:
            changed = self._changed()
            if self._data is None or self._data.changed != changed:
                self._data = replace(self._kept() or _shipped(), changed=changed)
            return self._data

    def _changed(self) -> int:
        try:
            return self._fetched.stat().st_mtime_ns
        except OSError:
            return 0

    def _kept(self) -> _Data | None:
        """What was fetched, where it is newer than what ships."""
        try:
            kept = json.loads(self._fetched.read_bytes())
            day = date.fromisoformat(kept["day"])
            if day <= SHIPPED_DAY:
                return None
            return _Data(_parsed(kept["providers"]), day, f"genai-prices ({day.isoformat()})")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError, PriceError):
            _log.warning("the fetched price list can't be read; the one that ships is used", exc_info=True)
            return None


def _shipped() -> _Data:
    from genai_prices.data_snapshot import get_snapshot

    told = f"genai-prices {SHIPPED_VERSION} ({SHIPPED_DAY.isoformat()})"
    return _Data(get_snapshot(), SHIPPED_DAY, told)


def _downloaded(url: str) -> Any:
    import ssl

    import httpx
    import truststore

    told = "The newest prices could not be fetched from the genai-prices project; those that are there stay."
    body, deadline = bytearray(), time.monotonic() + _MOST_SECONDS
    try:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if url.startswith("https:") else False
        with httpx.stream("GET", url, verify=context, timeout=_SECONDS, follow_redirects=True) as answer:
            answer.raise_for_status()
            if url.startswith("https:") and answer.url.scheme != "https":
                raise ValueError("it was sent to an address that is not safe")
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > _LONGEST:
                    raise ValueError("it is too long")
                if time.monotonic() > deadline:
                    raise ValueError("it took too long")
        return json.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        details = {"url": url, "reason": _reason(error)}
        raise PriceError(ErrorCode.PRICES_UNREADABLE, told, details) from error


def _reason(error: Exception) -> str:
    return str(error)[:400] or type(error).__name__


def _parsed(raw: Any) -> DataSnapshot:
    from genai_prices.data_snapshot import DataSnapshot

    # What the library's own update does with the file; it offers no way to give it one that was kept.
    from genai_prices.types import _providers_from_raw

    try:
        if not isinstance(raw, list):
            raise ValueError("it is no list of providers")
        providers = _providers_from_raw(raw)
        if not any(provider.models for provider in providers):
            raise ValueError("there are no models in it")
        for pattern in _patterns(raw):
            re.compile(pattern)
    except Exception as error:  # its validators raise assertions and StopIteration too
        raise PriceError(
            ErrorCode.PRICES_UNREADABLE,
            "The newest prices have a shape that this CardForge can't read; those that are there stay.",
            {"reason": _reason(error)},
        ) from error
    return DataSnapshot(providers, from_auto_update=True)


def _patterns(raw: Any) -> Iterator[str]:
    """All regular expressions in the data: the library compiles them when a price is looked up."""
    values = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    for value in values:
        yield from _patterns(value)
    if isinstance(raw, dict):
        yield from (raw[name] for name in ("regex", "api_pattern") if isinstance(raw.get(name), str))


def _rates(prices: Any, input_tokens: int, source: str, *, is_free: bool) -> Price | None:
    """The rates of a `genai_prices.types.ModelPrice` for a call of so many tokens.

    None where it has no rate for input or for output: what is not told there costs something all the same,
    unless it is a model that `is_free` by its name. None too where a rate is beyond all reason.
    """
    read, wrote = (_rate(prices, name, input_tokens) for name in ("input_mtok", "output_mtok"))
    if is_free:
        read, wrote = read or Decimal(0), wrote or Decimal(0)
    if read is None or wrote is None:
        return None
    cached, written = (_rate(prices, name, input_tokens) for name in ("cache_read_mtok", "cache_write_mtok"))
    fee = _rate(prices, "requests_kcount", input_tokens) or Decimal(0)
    if not all(rate is None or 0 <= rate <= MOST for rate in (read, wrote, cached, written, fee)):
        return None
    return Price(
        input=read,
        output=wrote,
        cached=read if cached is None else cached,
        cache_write=read if written is None else written,
        source=source,
        call=fee / 1000,
    )


def _rate(prices: Any, name: str, input_tokens: int) -> Decimal | None:
    """Beyond the start of a tier its rate counts for all tokens (genai_prices.types.TieredPrices)."""
    value: Any = getattr(prices, name, None)
    if not hasattr(value, "tiers"):
        return cast("Decimal | None", value)
    passed = [tier.price for tier in value.tiers if input_tokens > tier.start]
    return cast("Decimal", passed[-1] if passed else value.base)
