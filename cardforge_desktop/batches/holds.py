"""Engines that are held back for a while: no call goes to them until a single item was answered."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from cardforge_desktop.batches.model import ErrorInfo
from cardforge_desktop.engines.base import EngineError
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.store.types import now

#: Seconds of the first pause; each further one is twice as long, up to the longest.
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
#: Seconds after which an engine that never answered in between is given up.
LONGEST_HOLD = 24 * 3600.0
#: Troubles of a server or of the way to it, which pass: an engine that has answered before is waited for.
_PASSING = frozenset(
    {
        ErrorCode.ENGINE_UNREACHABLE,
        ErrorCode.ENGINE_TIMEOUT,
        ErrorCode.ENGINE_SERVER,
        ErrorCode.ENGINE_STREAM_CUT,
    }
)
#: What every further call to the engine would meet, until a person does something about it.
OF_ALL_CALLS = frozenset(
    {
        ErrorCode.ENGINE_AUTH,
        ErrorCode.ENGINE_CREDIT,
        ErrorCode.ENGINE_NOT_FOUND,
        ErrorCode.ENGINE_BAD_MODEL,
        ErrorCode.ENGINE_MISSING,
        ErrorCode.ENGINE_KIND,
        ErrorCode.CONNECTION_NOT_FOUND,
    }
)
#: So often an item may meet such trouble while the engine answers others; then it is the item's own.
_MOST_MISHAPS = 3


@dataclass(frozen=True, slots=True)
class Hold:
    """An engine that is held back.

    Attributes:
        engine: name of the connection.
        until: when it is tried again, with one item; in the past while that item waits for its answer.
        error: what it answered last.
    """

    engine: str
    until: datetime
    error: ErrorInfo


class Verdict(Enum):
    """What becomes of an item whose call failed."""

    BACK = auto()  # to the queue: its engine is held back
    FAILED = auto()
    GIVEN_UP = auto()  # failed, and the others of its engine would as well


@dataclass(slots=True)
class _Held:
    """Seconds of the clock; `tried`: items whose call failed, so that another one is the next to try."""

    since: float
    until: float
    error: ErrorInfo
    pauses: int = 1
    probe: str = ""
    tried: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Mishaps:
    """How often an item met trouble, and how many answers its engine had given by the last time."""

    count: int
    answers: int


class EngineHolds:
    """Which engines this process holds back. Thread-safe; changes are announced as `Kind.HOLD`.

    An engine is held back for as long as it asks to be, and at least for a pause that grows from try to try.
    Then one item, the probe, may call; its answer ends the hold.
    """

    def __init__(self, hub: Hub, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds; it may stand still while the machine sleeps."""
        self._hub = hub
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}
        self._answers: Counter[str] = Counter()  # engine → calls answered in this process
        self._mishaps: dict[str, _Mishaps] = {}

    def all(self) -> tuple[Hold, ...]:
        """The engines that are held back, the one tried first at the front."""
        with self._lock:
            moment, time_now = self._clock(), now()
            found = sorted(self._held.items(), key=lambda entry: entry[1].until)
            return tuple(
                Hold(engine, time_now + timedelta(seconds=held.until - moment), held.error)
                for engine, held in found
            )

    def judge(
        self, engine: str, item_id: str, error: EngineError, answered_before: Callable[[], bool]
    ) -> Verdict:
        """What becomes of an item whose call failed for good; holds the engine back where that is the answer.

        Args:
            answered_before: tells whether the engine has answered at least one call, ever.
        """
        limited = error.code == ErrorCode.ENGINE_RATE_LIMITED
        if not limited and not (error.code in _PASSING and answered_before()):
            return Verdict.FAILED
        with self._lock:
            if not limited and self._mishap(engine, item_id) >= _MOST_MISHAPS:
                return Verdict.FAILED
            held = self._held.get(engine)
            if held is not None and self._clock() - held.since >= LONGEST_HOLD:
                del self._held[engine]
                verdict = Verdict.GIVEN_UP
            else:
                self._hold(engine, item_id, error)
                verdict = Verdict.BACK
        self._announce(engine)
        return verdict

    def _mishap(self, engine: str, item_id: str) -> int:
        """Count one more, unless the engine has answered nobody since the last."""
        answers = self._answers[engine]
        known = self._mishaps.get(item_id)
        if known is None:
            known = self._mishaps[item_id] = _Mishaps(1, answers)
        elif answers > known.answers:
            known.count, known.answers = known.count + 1, answers
        return known.count

    def _hold(self, engine: str, item_id: str, error: EngineError) -> None:
        """Begin a hold, or lengthen one: only the probe makes the pauses grow, not what failed beside it."""
        moment = self._clock()
        asked = _asked(error)
        info = ErrorInfo(error.message, error.code, error.details)
        held = self._held.get(engine)
        if held is None:
            held = self._held[engine] = _Held(moment, moment + max(FIRST_PAUSE, asked), info)
        elif held.probe == item_id:
            pause = min(FIRST_PAUSE * 2.0**held.pauses, LONGEST_PAUSE)
            held.pauses += 1
            held.probe = ""
            held.until = moment + max(pause, asked)
        else:
            held.until = max(held.until, moment + asked)
        held.until = min(held.until, held.since + LONGEST_HOLD) if asked else held.until
        held.error = info
        held.tried.add(item_id)

    def closed(self) -> frozenset[str]:
        """The engines for which no item may be taken now."""
        with self._lock:
            moment = self._clock()
            return frozenset(
                engine for engine, held in self._held.items() if held.probe or held.until > moment
            )

    def tried(self) -> frozenset[str]:
        """Items that failed at an engine that is still held: others are better probes."""
        with self._lock:
            return frozenset(item_id for held in self._held.values() for item_id in held.tried)

    def admit(self, engine: str, item_id: str) -> bool:
        """Whether this item may call the engine now; the first one after a pause becomes the probe."""
        with self._lock:
            held = self._held.get(engine)
            if held is None or held.probe == item_id:
                return True
            if held.probe or held.until > self._clock():
                return False
            held.probe = item_id
            return True

    def answered(self, engine: str, item_id: str) -> None:
        """A call of the item was answered; the probe's ends the hold, those of earlier calls do not."""
        with self._lock:
            self._answers[engine] += 1
            held = self._held.get(engine)
            released = held is not None and held.probe == item_id
            if released:
                del self._held[engine]
        if released:
            self._announce(engine)

    def leave(self, item_id: str, *, ended: bool) -> None:
        """The item left this process's hands; was it the probe, the next one may try.

        Args:
            ended: it does not come back: what is known of it is forgotten.
        """
        freed = []
        with self._lock:
            if ended:
                self._mishaps.pop(item_id, None)
            for engine, held in self._held.items():
                if held.probe == item_id:
                    held.probe = ""
                    freed.append(engine)
        if freed:
            self._announce(*freed)

    def try_now(self, engine: str | None = None) -> None:
        """End the pause of an engine, or of all: one item tries it at once."""
        with self._lock:
            moment = self._clock()
            waiting = [name for name in self._held if engine in (None, name)]
            for name in waiting:
                self._held[name].until = min(self._held[name].until, moment)
        if waiting:
            self._announce(*waiting)

    def over(self) -> list[str]:
        """The engines whose pause is over and that no item tries."""
        with self._lock:
            return self._over()

    def drop(self, engines: Collection[str]) -> None:
        """Forget those holds that are `over`, where no item waits that could try the engine."""
        with self._lock:
            dropped = [engine for engine in self._over() if engine in engines]
            for engine in dropped:
                del self._held[engine]
        if dropped:
            self._announce(*dropped)

    def _over(self) -> list[str]:
        moment = self._clock()
        return [name for name, held in self._held.items() if not held.probe and held.until <= moment]

    def seconds_left(self) -> float | None:
        """Seconds to the end of the first pause; None when none is going on."""
        with self._lock:
            moment = self._clock()
            left = [held.until - moment for held in self._held.values() if not held.probe]
        return min((seconds for seconds in left if seconds > 0), default=None)

    def _announce(self, *engines: str) -> None:
        """Never under the lock: who hears it may ask."""
        self._hub.changed.emit(Changed(Kind.HOLD, frozenset(engines)))


def _asked(error: EngineError) -> float:
    """Seconds the server asked to be left alone, 0 when it did not say."""
    asked = error.details.get("retry_after")
    return float(asked) if isinstance(asked, int | float) else 0.0
