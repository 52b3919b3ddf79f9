"""Batches that a limit stopped: found, and let go on when there is room for them again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.model import BatchStatus
from cardforge_desktop.batches.tables import BatchRow
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.costs.limits import DAY, Limits
from cardforge_desktop.costs.prices import Priceable
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.store.table import core_table

_BATCHES = core_table(BatchRow)
_STOPPED = select(_BATCHES.c.id, _BATCHES.c.owner, _BATCHES.c.reason).where(
    _BATCHES.c.status == BatchStatus.PAUSED,
    transitions.BY_LIMIT,
    _BATCHES.c.owner.in_(bindparam("owners", expanding=True)),
)
#: What may let a batch go on, or stopped one just now.
_HEARD = (Kind.LIMIT, Kind.PRICE, Kind.CONNECTION)


@dataclass(frozen=True, slots=True)
class _Stopped:
    """A paused batch, and the `LimitError` of the call that stopped it."""

    batch_id: str
    owner: str
    code: str
    details: Mapping[str, Any]


class LimitPauses:
    """Lets batches go on that a limit paused, never one that the person paused.

    `look` is called on one thread, again and again; it reads the store only when there is a reason to: a
    limit or a price changed here, another process wrote, or a new day began while a batch was waiting for it.
    """

    def __init__(self, tools: Tools, limits: Limits, worker_id: str, wake: Callable[[], None]) -> None:
        """`wake`: called when a batch of `worker_id`'s may have something to run."""
        self._tools, self._limits = tools, limits
        self._worker_id, self._wake = worker_id, wake
        self._due = True
        self._next_day: datetime | None = None
        tools.hub.changed.connect(self._hear)

    def close(self) -> None:
        """Hear of nothing more."""
        self._tools.hub.changed.disconnect(self._hear)

    def look(self, changed: bool, *, adopts: bool) -> None:
        """Let those batches of this process go on that have room again.

        Args:
            changed: another process wrote to the store.
            adopts: those that nobody runs become this process's.
        """
        moment = self._limits.moment()
        if not (changed or self._due or (self._next_day is not None and moment >= self._next_day)):
            return
        self._due = False
        try:
            waits = self._let_go(adopts=adopts)
        except Exception:
            self._due = True  # busy, or full: the next look may fare better
            raise
        # Every month begins with a day.
        self._next_day = self._limits.periods(moment)[DAY].end if waits else None

    def _let_go(self, *, adopts: bool) -> bool:
        """Whether there were stopped batches."""
        with self._tools.store.read() as session:
            stopped = self._stopped(session, adopts=adopts)
            free = [one.batch_id for one in stopped if self._has_room(session, one)]
        nobodys = [one.batch_id for one in stopped if not one.owner]
        if free or nobodys:
            with self._tools.store.write() as session:
                transitions.adopt_stopped(session, nobodys, self._worker_id)
                transitions.resume_stopped(session, free)
            self._tools.hub.changed.emit(Changed(Kind.BATCH, frozenset({*free, *nobodys})))
            self._wake()
        return bool(stopped)

    def _hear(self, changed: Changed) -> None:
        """On any thread."""
        if changed.kind in _HEARD:
            self._due = True

    def _stopped(self, session: Session, *, adopts: bool) -> list[_Stopped]:
        owners = [self._worker_id, *([""] if adopts else [])]
        return [
            _Stopped(row.id, row.owner, row.reason["code"], row.reason["details"])
            for row in session.execute(_STOPPED, {"owners": owners})
        ]

    def _has_room(self, session: Session, stopped: _Stopped) -> bool:
        if stopped.code == ErrorCode.LIMIT_REACHED:
            return self._limits.has_room(session, stopped.batch_id, stopped.details)
        limited = self._limits.standings_within(session, stopped.batch_id)
        return self._has_price(stopped.details) or all(each.unit != "money" for each in limited)

    def _has_price(self, details: Mapping[str, Any]) -> bool:
        try:
            engine = self._tools.engines.get(details["engine"])
        except CardForgeError:  # gone: its items are to say so
            return True
        of = replace(Priceable.of(engine), model=details["model"])
        return of.local or self._tools.prices.worst(1, 1, of) is not None
