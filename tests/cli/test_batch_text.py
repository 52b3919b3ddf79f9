"""What is said of batches: on the last line, at their end, in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cardforge_desktop.batches.model import (
    BatchOptions,
    BatchStatus,
    BatchSummary,
    BatchView,
    BookChanges,
    Counts,
    ErrorInfo,
)
from cardforge_desktop.cli.amounts import clock
from cardforge_desktop.cli.batch_text import closing_text, progress_text, table
from cardforge_desktop.cli.terminal import width
from tests.ui.items import item

_BATCH = BatchSummary(
    id="batch_a1b2c3d4",
    name="Keepers",
    status=BatchStatus.PROCESSING,
    options=BatchOptions(max_concurrent=3),
    counts=Counts(queued=3, processing=2, completed=1_200, failed=1),
    created_at=datetime.now(UTC),
    updated_at=datetime.now(UTC),
    owner="worker_1",
)


def test_the_last_line_adds_up_all_batches() -> None:
    other = replace(_BATCH, counts=Counts(completed=4), status=BatchStatus.COMPLETED, cost=Decimal("0.25"))
    assert progress_text([_BATCH, other]) == "1,204 of 1,210 done, 1 failed · 2 at work · $0.2500"


def test_the_last_line_says_when_all_will_be_done_or_what_keeps_it() -> None:
    ends = datetime.now(UTC) + timedelta(hours=2, minutes=14)
    batch = replace(_BATCH, finish_expected=ends)
    sooner = replace(_BATCH, finish_expected=ends - timedelta(hours=1))
    assert f" · about 2 h 14 min left ({clock(ends)})" in progress_text([batch, sooner])
    assert "left" not in progress_text([batch, _BATCH]), "one of them may take forever"
    held = progress_text([batch], ["waiting for Cloud until 14:32"])
    assert held.endswith("2 at work · waiting for Cloud until 14:32")


@pytest.mark.parametrize(
    ("counts", "status", "ways"),
    [
        (Counts(completed=2), BatchStatus.COMPLETED, set()),
        (Counts(completed=1, failed=1), BatchStatus.COMPLETED, {"retry"}),
        (Counts(queued=2), BatchStatus.PAUSED, {"resume", "cancel"}),
        (Counts(queued=1, failed=1), BatchStatus.PAUSED, {"resume", "retry", "cancel"}),
        (Counts(queued=1, processing=1), BatchStatus.PROCESSING, {"resume", "cancel"}),
        (Counts(cancelled=2), BatchStatus.CANCELLED, set()),
    ],
)
def test_the_end_names_the_ways_to_go_on(counts: Counts, status: BatchStatus, ways: set[str]) -> None:
    told = closing_text(BatchView(replace(_BATCH, counts=counts, status=status), ()))
    assert told.startswith(f"{counts.completed} of 2 cards made.")
    offered = {way for way in ("resume", "retry", "cancel") if f"cardforge batches {way} {_BATCH.id}" in told}
    assert offered == ways


def test_the_end_says_why_a_batch_stopped() -> None:
    reason = ErrorInfo("The key was refused.", "ENGINE_AUTH")
    paused = replace(_BATCH, status=BatchStatus.PAUSED, reason=reason)
    assert "\nStopped: The key was refused.\n" in closing_text(BatchView(paused, ()))


def test_the_end_says_what_became_of_the_book_that_the_cards_share() -> None:
    rows = [
        item(1, book_changes=BookChanges("World", added=("Brenn", "Tarn"))),
        item(2, book_changes=BookChanges("World", extended=("Brenn",))),
        item(3),
    ]
    assert "\nBook World: 2 entries added, 1 grown." in closing_text(BatchView(_BATCH, tuple(rows)))
    assert "Book" not in closing_text(BatchView(_BATCH, tuple(rows[2:])))


def test_the_table_keeps_its_columns_with_any_name() -> None:
    names = ["", "x" * 300, "Leuchtturmwärter", "灯台守" * 30, "line\nbreak\x1b[31m"]
    batches = [replace(_BATCH, name=name, unknown_costs=number) for number, name in enumerate(names)]
    lines = table(batches)
    place = lines[0].index("NAME")
    assert all(width(line) <= place + 40 for line in lines)
    assert all("\n" not in line and "\x1b" not in line for line in lines)
    assert "+?" not in lines[1]
    assert "+?" in lines[2], "calls of unknown cost are not in the sum"


def test_a_batch_whose_process_is_gone_is_called_interrupted() -> None:
    gone = replace(_BATCH, owner="")
    assert "interrupted" in table([gone])[1]
    for status in (BatchStatus.PAUSED, BatchStatus.COMPLETED):
        assert status.value in table([replace(gone, status=status)])[1]
