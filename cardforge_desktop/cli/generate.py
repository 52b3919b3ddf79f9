"""``cardforge generate``: sources in, card files out; or a card in, the same card with new fields out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.batches.model import BOOK_TOKENS, MOST_BOOK_TOKENS, BatchOptions, Options, Priority
from cardforge_desktop.cli.card_files import check_there
from cardforge_desktop.cli.foreground import run_to_end
from cardforge_desktop.cli.limits import dollars_or_none, tokens_or_none
from cardforge_desktop.cli.name_options import add_name_options, rules_of
from cardforge_desktop.cli.terminal import one_line, print_json, say, whole_number
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.paths import find_paths

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "generate",
        help="make character cards from source files or folders, or update a card",
        description="Make character cards from source files or folders, or update a card. Ctrl+C interrupts: "
        "nothing is lost, and `cardforge batches resume` goes on. Exit codes: 0 all made, 1 some not, "
        "2 wrong use, 130 interrupted.",
    )
    _add_what(parser)
    _add_shared_book(parser)
    _add_files(parser)
    _add_batch(parser)
    parser.set_defaults(run=run)


def _add_what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        type=Path,
        metavar="SOURCE",
        help="a file (text, document, e-book, character card) or a folder",
    )
    parser.add_argument("--together", action="store_true", help="make one card of all the sources")
    parser.add_argument(
        "--update",
        type=Path,
        metavar="CARD",
        help="keep this card but for the profile's fields, which are written anew, into new files; without "
        "SOURCE from the card itself",
    )
    parser.add_argument(
        "--fields",
        type=_names,
        default=(),
        metavar="NAME,...",
        help="with --update: only these of the profile's fields, such as description,first_mes,book",
    )
    parser.add_argument(
        "--character", default="", metavar="NAME", help="whom the card is about, when a source tells of many"
    )
    parser.add_argument(
        "--profile",
        dest="profiles",
        action="append",
        metavar="NAME",
        help="profile by name (default: the one chosen in the app); of several, each makes a card of each "
        "source",
    )
    parser.add_argument(
        "--engine",
        dest="engines",
        action="append",
        metavar="NAME",
        help="engine by name, see `cardforge engines` (default: the profile's, or the one chosen in the "
        "app); of several, each makes a card of each source",
    )
    parser.add_argument(
        "--include-book",
        action=argparse.BooleanOptionalAction,
        help="with or without a character book (default: as the profile says)",
    )


def _add_shared_book(parser: argparse.ArgumentParser) -> None:
    book = parser.add_mutually_exclusive_group()
    book.add_argument(
        "--book",
        default="",
        metavar="NAME",
        help="a book that the cards share, by name or id: what a source wakes of it is told to the model, "
        "and what a card's own book tells besides is added to it",
    )
    book.add_argument(
        "--new-book", default="", metavar="NAME", help="likewise, with a new book that is empty at first"
    )
    parser.add_argument(
        "--book-tokens",
        type=_tokens,
        default=BOOK_TOKENS,
        metavar="N",
        help=f"with either: what a model is told of the book, at most (default: {BOOK_TOKENS:,} tokens)",
    )


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        dest="formats",
        action="append",
        metavar="NAME",
        help="json, v2, v3, tavernai, tavernai-v2, charx, worldinfo, lorebook, markdown; may be repeated; "
        "default: the profile's formats",
    )
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help="folder of the files (default: this one)"
    )
    parser.add_argument(
        "--pattern",
        default="",
        metavar="P",
        help="file names: default, detailed, versioned, batch or a template",
    )
    add_name_options(parser, "as the setting says")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace files of the same name (default: number the new ones)",
    )


def _add_batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="", help="what the batch is called in the history")
    parser.add_argument(
        "--priority",
        choices=[priority.value for priority in Priority],
        default=Priority.STANDARD.value,
        help="which batches go first (default: standard)",
    )
    parser.add_argument(
        "--stop-on-error", action="store_true", help="cancel the rest of the batch when one card fails"
    )
    parser.add_argument("--concurrency", type=_concurrency, metavar="N", help="cards at once, 1 to 32")
    parser.add_argument(
        "--max-concurrent",
        type=_concurrency,
        metavar="N",
        help="cards of this batch at once, also after it is resumed or taken over by the window "
        "(default: as --concurrency, or else as the setting says)",
    )
    parser.add_argument(
        "--limit-cost",
        type=dollars_or_none,
        metavar="DOLLARS",
        help="what the batch may cost at most, such as 2.50; it is paused before it would cost more",
    )
    parser.add_argument(
        "--limit-tokens", type=tokens_or_none, metavar="N", help="likewise, tokens read and written together"
    )
    parser.add_argument("--json", action="store_true", help="print the batch as JSON when it ends")
    parser.add_argument(
        "--estimate",
        action="store_true",
        help="only say what it would take, and what with each engine; no engine is asked, nothing is made",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the batch to its end in the foreground."""
    if not arguments.sources and arguments.update is None:
        print("cardforge: name a SOURCE, or a card with --update", file=sys.stderr)
        return 2
    named = [*arguments.sources, *([arguments.update] if arguments.update else [])]
    check_there(named)
    if arguments.estimate:
        return _estimate(arguments)
    ended = run_to_end(
        lambda workspace: (_submit(workspace, arguments),),
        concurrency=arguments.concurrency,
        quiet=arguments.json,
    )
    if arguments.json:
        from cardforge_desktop.batches.report import batch_report, file_links

        print_json(batch_report(ended.batches[0], file_links))
    return ended.code


def _estimate(arguments: argparse.Namespace) -> int:
    from cardforge_desktop.cli.estimate import print_estimate
    from cardforge_desktop.workspace import Workspace

    workspace = Workspace.open(find_paths(), face="command line")
    try:
        book_id = workspace.books.by_name(arguments.book).id if arguments.book else ""
        return print_estimate(
            workspace,
            arguments.sources,
            _options(workspace, arguments, book_id),
            (arguments.profiles or (), arguments.engines or ()),
            together=arguments.together,
            as_json=arguments.json,
        )
    finally:
        workspace.close()


def _submit(workspace: Workspace, arguments: argparse.Namespace) -> str:
    book_id = workspace.books.by_name(arguments.book).id if arguments.book else ""
    if not arguments.new_book:
        return _submit_with(workspace, arguments, book_id)
    from cardforge_desktop.cards.model import CharacterBook

    book = workspace.books.create(CharacterBook(name=arguments.new_book))
    try:
        batch_id = _submit_with(workspace, arguments, book.id)
    except CardForgeError:
        workspace.books.delete([book.id])
        raise
    say(f"cardforge: the cards share the new book “{one_line(book.name)}”.")
    return batch_id


def _submit_with(workspace: Workspace, arguments: argparse.Namespace, book_id: str) -> str:
    from cardforge_desktop.costs.limits import Limit

    batch = BatchOptions(
        arguments.name,
        Priority(arguments.priority),
        arguments.max_concurrent or arguments.concurrency or BatchOptions().max_concurrent,
        continue_on_error=not arguments.stop_on_error,
        limit=Limit(arguments.limit_tokens, arguments.limit_cost) or None,
    )
    return workspace.queue.submit(
        arguments.sources,
        _options(workspace, arguments, book_id),
        lambda note: say(f"cardforge: {one_line(note)}"),
        batch=batch,
        together=arguments.together,
        profiles=arguments.profiles or (),
        engines=arguments.engines or (),
    )


def _options(workspace: Workspace, arguments: argparse.Namespace, book_id: str) -> Options:
    settings = workspace.settings.get()
    return Options(
        output=arguments.out,
        profile=settings.profile,
        formats=tuple(arguments.formats or ()),
        include_book=arguments.include_book,
        pattern=arguments.pattern,
        rules=rules_of(arguments, settings.name_rules),
        update=arguments.update,
        fields=arguments.fields,
        character_name=arguments.character,
        overwrite=arguments.overwrite,
        shared_book=book_id,
        book_tokens=arguments.book_tokens,
    )


def _names(text: str) -> tuple[str, ...]:
    """The names in a text with commas; none at all is refused, as it would ask for every field."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError("name at least one field")
    return names


def _tokens(text: str) -> int:
    number = whole_number(text)
    if not 0 <= number <= MOST_BOOK_TOKENS:
        raise argparse.ArgumentTypeError(f"must be 0 to {MOST_BOOK_TOKENS:,}")
    return number


def _concurrency(text: str) -> int:
    from cardforge_desktop.settings import MAX_CONCURRENCY

    number = whole_number(text)
    if not 1 <= number <= MAX_CONCURRENCY:
        raise argparse.ArgumentTypeError(f"must be 1 to {MAX_CONCURRENCY}")
    return number
