"""A worker's mark dies with its process, however that ends."""

import signal
import subprocess
import sys
from pathlib import Path

from cardforge_desktop.batches.liveness import Presence

CHILD = """
import sys
from pathlib import Path
from cardforge_desktop.batches.liveness import Presence
presence = Presence(Path(sys.argv[1]))
print(presence.worker_id, flush=True)
sys.stdin.read()
"""


def test_a_process_is_alive_until_it_is_killed(tmp_path: Path) -> None:
    own = Presence(tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    assert child.stdin is not None
    worker_id = child.stdout.readline().strip()
    assert own.alive(worker_id)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not own.alive(worker_id)
    assert own.alive(own.worker_id)
    child.stdin.close()
    child.stdout.close()
    own.close()
    assert list(tmp_path.iterdir()) == []


def test_a_worker_nobody_knows_is_dead(tmp_path: Path) -> None:
    own = Presence(tmp_path)
    assert not own.alive("worker_unknown")
    own.close()


WITH_A_CHILD = """
import subprocess, sys
from pathlib import Path
from cardforge_desktop.batches.liveness import Presence
presence = Presence(Path(sys.argv[1]))
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=sys.stdin)
print(presence.worker_id, flush=True)
child.wait()
"""


def test_a_child_that_lives_on_does_not_keep_its_parents_mark(tmp_path: Path) -> None:
    """Such as the server of the built-in engine, until it notices."""
    own = Presence(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", WITH_A_CHILD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdin is not None
        worker_id = parent.stdout.readline().strip()
        assert own.alive(worker_id)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert not own.alive(worker_id)
        parent.stdin.close()  # lets the child end
    own.close()
