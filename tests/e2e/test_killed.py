"""kill -9 in the middle of a batch: the next start finds what is finished and queues the rest, nothing twice.

Calls are counted in the scripted server's log, files on the disk; not in our own tables.
"""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.paths import find_paths
from cardforge_desktop.store.database import Store
from tests.support.app import open_workspace, variables, write_sources
from tests.support.scripted_server import read_log, spawn_server

ITEMS = 12
CONCURRENCY = 3

# Adds the sources and presses Start in the real window.
IN_WINDOW = """
import sys
from pathlib import Path
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.paths import find_paths
from cardforge_desktop.ui import app
from tests.support.app import ENGINE
live = app._live
def press_start(application, session, *rest):
    from PySide6.QtCore import QTimer
    def begin():
        session.workspace.engines.add(Connection(ENGINE, "openai", sys.argv[1], "scripted-1"), None)
        out, concurrency = Path(sys.argv[4]), int(sys.argv[2])
        session.workspace.settings.update(engine=ENGINE, concurrency=concurrency, output=out)
        session.frame.batch.controller.refreshed.connect(start_when_read)
        session.frame.add([Path(sys.argv[3])])
    def start_when_read():
        rows = session.frame.batch.controller.model.items()
        if rows and all(row.estimate_input for row in rows):
            session.services.actions["queue.start"].trigger()
    session.ready.connect(begin)
    live(application, session, *rest)
app._live = press_start
app.run(find_paths(), [], ["cardforge-desktop"])
"""

# What the window does when Start is pressed, without the window.
HEADLESS = """
import sys
from pathlib import Path
from cardforge_desktop.batches.model import Options
from tests.support.app import ENGINE, open_workspace
with open_workspace(sys.argv[1], concurrency=int(sys.argv[2])) as workspace:
    workspace.drafts.add([Path(sys.argv[3])], Options(output=Path(sys.argv[4]), engine=ENGINE))
    workspace.queue.start()
    print("started", flush=True)
    workspace.queue.wait_idle()
"""


def source_of(body: object) -> str:
    """Which of the sources a request is about."""
    text = json.dumps(body)
    return next(f"Marrow{number}" for number in range(ITEMS, 0, -1) if f"Marrow{number}" in text)


def cards_on_disk(folder: Path) -> Counter[str]:
    """How many V2 files there are for each source."""
    found: Counter[str] = Counter()
    for path in folder.glob("*_v2*.json"):
        found[source_of(json.loads(path.read_text(encoding="utf-8")))] += 1
    return found


@pytest.mark.parametrize(("program", "finished_before"), [(IN_WINDOW, 3), (HEADLESS, 1), (HEADLESS, 8)])
def test_a_killed_batch_goes_on_where_it_was(tmp_path: Path, program: str, finished_before: int) -> None:
    log, out, sources = tmp_path / "log.jsonl", tmp_path / "out", tmp_path / "in"
    write_sources(sources, ITEMS)
    with spawn_server(log, None, "--total", "0.2") as url:
        arguments = [url, str(CONCURRENCY), str(sources), str(out)]
        kill_after(finished_before, [sys.executable, "-c", program, *arguments], out)
        before = Counter(source_of(one.body) for one in read_log(log) if "chat" in one.path)
        answered = {source_of(one.body) for one in read_log(log) if one.outcome == "answer"}
        done_before = set(cards_on_disk(out))
        with open_workspace(url, concurrency=CONCURRENCY) as workspace:
            states = Counter(item.status for item in workspace.batches.items())
            assert states[ItemStatus.PROCESSING] == 0
            assert workspace.queue.adopt() == states[ItemStatus.QUEUED]
            assert workspace.queue.wait_idle(timeout=60)
            items = workspace.batches.items()
            assert [item.status for item in items] == [ItemStatus.COMPLETED] * ITEMS
            assert len(workspace.library.cards()) == ITEMS
        total = Counter(source_of(one.body) for one in read_log(log) if "chat" in one.path)

    (once,) = {before[name] for name in done_before}  # as many calls as an uninterrupted card takes
    for name, calls in total.items():
        if name in done_before:
            assert calls == before[name], "a finished card is never asked for again"
        extra = calls - once
        assert extra <= (1 if name in before and name not in done_before else 0), (
            f"{name}: only the call in flight at the crash may be made again"
        )
    assert cards_on_disk(out) == Counter({f"Marrow{number}": 1 for number in range(1, ITEMS + 1)})
    assert list(out.glob(".cardforge-*")) == [] or answered
    check_store_is_sound()


def kill_after(finished: int, command: list[str], out: Path) -> None:
    """Run the batch in a process of its own and kill it when so many cards have all their files."""
    with subprocess.Popen(command, env=variables(), stdout=subprocess.PIPE, text=True) as process:
        while sum(cards_on_disk(out).values()) < finished:
            assert process.poll() is None, "the batch ended before it could be killed"
        process.send_signal(signal.SIGKILL)


def check_store_is_sound() -> None:
    """SQLite's own look at the file, and at the links between rows."""
    store = Store(find_paths().store)
    with store.read() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    store.close()
