"""The window: start to first paint and memory at idle against a bare PySide6 window; gaps during a batch.

The gaps are taken with an empty table beside the batch, and with thousands of rows in it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from cardforge_desktop.batches.model import BatchStatus, ItemStatus
from tests.support.app import open_workspace, variables, write_sources
from tests.support.filled_store import Filling, fill
from tests.support.scripted_server import spawn_server

RUNS = 7
ITEMS = 200
ROWS = 5_000
CONCURRENCY = 8
ANSWER_SECONDS = 0.2

BARE = """
import json, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        if not painted:
            painted.append(time.time())
            QTimer.singleShot(1500, app.quit)
painted = []
app = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""

# The real start, `ui.app.run`; only the end is ours.
APP = """
import json, sys, time
from cardforge_desktop.paths import find_paths
from cardforge_desktop.ui import app
painted = []
paint_first, live = app._paint_first, app._live
def watch(session):
    session.window.painted.connect(lambda: painted.append(time.time()))
    paint_first(session)
def end_when_idle(application, session, *rest):
    from PySide6.QtCore import QTimer
    session.ready.connect(lambda: QTimer.singleShot(1500, leave))
    def leave():
        report()
        session.end()
    live(application, session, *rest)
app._paint_first, app._live = watch, end_when_idle
"""

REPORT = """
def report():
    status = open('/proc/self/status').read()
    resident = int(status.split('VmRSS:')[1].split()[0]) / 1024
    print(json.dumps({'painted': painted[0], 'resident': resident}), flush=True)
"""

GAPS = """
import json, sys, time
from pathlib import Path
from cardforge_desktop.batches.model import Options
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.paths import find_paths
from cardforge_desktop.ui import app
url, sources, items, concurrency = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
live = app._live
def measured(application, session, *rest):
    from PySide6.QtCore import QTimer, Qt
    ticks, clock, state = [], QTimer(session), QTimer(session)
    clock.setTimerType(Qt.TimerType.PreciseTimer)
    clock.timeout.connect(lambda: ticks.append((time.perf_counter(), time.thread_time())))
    def begin():
        workspace = session.workspace
        workspace.engines.add(Connection('Scripted', 'openai', url, 'scripted-1'), None)
        workspace.settings.update(engine='Scripted', concurrency=concurrency)
        workspace.drafts.add([sources], Options(output=sources.parent / 'out', engine='Scripted'))
        state.timeout.connect(look)
        state.start(250)
    def look():
        rows = [row for row in session.frame.batch.controller.model.items() if "filled" not in row.id]
        if len(rows) < items:
            return
        if all(row.status.value == 'draft' and row.estimate_input for row in rows):
            if not clock.isActive():
                clock.start(5)
                session.services.actions['queue.start'].trigger()
        elif all(row.status.value == 'completed' for row in rows):
            clock.stop()
            state.stop()
            pairs = list(zip(ticks, ticks[1:]))
            gaps = sorted((after - before) * 1000 for (before, _), (after, _) in pairs)
            work = max((after - before) * 1000 for (_, before), (_, after) in pairs)
            print(json.dumps({'gaps': gaps, 'work': work}), flush=True)
            session.end()
    session.ready.connect(begin)
    live(application, session, *rest)
app._live = measured
app.run(find_paths(), [], ['cardforge-desktop'])
"""


def main() -> None:
    """Print every ratio with its baseline."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        start(APP + REPORT + RUN, home)  # the first start makes the store
        pairs = [
            (start(BARE + REPORT + "report()", home), start(APP + REPORT + RUN, home)) for _ in range(RUNS)
        ]
    seconds = [app["painted"] / bare["painted"] for bare, app in pairs]
    memory = [app["resident"] / bare["resident"] for bare, app in pairs]
    print(f"start to first painted window / bare window: median {median(seconds):.2f}  (aim ≤ 2.0)")
    print(f"  bare {median(bare['painted'] for bare, _ in pairs) * 1000:.0f} ms")
    print(f"memory at idle / bare window: median {median(memory):.2f}  (aim ≤ 2)")
    print(f"  bare {median(bare['resident'] for bare, _ in pairs):.0f} MB")
    print(f"gaps of the window's thread during a batch of {ITEMS}, concurrency {CONCURRENCY}, 5 ms tick:")
    for rows in (0, ROWS):
        gaps, work = gaps_during_a_batch(rows)
        print(
            f"  {rows:,} more rows: 99.9th percentile {gaps[int(len(gaps) * 0.999)]:.1f} ms  (aim ≤ 16), "
            f"maximum {gaps[-1]:.1f} ms, most work in one gap {work:.1f} ms  (aim ≤ 8)"
        )


RUN = "app.run(find_paths(), [], ['cardforge-desktop'])"


def start(code: str, home: str) -> dict[str, float]:
    """Seconds from the start of a process to its first paint, and its memory in MB when idle."""
    began = time.time()
    found = json.loads(run(code, home))
    return {"painted": found["painted"] - began, "resident": found["resident"]}


def gaps_during_a_batch(rows: int) -> tuple[list[float], float]:
    """Milliseconds between ticks of the window's thread, sorted, and the most it computed between two.

    Args:
        rows: more rows that are in the table and wait.
    """
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        spawn_server(Path(home) / "log.jsonl", None, "--total", str(ANSWER_SECONDS)) as url,
    ):
        sources = Path(home) / "in"
        write_sources(sources, ITEMS)
        if rows:
            os.environ["CARDFORGE_HOME"] = str(Path(home) / "home")
            with open_workspace() as workspace:
                waiting = Filling(
                    items=rows, calls=0, status=ItemStatus.QUEUED, batch_status=BatchStatus.PAUSED
                )
                fill(workspace._store, waiting)
        found = json.loads(run(GAPS, home, url, str(sources), str(ITEMS), str(CONCURRENCY)))
    return found["gaps"], found["work"]


def run(code: str, home: str, *arguments: str) -> str:
    """The last line a Python process printed."""
    environment = variables(CARDFORGE_HOME=str(Path(home) / "home"), QT_QPA_PLATFORM="offscreen")
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if ended.returncode or not ended.stdout.strip():
        raise SystemExit(f"the measured process failed:\n{ended.stderr[-2000:]}")
    return ended.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    main()
