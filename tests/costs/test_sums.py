"""Every total that is shown is the plain sum over the rows of the ledger, however the calls ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from cardforge_desktop.costs.days import ALWAYS, Period, day_of, local_date
from cardforge_desktop.costs.ledger import Call, Held, Ledger, Outcome, Spending, sum_calls
from cardforge_desktop.costs.limits import Limits
from cardforge_desktop.costs.sums import Group, Grouping, Spendings
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.base import Usage
from cardforge_desktop.events import Hub
from cardforge_desktop.paths import Paths
from cardforge_desktop.workspace import Workspace

_ZONES = (
    "UTC",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
)
#: Around days of clock changes, one that never was, and the turn of a month and a year.
_DAYS = tuple(
    datetime.fromisoformat(day).replace(tzinfo=UTC)
    for day in ("2018-11-04", "2011-12-30", "2025-12-31", "2026-03-29", "2026-04-05", "2026-10-25")
)
_MOMENTS = st.tuples(st.sampled_from(_DAYS), st.integers(-2 * 86_400, 2 * 86_400)).map(
    lambda each: each[0] + timedelta(seconds=each[1])
)
_USAGES = st.none() | st.builds(
    Usage,
    st.integers(0, 10**6),
    st.integers(0, 10**5),
    cost=st.none() | st.integers(0, 10**13).map(lambda pico: Decimal(pico).scaleb(-12)),
)


@dataclass(frozen=True)
class Made:
    """A call to make, and how it ends."""

    at: datetime
    engine: str
    model: str
    profile: str
    batch: str
    end: str
    usage: Usage | None


_CALLS = st.builds(
    Made,
    at=_MOMENTS,
    engine=st.sampled_from(("Cloud", "Other", "Mine")),
    model=st.sampled_from(("gpt-4o-mini", "no-such-model")),
    profile=st.sampled_from(("", "profile_1", "profile_2")),
    batch=st.sampled_from(("", "batch_1", "batch_2")),
    end=st.sampled_from(("completed", "renamed", "failed", "cancelled", "lost", "withdrawn", "out")),
    usage=_USAGES,
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One for all examples: each adds its calls to those of before."""
    home = tmp_path_factory.mktemp("home")
    workspace = Workspace.open(
        Paths(*(home / name for name in ("data", "logs", "cache", "models", "output")))
    )
    yield workspace
    workspace.close()


def make(workspace: Workspace, made: Made) -> None:
    """The call at its moment, as the workers make it."""
    store, hub = workspace._store, Hub()
    ledger = Ledger(store, hub, workspace.prices, Limits(store, hub), lambda: made.at)
    local, worker = made.engine == "Mine", f"worker_{made.end}"
    call = Call(
        made.batch, "item", worker, 1, "card", "d", made.engine, made.model,
        "https://api.openai.com/v1", local, profile_id=made.profile,
    )  # fmt: skip
    call_id = ledger.begin(call, Held(100, Decimal("0.5")))
    if made.end == "withdrawn":
        ledger.withdraw(call_id)
    elif made.end == "lost":
        with store.write() as session:
            Ledger.mark_lost(session, [worker])
    elif made.end != "out":
        status = "completed" if made.end == "renamed" else made.end
        answered = f"{made.model}-2026" if made.end == "renamed" else ""
        ledger.end(call_id, call, Outcome(status, made.usage, model=answered))


def grouped(rows: list[CallRow], key: Callable[[CallRow], Any]) -> dict[Any, Spending]:
    """The plain sums of rows that have a key in common."""
    found: dict[Any, list[CallRow]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return {each: sum_calls(rows) for each, rows in found.items()}


_KEYS: dict[Grouping, tuple[Callable[[CallRow], Any], Callable[[Group], Any]]] = {
    "model": (
        lambda row: (row.model, row.engine, row.local),
        lambda group: (group.key, group.engine, group.free),
    ),
    "engine": (lambda row: (row.engine, row.local), lambda group: (group.key, group.free)),
    "profile": (lambda row: row.profile_id, lambda group: group.key),
    "batch": (lambda row: row.batch_id, lambda group: group.key),
}


def check(spendings: Spendings, period: Period, rows: list[CallRow], zone: ZoneInfo) -> None:
    """What is told of a period, against its rows."""
    assert spendings.total(period) == sum_calls(rows)
    for grouping, (of_row, of_group) in _KEYS.items():
        groups = spendings.by(grouping, period)
        assert {of_group(group): group.spending for group in groups} == grouped(rows, of_row)
        dear = {of_row(row) for row in rows if not row.local}
        assert {of_group(group) for group in groups if not group.free} == dear
        assert [group.spending.cost for group in groups] == sorted(
            (group.spending.cost for group in groups), reverse=True
        )
    if period.end is None:
        return  # years of days
    days = grouped(rows, lambda row: (local_date(day_of(row.started_at, zone).start, zone), row.model))
    assert {(each.day, each.model): each.spending for each in spendings.by_day(period)} == days


# As the rows stay, a failure can't be made smaller.
@settings(phases=(Phase.generate,))
@given(st.lists(_CALLS, max_size=6), st.sampled_from(_ZONES), _MOMENTS)
def test_every_total_is_the_sum_of_the_rows(
    workspace: Workspace, calls: list[Made], zone_name: str, now: datetime
) -> None:
    for made in calls:
        make(workspace, made)
    zone = ZoneInfo(zone_name)
    spendings = Spendings(workspace._store, lambda: now, zone)
    with workspace._store.read() as session:
        ended = [row for row in session.exec(select(CallRow)) if row.status != "sent"]
    for period in (ALWAYS, spendings.this_day(), spendings.this_month()):
        check(spendings, period, [row for row in ended if row.started_at in period], zone)
    assert spendings.today() == spendings.total(spendings.this_day())
    there = {local_date(row.started_at, zone).replace(day=1) for row in ended}
    this = local_date(now, zone).replace(day=1)
    assert {month for month in there if month <= this} | {this} <= set(spendings.months())

    told = replace(workspace.usage, spendings=spendings).month()["usage"]["current_month"]
    month = sum_calls([row for row in ended if row.started_at in spendings.this_month()])
    assert (told["requests_count"], told["unknown_cost_requests"]) == (month.calls, month.unknown_calls)
    assert told["tokens_used"] == month.input_tokens + month.output_tokens
    if month.calls > month.unknown_calls:
        assert Decimal(told["total_cost_exact"]) == month.cost
        assert sum(Decimal(each["cost_exact"] or 0) for each in told["by_model"].values()) == month.cost
