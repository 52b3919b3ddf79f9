"""What the costs panel reads. Everything here runs on a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from cardforge_desktop.costs.days import Period, local_date
from cardforge_desktop.costs.ledger import Spending
from cardforge_desktop.ui.costs.series import Days, Measure, arrange

if TYPE_CHECKING:
    from cardforge_desktop.batches.card_costs import TypicalCost
    from cardforge_desktop.costs.limits import Standing
    from cardforge_desktop.costs.sums import Group, Grouping, Sum
    from cardforge_desktop.workspace import Workspace

#: What can be looked at in the tables: the groups of `costs.sums`, and the dearest cards.
Table = Literal["model", "profile", "batch", "engine", "card"]
_DEAREST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table.

    Attributes:
        key: what to open: id of a batch or a card, "" = nothing.
        name: as it is shown; "" = none: outside of batches, without a profile.
        place: what stands beside the name: the engine of a model, the batch of a card.
        gone: it is there no more; `name` is what it was called, "" where nobody knows.
        same: what the row is about, to know it again.
        order: the name as it is sorted by; both are made here, since for 10,000 rows the window has no time.
    """

    key: str
    name: str
    spending: Spending
    place: str = ""
    free: bool = False
    gone: bool = False
    same: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The costs as they are now.

    Attributes:
        month: first day of the month that is looked at.
        months: first days of all months that can be, the newest, which is this one, first.
        today, this_month: of now, whatever `month` is.
        chosen: of `month`.
        days: the same in money and in tokens.
        models: the rows of the table that is in sight first.
        today_date: the local day it is.
        day_ends: when that is over.
    """

    month: date
    months: tuple[date, ...]
    today: Sum
    this_month: Sum
    chosen: Sum
    days: dict[Measure, Days]
    models: tuple[Line, ...]
    standings: tuple[Standing, ...]
    today_date: date
    day_ends: datetime | None

    @property
    def is_empty(self) -> bool:
        """No call was ever made."""
        return len(self.months) == 1 and not self.this_month.spending.calls


def read_figures(workspace: Workspace, month: date | None) -> Figures:
    """All but the tables; `month` None = this one."""
    from cardforge_desktop.costs.sums import sum_of

    spendings = workspace.spendings
    today = spendings.this_day()
    months = spendings.months()
    first = month if month in months else months[0]
    period = spendings.month_at(first)
    found = spendings.by_day(period)
    models = spendings.by("model", period)
    chosen = sum_of(models)
    is_now = first == months[0]
    return Figures(
        month=first,
        months=months,
        today=sum_of(spendings.by("model", today)),
        this_month=chosen if is_now else sum_of(spendings.by("model", spendings.this_month())),
        chosen=chosen,
        days={measure: arrange(first, found, measure) for measure in ("cost", "tokens")},
        models=_lines("model", models, workspace.group_names.of("model", [group.key for group in models])),
        standings=workspace.limits.standings(),
        today_date=local_date(today.start),
        day_ends=today.end,
    )


def read_typical(workspace: Workspace, month: date | None) -> TypicalCost:
    """What a finished card of a month takes; `month` None = this one. Slower than all of `read_figures`."""
    spendings = workspace.spendings
    return workspace.card_costs.median(spendings.this_month() if month is None else spendings.month_at(month))


def read_lines(workspace: Workspace, table: Table, month: date) -> tuple[Line, ...]:
    """The rows of a table, the dearest first."""
    period = workspace.spendings.month_at(month)
    if table == "card":
        return _cards(workspace, period)
    groups = workspace.spendings.by(table, period)
    keys = [group.key for group in groups]
    deleted = workspace.group_names.deleted(keys) if table == "profile" else frozenset()
    return _lines(table, groups, workspace.group_names.of(table, keys), deleted)


def _lines(
    table: Grouping, groups: Sequence[Group], names: dict[str, str], deleted: frozenset[str] = frozenset()
) -> tuple[Line, ...]:
    return tuple(_line(table, group, names, group.key in deleted) for group in groups)


def _line(table: Grouping, group: Group, names: dict[str, str], is_deleted: bool) -> Line:
    key = group.key if table == "batch" and group.key in names else ""
    name = names.get(group.key, "")
    gone = is_deleted or (bool(group.key) and group.key not in names)
    # The same model may be asked here and elsewhere; a profile stays the same when it costs something.
    is_part = group.free and table in ("model", "engine")
    same = "\n".join((group.key, group.engine, "free" if is_part else ""))
    return Line(key, name, group.spending, group.engine, group.free, gone, same, name.casefold())


def _cards(workspace: Workspace, period: Period) -> tuple[Line, ...]:
    cards = workspace.card_costs.dearest(period, _DEAREST)
    names = workspace.group_names.of("batch", {card.batch_id for card in cards})
    return tuple(
        Line(
            card.card_id,
            card.name,
            card.spent,
            names.get(card.batch_id, ""),
            same=card.item_id,
            order=card.name.casefold(),
        )
        for card in cards
    )
