"""A batch of 200 items against a local server that answers in 200 ms, concurrency 8, against the ideal."""

from __future__ import annotations

import math
import os
import tempfile
import time
from pathlib import Path

from cardforge_desktop.batches.model import ItemStatus, Options
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import spawn_server

ITEMS = 200
CONCURRENCY = 8
ANSWER_SECONDS = 0.2
RUNS = 3


def main() -> None:
    """Print the ratio of each run and their median."""
    ratios = sorted(run_once() for _ in range(RUNS))
    ideal = math.ceil(ITEMS / CONCURRENCY) * ANSWER_SECONDS
    print(f"batch of {ITEMS}, concurrency {CONCURRENCY}: ideal {ideal:.2f} s")
    print(f"  time / ideal: {', '.join(f'{ratio:.3f}' for ratio in ratios)}  (aim ≤ 1.05)")
    print(f"  median {ratios[len(ratios) // 2]:.3f}")


def run_once() -> float:
    """Time from Start to the last file, over the ideal."""
    with (
        tempfile.TemporaryDirectory() as folder,
        spawn_server(Path(folder) / "log.jsonl", None, "--first", str(ANSWER_SECONDS)) as url,
    ):
        os.environ["CARDFORGE_HOME"] = str(Path(folder) / "home")
        sources = write_sources(Path(folder) / "in", ITEMS)
        with open_workspace(url, CONCURRENCY) as workspace:
            options = Options(output=Path(folder) / "out", engine=ENGINE, include_book=False)
            # One card first: imports and the tokenizer are start-up, not batch.
            workspace.queue.submit(sources[:1], options)
            workspace.queue.wait_idle()
            ids = workspace.drafts.add(sources, options)
            while any(item.estimate_input is None for item in workspace.batches.items(ids)):
                time.sleep(0.1)
            began = time.perf_counter()
            workspace.queue.start(ids)
            workspace.queue.wait_idle()
            seconds = time.perf_counter() - began
            states = {item.status for item in workspace.batches.items(ids)}
            if states != {ItemStatus.COMPLETED}:
                raise SystemExit(f"not all items were made: {states}")
    return seconds / (math.ceil(ITEMS / CONCURRENCY) * ANSWER_SECONDS)


if __name__ == "__main__":
    main()
