"""When a failed call is tried again and after how long; how long a call may take.

Our own loop and not stamina's: every failed try is announced (`AttemptFailed`) with the exact wait before
it begins, from inside an async generator. stamina draws its jitter after the announcement would be due, and
tenacity's context manager below it swallows the GeneratorExit by which a cancelled stream is closed.
"""

from __future__ import annotations

import email.utils
import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: Statuses a second try may mend: time-out, conflict, rate limit, and every 5xx (529 = overloaded).
RETRIED_STATUSES = frozenset({408, 409, 429})
#: Statuses no second try mends, whatever a header says.
FINAL_STATUSES = frozenset({400, 401, 402, 403, 404})


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. All but `connect` are counted by us, so that they hold for streams too.

    Attributes:
        connect: until the connection stands, TLS included.
        first_byte: from there to the first byte of the answer (a long prompt is read in this time).
        idle: between two pieces of bytes.
        total: one try from start to end.
    """

    connect: float = 10.0
    first_byte: float = 180.0
    idle: float = 90.0
    total: float = 1200.0


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how patiently.

    Attributes:
        tries: calls in all, the first one included.
        first_wait: seconds before the second try; doubled for each further one.
        longest_wait: bound of that doubling.
        longest_server_wait: bound of what a server asks for with Retry-After.
        longest_limit_wait: a rate limit that lasts longer ends the call at once: it holds for all calls, so
            it is for who makes them to wait, and to say so.
    """

    tries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 8.0
    longest_server_wait: float = 60.0
    longest_limit_wait: float = 10.0

    def wait(
        self, failed_tries: int, asked: float | None, draw: Callable[[], float] = random.random
    ) -> float:
        """Seconds to wait after `failed_tries` (≥ 1) failures; `asked` is the server's wish.

        Never shorter than the server asks (up to the bound), spread by `draw` (0..1) so that many calls
        refused together do not come back together.
        """
        if asked is not None:
            return min(asked, self.longest_server_wait) * (1 + 0.1 * draw())
        return min(self.first_wait * 2.0 ** (failed_tries - 1), self.longest_wait) * (1 - 0.25 * draw())


def is_retried(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an HTTP `status` is worth a second try; else ``x-should-retry`` decides, then the status."""
    if status in FINAL_STATUSES:
        return False
    wish = headers.get("x-should-retry", "").lower()
    if wish in ("true", "false"):
        return wish == "true"
    return status in RETRIED_STATUSES or status >= 500


def asked_wait(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Seconds a server asks to wait: ``retry-after-ms`` or ``retry-after`` (RFC 9110: seconds or a date).

    None when it asks for nothing that can be understood; a date in the past is 0.
    """
    try:
        return _finite(float(headers["retry-after-ms"]) / 1000)
    except (KeyError, ValueError):
        pass
    value = headers.get("retry-after")
    if value is None:
        return None
    try:
        return _finite(float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - now())
    except (ValueError, OverflowError):
        return None


def _finite(seconds: float) -> float | None:
    """`seconds`, at least 0; None where the server wrote ``inf`` or ``nan``, which no JSON can hold."""
    return max(0.0, seconds) if math.isfinite(seconds) else None
