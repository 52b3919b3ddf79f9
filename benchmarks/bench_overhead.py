"""What an item costs beside its answer: batches against a bare httpx loop that only fetches the answers.

With --full every size at every concurrency, which takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cardforge_desktop.batches.model import BatchOptions, ItemStatus, Options
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import read_log, spawn_server

ANSWER_SECONDS = 0.02
SHORT = [(200, 1), (200, 8), (200, 32), (5_000, 8)]
FULL = [(items, concurrency) for items in (200, 5_000) for concurrency in (1, 8, 32)]


@dataclass(frozen=True)
class Measured:
    """Seconds of both ways, and those in which our process was computing."""

    ours: float
    bare: float
    computing: float


def main() -> None:
    """Print a line for each size and concurrency."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="every size at every concurrency")
    asked, _ = parser.parse_known_args()
    print(f"answers of {ANSWER_SECONDS * 1000:.0f} ms; items × concurrency: time / bare httpx loop")
    for items, concurrency in FULL if asked.full else SHORT:
        took = measure(items, concurrency)
        beside = (took.ours - took.bare) / items * 1000
        each, computing = took.bare / items * 1000, took.computing / items * 1000
        print(
            f"  {items:>5} × {concurrency:<2}  {took.ours / took.bare:5.2f}×   "
            f"bare {each:.1f} ms an item, ours {beside:+.1f} ms; {computing:.1f} ms of computing",
            flush=True,
        )


def measure(items: int, concurrency: int) -> Measured:
    """A batch from its adding to its last file, then as many of the same requests without anything around."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "log.jsonl"
        os.environ["CARDFORGE_HOME"] = str(Path(folder) / "home")
        with (
            spawn_server(log, None, "--first", str(ANSWER_SECONDS)) as url,
            open_workspace(url, concurrency) as workspace,
        ):
            sources = write_sources(Path(folder) / "in", items)
            options = Options(output=Path(folder) / "out", engine=ENGINE, include_book=False)
            # One card first: imports and the tokenizer are start-up, not batch.
            workspace.queue.submit(sources[:1], options)
            workspace.queue.wait_idle()
            body = read_log(log)[-1].body
            began, computed = time.perf_counter(), time.process_time()
            batch = workspace.queue.submit(sources, options, batch=BatchOptions(max_concurrent=concurrency))
            workspace.queue.wait_idle()
            ours, computing = time.perf_counter() - began, time.process_time() - computed
            counts = workspace.batches.summary_of(batch).counts
            if counts.completed != counts.total or counts.total != items:
                raise SystemExit(f"not all items were {ItemStatus.COMPLETED}: {counts}")
            bare = asyncio.run(fetch_all(f"{url}/chat/completions", body, items, concurrency))
    return Measured(ours, bare, computing)


async def fetch_all(url: str, body: Any, items: int, concurrency: int) -> float:
    """Seconds that so many requests take side by side, each read to the end of its stream."""
    left = iter(range(items))

    async def fetch(client: httpx.AsyncClient) -> None:
        for _ in left:
            async with client.stream("POST", url, json=body) as response:
                async for _line in response.aiter_lines():
                    pass

    limits = httpx.Limits(max_connections=concurrency)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:
        began = time.perf_counter()
        await asyncio.gather(*(fetch(client) for _ in range(concurrency)))
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
