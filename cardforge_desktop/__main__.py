"""``cardforge-desktop [FILE...]``: the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

_USAGE = """\
usage: cardforge-desktop [--version] [--self-test] [FILE ...]

Opens the window. Files and folders go into the queue. `cardforge` is the command line for scripts.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Start the window, or what a flag asks for; returns the exit code."""
    from cardforge_desktop.child_process import run_child

    arguments = list(sys.argv if argv is None else argv)
    if run_child(arguments):
        return 0
    flags = {argument for argument in arguments[1:] if argument.startswith("-")}
    if "--version" in flags:
        import cardforge_desktop

        _say(f"CardForge {cardforge_desktop.__version__}")
        return 0
    if flags & {"--help", "-h"}:
        _say(_USAGE)
        return 0
    if "--self-test" in flags:
        from cardforge_desktop.ui.self_test import self_test

        return self_test()
    from cardforge_desktop.paths import find_paths
    from cardforge_desktop.ui.app import run

    files = [Path(argument).absolute() for argument in arguments[1:] if not argument.startswith("-")]
    return run(find_paths(), files, arguments[:1])


def _say(text: str) -> None:
    # A window app on Windows has no standard output.
    if sys.stdout is not None:
        sys.stdout.write(text.rstrip() + "\n")


if __name__ == "__main__":
    sys.exit(main())
