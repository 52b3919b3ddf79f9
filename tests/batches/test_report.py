"""Section 1.1's JSON: its counts add up whatever the items are, and links come from the face."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.batches.model import (
    BatchOptions,
    BatchStatus,
    BatchSummary,
    BatchView,
    Counts,
    ErrorInfo,
    ItemStatus,
    ItemView,
    SourceView,
)
from cardforge_desktop.batches.report import batch_report, file_links

TIME = datetime(2026, 11, 23, 10, 5, 0, tzinfo=UTC)


def item(status: ItemStatus, number: int = 1) -> ItemView:
    done = status is ItemStatus.COMPLETED
    return ItemView(
        id=f"item_{number}",
        batch_id="batch_a1b2c3d4",
        job_id=f"job_{number}",
        position=number,
        source="mirela.md",
        sources=(SourceView("mirela.md", Path("mirela.md")),),
        profile="Default",
        profile_version=1,
        engine="Built-in",
        formats=("json",),
        status=status,
        stage="",
        local=True,
        input_tokens=10 if done else None,
        output_tokens=20 if done else None,
        cost=Decimal("0.0044") if done else None,
        card_id="card_1" if done else None,
        card_name="Mirela" if done else "",
        files=(("json", Path("mirela.json")),) if done else (),
        error=ErrorInfo("No.", "SOURCE_EMPTY", {"path": "x"}) if status is ItemStatus.FAILED else None,
    )


def batch(status: BatchStatus, items: tuple[ItemView, ...]) -> BatchView:
    summary = BatchSummary("batch_a1b2c3d4", "mirela.md", status, BatchOptions(), Counts(), TIME, TIME)
    return BatchView(summary, items)


@given(st.lists(st.sampled_from(ItemStatus), max_size=20))
def test_progress_counts_sum_to_total(statuses: list[ItemStatus]) -> None:
    items = tuple(item(status, number) for number, status in enumerate(statuses))
    report = batch_report(batch(BatchStatus.PROCESSING, items), file_links)
    progress = dict(report["progress"])
    assert progress.pop("total") == len(statuses) == sum(progress.values())


def test_the_shape_is_the_specifications() -> None:
    items = (item(ItemStatus.COMPLETED, 1), item(ItemStatus.FAILED, 2))
    report = batch_report(
        batch(BatchStatus.COMPLETED, items), lambda row, name: f"/api/v2/jobs/{row.job_id}/download/{name}"
    )
    assert report["batch_id"] == "batch_a1b2c3d4"
    assert report["status"] == "completed"
    assert report["updated_at"] == "2026-11-23T10:05:00Z"
    done, failed = report["items"]
    assert done["downloads"] == {"json": "/api/v2/jobs/job_1/download/json"}
    assert done["usage"] == {"input_tokens": 10, "output_tokens": 20, "cost": 0.0044}
    assert failed["status"] == "failed"
    assert failed["error"] == {"message": "No.", "code": "SOURCE_EMPTY", "details": {"path": "x"}}
    assert "downloads" not in failed
