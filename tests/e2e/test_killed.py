"""kill -9 in the middle of batches: the next start finds what is finished and queues the rest, nothing twice.

Calls are counted in the scripted server's log, files on the disk; not in our own tables alone.
"""

import json
import secrets
import signal
import subprocess
import sys
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.paths import find_paths
from cardforge_desktop.store.database import Store
from tests.e2e.kill_campaign.campaign import PROGRAM, Round, Tally, usual_calls
from tests.e2e.kill_campaign.traces import PHASES
from tests.support.app import open_workspace, variables, write_sources
from tests.support.cradle import Cradle
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


def run_campaign(folder: Path, *, kills: int, first_seed: int, size: int) -> Tally:
    """Rounds until so many kills were made; stops at the first violation, naming its seed."""
    tally = Tally()
    with Cradle(PROGRAM) as cradle:
        usual = usual_calls(cradle, folder / "usual")
        for seed in count(first_seed):
            if tally.kills >= kills:
                break
            try:
                Round(folder / str(seed), seed, size, tally, usual).run(cradle, kills=16)
            except AssertionError as error:
                error.add_note(f"in the round of seed {seed}")
                raise
    return tally


def test_whatever_a_process_was_doing_when_it_was_killed_nothing_is_lost_or_made_twice(
    tmp_path: Path,
) -> None:
    run_campaign(tmp_path, kills=5, first_seed=3, size=1)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_a_long_campaign_of_kills(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tally = run_campaign(tmp_path, kills=250, first_seed=secrets.randbelow(1_000_000), size=8)
    with capsys.disabled():
        sys.stdout.write(f"\n{tally}\n")
    for phase in PHASES:
        assert tally.phases[phase], f"no process was killed while it was {phase}"


def test_a_killed_window_goes_on_where_it_was(tmp_path: Path) -> None:
    finished_before = 3
    log, out, sources = tmp_path / "log.jsonl", tmp_path / "out", tmp_path / "in"
    write_sources(sources, ITEMS)
    with spawn_server(log, None, "--total", "0.2") as url:
        arguments = [url, str(CONCURRENCY), str(sources), str(out)]
        kill_after(finished_before, [sys.executable, "-c", IN_WINDOW, *arguments], out)
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
