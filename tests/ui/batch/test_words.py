"""What is said of a batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cardforge_desktop.batches.model import BatchOptions, BatchStatus, BatchSummary, Counts, Rest
from cardforge_desktop.ui.batch.history import words

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def batch(counts: Counts, status: BatchStatus = BatchStatus.PROCESSING, cost: str = "0") -> BatchSummary:
    return BatchSummary(
        id="batch_1",
        name="Night run",
        status=status,
        options=BatchOptions(),
        counts=counts,
        created_at=NOW,
        updated_at=NOW,
        started_at=NOW,
        finished_at=NOW + timedelta(minutes=4),
        finish_expected=None,
        cost=Decimal(cost),
    )


@pytest.mark.parametrize(("queued", "told"), [(0, "almost done"), (22, "")])
def test_a_batch_with_cards_that_wait_is_never_almost_done(queued: int, told: str) -> None:
    late = replace(batch(Counts(queued=queued, processing=5)), finish_expected=NOW - timedelta(seconds=9))
    assert words.left_text(late, NOW) == told


@pytest.mark.parametrize(("cost", "told"), [("0", "free"), ("0.21", "$0.21")])
def test_the_outcome_tells_what_the_cards_cost(cost: str, told: str) -> None:
    done = batch(Counts(completed=18, failed=2), BatchStatus.COMPLETED, cost)
    assert words.outcome_text(done).split(" · ")[1:] == [told, "4 min"]


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (Rest(), ""),
        (Rest(Decimal("0.3"), Decimal("0.4")), "$0.30–0.40 to come"),
        (Rest(None, Decimal("0.4")), "up to $0.40 to come"),
        (Rest(unpriced=2), "unknown price to come"),
        (Rest(Decimal("0.3"), Decimal("0.4"), 2), "$0.30–0.40 and 2 card"),
    ],
)
def test_what_is_still_to_come_is_told_without_counting_the_unknown_as_free(rest: Rest, told: str) -> None:
    going = replace(batch(Counts(queued=5)), rest=rest)
    assert told in words.rest_text(going)
    assert told in words.tip_text(going)
    assert bool(words.rest_text(going)) is bool(told)


def test_a_batch_that_made_nothing_was_not_free() -> None:
    assert "free" not in words.outcome_text(batch(Counts(failed=2), BatchStatus.FAILED))
