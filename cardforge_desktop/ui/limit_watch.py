"""Tells the person once when a limit is nearly used up, and once when it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui.services import Link, Notice
from cardforge_desktop.ui.spent_today import limit_name, used_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cardforge_desktop.costs.limits import Standing
    from cardforge_desktop.ui.services import Services

#: Which warnings were given: kept beyond the end of the app, so that a start does not repeat them.
_TOLD = "costs/warned"
#: So many are remembered: those of a few days, and of batches.
_KEPT = 40


class LimitWatch:
    """Lives on the window's thread."""

    def __init__(self, services: Services, show_limits: Callable[[], object]) -> None:
        self._services, self._show_limits = services, show_limits
        self._said: set[str] = set()

    def judge(self, standings: Collection[Standing]) -> None:
        """Say what has come to pass since the last time; `standings`: of all limits."""
        for about in self._said - {_about(each) for each in standings if each.is_near}:
            self._said.discard(about)
            self._services.desk.notice_over.emit(about)
        told = _read(self._services.memory.text(_TOLD))
        news = [(key, each) for each in standings if each.is_near and (key := _key(each)) not in told]
        if not news:
            return
        kept = [*told, *(key for key, _ in news)][-_KEPT:]
        self._services.memory.keep(_TOLD, json.dumps(kept))
        for _, standing in news:
            self._said.add(_about(standing))
            self._say(standing)

    def _say(self, standing: Standing) -> None:
        translate = QCoreApplication.translate
        if standing.is_reached:
            text = translate("Limits", "%1 is used up: %2. Cards that need it wait.")
        else:
            text = translate("Limits", "%1 is nearly used up: %2.")
        told = text.replace("%1", limit_name(standing)).replace("%2", used_text(standing))
        link = Link(translate("Limits", "Limits…"), self._show_limits)
        batch = self._services.batches.batch(standing.scope)
        if batch is not None:
            told = translate("Limits", "%1: %2").replace("%2", told).replace("%1", batch.name)
            show = self._services.desk.show_batch.emit
            link = Link(translate("Limits", "Show batch"), lambda: show(standing.scope))
        self._services.desk.notice.emit(Notice(told, "warn", links=(link,), about=_about(standing)))


def _about(standing: Standing) -> str:
    return f"limit of {standing.scope} in {standing.unit}"


def _key(standing: Standing) -> str:
    """Of one limit in one period; at another figure it is another one."""
    level = "used up" if standing.is_reached else "near"
    day = standing.period.start.isoformat()
    return "|".join((standing.scope, standing.unit, str(standing.limit), day, level))


def _read(kept: str) -> list[str]:
    try:
        told = json.loads(kept) if kept else []
    except ValueError:
        return []
    return [each for each in told if isinstance(each, str)] if isinstance(told, list) else []
