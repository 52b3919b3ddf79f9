"""The batch panel with 5,000 rows in 300 batches: gaps of the window's thread while somebody works in it."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile

from PySide6.QtCore import Qt

from benchmarks.bench_library import TICK_MS, Gaps, percentile, scroll, type_text, until, use_window
from benchmarks.bench_window import run
from cardforge_desktop.batches.model import BatchStatus, ItemStatus
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.ui.app import Session
from cardforge_desktop.ui.batch.panel import BatchPanel
from cardforge_desktop.ui.batch.sieve import Filter
from cardforge_desktop.ui.batch.state import Group
from tests.support.app import open_workspace
from tests.support.filled_store import Filling, fill

#: 300 batches: the past ones of 10 items, and one of those left to be made.
PAST, OF_PAST, WAITING = 299, 10, 2_010
ROWS = PAST * OF_PAST + WAITING
STEPS = {
    "scroll": "scrolling",
    "filter": "filters by state on and off",
    "sort": "sorting by three columns",
    "search": "a search of 8 letters",
    "select": "selecting all rows",
    "selected": "sorting with all rows selected",
    "batches": "choosing six batches, then all",
    "anew": "the queue read anew, five times",
}


def main() -> None:
    """Print the gaps of every step."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        _call("fill_queue", home)
        found = json.loads(_call("measure_queue", home))
    print(f"gaps of the window's thread with {ROWS:,} rows, {TICK_MS} ms tick: 99th percentile, longest;")
    print("most work in one of them (time of the thread itself, aim ≤ 8 ms):")
    for name, (gaps, work) in found.items():
        print(f"  {STEPS[name]:40} {percentile(gaps):6.1f} {max(gaps):6.1f} {max(work):6.1f} ms")


def _call(function: str, home: str) -> str:
    return run(f"from benchmarks.bench_queue import {function}; {function}()", home)


# What runs in processes of its own


def fill_queue() -> None:
    """Batches that ended, and a paused one, which no window begins to work on."""
    with open_workspace() as workspace:
        fill(workspace._store, Filling(batches=PAST, items=OF_PAST, cards=True, mark="past"))
        waiting = Filling(
            items=WAITING, calls=0, status=ItemStatus.QUEUED, batch_status=BatchStatus.PAUSED, mark="waits"
        )
        fill(workspace._store, waiting)
    print("filled")


def measure_queue() -> None:
    use_window(_use)


async def _use(session: Session) -> None:
    session.window.resize(1280, 800)
    panel = session.frame.batch
    model = panel.controller.model
    await until(lambda: model.rowCount() == ROWS)
    await asyncio.sleep(1.0)
    gaps = Gaps()
    try:
        await gaps.during("scroll", scroll(panel.table))
        await gaps.during("filter", _filter(panel))
        await gaps.during("sort", _sort(panel))
        await gaps.during("search", _search(panel))
        await gaps.during("select", _select(panel))
        await gaps.during("selected", _sort_selected(panel))
        await gaps.during("batches", _choose_batches(session, panel))
        await gaps.during("anew", _read_anew(session))
        print(json.dumps(gaps.found), flush=True)
    finally:
        session.end()


async def _filter(panel: BatchPanel) -> None:
    for group in (Group.DONE, Group.ALL, Group.PAUSED, Group.ALL):
        panel.controller.model.show_only(Filter(group=group))
        await asyncio.sleep(0.3)


async def _sort(panel: BatchPanel) -> None:
    for column in (1, 2, 0):
        panel.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
        await asyncio.sleep(0.3)


async def _search(panel: BatchPanel) -> None:
    panel.search.setFocus()
    await type_text(panel.search, "lamp-000")
    await asyncio.sleep(0.8)
    panel.search.clear()
    await until(lambda: panel.controller.model.rowCount() == ROWS)


async def _select(panel: BatchPanel) -> None:
    panel.table.selectAll()
    await asyncio.sleep(0.5)
    panel.table.clearSelection()


async def _sort_selected(panel: BatchPanel) -> None:
    """Qt asks a model about each selected row when the head of its table is painted."""
    panel.table.selectAll()
    await _sort(panel)
    panel.table.clearSelection()
    await asyncio.sleep(0.3)


async def _choose_batches(session: Session, panel: BatchPanel) -> None:
    for batch in (*(each.id for each in session.services.batches.batches[:6]), ""):
        panel.show_batch(batch)
        await asyncio.sleep(0.3)


async def _read_anew(session: Session) -> None:
    """As when another process wrote to the store."""
    for _ in range(5):
        await session.background.call(lambda workspace: workspace.hub.changed.emit(Changed(Kind.ITEM)))
        await asyncio.sleep(0.6)


if __name__ == "__main__":
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    main()
