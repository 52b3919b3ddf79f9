"""A workspace of its own, and the app as a process."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cardforge_desktop.engines.base import Connection
from cardforge_desktop.paths import find_paths
from cardforge_desktop.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
ENGINE = "Scripted"

_SOURCE = """\
# Keeper {number}

The lamp of tower {number} is kept by Tessa Marrow{number}. She climbs {steps} steps at night.

Her coat was sewn from a sail that came ashore in the spring. Nobody in the harbour has ever heard Tessa sing.
She owes the chandler for eleven gallons of oil. On Sundays she mends nets with her left hand only.

A letter arrived this morning without a stamp. It says that the lamp must stay dark on Thursday.
"""


@contextmanager
def open_workspace(url: str = "", concurrency: int | None = None) -> Iterator[Workspace]:
    """The workspace in this test's home; with `url`, an engine `ENGINE` at that address."""
    workspace = Workspace.open(find_paths(), concurrency)
    try:
        if url and all(known.name != ENGINE for known in workspace.engines.connections()):
            workspace.engines.add(Connection(ENGINE, "openai", url, "scripted-1"), None)
        yield workspace
    finally:
        workspace.close()


def cardforge(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end, in a process of its own.

    That is a fork of one in which everything is imported: importing takes a second of each start. What Python
    itself reads at its start (PYTHONIOENCODING, LC_ALL), and a system without fork, get a new one; so do the
    tests that start `command` themselves.
    """
    words = [str(each) for each in arguments]
    from tests.support.forked import run_forked

    if hasattr(os, "fork") and not any(name.startswith(("PYTHON", "LC_", "LANG")) for name in environment):
        return run_forked(words, cwd, variables(**environment))
    return subprocess.run(
        command(*words),
        cwd=cwd,
        env=variables(**environment),
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


def command(*arguments: str | Path) -> Sequence[str]:
    """The command line of ``cardforge ARGUMENTS`` in this checkout."""
    entry = "import sys; from cardforge_desktop.cli import main; sys.exit(main())"
    return [sys.executable, "-c", entry, *map(str, arguments)]


def variables(**more: str) -> dict[str, str]:
    """The environment of a child process: this test's home, this checkout's package."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def write_sources(folder: Path, count: int) -> list[Path]:
    """Short distinct sources about one named person each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(1, count + 1):
        path = folder / f"source-{number:03d}.md"
        path.write_text(_SOURCE.format(number=number, steps=number + 40), encoding="utf-8")
        paths.append(path)
    return paths
