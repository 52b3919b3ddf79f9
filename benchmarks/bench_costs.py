"""A ledger of 1,000,000 calls: what the Costs panel reads at opening, and what limits cost each call."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QTimer

from benchmarks.bench_library import until, use_window
from benchmarks.bench_window import run
from cardforge_desktop.costs.ledger import Call, Held, Outcome
from cardforge_desktop.costs.limits import DAY, MONTH, Limit
from cardforge_desktop.engines.base import Usage
from cardforge_desktop.ui.app import Session
from cardforge_desktop.ui.costs.figures import Table, read_figures, read_lines
from cardforge_desktop.ui.main_window import MainWindow
from cardforge_desktop.workspace import Workspace
from tests.support.app import open_workspace

BATCHES, ITEMS, CALLS = 2_000, 250, 2
MODELS, PROFILES, DAYS = 12, 30, 540
RUNS, TURNS, OPENINGS, AIM_MS = 15, 400, 12, 100
#: Shown of each list at first.
ROWS = 10
_ENDS = ("completed",) * 17 + ("failed", "cancelled", "lost")


def main() -> None:
    """Print milliseconds, ours against plain sums over the rows, and the size of the store."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["CARDFORGE_HOME"] = str(Path(folder) / "home")  # as `run` has it
        with open_workspace() as workspace:
            path = workspace.paths.store
        begun = time.perf_counter()
        fill(path)
        _tell_size(path, time.perf_counter() - begun)
        with open_workspace() as workspace:
            workspace.limits.set(DAY, Limit(10**12, Decimal(100_000)))
            workspace.limits.set(MONTH, Limit(10**13, Decimal(1_000_000)))
            measure_reading(workspace)
            measure_calls(workspace)
        opened = run("from benchmarks.bench_costs import measure_window; measure_window()", folder)
        (first, first_work), *later = json.loads(opened)
        again, again_work = (median(each) for each in zip(*later, strict=True))
        print("the panel in the real window, from the click to fresh figures and their table, painted:")
        print(f"  {'the first time':32} {first:8.2f} ms, computing {first_work:.2f} ms of it in all threads")
        print(f"  {'again, from profiles (median)':32} {again:8.2f} ms, computing {again_work:.2f} ms")


# A ledger as it grows in a year and a half


def fill(path: Path) -> None:
    """Batches here and there in the last months, each of up to three models and profiles, and their calls."""
    with sqlite3.connect(path) as store:
        dice = random.Random(7)
        now = datetime.now(UTC).replace(tzinfo=None)
        for profile in range(PROFILES):
            moment = _text(now)
            store.execute(
                "INSERT INTO profile (id, name, version, created_at, created_by) VALUES (?, ?, 1, ?, '')",
                (f"profile_{profile}", f"Profile {profile}", moment),
            )
        batches = [
            (f"batch_{number}", now - timedelta(days=DAYS) * dice.random()) for number in range(BATCHES)
        ]
        batches[-1] = (batches[-1][0], now - timedelta(minutes=40))  # today has some whatever the hour
        rows = (
            (batch, "", "completed", "", "standard", 0, 3, 1, 0, _text(began)) for batch, began in batches
        )
        _insert(
            store,
            "batch",
            "id, name, status, owner, priority, rank, max_concurrent, continue_on_error, hidden, created_at",
            rows,
        )
        for batch, began in batches:
            _fill_batch(store, dice, batch, began)
    store.close()


def _fill_batch(store: sqlite3.Connection, dice: random.Random, batch: str, began: datetime) -> None:
    models = [f"model-{dice.randrange(MODELS)}" for _ in range(dice.randint(1, 3))]
    profiles = [f"profile_{dice.randrange(PROFILES)}" for _ in range(dice.randint(1, 2))]
    pace = timedelta(seconds=dice.choice((5, 20, 60)))
    calls, items = [], []
    for place in range(1, ITEMS + 1):
        model, profile = dice.choice(models), dice.choice(profiles)
        at, item, spent, unknown = began + place * pace, f"{batch}x{place}", 0, 0
        for step in range(CALLS):
            values = _call(dice, model)
            spent, unknown = spent + (values["cost"] or 0), unknown + (values["cost"] is None)
            call = {"id": f"{item}x{step}", "started_at": _text(at), "batch_id": batch, "item_id": item}
            calls.append({**call, "profile_id": profile, "step": f"card:{step}", **values})
        cost = format(Decimal(spent).scaleb(-12).normalize(), "f")
        items.append(_item(batch, place, profile, _text(at + pace), (cost, unknown)))
    for table, rows in (("item", items), ("call", calls)):
        _insert(store, table, ", ".join(rows[0]), (tuple(row.values()) for row in rows))


def _call(dice: random.Random, model: str) -> dict[str, Any]:
    status = dice.choice(_ENDS)
    used, made = dice.randint(500, 20_000), dice.randint(50, 3_000)
    known = status != "lost"
    return {
        **{"card_id": "", "profile_version": 1, "worker_id": "", "run": 1, "digest": "0" * 64},
        **{"engine": f"Engine {int(model[6:]) % 4}", "model": model, "local": int(model == "model-0")},
        **{"step_kind": "card", "asked_model": model},
        **{"status": status, "held_tokens": 24_000, "held_cost": 30_000_000_000},
        **{"input_tokens": used if known else None, "output_tokens": made if known else None},
        **{"cached_tokens": 0 if known else None, "cache_write_tokens": 0 if known else None},
        **{"tokens_from": "provider" if known else "", "currency": "USD", "price_source": "genai-prices"},
        **{"cost": (0 if model == "model-0" else used * 250_000 + made * 1_000_000) if known else None},
        **{"price": json.dumps({"input": "0.25", "output": "1", "cached": "0.1", "cache_write": "0.25"})},
        **{"error_code": "", "reason": "stop", "answer": None},
    }


def _item(batch: str, place: int, profile: str, ended: str, spent: tuple[str, int]) -> dict[str, Any]:
    item, (cost, unknown) = f"{batch}x{place}", spent
    return {
        **{"id": item, "batch_id": batch, "job_id": f"job_{item}", "position": place, "rank": place},
        **{"source_name": f"keeper-of-the-lamp-{place:05}.md", "avatar_path": "", "target_name": ""},
        **{"fields": "[]", "profile_id": profile, "profile": profile, "profile_version": 1, "engine": "E"},
        **{"local": 0, "formats": '["json"]', "include_book": 1, "output": "/cards", "pattern": "default"},
        **{"overwrite": 0, "character_name": "", "shared_book": "", "book_tokens": 0, "held": 0, "stage": ""},
        **{"status": "completed", "progress": 1.0, "run": 1, "attempts": 1, "worker_id": ""},
        "hidden": 1,  # taken off the panel, as what is past is
        **{"estimate_exact": 1, "input_tokens": 10_000, "output_tokens": 2_000, "cost": cost},
        **{"unknown_calls": unknown, "warnings": "[]", "started_at": ended, "finished_at": ended},
    }


def _insert(store: sqlite3.Connection, table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    places = ", ".join("?" * (columns.count(",") + 1))
    store.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"


# Measuring


def _tell_size(path: Path, seconds: float) -> None:
    with sqlite3.connect(path) as store:
        pages = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
        sizes: dict[str, int] = dict(store.execute(pages).fetchall())
        rows = {
            name: store.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("call", "call_sum")
        }
    ours = {name: size for name, size in sizes.items() if "call" in name}
    print(f"{rows['call']:,} calls and {rows['call_sum']:,} sums of them, written in {seconds:.0f} s:")
    for name, size in sorted(ours.items(), key=lambda each: -each[1]):
        print(f"  {name:28} {size / 1e6:8.1f} MB")
    print(f"  {'the whole store':28} {sum(sizes.values()) / 1e6:8.1f} MB")


def measure_reading(workspace: Workspace) -> None:
    """What the panel asks for, each by itself and together, and the plain sums over the rows."""
    spendings, costs = workspace.spendings, workspace.card_costs
    month = spendings.this_month()
    first = spendings.months()[0]
    parts: dict[str, Callable[[], object]] = {
        "today": spendings.today,
        "this month": spendings.month,
        "standings of the limits": workspace.limits.standings,
        "this month by model": lambda: spendings.by("model", month),
        "each day of this month": lambda: spendings.by_day(month),
        "months there are": spendings.months,
        "a finished card of this month": lambda: costs.median(month),
    }
    asked: dict[str, Callable[[], object]] = {
        "the figures": lambda: read_figures(workspace, None),
        "the table by model": lambda: read_lines(workspace, "model", first),
    }
    tables: tuple[Table, ...] = ("profile", "batch", "engine", "card")
    others = {f"the table by {name}": partial(read_lines, workspace, name, first) for name in tables}
    times = {name: _milliseconds(work) for name, work in asked.items()}
    whole = {
        "all there is": spendings.total,
        "all there is by model": lambda: spendings.by("model"),
        "all there is by batch": lambda: spendings.by("batch"),
        "a finished card, ever": costs.median,
        "dearest cards, ever": lambda: costs.dearest(limit=ROWS),
    }
    print(f"what the panel reads at opening (aim: ≤ {AIM_MS} ms together):")
    for name, milliseconds in times.items():
        print(f"  {name:32} {milliseconds:8.2f} ms")
    plain, plain_month = _plain(workspace.paths.store, None), _plain(workspace.paths.store, month.start)
    together = sum(times.values())
    print(
        f"  {'together':32} {together:8.2f} ms, {together / plain_month:.2f}× the plain sum of this month by"
    )
    print(
        f"  {'':32} model ({plain_month:.0f} ms), {together / plain:.4f}× that of all rows ({plain:.0f} ms)"
    )
    for told, each in (
        ("of that:", parts),
        ("the other tables:", others),
        ("all time, which the panel does not ask for:", whole),
    ):
        print(told)
        for name, work in each.items():
            print(f"  {name:32} {_milliseconds(work):8.2f} ms")


def _milliseconds(work: Callable[[], object]) -> float:
    """Of computing, which other programs on the machine do not lengthen; everything is in memory."""
    work()
    times = []
    for _ in range(RUNS):
        begun = time.thread_time()
        work()
        times.append(time.thread_time() - begun)
    return median(times) * 1000


def _plain(path: Path, since: datetime | None) -> float:
    """The sums by model over the rows themselves, with the bare sqlite3 module."""
    wanted = (
        "SELECT model, count(*), sum(input_tokens), sum(output_tokens), sum(cost) FROM call {} GROUP BY model"
    )
    where, values = ("", ()) if since is None else ("WHERE started_at >= ?", (_text(since),))
    with sqlite3.connect(path) as store:
        return _milliseconds(lambda: store.execute(wanted.format(where), values).fetchall())


def measure_calls(workspace: Workspace) -> None:
    """`begin` and `end` of a call without limits, and with three of them, turn by turn."""
    call = Call("batch_0", "item", "worker", 1, "card", "d", "Engine 1", "model-1", "", local=False)
    times: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(TURNS):
        limited = bool(turn % 2)
        limit = Limit(10**12, Decimal(100_000)) if limited else Limit()
        for scope in (DAY, MONTH, call.batch_id):
            workspace.limits.set(scope, limit)
        begun = time.perf_counter()
        call_id = workspace.costs.begin(call, Held(3_000, Decimal("0.01")))
        workspace.costs.end(call_id, call, Outcome("completed", Usage(2_000, 500, cost=Decimal("0.005"))))
        times[limited].append(time.perf_counter() - begun)
    without, limited_ms = (median(times[each]) * 1000 for each in (False, True))
    print("begin and end of a call (the disk's own sync is in both):")
    print(f"  {'without limits':32} {without:8.2f} ms")
    print(f"  {'day, month and batch limited':32} {limited_ms:8.2f} ms, {limited_ms / without:.2f}×")


# The window, in a process of its own


def measure_window() -> None:
    """Print what each opening takes, the first before the others."""
    use_window(_use)


async def _use(session: Session) -> None:
    session.window.resize(1280, 800)
    await asyncio.sleep(1.5)
    await until(lambda: not session.background.is_busy)  # with the history of all the batches
    await until(lambda: "cardforge_desktop.ui.settings.panel" in sys.modules)  # all are imported ahead
    await asyncio.sleep(0.5)
    window, opened = session.window, Opened(session.window)
    try:
        window.go_to("costs")
        await until(lambda: opened.times is not None)
        times = [opened.times]
        rows = opened.panel.groups.table("model").rows
        for _ in range(OPENINGS):
            window.go_to("profiles")
            await asyncio.sleep(1.0)  # the panel reads twice a second at most
            times.append(await _opened_again(window, rows))
        print(json.dumps(times), flush=True)
    finally:
        session.end()


class Opened(QObject):
    """Notes when the table and what a card takes are painted, each with its figures, for the first time."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.times: tuple[float, float] | None = None
        self.panel: Any = None
        self._window, self._watch = window, Watch()
        self._wanted: dict[QObject, Callable[[], object]] = {}
        window._stack.currentChanged.connect(self._follow)

    def _follow(self) -> None:
        self._window._stack.currentChanged.disconnect(self._follow)
        self.panel = panel = self._window._stack.currentWidget()
        table = panel.groups.table("model")
        self._wanted = {
            table.viewport(): table.rows.rowCount,
            panel.per_card.figure: lambda: panel.per_card.is_told,
        }
        for each in self._wanted:
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The window's next event comes when all of it is painted."""
        if event.type() == QEvent.Type.Paint and watched in self._wanted and self._wanted[watched]():
            del self._wanted[watched]
            if not self._wanted:
                QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        self.times = self._watch.milliseconds()


async def _opened_again(window: Any, rows: QAbstractItemModel) -> tuple[float, float]:
    shown, watch = asyncio.Event(), Watch()
    for signal in (rows.modelReset, rows.dataChanged):
        signal.connect(shown.set)
    window.go_to("costs")
    async with asyncio.timeout(20):
        await shown.wait()
    for signal in (rows.modelReset, rows.dataChanged):
        signal.disconnect(shown.set)
    window.repaint()
    return watch.milliseconds()


class Watch:
    """Time since it was made."""

    def __init__(self) -> None:
        self._begun = time.perf_counter(), time.process_time()

    def milliseconds(self) -> tuple[float, float]:
        """Of the clock, and of computing in all threads."""
        wall, work = self._begun
        return (time.perf_counter() - wall) * 1000, (time.process_time() - work) * 1000


if __name__ == "__main__":
    main()
