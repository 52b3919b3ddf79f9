"""``cardforge serve``: the local API, for other programs of this machine."""

from __future__ import annotations

import argparse

from cardforge_desktop.cli.terminal import print_json, say, whole_number
from cardforge_desktop.paths import find_paths

#: Not registered with IANA, and no local engine listens there.
PORT = 8765


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "serve",
        help="answer other programs of this machine over HTTP",
        description="Answer other programs of this machine over HTTP (docs/local-api.md). Only this machine "
        "is answered, and no web page. Ctrl+C ends it.",
    )
    parser.add_argument(
        "--port", type=_port, default=PORT, metavar="N", help=f"0 = any that is free (default: {PORT})"
    )
    parser.add_argument("--json", action="store_true", help="print the address as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until it is interrupted, which is its normal end."""
    from cardforge_desktop.api.server import serve
    from cardforge_desktop.workspace import Workspace, log_to_file

    paths = find_paths()
    workspace = Workspace.open(paths, face="local API")
    log_to_file(paths)

    def tell(address: str) -> None:
        if arguments.json:
            print_json({"address": address})
        else:
            say(f"Listening on {address}. Ctrl+C ends it.")

    try:
        serve(workspace, arguments.port, tell)
    except KeyboardInterrupt:
        pass
    finally:
        workspace.close()
    return 0


def _port(text: str) -> int:
    number = whole_number(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError("must be 0 to 65535")
    return number
