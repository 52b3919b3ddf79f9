"""What an item asks of the store, beyond its answer: bounds on statements and on writes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from cardforge_desktop.batches.model import Options
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer

FEW, MANY = 4, 24
#: Of the thread that makes it: source kept, call begun, call ended, card stored, files noted.
WRITES = 5
MOST_STATEMENTS = 21


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url, 2) as workspace:
        yield workspace


def test_an_item_takes_few_statements_and_writes_however_long_the_batch(
    workspace: Workspace, tmp_path: Path
) -> None:
    counts: Counter[str] = Counter()

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if threading.current_thread().name.startswith("cardforge-generation"):
            counts["writes"] += statement == "BEGIN IMMEDIATE"
            counts["statements"] += not statement.startswith("BEGIN")

    for engine in (workspace._store._engine, workspace._store._write_engine):
        event.listen(engine, "before_cursor_execute", count)
    found = []
    for name, items in (("warm", 1), ("few", FEW), ("many", MANY)):
        counts.clear()
        sources = write_sources(tmp_path / name, items)
        workspace.queue.submit(sources, Options(output=tmp_path / "out", engine=ENGINE, include_book=False))
        assert workspace.queue.wait_idle(60)
        found.append(Counter(counts))
    each = {key: (found[2][key] - found[1][key]) / (MANY - FEW) for key in ("statements", "writes")}
    assert each["writes"] == WRITES
    assert each["statements"] <= MOST_STATEMENTS
