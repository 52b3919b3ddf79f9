"""``cardforge books``: how it is called. What each action does is in modules that are loaded at need."""

from __future__ import annotations

import argparse

_ABOUT = (
    "Character books (lorebooks): those that stand by themselves and those in cards of the library. BOOK is "
    "a book's name, in any case, or its id."
)
_CODES = "Exit codes: 0 all done, 1 some failed or nothing was found, 2 wrong use, 130 interrupted."


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its sub-commands."""
    parser = commands.add_parser(
        "books",
        help="list, show, search, test, import and export character books",
        description=f"{_ABOUT} {_CODES}",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_reading(actions)


def _add_reading(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _action(actions, "list", "all books by name")
    showing = _action(actions, "show", "a book and its entries, or one of them in full")
    _book(showing)
    choice = showing.add_mutually_exclusive_group()
    choice.add_argument("--entry", metavar="NAME|ID", help="this entry, in full")
    choice.add_argument("--category", metavar="C", help="only entries of this category (“” = of none)")


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, told: str, description: str = ""
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=told, description=description or f"{told[0].upper()}{told[1:]}.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_run, action=name)
    return parser


def _book(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", help="its name or id")


def _run(arguments: argparse.Namespace) -> int:
    from cardforge_desktop.cli.books.actions import ACTIONS

    return ACTIONS[arguments.action](arguments)
