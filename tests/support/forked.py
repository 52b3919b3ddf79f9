"""Commands of the app as processes that are forks: each begins in a few milliseconds.

Whatever a command reads at its start is its own: arguments, environment, folder, standard streams. It ends as
any Python does: threads are waited for and what is left open is told of.
"""

from __future__ import annotations

import atexit
import functools
import subprocess
import tempfile
from pathlib import Path

from tests.support.cradle import Cradle


def run_forked(
    arguments: list[str], folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run ``cardforge ARGUMENTS`` to its end, at most 150 seconds."""
    with tempfile.TemporaryDirectory() as outputs:
        streams = {name: str(Path(outputs, name)) for name in ("stdout", "stderr")}
        plan = {"arguments": arguments, "folder": str(folder), "environment": environment, **streams}
        life = _cradle().live(plan)
        try:
            life.wait_until(lambda: life.over, 150)
        finally:
            life.kill()
        out, err = (Path(path).read_text(encoding="utf-8") for path in streams.values())
    return subprocess.CompletedProcess(arguments, life.exit_code, out, err)


@functools.cache
def _cradle() -> Cradle:
    """The one of this test process, until it ends."""
    cradle = Cradle("tests.support.forked_life:live")
    cradle.__enter__()
    atexit.register(cradle.__exit__)
    return cradle
