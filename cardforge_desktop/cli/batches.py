"""``cardforge batches``: the history of batches, and what can be done with each."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from cardforge_desktop.batches.model import BatchStatus, BatchSummary
from cardforge_desktop.cli.batch_text import ENDED, describe, table
from cardforge_desktop.cli.card_files import UsageError
from cardforge_desktop.cli.foreground import run_to_end
from cardforge_desktop.cli.limits import dollars_or_none, tokens_or_none
from cardforge_desktop.cli.terminal import counted, one_line, print_json, say
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.paths import find_paths

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

_PREFIX = "batch_"


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its sub-commands."""
    parser = commands.add_parser(
        "batches",
        help="list batches, look at one, pause, resume, retry and cancel them",
        description="List batches, look at one, pause, resume, retry and cancel them, whichever process runs "
        "them: this one, another `cardforge` or the window. ID is a batch's id or the beginning of it. Exit "
        "codes: 0 all done, 1 some cards were not made, 2 wrong use or no such batch, 130 interrupted.",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="all batches, the newest first")
    listing.add_argument("--all", action="store_true", help="also those taken out of the history")
    _finish(listing, list_batches)
    showing = actions.add_parser("show", help="a batch with its items, their files and errors")
    showing.add_argument("id", metavar="ID", help="its id, or the beginning of it")
    _finish(showing, show_batch)
    for name, told, some in (
        ("pause", "begin nothing new; calls under way are answered first", "+"),
        ("resume", "go on with paused and interrupted batches, here, to the end (default: all of them)", "*"),
        ("retry", "make what failed again, here, to the end", "+"),
        ("cancel", "stop all that waits or runs; finished cards stay", "+"),
    ):
        action = actions.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.")
        action.add_argument("ids", nargs=some, metavar="ID", help="ids, or their beginnings")
        if name == "resume":
            _add_limits(action)
        _finish(action, {"pause": pause, "resume": resume, "retry": retry, "cancel": cancel}[name])


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit-cost",
        type=dollars_or_none,
        default=argparse.SUPPRESS,
        metavar="DOLLARS",
        help="what each of them may cost at most, with what it cost already, such as 2.50, or none",
    )
    parser.add_argument(
        "--limit-tokens",
        type=tokens_or_none,
        default=argparse.SUPPRESS,
        metavar="N",
        help="likewise, tokens read and written together",
    )


def _finish(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def list_batches(arguments: argparse.Namespace) -> int:
    """A line for each batch."""
    with _workspace() as workspace:
        found = workspace.batches.batches(hidden=arguments.all)
    if arguments.json:
        _print_summaries(found)
        return 0
    for line in table(found):
        print(line)
    if not found:
        say("There are no batches yet. Make one: cardforge generate SOURCE...")
    return 0


def show_batch(arguments: argparse.Namespace) -> int:
    """All that is known of one batch."""
    with _workspace() as workspace:
        batch = workspace.batches.batch(_found(workspace, arguments.id))
    if arguments.json:
        from cardforge_desktop.batches.report import batch_report, file_links

        print_json(batch_report(batch, file_links))
        return 0
    for line in describe(batch):
        print(one_line(line))
    return 0


def pause(arguments: argparse.Namespace) -> int:
    """Pause batches, whoever runs them."""
    return _change(arguments, lambda workspace, ids: workspace.queue.pause_batches(ids), "Paused")


def cancel(arguments: argparse.Namespace) -> int:
    """Cancel batches, whoever runs them."""
    return _change(arguments, lambda workspace, ids: workspace.queue.cancel_batches(ids), "Cancelled")


def _change(
    arguments: argparse.Namespace, change: Callable[[Workspace, Collection[str]], None], done: str
) -> int:
    with _workspace() as workspace:
        ids = _all_found(workspace, arguments.ids)
        before = [workspace.batches.summary_of(batch_id) for batch_id in ids]
        change(workspace, ids)
        after = [workspace.batches.summary_of(batch_id) for batch_id in ids]
    for was, batch in zip(before, after, strict=True):
        if was.status in ENDED or (was.status, was.reason) == (BatchStatus.PAUSED, batch.reason):
            say(f"{batch.id} is {batch.status} already.")
        else:
            say(f"{done} {batch.id}.{_running_on(batch)}")
    if arguments.json:
        _print_summaries(after)
    return 0


def _running_on(batch: BatchSummary) -> str:
    if batch.status is not BatchStatus.PAUSED or not batch.counts.processing:
        return ""
    return f" {counted(batch.counts.processing, 'card')} at work: calls under way are answered first."


def resume(arguments: argparse.Namespace) -> int:
    """Go on with batches that are paused, or were left by a process that is gone."""

    def begin(workspace: Workspace) -> tuple[str, ...]:
        ids = _all_found(workspace, arguments.ids) or _resumable(workspace)
        if not ids:
            say("No batch is paused or was interrupted.")
        _limit(workspace, ids, arguments)
        return tuple(batch_id for batch_id in ids if _goes_on_here(workspace, batch_id))

    return _run(arguments, begin)


def _limit(workspace: Workspace, batch_ids: Iterable[str], arguments: argparse.Namespace) -> None:
    """Give the batches the limits that were named; the others stay."""
    names = {"cost": "limit_cost", "tokens": "limit_tokens"}
    given = {name: getattr(arguments, option) for name, option in names.items() if option in arguments}
    for batch_id in batch_ids if given else ():
        workspace.queue.change_batch(batch_id, limit=replace(workspace.limits.get(batch_id), **given))


def retry(arguments: argparse.Namespace) -> int:
    """Queue the failed items of batches again and run them."""

    def begin(workspace: Workspace) -> tuple[str, ...]:
        ids = _all_found(workspace, arguments.ids)
        for batch_id in ids:
            again = workspace.queue.retry_batches([batch_id])
            say(f"{batch_id}: {counted(again, 'card')} to make again.")
        return tuple(batch_id for batch_id in ids if _goes_on_here(workspace, batch_id))

    return _run(arguments, begin)


def _run(arguments: argparse.Namespace, begin: Callable[[Workspace], tuple[str, ...]]) -> int:
    """`run_to_end`, and the reports as JSON when that is asked for."""
    ended = run_to_end(begin, quiet=arguments.json)
    if arguments.json:
        from cardforge_desktop.batches.report import batch_report, file_links

        print_json([batch_report(batch, file_links) for batch in ended.batches])
    return ended.code


def _resumable(workspace: Workspace) -> tuple[str, ...]:
    """Paused batches and those that nobody runs, the first to run first."""
    batches = workspace.batches.batches(hidden=True)
    wanted = [
        batch
        for batch in batches
        if batch.status is BatchStatus.PAUSED or (batch.status not in ENDED and not batch.owner)
    ]
    return tuple(batch.id for batch in sorted(wanted, key=lambda batch: batch.rank))


def _goes_on_here(workspace: Workspace, batch_id: str) -> bool:
    """Let a batch and its held items go on; False, and a sentence, when it does not run in this process."""
    batch = workspace.batches.summary_of(batch_id)
    if batch.status in ENDED:
        say(f"{batch_id} has ended ({batch.status}): nothing waits in it.")
        return True  # its report and the exit code tell of it all the same
    held = [item.id for item in workspace.batches.items(batch_id=batch_id) if item.held]
    workspace.queue.resume(held)
    workspace.queue.resume_batches([batch_id])
    waiting = batch.counts.queued + batch.counts.processing
    batch = workspace.batches.summary_of(batch_id)
    # It may have ended in this moment: then it was ours as well.
    if batch.status in ENDED or workspace.queue.runs_here(batch.owner):
        say(f"{batch_id}: going on with {counted(waiting, 'card')}.")
        return True
    say(f"{batch_id} goes on in the process that runs it: the window, or another `cardforge`.")
    return False


def _all_found(workspace: Workspace, texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_found(workspace, text) for text in texts))


def _found(workspace: Workspace, text: str) -> str:
    """The id that begins with `text`, written with or without ``batch_``.

    Raises:
        UsageError: no batch has one, or several have.
    """
    beginning = text if text.startswith(_PREFIX) else f"{_PREFIX}{text}"
    ids = workspace.batches.ids_beginning(beginning)
    if not ids:
        raise UsageError(
            ErrorCode.BATCH_NOT_FOUND,
            f"there is no batch “{text}”. `cardforge batches list --all` lists those there are.",
            {"batch_id": text},
        )
    if len(ids) > 1 and beginning not in ids:
        raise UsageError(
            ErrorCode.BATCH_NOT_FOUND,
            f"“{text}” is the beginning of {len(ids)} batches: {_shown(ids)}. Write more of the id.",
            {"batch_id": text},
        )
    return beginning if beginning in ids else ids[0]


def _shown(ids: Sequence[str]) -> str:
    return ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")


def _print_summaries(batches: Iterable[BatchSummary]) -> None:
    from cardforge_desktop.batches.report import summary_report

    print_json([summary_report(batch) for batch in batches])


@contextmanager
def _workspace() -> Iterator[Workspace]:
    from cardforge_desktop.workspace import Workspace

    workspace = Workspace.open(find_paths(), face="command line")
    try:
        yield workspace
    finally:
        workspace.close()
