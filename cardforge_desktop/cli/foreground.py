"""Batches run to their end by this process, as ``generate`` and ``batches resume`` do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardforge_desktop.batches.model import BatchView, ItemStatus
from cardforge_desktop.cli.batch_text import closing_text
from cardforge_desktop.cli.interrupts import INTERRUPTED, hear_no_more, leave_at_next
from cardforge_desktop.cli.terminal import print_to_nobody, say
from cardforge_desktop.paths import find_paths

if TYPE_CHECKING:
    from cardforge_desktop.cli.following import Follower
    from cardforge_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Ended:
    """The batches as they were left, and the exit code that tells of them."""

    batches: tuple[BatchView, ...]
    code: int


def run_to_end(
    begin: Callable[[Workspace], tuple[str, ...]], *, concurrency: int | None = None, quiet: bool = False
) -> Ended:
    """Open the workspace, let `begin` queue batches here, and follow those until they end or stop.

    Ctrl+C pauses, as does a pipe that was closed: what runs goes back to the queue, nothing is cancelled, and
    it can be resumed. A window that is open leaves a paused batch alone. A second Ctrl+C leaves at once.

    Args:
        begin: gets the workspace; returns the ids of the batches that this process is to run.
        concurrency: cards at once; None = as the setting says.
        quiet: nothing but JSON goes to standard output.
    """
    from cardforge_desktop.cli.following import Follower
    from cardforge_desktop.workspace import Workspace, log_to_file

    paths = find_paths()
    workspace = Workspace.open(paths, concurrency, face="command line")
    log_to_file(paths)
    try:
        workspace.watch()
        follower = Follower(workspace, quiet=quiet)
        batch_ids = begin(workspace)
        interrupted = bool(batch_ids) and _is_interrupted(follower, batch_ids)
        if interrupted:
            workspace.queue.pause_batches(batch_ids)
            leave_at_next()  # the store bears a process that is gone
            # Opened anew: what was in hand is back in the queue and nobody's, as the next process finds it.
            workspace.close()
            workspace = Workspace.open(paths, face="command line")
        batches = tuple(workspace.batches.batch(batch_id) for batch_id in batch_ids)
    finally:
        workspace.close()
    for batch in batches:
        say(closing_text(batch))
    return Ended(batches, INTERRUPTED if interrupted else exit_code(batches))


def _is_interrupted(follower: Follower, batch_ids: tuple[str, ...]) -> bool:
    try:
        follower.follow(batch_ids)
    except (KeyboardInterrupt, BrokenPipeError) as error:
        hear_no_more()  # until it is paused, which takes no time
        if isinstance(error, BrokenPipeError):
            print_to_nobody()
        follower.clear()
        say("Paused: what is being written goes back to the queue.")
        return True
    return False


def exit_code(batches: tuple[BatchView, ...]) -> int:
    """0 when every item of the batches is done, else 1."""
    return int(any(item.status is not ItemStatus.COMPLETED for batch in batches for item in batch.items))
