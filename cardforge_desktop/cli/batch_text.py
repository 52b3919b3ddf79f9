"""Batches and their items as text for a terminal."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from cardforge_desktop.batches.model import (
    BatchStatus,
    BatchSummary,
    BatchView,
    Counts,
    ErrorInfo,
    ItemStatus,
    ItemView,
)
from cardforge_desktop.cli.amounts import clock, dollars, duration
from cardforge_desktop.cli.terminal import columns, counted, one_line, shortened
from cardforge_desktop.errors import ErrorCode

ENDED = (BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED)
_WIDEST_NAME = 40


def table(batches: Iterable[BatchSummary]) -> list[str]:
    """A line for each batch, under a heading; nothing when there is none."""
    rows = [("ID", "STATUS", "DONE", "FAILED", "COST", "CREATED", "NAME")]
    for batch in batches:
        counts = batch.counts
        rows.append(
            (
                batch.id,
                _state(batch),
                f"{counts.completed:,}/{counts.total:,}",
                f"{counts.failed:,}" if counts.failed else "",
                _cost(batch),
                clock(batch.created_at),
                shortened(one_line(batch.name), _WIDEST_NAME),
            )
        )
    return columns(rows, right=frozenset({2, 3, 4})) if len(rows) > 1 else []


def describe(batch: BatchView) -> Iterator[str]:
    """A batch and its items, for people."""
    summary = batch.summary
    yield f"{summary.id}  {summary.name}"
    yield f"  {_state(summary)}: {_told(summary.counts)}"
    if summary.reason is not None:
        yield f"  {summary.reason.code}: {summary.reason.message}"
    yield f"  {_times(summary)}"
    options = summary.options
    then = "goes on after" if options.continue_on_error else "stops at"
    yield f"  {options.priority} priority, {options.max_concurrent} at once, {then} an error"
    yield f"  {_used(summary)}"
    rows = [("NO", "STATE", "", "SOURCE", "PROFILE", "ENGINE", "CARD"), *map(_row, batch.items)]
    lines = columns([tuple(map(one_line, row)) for row in rows], right=frozenset({0, 2}))
    yield ""
    yield lines[0]
    for line, item in zip(lines[1:], batch.items, strict=True):
        yield line
        for _, path in item.files:
            yield f"      {path}"
        for note in _notes(item):
            yield f"      {note}"
        if item.error is not None:
            yield f"      {item.error.code}: {item.error.message}"


def progress_text(batches: Collection[BatchSummary], held: Sequence[str] = ()) -> str:
    """``12 of 500 done, 1 failed · 3 at work · about 2 h left (16:46) · $0.12``.

    Args:
        held: what keeps them; then nobody knows how long it will take.
    """
    counts = [batch.counts for batch in batches]
    failed, running = sum(one.failed for one in counts), sum(one.processing for one in counts)
    done = f"{sum(one.completed for one in counts):,} of {sum(one.total for one in counts):,} done"
    parts = [done + (f", {failed:,} failed" if failed else "")]
    if running:
        parts.append(f"{running} at work")
    expected = [batch.finish_expected for batch in batches if batch.status not in ENDED]
    known = [moment for moment in expected if moment is not None]
    if held:
        parts += held
    elif known and len(known) == len(expected):
        left = (max(known) - datetime.now(UTC)).total_seconds()
        parts.append(f"about {duration(left)} left ({clock(max(known))})")
    cost = sum((batch.cost for batch in batches), Decimal(0))
    if cost:
        parts.append(dollars(cost))
    return " · ".join(parts)


def ending_lines(item: ItemView) -> list[str]:
    """What became of an item: a line, and one below it for each of its files and notes."""
    source = f"{item.source} → {item.target}" if item.target else item.source
    if item.status is ItemStatus.COMPLETED:
        lines = [f"    {path}" for _, path in item.files]
        lines += [f"    {note}" for note in _notes(item)]
        return [f"done       {source}: {item.card_name}", *lines]
    if item.status is ItemStatus.CANCELLED and (
        item.error is None or item.error.code == ErrorCode.BATCH_STOPPED
    ):
        return [f"cancelled  {source}"]
    reason = "" if item.error is None else item.error.message.removeprefix(f"{item.source}: ")
    return [f"failed     {source}: {reason}"]


def _notes(item: ItemView) -> list[str]:
    """What the card did to the book that it shares, and what is to be known of it."""
    lines = [f"note: {warning}" for warning in item.warnings]
    if changes := item.book_changes:
        said = [("added", changes.added), ("extended", changes.extended)]
        parts = [f"{word} {', '.join(titles)}" for word, titles in said if titles]
        lines.append(f"book {changes.name}: {'; '.join(parts) or 'nothing new'}")
    return lines


def _of_books(batch: BatchView) -> list[str]:
    """What the cards did to the books that they share, a sentence for each."""
    added, grown = Counter[str](), Counter[str]()
    for changes in (item.book_changes for item in batch.items):
        if changes is not None:
            added[changes.name] += len(changes.added)
            grown[changes.name] += len(changes.extended)
    return [
        f"Book {one_line(name)}: {number:,} {'entry' if number == 1 else 'entries'} added, "
        f"{grown[name]:,} grown."
        for name, number in added.items()
    ]


def closing_text(batch: BatchView) -> str:
    """What became of a batch, and how to go on with what is left of it."""
    counts = batch.summary.counts
    lines = [f"{counts.completed:,} of {counted(counts.total, 'card')} made.", *_of_books(batch)]
    reason = batch.summary.reason
    if reason is not None:
        lines.append(f"Stopped: {reason.message}")
    waiting = counts.queued + counts.processing
    ways: list[tuple[str, str]] = []
    if waiting:
        lines.append(f"{counted(waiting, 'card')} left.")
        ways += [] if reason is None else _ways_out(batch.id, reason)
        ways.append(("To go on:", f"cardforge batches resume {batch.id}"))
    if counts.failed:
        ways.append(("To try what failed again:", f"cardforge batches retry {batch.id}"))
    if waiting:
        ways.append(("To drop the rest:", f"cardforge batches cancel {batch.id}"))
    return "\n".join([*lines, *(f"{wish:<27}{command}" for wish, command in ways)])


def _ways_out(batch_id: str, reason: ErrorInfo) -> list[tuple[str, str]]:
    """What has to be done first, so that a batch that a limit stopped does not stop again at once."""
    details = reason.details
    if reason.code == ErrorCode.LIMIT_NO_PRICE:
        named = f"{shlex.quote(details['model'])} --engine {shlex.quote(details['engine'])}"
        return [("To give it a price first:", f"cardforge prices set {named} --input … --output …")]
    if reason.code != ErrorCode.LIMIT_REACHED:
        return []
    unit = "tokens" if details["unit"] == "tokens" else "cost"
    if details["scope"] == batch_id:
        return [("With another limit:", f"cardforge batches resume {batch_id} --limit-{unit} …")]
    return [("To raise the limit first:", f"cardforge limits --{details['scope']}-{unit} …")]


def _row(item: ItemView) -> tuple[str, ...]:
    state, far = item.status.value, ""
    if item.status is ItemStatus.QUEUED and item.held:
        state = "held"
    elif item.status is ItemStatus.PROCESSING:
        state, far = item.stage or state, f"{item.progress:.0%}"
    source = f"{item.source} → {item.target}" if item.target else item.source
    cells = (source, item.profile, item.engine, item.card_name)
    return (str(item.position), state, far, *(shortened(one_line(cell), _WIDEST_NAME) for cell in cells))


def _state(batch: BatchSummary) -> str:
    """The state; a batch that was at work when its process went away is called so."""
    at_rest = (*ENDED, BatchStatus.PAUSED)
    return batch.status.value if batch.owner or batch.status in at_rest else "interrupted"


def _told(counts: Counts) -> str:
    """``5 cards: 2 completed, 1 failed, 2 queued``."""
    states = ("completed", "failed", "cancelled", "processing", "queued")
    found = [(state, getattr(counts, state)) for state in states]
    return ", ".join(
        [counted(counts.total, "card"), *(f"{number:,} {state}" for state, number in found if number)]
    )


def _times(batch: BatchSummary) -> str:
    parts = [f"created {clock(batch.created_at)}"]
    if batch.started_at is not None:
        parts.append(f"started {clock(batch.started_at)}")
    if batch.status in ENDED and batch.finished_at is not None:
        parts.append(f"ended {clock(batch.finished_at)}")
    elif batch.finish_expected is not None:
        parts.append(f"expected to end {clock(batch.finish_expected)}")
    return ", ".join(parts)


def _used(batch: BatchSummary) -> str:
    tokens = f"{batch.input_tokens:,} tokens read, {batch.output_tokens:,} written"
    unknown = f" and {counted(batch.unknown_costs, 'call')} of unknown cost" if batch.unknown_costs else ""
    return f"{tokens}, {dollars(batch.cost)}{unknown}"


def _cost(batch: BatchSummary) -> str:
    """A + says that some calls' cost is not known."""
    known = dollars(batch.cost) if batch.cost else ""
    return f"{known}+?" if batch.unknown_costs else known
