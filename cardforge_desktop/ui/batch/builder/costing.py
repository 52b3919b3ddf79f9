"""Sums what the cards of a batch would take, in steps that can be given up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.services import Services

if TYPE_CHECKING:
    from cardforge_desktop.batches.finding import NewSource
    from cardforge_desktop.batches.model import Options
    from cardforge_desktop.batches.preparing import Estimation, Expected, Way
    from cardforge_desktop.costs.limits import Standing
    from cardforge_desktop.workspace import Workspace

_PAUSE_MS = 120
#: Cards are counted for so long before the sums so far are shown.
_SECONDS = 0.15
_STEP = 10


@dataclass(frozen=True, slots=True)
class Question:
    """For which cards; sources without a text in the store are not counted.

    Attributes:
        engines: those that were chosen.
        others: those that could be; told too, so that they can be compared.
    """

    items: tuple[tuple[NewSource, ...], ...]
    options: Options
    profiles: tuple[str, ...]
    engines: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted so far: of `done` cards' sources out of `total`.

    Attributes:
        models: the model of each way, "" = the engine's own file.
        standings: how far the limits of the day and the month are used up.
    """

    ways: Mapping[Way, Expected]
    done: int
    total: int
    models: Mapping[Way, str] = field(default_factory=dict)
    standings: tuple[Standing, ...] = ()

    @property
    def is_money_limited(self) -> bool:
        """Whether a model without a price is not asked."""
        return any(standing.unit == "money" for standing in self.standings)


class Costing(QObject):
    """Answers the newest question only.

    Signals:
        told(object): `Sums`, growing.
        failed(str): why nothing can be told, such as a card to update that can't be read.
    """

    told = Signal(object)
    failed = Signal(str)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._question: Question | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._begin)

    @property
    def under_way(self) -> bool:
        """Whether an answer is still to come."""
        return self._timer.isActive() or self._task is not None

    def ask(self, question: Question) -> None:
        """Give up the question before and answer this one in a moment."""
        self._question = question
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Give up: the dialog closes."""
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @Slot()
    def _begin(self) -> None:
        question = self._question
        if self._task is not None:
            self._task.cancel()
        self._task = None if question is None else self._services.background.start(self._answer(question))

    async def _answer(self, question: Question) -> None:
        try:
            await self._count(question)
        except CardForgeError as error:
            if self._question is question:
                self._task = None
                self.failed.emit(error.message)

    async def _count(self, question: Question) -> None:
        items = [item for item in question.items if all(source.digest for source in item)]
        estimation, standings = await self._services.background.call(partial(_prepared, question))
        models = estimation.models
        sums = await self._services.background.run(lambda: estimation.of([]))
        done = 0
        while done < len(items):
            more, done = await self._services.background.run(partial(_count_some, estimation, items, done))
            sums = {way: expected + more[way] for way, expected in sums.items()}
            if done < len(items):
                self.told.emit(Sums(sums, done, len(question.items), models, standings))
        if self._question is question:
            self._task = None
        self.told.emit(Sums(sums, done, len(question.items), models, standings))


def _prepared(question: Question, workspace: Workspace) -> tuple[Estimation, tuple[Standing, ...]]:
    return _estimation(question, workspace), workspace.limits.standings()


def _estimation(question: Question, workspace: Workspace) -> Estimation:
    options, profiles, engines = question.options, question.profiles, question.engines
    try:
        return workspace.preparing.estimation(options, profiles, (*engines, *question.others))
    except CardForgeError:  # that an engine nobody chose can't be built is no reason to tell nothing
        return workspace.preparing.estimation(options, profiles, engines)


def _count_some(
    estimation: Estimation, items: Sequence[Sequence[NewSource]], start: int
) -> tuple[dict[Way, Expected], int]:
    """As many as can be counted in a moment from `start` on, and where to go on."""
    until = time.monotonic() + _SECONDS
    sums = estimation.of(items[start : start + _STEP])
    start += _STEP
    while start < len(items) and time.monotonic() < until:
        more = estimation.of(items[start : start + _STEP])
        sums = {way: expected + more[way] for way, expected in sums.items()}
        start += _STEP
    return sums, min(start, len(items))
