"""``cardforge books``: how it is called. What each action does is in modules that are loaded at need."""

from __future__ import annotations

import argparse

from cardforge_desktop.cli.terminal import whole_number

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
    _add_files(actions)
    _add_put(actions)


def _add_reading(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _action(actions, "list", "all books by name")
    showing = _action(actions, "show", "a book and its entries, or one of them in full")
    _book(showing)
    choice = showing.add_mutually_exclusive_group()
    choice.add_argument("--entry", metavar="NAME|ID", help="this entry, in full")
    choice.add_argument("--category", metavar="C", help="only entries of this category (“” = of none)")
    _add_search(actions)
    _add_test(actions)


def _add_search(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    searching = _action(
        actions,
        "search",
        "find entries by their name, keys and text",
        "Find entries in which every word of TEXT stands, each perhaps not written to its end; words in "
        "“quotes” stand side by side. Case and accents count for nothing. The best finds come first.",
    )
    searching.add_argument("words", nargs="+", metavar="TEXT", help="words, or “a phrase” in quotes")
    searching.add_argument("--book", metavar="BOOK", help="only in this book (default: in all)")
    searching.add_argument("--category", metavar="C", help="only entries of this category (“” = of none)")
    searching.add_argument(
        "--limit", type=_count, default=20, metavar="N", help="at most so many (default: 20)"
    )


def _add_test(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    testing = _action(
        actions,
        "test",
        "say which entries a chat wakes, and why the others sleep",
        "Say which entries of a book a chat wakes by SillyTavern's rules, in the order of the prompt, what "
        "the token budget cuts, and why the others sleep. Dice are shown, not rolled.",
    )
    _book(testing)
    testing.add_argument(
        "--chat",
        required=True,
        metavar="FILE",
        help="“Name: text” lines or a chat of SillyTavern (- = standard input)",
    )
    testing.add_argument("--char", default="", metavar="NAME", help="who {{char}} is")
    testing.add_argument("--user", default="User", metavar="NAME", help="who {{user}} is (default: User)")
    testing.add_argument("--depth", type=_count, metavar="N", help="messages that are searched (default: 2)")
    testing.add_argument("--context", type=_count, metavar="N", help="tokens of the context (default: 8192)")
    testing.add_argument(
        "--budget", type=_count, metavar="N", help="tokens for all entries (default: 25 %% of it)"
    )
    testing.add_argument("--no-recursion", action="store_true", help="entries wake no others")
    testing.add_argument(
        "--as-book",
        action="store_true",
        help="follow the book's own depth, budget and recursion, as V2 and V3 say",
    )


def _add_files(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    importing = _action(
        actions,
        "import",
        "take books from files",
        "Take the books in files: lorebooks of every known kind, and those in cards. Each becomes a book of "
        "its own; what is there already is left as it is. With --into, one file goes into a book that is "
        f"there: what would change is printed first. {_CODES}",
    )
    importing.add_argument(
        "files", nargs="+", metavar="FILE", help="files, or folders of them (- = standard input)"
    )
    importing.add_argument("--into", metavar="BOOK", help="bring the file into this book")
    _how(importing, "with --into: ")
    exporting = _action(
        actions,
        "export",
        "write books to files",
        "Write each book to a file of its own in the current folder, or in PATH; where PATH ends with .json, "
        f"one book into that file. What a format can't hold is said. {_CODES}",
    )
    exporting.add_argument("books", nargs="*", metavar="BOOK", help="names or ids")
    exporting.add_argument("--all", action="store_true", help="all books that stand by themselves")
    exporting.add_argument(
        "--format", choices=("lorebook", "worldinfo", "book"), default="lorebook",
        help="V3 lorebook, SillyTavern's world info, or the character book alone (default: lorebook)",
    )  # fmt: skip
    exporting.add_argument("--out", metavar="PATH", help="where to: folder or file (- = standard output)")
    exporting.add_argument("--overwrite", action="store_true", help="replace files of these names")


def _add_put(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    putting = _action(
        actions,
        "put",
        "put a book into cards of the library",
        "Put a copy of a book into cards of the library, in the place of the book they have; with --merge "
        "their own entries stay, and what the book tells besides is added. What would change is printed "
        f"first. Each card's history has what was before. {_CODES}",
    )
    _book(putting)
    putting.add_argument("cards", nargs="*", metavar="CARD", help="names or ids of cards")
    putting.add_argument(
        "--behind", action="store_true", help="into all cards whose copy is older than the book"
    )
    _how(putting)


def _how(parser: argparse.ArgumentParser, when: str = "") -> None:
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--merge", dest="how", action="store_const", const="merge",
        help=f"{when}add what is new; nothing that somebody wrote is changed",
    )  # fmt: skip
    choice.add_argument(
        "--replace",
        dest="how",
        action="store_const",
        const="replace",
        help=f"{when}take the place of what is there",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=f"{when}print what would change, and change nothing"
    )


def _count(text: str) -> int:
    number = whole_number(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


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
