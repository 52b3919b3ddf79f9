"""Writing what must not be lost: a store that is busy or full is asked again until it takes it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.store.database import StoreError

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)
#: What the store says when it may take it later.
PASSING = frozenset({ErrorCode.STORE_BUSY, ErrorCode.STORE_UNWRITABLE})
#: Seconds between tries, beyond SQLite's own five of waiting; the last one again and again.
_PAUSES = (0.5, 2.0, 5.0, 10.0)


def insist(write: Callable[[], _Result], cancellation: Cancellation) -> _Result:
    """The result of `write`, which is one transaction; waits for as long as the store does not take it.

    A disk may be full for a night: when there is room again, all goes on where it was.

    Args:
        cancellation: only the app's closing ends the waiting, no cancel of a person.

    Raises:
        StoreError: the app closes first, or the store is damaged.
    """
    tries = 0
    while True:
        try:
            return write()
        except StoreError as error:
            pause = _PAUSES[min(tries, len(_PAUSES) - 1)]
            if error.code not in PASSING or not cancellation.pause(pause):
                raise
            _log.warning("the store takes nothing (%s), it is asked again", error.code)
        tries += 1
