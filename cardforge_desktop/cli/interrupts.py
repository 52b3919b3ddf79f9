"""Ctrl+C and SIGTERM: the first one interrupts, later ones do not disturb the ending it began."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

#: Exit code, as shells have it for a process that SIGINT ended.
INTERRUPTED = 130
_BOTH = (signal.SIGINT, signal.SIGTERM)


def hear_first() -> None:
    """Raise KeyboardInterrupt at the first; a process that was told to ignore Ctrl+C goes on doing so."""
    for number in _BOTH:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def hear_no_more() -> None:
    """Nothing happens at further ones."""
    _handle(_nothing)


def leave_at_next() -> None:
    """From now on nothing has to be waited for: the next one ends the process on the spot."""
    _handle(_leave)


def _handle(handler: Callable[[int, FrameType | None], None]) -> None:
    # Never SIG_IGN: Python complains of a signal that came right before its handler was taken away.
    for number in _BOTH:
        signal.signal(number, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    hear_no_more()
    raise KeyboardInterrupt


def _nothing(_signal: int, _frame: FrameType | None) -> None:
    pass


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    os._exit(INTERRUPTED)
