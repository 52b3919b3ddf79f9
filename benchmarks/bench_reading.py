"""A queue of 5,000 items: how long it takes to read, what it weighs, also in the window's table.

The baseline is the same rows read whole with the bare sqlite3 module.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from cardforge_desktop.batches.model import BatchStatus, ItemStatus
from cardforge_desktop.ui.batch.queue_model import QueueModel
from cardforge_desktop.workspace import Workspace
from tests.support.app import open_workspace
from tests.support.filled_store import Filling, fill

ITEMS = 5_000
RUNS = 5


def main() -> None:
    """Print reading times and memory with their baselines."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["CARDFORGE_HOME"] = str(Path(folder) / "home")
        with open_workspace() as workspace:
            # Paused, so that no scheduler of a workspace takes it for work.
            queued = {"status": ItemStatus.QUEUED, "batch_status": BatchStatus.PAUSED}
            fill(workspace._store, Filling(items=ITEMS, calls=0, **queued))  # type: ignore[arg-type]
            fill(workspace._store, Filling(batches=300, items=20, mark="old"))
            _hide(workspace)
            measure(workspace)


def _hide(workspace: Workspace) -> None:
    """Take what is past off the panel, as a person would."""
    past = [batch.id for batch in workspace.batches.batches() if batch.status is BatchStatus.COMPLETED]
    items = [item.id for batch in past for item in workspace.batches.items(batch_id=batch)]
    workspace.drafts.remove(items)


@dataclass(frozen=True)
class Cost:
    """Seconds of computing and bytes kept."""

    seconds: float
    kept: int


def cost_of(read: Callable[[], Any]) -> Cost:
    """The median time of reading, and what its result weighs while it is kept."""
    seconds = []
    for _ in range(RUNS):
        began = time.thread_time()
        read()
        seconds.append(time.thread_time() - began)
    gc.collect()
    tracemalloc.start()
    kept = read()
    gc.collect()
    weight, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return Cost(median(seconds), weight)


def measure(workspace: Workspace) -> None:
    """Print one line for each thing that is read."""
    shown = "SELECT * FROM item WHERE batch_id = (SELECT batch_id FROM item WHERE hidden = 0 LIMIT 1)"

    def bare() -> list[Any]:
        with sqlite3.connect(workspace.paths.store) as connection:
            return connection.execute(shown).fetchall()

    baseline = cost_of(bare)
    items = workspace.batches.items()
    few = [item.id for item in items[:8]]
    queue = cost_of(workspace.batches.items)
    print(f"queue of {len(items):,}: bare sqlite3 {baseline.seconds * 1000:.0f} ms of computing")
    _tell_time("items of the whole queue", queue, baseline)
    _tell_time("eight items", cost_of(lambda: workspace.batches.items(few)), baseline)
    _tell_time("history of 300 batches", cost_of(workspace.batches.batches), baseline)
    _tell_time("counts and time left", cost_of(workspace.batches.summary), baseline)
    print(f"memory for 1,000 items: bare sqlite3 {baseline.kept / len(items) / 1e3:.2f} MB")
    _tell_weight("items of the queue", queue.kept, baseline, len(items))
    table = cost_of(lambda: _table(items))
    _tell_weight("with the window's table", queue.kept + table.kept, baseline, len(items))


def _tell_time(name: str, cost: Cost, baseline: Cost) -> None:
    print(f"  {name:<26} {cost.seconds / baseline.seconds:6.2f}×  ({cost.seconds * 1000:.1f} ms)")


def _tell_weight(name: str, kept: int, baseline: Cost, items: int) -> None:
    print(f"  {name:<26} {kept / baseline.kept:6.2f}×  ({kept / items / 1e3:.2f} MB)")


def _table(items: Any) -> Any:
    """The model of the window's table, with these rows in it."""
    model = QueueModel()
    model.replace(items)
    return model


if __name__ == "__main__":
    main()
