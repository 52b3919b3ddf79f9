"""Face 2: the headless commands, ``cardforge generate`` and the others of `_parser`.

Exit codes: 0 all done, 1 some failed, 2 wrong use, 4 a profile was saved by somebody else
meanwhile (`profiles`), 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Sequence

from cardforge_desktop import __version__
from cardforge_desktop.child_process import run_child
from cardforge_desktop.cli import (
    batches,
    books,
    convert,
    doctor,
    engines,
    generate,
    inspect,
    limits,
    lint,
    prices,
    profiles,
    serve,
    usage,
)
from cardforge_desktop.cli.card_files import error_report
from cardforge_desktop.cli.interrupts import INTERRUPTED, hear_first, hear_no_more
from cardforge_desktop.cli.terminal import one_line, print_json, print_to_nobody
from cardforge_desktop.errors import CardForgeError

WRONG_USE = 2
_FAILED = 1
#: What the system answers where standard output is a file on a full disk.
_NO_ROOM = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO") if hasattr(errno, name)
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    if argv is None and run_child(sys.argv):
        return 0
    _speak_utf8()
    arguments = _parser().parse_args(argv)
    if argv is None:
        hear_first()
    code = _ended(arguments)
    if argv is None and code == INTERRUPTED:
        hear_no_more()  # it is ending: one more would only spoil the exit code
    return code


def _ended(arguments: argparse.Namespace) -> int:
    """Run the command; its exit code, whatever stopped it."""
    try:
        code = int(arguments.run(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`cardforge … | head`): nobody is left to tell.
        sys.stderr.close()
        return _FAILED
    except OSError as error:
        if error.errno not in _NO_ROOM or error.filename is not None:
            raise
        print(f"cardforge: standard output can't be written: {error.strerror}.", file=sys.stderr)
        print_to_nobody()
        return _FAILED
    except CardForgeError as error:
        print(f"cardforge: {one_line(error.message)}", file=sys.stderr)
        if getattr(arguments, "json", False):
            print_json({"error": error_report(error)})
        return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cardforge", description="Turn source material into character cards, without a window."
    )
    parser.add_argument("--version", action="version", version=f"cardforge {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    generate.add_command(commands)
    batches.add_command(commands)
    convert.add_command(commands)
    inspect.add_command(commands)
    lint.add_command(commands)
    profiles.add_command(commands)
    books.add_command(commands)
    engines.add_command(commands)
    usage.add_command(commands)
    limits.add_command(commands)
    prices.add_command(commands)
    serve.add_command(commands)
    doctor.add_command(commands)
    return parser


def _speak_utf8() -> None:
    """Names in any script must print on any terminal (Windows' default code pages can't)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
