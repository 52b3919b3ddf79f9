"""``cardforge generate``: sources in, card files out; or a card in, the same card with new fields out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.batches.model import BatchStatus, BatchView, ItemStatus, ItemView, Options
from cardforge_desktop.cli.card_files import check_there
from cardforge_desktop.cli.terminal import one_line, print_json, say, whole_number
from cardforge_desktop.paths import find_paths

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "generate", help="make character cards from source files or folders, or update a card"
    )
    parser.add_argument(
        "sources",
        nargs="*",
        type=Path,
        metavar="SOURCE",
        help="a file (text, document, e-book, character card) or a folder",
    )
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
    parser.add_argument("--profile", help="profile by name (default: the one chosen in the app)")
    parser.add_argument("--engine", help="engine by name, see `cardforge engines`")
    parser.add_argument(
        "--format",
        dest="formats",
        action="append",
        metavar="NAME",
        help="json, v2, v3, tavernai, tavernai-v2, charx, worldinfo, lorebook, markdown; may be repeated; "
        "default: the profile's formats",
    )
    parser.add_argument("--out", type=Path, default=Path(), help="folder of the files (default: this one)")
    parser.add_argument("--concurrency", type=_concurrency, help="cards at once, 1 to 32")
    parser.add_argument(
        "--pattern", default="", help="file names: default, detailed, versioned, batch or a template"
    )
    parser.add_argument(
        "--include-book",
        action=argparse.BooleanOptionalAction,
        help="with or without a character book (default: as the profile says)",
    )
    parser.add_argument("--json", action="store_true", help="print the batch as JSON when it ends")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the batch to its end in the foreground."""
    from cardforge_desktop.workspace import Workspace, log_to_file

    if not arguments.sources and arguments.update is None:
        print("cardforge: name a SOURCE, or a card with --update", file=sys.stderr)
        return 2
    named = [*arguments.sources, *([arguments.update] if arguments.update else [])]
    check_there(named)
    paths = find_paths()
    workspace = Workspace.open(paths, arguments.concurrency)
    log_to_file(paths)
    try:
        batch = _run_batch(workspace, arguments)
    finally:
        workspace.close()
    if arguments.json:
        from cardforge_desktop.batches.report import batch_report, file_links

        print_json(batch_report(batch, file_links))
    if batch.status is BatchStatus.CANCELLED:
        return 130
    return 0 if all(item.status is ItemStatus.COMPLETED for item in batch.items) else 1


def _run_batch(workspace: Workspace, arguments: argparse.Namespace) -> BatchView:
    settings = workspace.settings.get()
    options = Options(
        output=arguments.out,
        profile=arguments.profile or settings.profile,
        engine=arguments.engine or settings.engine,
        formats=tuple(arguments.formats or ()),
        include_book=arguments.include_book,
        pattern=arguments.pattern,
        update=arguments.update,
        fields=arguments.fields,
    )
    batch_id = workspace.queue.submit(
        arguments.sources, options, lambda note: say(f"cardforge: {one_line(note)}")
    )
    reporter = _Reporter(workspace, batch_id, quiet=arguments.json)
    try:
        while not workspace.queue.wait_idle(timeout=0.5):
            reporter.tell()
    except KeyboardInterrupt:
        workspace.queue.cancel_batches([batch_id])
        workspace.queue.wait_idle(timeout=10)
    reporter.tell()
    batch = workspace.batches.batch(batch_id)
    if not arguments.json:
        say(_closing_line(batch))
    return batch


class _Reporter:
    """Says on the terminal which items ended; with --json only on stderr, so that stdout stays JSON."""

    def __init__(self, workspace: Workspace, batch_id: str, *, quiet: bool) -> None:
        self._workspace = workspace
        self._batch_id = batch_id
        self._stream = sys.stderr if quiet else sys.stdout
        self._told: set[str] = set()

    def tell(self) -> None:
        """Print a line for each item that ended since the last call."""
        for item in self._workspace.batches.batch(self._batch_id).items:
            if item.finished_at is not None and item.id not in self._told:
                self._told.add(item.id)
                print("\n".join(map(one_line, _lines(item))), file=self._stream, flush=True)


def _lines(item: ItemView) -> list[str]:
    source = f"{item.source} → {item.target}" if item.target else item.source
    if item.status is ItemStatus.COMPLETED:
        lines = [f"    {path}" for _, path in item.files]
        lines += [f"    note: {warning}" for warning in item.warnings]
        return [f"done       {source}: {item.card_name}", *lines]
    if item.status is ItemStatus.CANCELLED:
        return [f"cancelled  {source}"]
    reason = "" if item.error is None else item.error.message.removeprefix(f"{item.source}: ")
    return [f"failed     {source}: {reason}"]


def _closing_line(batch: BatchView) -> str:
    done = sum(1 for item in batch.items if item.status is ItemStatus.COMPLETED)
    return f"{done} of {len(batch.items)} cards made."


def _names(text: str) -> tuple[str, ...]:
    """The names in a text with commas; none at all is refused, as it would ask for every field."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError("name at least one field")
    return names


def _concurrency(text: str) -> int:
    from cardforge_desktop.settings import MAX_CONCURRENCY

    number = whole_number(text)
    if not 1 <= number <= MAX_CONCURRENCY:
        raise argparse.ArgumentTypeError(f"must be 1 to {MAX_CONCURRENCY}")
    return number
