"""What `eta` is told of the batches that go on, read from the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, func, select
from sqlmodel import Session

from cardforge_desktop.batches.eta import (
    INPUT_SHARE,
    WINDOW,
    Finished,
    Kind,
    Running,
    Usual,
    Waiting,
    Work,
    seconds_left,
    usual_of,
    weight_of,
)
from cardforge_desktop.batches.model import BatchStatus, ItemStatus, Priority
from cardforge_desktop.batches.spending import among
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

_ITEMS = core_table(ItemRow)
_BATCHES = core_table(BatchRow)
#: Of so many of the latest finished items, whatever batch they were in, the history is made.
_HISTORY = 300

_GOING_ON = (
    select(_BATCHES.c.id, _BATCHES.c.max_concurrent)
    .where(_BATCHES.c.owner != "", _BATCHES.c.status.in_([BatchStatus.QUEUED, BatchStatus.PROCESSING]))
    .order_by(
        case({priority.value: place for place, priority in enumerate(Priority)}, value=_BATCHES.c.priority),
        _BATCHES.c.rank,
    )
)
_FACTS = (
    _ITEMS.c.id,
    _ITEMS.c.batch_id,
    _ITEMS.c.engine,
    _ITEMS.c.profile_id,
    _ITEMS.c.estimate_input,
    _ITEMS.c.estimate_output,
    _ITEMS.c.started_at,
    _ITEMS.c.finished_at,
    _ITEMS.c.progress,
)
_IN_HAND = select(*_FACTS).where(
    among(_ITEMS.c.batch_id, "ids"),
    _ITEMS.c.status == ItemStatus.PROCESSING,
    _ITEMS.c.started_at.is_not(None),
)
_WEIGHT = (_ITEMS.c.estimate_output + INPUT_SHARE * func.coalesce(_ITEMS.c.estimate_input, 0)) * (
    1 - _ITEMS.c.progress
)
_WAITING = (
    select(
        _ITEMS.c.batch_id,
        _ITEMS.c.engine,
        _ITEMS.c.profile_id,
        func.count().label("items"),
        func.count(_ITEMS.c.estimate_output).label("sized"),
        func.coalesce(func.sum(_WEIGHT), 0.0).label("weight"),
    )
    .where(
        among(_ITEMS.c.batch_id, "ids"),
        _ITEMS.c.status == ItemStatus.QUEUED,
        _ITEMS.c.held.is_(False),
    )
    .group_by(_ITEMS.c.batch_id, _ITEMS.c.engine, _ITEMS.c.profile_id)
)
_DONE = and_(
    _ITEMS.c.status == ItemStatus.COMPLETED,
    _ITEMS.c.started_at.is_not(None),
    _ITEMS.c.finished_at.is_not(None),
)
_LATEST = select(*_FACTS).where(_DONE).order_by(_ITEMS.c.finished_at.desc()).limit(bindparam("most"))
_LATEST_OF_BATCH = (
    select(*_FACTS)
    .where(_ITEMS.c.batch_id == bindparam("batch_id"), _DONE)
    .order_by(_ITEMS.c.finished_at.desc())
    .limit(WINDOW + 1)
)


@dataclass
class _Known:
    """What was read of one batch."""

    places: int
    finished: list[Finished] = field(default_factory=list)
    running: list[Running] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)

    def kinds_without_pace(self) -> set[Kind]:
        """Kinds of which items are left and none ended."""
        left = {one.kind for one in self.running} | {pile.kind for pile in self.waiting}
        return left - {one.kind for one in self.finished}

    def work(self, history: Mapping[Kind, Usual]) -> Work:
        """As `seconds_left` takes it."""
        return Work(self.finished, self.running, self.waiting, self.places, history)


class Remaining:
    """The batches that go on (not those that are paused or that nobody runs), when this was made."""

    def __init__(
        self, session: Session, progress_of: Callable[[str], float | None], concurrency: int
    ) -> None:
        """Read the store.

        Args:
            progress_of: item id → 0..1, None for one that does not run in this process.
            concurrency: items that run side by side at most.
        """
        self._now = now()
        self._concurrency = concurrency
        self._batches = {
            batch_id: _Known(min(places, concurrency)) for batch_id, places in session.execute(_GOING_ON)
        }
        self._history: dict[Kind, Usual] = {}
        if self._batches:
            self._read_items(session, progress_of)
            if any(known.kinds_without_pace() for known in self._batches.values()):
                self._history = _history(session)

    def _read_items(self, session: Session, progress_of: Callable[[str], float | None]) -> None:
        ids = {"ids": json.dumps(list(self._batches))}
        for row in session.execute(_IN_HAND, ids):
            live = progress_of(row.id)
            progress = row.progress or None if live is None else live
            one = Running(_kind(row), _weight(row), row.started_at.timestamp(), progress)
            self._batches[row.batch_id].running.append(one)
        for row in session.execute(_WAITING, ids):
            pile = Waiting(_kind(row), row.items, row.sized, row.weight)
            self._batches[row.batch_id].waiting.append(pile)
        for batch_id, known in self._batches.items():
            if known.running or known.waiting:
                known.finished += _finished(session.execute(_LATEST_OF_BATCH, {"batch_id": batch_id}))

    def finishes(self) -> dict[str, datetime]:
        """Batch id → when it will be done, for those of which that can be told.

        A batch of which nothing runs begins when those before it are done.
        """
        found: dict[str, datetime] = {}
        before: float | None = 0.0
        for batch_id, known in self._batches.items():
            seconds = seconds_left(known.work(self._history), self._now.timestamp())
            if not known.running:
                seconds = None if seconds is None or before is None else before + seconds
            if seconds is not None and (known.running or known.waiting):
                found[batch_id] = self._now + timedelta(seconds=seconds)
            before = None if seconds is None or before is None else max(before, seconds)
        return found

    def seconds(self) -> float | None:
        """Until all batches that go on are done; None when that can't be told, or none goes on."""
        batches = self._batches.values()
        whole = _Known(
            self._concurrency,
            [one for known in batches for one in known.finished],
            [one for known in batches for one in known.running],
            [pile for known in batches for pile in known.waiting],
        )
        if not whole.running and not whole.waiting:
            return None
        return seconds_left(whole.work(self._history), self._now.timestamp())


def _history(session: Session) -> dict[Kind, Usual]:
    """What the latest items took, by kind."""
    kinds: dict[Kind, list[Finished]] = {}
    for one in _finished(session.execute(_LATEST, {"most": _HISTORY})):
        kinds.setdefault(one.kind, []).append(one)
    usual = {kind: usual_of(ended) for kind, ended in kinds.items()}
    return {kind: means for kind, means in usual.items() if means is not None}


def _finished(rows: Iterable[Row[Any]]) -> list[Finished]:
    return [
        Finished(_kind(row), _weight(row), row.started_at.timestamp(), row.finished_at.timestamp())
        for row in rows
    ]


def _kind(row: Row[Any]) -> Kind:
    return (row.engine, row.profile_id)


def _weight(row: Row[Any]) -> float | None:
    return weight_of(row.estimate_input, row.estimate_output)
