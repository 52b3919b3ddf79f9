"""``cardforge engines``: the engines at hand, and whether each answers."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from cardforge_desktop.cli.terminal import whole_number
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.paths import find_paths


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its sub-commands."""
    parser = commands.add_parser("engines", help="list, add and remove engines")
    parser.set_defaults(run=list_engines)
    actions = parser.add_subparsers(metavar="ACTION")
    add = actions.add_parser("add", help="add an OpenAI-compatible server")
    add.add_argument("name")
    add.add_argument("--kind", required=True, choices=("openai",))
    add.add_argument("--url", required=True, help="base URL, such as http://127.0.0.1:1234/v1")
    add.add_argument("--model", required=True)
    add.add_argument(
        "--key-env", default="", metavar="VAR", help="environment variable that holds the API key"
    )
    add.add_argument(
        "--max-concurrent", type=whole_number, metavar="N", help="calls at once that the server bears"
    )
    add.set_defaults(run=add_engine)
    remove = actions.add_parser("remove", help="remove an engine and its key")
    remove.add_argument("name")
    remove.set_defaults(run=remove_engine)


def list_engines(_arguments: argparse.Namespace) -> int:
    """Print a line per engine; exit code 1 when one does not answer."""
    from cardforge_desktop.workspace import Workspace

    workspace = Workspace.open(find_paths(), face="command line")
    try:
        connections = workspace.engines.connections()
        with ThreadPoolExecutor(max_workers=8) as pool:
            states = list(pool.map(workspace.engines.check, [connection.name for connection in connections]))
        for connection, health in zip(connections, states, strict=True):
            state = "answers" if health.ok else "does not answer"
            place = connection.url or "offline, in this app"
            print(f"{workspace.engines.label(connection.name)}: {state}")
            print(f"    {place}  {connection.model}".rstrip())
            print(f"    {health.message}")
    finally:
        workspace.close()
    return 0 if all(health.ok for health in states) else 1


def add_engine(arguments: argparse.Namespace) -> int:
    """Store a connection; the key itself stays in the environment variable."""
    from cardforge_desktop.workspace import Workspace

    workspace = Workspace.open(find_paths(), face="command line")
    try:
        connection = Connection(
            name=arguments.name,
            kind=arguments.kind,
            url=arguments.url,
            model=arguments.model,
            key_env=arguments.key_env,
            max_concurrent=arguments.max_concurrent,
        )
        workspace.engines.add(connection, None)
    finally:
        workspace.close()
    print(
        f'Added “{arguments.name}”. Try it: cardforge generate SOURCE --engine "{arguments.name}"',
        file=sys.stderr,
    )
    return 0


def remove_engine(arguments: argparse.Namespace) -> int:
    """Forget a connection and its key."""
    from cardforge_desktop.workspace import Workspace

    workspace = Workspace.open(find_paths(), face="command line")
    try:
        workspace.engines.remove(arguments.name)
    finally:
        workspace.close()
    print(f"Removed “{arguments.name}”.", file=sys.stderr)
    return 0
