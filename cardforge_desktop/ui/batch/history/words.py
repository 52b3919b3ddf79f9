"""A batch in words: its state, its counts, how it goes on or how it ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cardforge_desktop.batches.model import BatchStatus, BatchSummary
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.state import State
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.theme import Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from decimal import Decimal

_STATES = {
    BatchStatus.DRAFT: State(QT_TRANSLATE_NOOP("State", "Ready"), "circle-dashed", Tone.MUTED, 0),
    BatchStatus.QUEUED: State(QT_TRANSLATE_NOOP("State", "Waiting"), "clock", Tone.MUTED, 0),
    BatchStatus.PROCESSING: State(QT_TRANSLATE_NOOP("State", "Running"), "pen-line", Tone.ACCENT, 0),
    BatchStatus.PAUSED: State(QT_TRANSLATE_NOOP("State", "Paused"), "circle-pause", Tone.WARN, 0),
    BatchStatus.COMPLETED: State(QT_TRANSLATE_NOOP("State", "Done"), "circle-check", Tone.OK, 0),
    BatchStatus.FAILED: State(QT_TRANSLATE_NOOP("State", "Failed"), "circle-x", Tone.ERROR, 0),
    BatchStatus.CANCELLED: State(QT_TRANSLATE_NOOP("State", "Cancelled"), "ban", Tone.MUTED, 0),
}
_SOME_FAILED = State(QT_TRANSLATE_NOOP("State", "Some failed"), "triangle-alert", Tone.WARN, 0)
OPEN = (BatchStatus.QUEUED, BatchStatus.PROCESSING, BatchStatus.PAUSED)


def is_open(batch: BatchSummary) -> bool:
    """Whether the batch has not ended."""
    return batch.status in OPEN


def is_stopped(batch: BatchSummary) -> bool:
    """Whether something other than the person paused the batch."""
    return batch.status is BatchStatus.PAUSED and batch.reason is not None


def state_of(batch: BatchSummary) -> State:
    """The word, icon and tone of a batch."""
    if batch.status is BatchStatus.COMPLETED and batch.counts.failed:
        return _SOME_FAILED
    return _STATES[batch.status]


def counts_text(batch: BatchSummary) -> str:
    """``12 of 20 done · 2 failed · 3 running · 3 waiting``: the parts always sum to the whole."""
    counts = batch.counts
    parts = [
        translate("Batches", "%1 of %2 done")
        .replace("%1", formatting.number(counts.completed))
        .replace("%2", formatting.number(counts.total))
    ]
    if counts.failed:
        parts.append(translate("Batches", "%n failed", None, counts.failed))
    if counts.processing:
        parts.append(translate("Batches", "%n running", None, counts.processing))
    if waiting := counts.queued + counts.draft:
        parts.append(translate("Batches", "%n waiting", None, waiting))
    if counts.cancelled:
        parts.append(translate("Batches", "%n cancelled", None, counts.cancelled))
    return " · ".join(parts)


def short_counts(batch: BatchSummary) -> str:
    """``12 of 20``."""
    return (
        translate("Batches", "%1 of %2")
        .replace("%1", formatting.number(batch.counts.completed))
        .replace("%2", formatting.number(batch.counts.total))
    )


def outcome_text(batch: BatchSummary) -> str:
    """``18 of 20 cards made, 2 failed · $0.21 · 12 min``; cards that cost nothing were free."""
    counts = batch.counts
    made = translate("Batches", "%1 of %n card(s) made", None, counts.total)
    if counts.failed:
        failed = translate("Batches", "%1, %n failed", None, counts.failed)
        made = failed.replace("%1", made)
    if counts.cancelled:
        cancelled = translate("Batches", "%1, %n cancelled", None, counts.cancelled)
        made = cancelled.replace("%1", made)
    free = translate("Format", "free") if counts.completed else ""
    parts = [
        made.replace("%1", formatting.number(counts.completed)),
        cost_text(batch) or free,
        ran_text(batch),
    ]
    return " · ".join(part for part in parts if part)


def cost_text(batch: BatchSummary) -> str:
    """What the batch cost so far, "" = nothing; calls nobody knows the price of are told."""
    known: Decimal = batch.cost
    if not batch.unknown_costs:
        return formatting.money(known) if known else ""
    unknown = translate("Batches", "%n call(s) of unknown cost", None, batch.unknown_costs)
    if not known:
        return unknown
    both = translate("Batches", "%1 and %2")
    return both.replace("%2", unknown).replace("%1", formatting.money(known))


def rest_text(batch: BatchSummary) -> str:
    """What the cards that wait will cost: ``$0.30–0.40 to come``; "" = nothing, as far as it is known."""
    rest = batch.rest
    if not rest.high and not rest.unpriced:
        return ""
    if not rest.high:
        return translate("Batches", "%n card(s) of unknown price to come", None, rest.unpriced)
    amount = formatting.expected_cost(rest.low, rest.high)
    if rest.unpriced:
        text = translate("Batches", "%1 and %n card(s) of unknown price to come", None, rest.unpriced)
    else:
        text = translate("Batches", "%1 to come")
    return text.replace("%1", amount)


def known_cost(batch: BatchSummary) -> str:
    """The known part of the cost in a few letters, "" = nothing."""
    return formatting.money(batch.cost) if batch.cost else ""


def ran_text(batch: BatchSummary) -> str:
    """How long the batch took, "" = it did not end."""
    if batch.started_at is None or batch.finished_at is None:
        return ""
    return formatting.duration(max(0.0, (batch.finished_at - batch.started_at).total_seconds()))


def left_text(batch: BatchSummary, now: datetime | None = None, *, short: bool = False) -> str:
    """``about 4 min left`` or ``4 min left``, "" = not known, or past while cards still wait."""
    if batch.finish_expected is None or batch.status is BatchStatus.PAUSED:
        return ""
    seconds = (batch.finish_expected - (now or datetime.now(UTC))).total_seconds()
    if seconds < 1:
        return "" if batch.counts.queued else translate("Batches", "almost done")
    text = translate("Batches", "%1 left") if short else translate("Batches", "about %1 left")
    return text.replace("%1", formatting.duration(seconds))


def when_text(batch: BatchSummary) -> str:
    """When it ended, or began."""
    return formatting.ago(batch.finished_at or batch.started_at or batch.created_at)


def tip_text(batch: BatchSummary) -> str:
    """Everything in a few lines."""
    state = state_of(batch).text
    lines = [
        batch.name,
        translate("Batches", "%1: %2").replace("%2", counts_text(batch)).replace("%1", state),
    ]
    if batch.reason is not None:
        lines.append(batch.reason.message)
    lines += [cost_text(batch), rest_text(batch)]
    if batch.started_at is not None:
        lines.append(translate("Batches", "Began %1").replace("%1", formatting.moment(batch.started_at)))
    if batch.finished_at is not None:
        lines.append(translate("Batches", "Ended %1").replace("%1", formatting.moment(batch.finished_at)))
    return "\n".join(line for line in lines if line)
