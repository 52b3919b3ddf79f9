"""The costs panel over a real store: what it shows, how one goes through it, when it is read."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlmodel import insert

from cardforge_desktop.costs.errors import LimitError
from cardforge_desktop.costs.limits import DAY, MONTH, Limit
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.store.table import core_table
from cardforge_desktop.ui.costs.panel import CostsPanel
from cardforge_desktop.workspace import Workspace
from tests.support.profiles import add_profile
from tests.support.window import Running


def add(workspace: Workspace, *calls: Sequence[Any]) -> None:
    """Calls by anybody; their sums are kept by the store's own triggers."""
    given = [_call(at, *call) for at, call in enumerate(calls)]
    with workspace._store.write() as session:
        session.execute(insert(core_table(CallRow)), given)
    workspace.hub.changed.emit(Changed(Kind.CALL))


def _call(
    at: int, model: str, cost: str | None, when: datetime, more: Mapping[str, object] = MappingProxyType({})
) -> dict[str, object]:
    local = cost == "free"
    return {
        "id": f"call_{model}_{at}",
        "started_at": when,
        "finished_at": when,
        "batch_id": "",
        "item_id": "",
        "worker_id": "",
        "profile_id": "",
        "run": 1,
        "step": "card",
        "digest": "",
        "engine": "Cloud",
        "model": model,
        "local": local,
        "status": "completed",
        "input_tokens": 100,
        "output_tokens": 20,
        "cost": Decimal(0) if local else None if cost is None else Decimal(cost),
        "price_source": "",
        **more,
    }


def texts(panel: CostsPanel, key: str) -> list[list[str]]:
    rows = panel.groups.table(key).rows
    return [[rows.index(at, to).data() for to in range(rows.columnCount())] for at in range(rows.rowCount())]


def open_panel(running: Running) -> CostsPanel:
    panel = running.window.built("costs")
    assert isinstance(panel, CostsPanel)
    running.until(lambda: panel.figures is not None)
    panel._reader.set_interval(0)
    return panel


def this_noon() -> datetime:
    return datetime.now().astimezone().replace(hour=12, minute=0)


def an_earlier_month() -> datetime:
    return this_noon().replace(day=1) - timedelta(days=40)


def test_what_was_spent_is_shown_gone_through_and_exported(run_window, tmp_path, qtmodeltester, monkeypatch):
    running = run_window()
    panel = open_panel(running)
    workspace, actions = running.workspace, running.session.services.actions
    assert panel.figures.is_empty
    assert not actions["costs.export"].isEnabled()
    assert panel.limit.set_one.isVisibleTo(panel.limit)

    add(
        workspace,
        ("gpt", "0.25", this_noon(), {"batch_id": "batch_gone", "profile_id": "profile_gone"}),
        ("claude", None, this_noon()),
        ("local", "free", this_noon(), {"batch_id": "batch_local", "profile_id": deleted_profile(workspace)}),
        ("gpt", "3", an_earlier_month()),
    )
    models = panel.groups.table("model").rows
    running.until(lambda: models.rowCount() == 3)
    assert texts(panel, "model") == [
        ["gpt", "Cloud", "1", "100", "20", "$0.25"],
        ["claude", "Cloud", "1", "100", "20", "unknown"],
        ["local", "Cloud", "1", "100", "20", "free"],
    ]
    qtmodeltester.check(models)
    running.until(lambda: panel.today.figure.text() == panel.this_month.figure.text() == "$0.25")
    assert panel.today.unknown.text().startswith("1 ")
    assert panel.per_card.figure.text() == "–"
    assert actions["costs.export"].isEnabled()

    go_through_the_days(running, panel)
    sort_and_copy(panel)
    groups = {
        "profile": [
            ("Deleted profile", "$0.25"),
            ("Tavern (deleted)", "free"),
            ("Without a profile", "unknown"),
        ],
        "batch": [("Deleted batch", "$0.25"), ("Deleted batch", "free"), ("Outside of batches", "unknown")],
    }
    for key, told in groups.items():
        panel.groups.tabs.show_pane(key)
        running.until(lambda key=key: panel.groups.table(key).rows.rowCount() == 3)
        assert sorted((row[0], row[-1]) for row in texts(panel, key)) == told

    look_at_another_month(running, panel)
    limits_are_told(running, panel)
    export(running, panel, tmp_path)
    a_failure_is_said(running, panel, monkeypatch)
    a_day_ends(running, panel, monkeypatch)
    out_of_sight_nothing_is_read(running, panel)


def deleted_profile(workspace: Workspace) -> str:
    """Its id; the calls keep it."""
    add_profile(workspace, "Tavern")
    made = workspace.profiles.by_name("Tavern").id
    workspace.profiles.delete(made)
    return made


def go_through_the_days(running: Running, panel: CostsPanel) -> None:
    """With the arrow keys; the readout and the table say the same."""
    chart, today = panel.days.chart, this_noon().date()
    running.window.activateWindow()
    chart.setFocus()
    running.until(lambda: chart.current is not None)
    assert chart.current.day == today
    unknown, gpt, total = chart.read_lines()
    assert (gpt.text, gpt.value, total.value) == ("gpt", "$0.25", "$0.25 + 1 unknown")
    assert unknown.text.startswith("1 ")
    assert "gpt $0.25" in chart.accessibleDescription()
    for key, day in ((Qt.Key.Key_Home, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1), (Qt.Key.Key_Left, 1)):
        QTest.keyClick(chart, key)
        assert chart.current.day.day == day
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert (chart.current.day + timedelta(days=1)).day == 1
    panel.days.measures["tokens"].click()
    for day in (today.replace(day=1), (today.replace(day=28) + timedelta(days=4)).replace(day=1)):
        chart.opened.emit(day)  # a day without calls
        assert panel.groups.table("day").currentIndex().row() == 0
    chart.opened.emit(today)
    table = panel.groups.table("day")
    assert panel.groups.tabs.current == "day"
    assert table.currentIndex().row() == 0
    row = texts(panel, "day")[0]
    assert row[1:] == ["3", "120", "120", "120", "360"]
    panel.days.measures["cost"].click()
    assert texts(panel, "day")[0][1:] == ["3", "$0.25", "$0.25 + 1 unknown"]


def sort_and_copy(panel: CostsPanel) -> None:
    """By a click on a head; what is chosen stays chosen."""
    panel.groups.tabs.show_pane("model")
    table = panel.groups.table("model")
    models = table.rows
    table.selectRow(0)
    head = table.horizontalHeader()
    head.sectionClicked.emit(0)
    assert [row[0] for row in texts(panel, "model")] == ["claude", "gpt", "local"]
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    panel.copy()
    assert QGuiApplication.clipboard().text().splitlines()[1] == "gpt\tCloud\t1\t100\t20\t$0.25"
    assert models.index(1, 5).data(Qt.ItemDataRole.ToolTipRole) == "$0.25"
    by = table.make_menu(models.index(0, 0)).actions()[-1].menu()
    next(action for action in by.actions() if action.text() == "Cost").trigger()
    assert [row[0] for row in texts(panel, "model")] == ["gpt", "claude", "local"]


def look_at_another_month(running: Running, panel: CostsPanel) -> None:
    """What is of now stays of now."""
    month = an_earlier_month().date().replace(day=1)
    panel.groups.tabs.show_pane("model")
    panel.months.picked.emit(month.isoformat())
    running.until(lambda: texts(panel, "model") == [["gpt", "Cloud", "1", "100", "20", "$3.00"]])
    assert panel.figures is not None
    assert panel.figures.month == month
    assert panel.today.figure.text() == panel.this_month.figure.text() == "$0.25"
    assert panel.figures.days["cost"].top == 3


def limits_are_told(running: Running, panel: CostsPanel) -> None:
    """The nearest one large, the others below it."""
    running.workspace.limits.set(DAY, Limit(tokens=1_000, cost=Decimal("0.30")))
    running.workspace.limits.set(MONTH, Limit(cost=Decimal(10)))
    running.until(lambda: panel.limit.others.count() == 2)
    assert panel.limit.figure.text() == "$0.05 left"
    assert panel.limit.title.text() == "Limit of the day"
    assert round(panel.limit.bar.fraction, 3) == round(0.05 / 0.30, 3)
    assert "$0.25 of $0.30 used · resets at" in panel.limit.below.whole
    running.workspace.limits.set(DAY, Limit(cost=Decimal("0.25")))
    running.until(lambda: panel.limit.figure.text() == "Used up")
    running.until(lambda: "is used up" in running.window.notices.text)  # no other notice comes after it
    running.window.resize(running.window.minimumSize())
    area = panel._area
    running.until(lambda: area.widget().width() == area.viewport().width())  # nothing is cut off


def export(running: Running, panel: CostsPanel, folder: Path) -> None:
    """The month that is shown, and everything: the sums are those of the panel."""
    workspace = running.workspace
    panel.export.write(folder / "month.csv", panel._shown_month())
    running.until(lambda: "month.csv" in running.window.notices.text and not panel.strip.busy)
    panel.export.write(folder / "all.csv", None)
    running.until(lambda: "all.csv" in running.window.notices.text and not panel.strip.busy)
    for name, total in (("month", panel.figures.chosen.spending), ("all", workspace.spendings.total())):
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == total.calls
        assert sum(Decimal(row["cost"] or 0) for row in rows) == total.cost
    panel.export.write(folder / "nowhere" / "all.csv", None)
    running.until(lambda: "nowhere" in running.window.notices.text)


def a_failure_is_said(running: Running, panel: CostsPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the first reading in the place of the figures, with a way to try again."""

    def fail(_period: object) -> object:
        raise LimitError(ErrorCode.LIMIT_INVALID, "The costs are unreadable.")

    with monkeypatch.context() as patched:
        patched.setattr(running.workspace.spendings, "by_day", fail)
        panel.figures = None
        running.workspace.hub.changed.emit(Changed(Kind.LIMIT))
        running.until(lambda: panel.failure is not None and panel.failure.isVisible())
        assert "The costs are unreadable." in {each.text() for each in panel.failure.findChildren(QLabel)}
        again = panel.failure.findChild(QPushButton)
        again.setFocus()
        tries: list[object] = []
        running.session.background.answered.connect(lambda: tries.append(None))
        QTest.keyClick(again, Qt.Key.Key_Space)
        running.until(lambda: len(tries) >= 2 and not running.session.background.is_busy)
        assert again.hasFocus(), "the keyboard stays where it can be tried once more"
    QTest.keyClick(again, Qt.Key.Key_Space)
    running.until(panel.days.isVisible)


def a_day_ends(running: Running, panel: CostsPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any call: the figures of the new day come by themselves."""
    spendings = running.workspace.spendings
    with monkeypatch.context() as patched:
        patched.setattr(spendings, "_clock", lambda: datetime.now(UTC) - timedelta(days=2))
        running.workspace.hub.changed.emit(Changed(Kind.CALL))
        running.until(lambda: panel.today.figure.text() == "$0.00")
    running.until(lambda: panel.today.figure.text() == "$0.25")


def out_of_sight_nothing_is_read(running: Running, panel: CostsPanel) -> None:
    """It is made up for when the panel comes back."""
    running.window.open_panel("batch")
    add(running.workspace, ("late", "0.50", this_noon()))
    running.until(lambda: "$0.75" in running.window.status.spent.today.text())
    assert panel.today.figure.text() == "$0.25"
    running.window.open_panel("costs")
    running.until(lambda: panel.today.figure.text() == "$0.75")
