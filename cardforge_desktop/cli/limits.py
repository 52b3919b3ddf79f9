"""``cardforge limits``: what may be spent at most."""

from __future__ import annotations

import argparse
from dataclasses import replace
from decimal import Decimal

from cardforge_desktop.cli.terminal import print_json
from cardforge_desktop.paths import find_paths

_NONE = "none"
#: Not given: that limit stays as it is.
_AS_IT_IS = object()
_SCOPES = {"day": "from midnight to midnight", "month": "in a calendar month"}


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "limits",
        help="show or set what may be spent a day and a month",
        description="Show the limits and what is left of them, after setting those that are given. Before "
        "each call the most it may take is reserved, in all processes together: no limit is ever passed. "
        "Batches that a limit stops are paused, and go on when it is raised or resets. Calls of local "
        "engines do not count. A batch's own limit is set with `cardforge generate --limit-cost`.",
    )
    for scope, told in _SCOPES.items():
        parser.add_argument(
            f"--{scope}-cost",
            type=dollars_or_none,
            default=_AS_IT_IS,
            metavar="DOLLARS",
            help=f"US dollars {told}, such as 2.50, or none",
        )
        parser.add_argument(
            f"--{scope}-tokens",
            type=tokens_or_none,
            default=_AS_IT_IS,
            metavar="N",
            help=f"tokens {told}, read and written together, such as 500k, or none",
        )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Set what was given, then print all limits."""
    from cardforge_desktop.batches.usage_report import limit_reports
    from cardforge_desktop.cli.usage import limit_lines
    from cardforge_desktop.workspace import Workspace

    workspace = Workspace.open(find_paths(), face="command line")
    try:
        for scope in _SCOPES:
            values = {name: getattr(arguments, f"{scope}_{name}") for name in ("cost", "tokens")}
            given = {name: value for name, value in values.items() if value is not _AS_IT_IS}
            if given:
                workspace.limits.set(scope, replace(workspace.limits.get(scope), **given))
        standings = workspace.limits.standings()
    finally:
        workspace.close()
    if arguments.json:
        print_json(limit_reports(standings))
    else:
        print(*limit_lines(standings), sep="\n")
    return 0


def dollars_or_none(text: str) -> Decimal | None:
    """An amount; None for ``none``.

    Raises:
        ArgumentTypeError: it is neither.
    """
    from cardforge_desktop.costs.amounts import read_dollars

    try:
        return None if text.strip().casefold() == _NONE else read_dollars(text)
    except ValueError as error:
        told = f"{text!r} is no amount of US dollars such as 2.50, and not none"
        raise argparse.ArgumentTypeError(told) from error


def tokens_or_none(text: str) -> int | None:
    """A number of tokens; None for ``none``.

    Raises:
        ArgumentTypeError: it is neither.
    """
    from cardforge_desktop.costs.amounts import read_tokens

    try:
        return None if text.strip().casefold() == _NONE else read_tokens(text)
    except ValueError as error:
        told = f"{text!r} is no number of tokens such as 500000 or 500k, and not none"
        raise argparse.ArgumentTypeError(told) from error
