"""Section 1.1's JSON: its counts add up always, links come from the face, the page is true."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
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
    Priority,
    SourceView,
)
from cardforge_desktop.batches.report import (
    Links,
    batch_report,
    created_report,
    file_links,
    job_report,
    summary_report,
)
from tests.support.app import ROOT

TIME = datetime(2026, 11, 23, 10, 5, 0, tzinfo=UTC)
PAGE = (ROOT / "docs" / "batch-report.md").read_text("utf-8")


class ServerLinks:
    """Addresses as the specification writes them."""

    def status_url(self, batch_id: str) -> str:
        return f"/api/v2/batch-generations/{batch_id}"

    def result_url(self, item: ItemView) -> str:
        return f"/api/v2/jobs/{item.job_id}/result"

    def download(self, item: ItemView, format_name: str) -> str:
        return f"/api/v2/jobs/{item.job_id}/download/{format_name}"


SERVER: Links = ServerLinks()


def item(status: ItemStatus, number: int = 1) -> ItemView:
    done = status is ItemStatus.COMPLETED
    begun = done or status in (ItemStatus.FAILED, ItemStatus.PROCESSING)
    return ItemView(
        id=f"item_{number}",
        batch_id="batch_a1b2c3d4",
        job_id=f"job_{number}",
        position=number,
        source="mirela.md",
        sources=(SourceView("mirela.md", Path("mirela.md")),),
        profile="Default",
        profile_id="profile_123",
        profile_version=2,
        engine="Far away",
        formats=("json", "v2"),
        status=status,
        stage="writing" if status is ItemStatus.PROCESSING else "",
        progress=1.0 if done else 0.41 if status is ItemStatus.PROCESSING else 0.0,
        local=False,
        attempts=int(begun),
        input_tokens=910 if done else None,
        output_tokens=1_204 if done else None,
        cost=Decimal("0.0044") if done else None,
        card_id="card_1" if done else None,
        card_name="Mirela" if done else "",
        files=(("json", PurePosixPath("/cards/mirela.json")), ("v2", PurePosixPath("/cards/mirela_v2.json")))  # type: ignore[arg-type]
        if done
        else (),
        started_at=TIME - timedelta(minutes=3) if begun else None,
        finished_at=TIME - timedelta(minutes=1) if done or status is ItemStatus.FAILED else None,
        error=ErrorInfo("mirela.md: there is no text in it.", "SOURCE_EMPTY", {"path": "mirela.md"})
        if status is ItemStatus.FAILED
        else None,
    )  # fmt: skip


def batch(status: BatchStatus, items: tuple[ItemView, ...]) -> BatchView:
    found = Counter(one.status.value for one in items)
    summary = BatchSummary(
        "batch_a1b2c3d4",
        f"mirela.md + {len(items) - 1}",
        status,
        BatchOptions("", Priority.STANDARD, 3, continue_on_error=True),
        Counts(**found),
        created_at=TIME - timedelta(minutes=5),
        updated_at=TIME,
        started_at=TIME - timedelta(minutes=4),
        finish_expected=TIME + timedelta(minutes=25),
        input_tokens=910,
        output_tokens=1_204,
        cost=Decimal("0.0044"),
    )
    return BatchView(summary, items)


EXAMPLE = batch(
    BatchStatus.PROCESSING,
    tuple(
        item(status, number)
        for number, status in enumerate(
            (ItemStatus.COMPLETED, ItemStatus.FAILED, ItemStatus.PROCESSING, ItemStatus.QUEUED), 1
        )
    ),
)


@given(st.lists(st.sampled_from(ItemStatus), max_size=20))
def test_progress_counts_sum_to_total(statuses: list[ItemStatus]) -> None:
    items = tuple(item(status, number) for number, status in enumerate(statuses))
    report = batch_report(batch(BatchStatus.PROCESSING, items), file_links)
    progress = dict(report["progress"])
    assert progress.pop("total") == len(statuses) == len(report["items"]) == sum(progress.values())
    assert Counter(one["status"] for one in report["items"]) == Counter(
        {name: count for name, count in progress.items() if count}
    )


@given(st.sampled_from(BatchStatus), st.lists(st.sampled_from(ItemStatus), max_size=5))
def test_every_report_is_json_with_the_specifications_states(
    status: BatchStatus, statuses: list[ItemStatus]
) -> None:
    items = tuple(item(one, number) for number, one in enumerate(statuses))
    report = json.loads(json.dumps(batch_report(batch(status, items), file_links)))
    allowed = {"queued", "processing", "completed", "failed", "cancelled"}
    assert report["status"] in allowed | {"paused"}
    assert {one["status"] for one in report["items"]} <= allowed


def test_the_shape_is_the_specifications() -> None:
    report = batch_report(EXAMPLE, SERVER)
    assert report["batch_id"] == "batch_a1b2c3d4"
    assert report["status"] == "processing"
    assert report["status_url"] == "/api/v2/batch-generations/batch_a1b2c3d4"
    assert report["updated_at"] == "2026-11-23T10:05:00Z"
    done, failed, *_ = report["items"]
    assert done["job_id"] == "job_1"
    assert done["result_url"] == "/api/v2/jobs/job_1/result"
    assert done["downloads"] == {
        "json": "/api/v2/jobs/job_1/download/json",
        "v2": "/api/v2/jobs/job_1/download/v2",
    }
    assert done["options"] == {"format": ["json", "v2"], "include_book": True}
    assert done["usage"] == {"input_tokens": 910, "output_tokens": 1_204}
    assert done["cost"] == 0.0044
    assert failed["status"] == "failed"
    assert failed["error"] == {
        "message": "mirela.md: there is no text in it.",
        "code": "SOURCE_EMPTY",
        "details": {"path": "mirela.md"},
    }
    assert "downloads" not in failed


def test_the_answer_to_a_new_batch_is_the_specifications() -> None:
    assert created_report(EXAMPLE.summary, SERVER) == {
        "batch_id": "batch_a1b2c3d4",
        "status": "processing",
        "total_items": 4,
        "estimated_completion_time": "2026-11-23T10:30:00Z",
        "status_url": "/api/v2/batch-generations/batch_a1b2c3d4",
        "created_at": "2026-11-23T10:00:00Z",
    }


def test_on_this_machine_files_are_paths_and_there_are_no_addresses() -> None:
    report = batch_report(EXAMPLE, file_links)
    assert report["items"][0]["downloads"] == {"json": "/cards/mirela.json", "v2": "/cards/mirela_v2.json"}
    assert report["items"][0]["result_url"] is None
    assert report["status_url"] is None


def test_what_a_call_cost_is_never_guessed() -> None:
    lost = replace(item(ItemStatus.COMPLETED), cost=None, unknown_calls=2)
    (told,) = batch_report(batch(BatchStatus.COMPLETED, (lost,)), file_links)["items"]
    assert told["cost"] is None
    assert told["unknown_cost_calls"] == 2
    waiting = batch_report(batch(BatchStatus.QUEUED, (item(ItemStatus.QUEUED),)), file_links)["items"][0]
    assert waiting["cost"] is None
    assert waiting["usage"] is None


def test_why_a_batch_stands_still_is_told() -> None:
    why = ErrorInfo("The key was refused.", "ENGINE_AUTH", {"engine": "Far away"})
    stopped = replace(EXAMPLE.summary, status=BatchStatus.PAUSED, reason=why, finish_expected=None)
    report = summary_report(stopped)
    assert report["status"] == "paused"
    assert report["reason"] == {
        "message": "The key was refused.",
        "code": "ENGINE_AUTH",
        "details": {"engine": "Far away"},
    }
    assert report["estimated_completion_time"] is None


def test_a_job_has_its_result_or_its_error() -> None:
    done, failed, running, _ = (job_report(one, SERVER) for one in EXAMPLE.items)
    assert done["result"]["card_id"] == "card_1"
    assert done["result"]["files"]["v2"] == "/api/v2/jobs/job_1/download/v2"
    assert "error" not in done
    assert failed["error"]["code"] == "SOURCE_EMPTY"
    assert "result" not in failed
    assert running["status"] == "processing"
    assert running["progress"] == 0.41
    assert not {"result", "error"} & running.keys()


def fields_of(heading: str) -> list[str]:
    """The first column of the table under a heading of the page."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE)


def named(report: dict[str, Any], nested: tuple[str, ...] = ()) -> list[str]:
    """The fields of a report; those in `nested` with the names of their own."""
    names: list[str] = []
    for name, value in report.items():
        names.append(name)
        if name in nested and isinstance(value, dict):
            names += [f"{name}.{inner}" for inner in value]
    return names


def test_the_page_names_every_field() -> None:
    assert fields_of("A batch") == named(batch_report(EXAMPLE, SERVER), ("progress", "usage"))
    items = [
        *batch_report(EXAMPLE, SERVER)["items"],
        *batch_report(
            replace(EXAMPLE, items=(replace(EXAMPLE.items[0], target="old.png", shared_book="book_1"),)),
            SERVER,
        )["items"],
    ]
    nested = ("options", "usage", "error", "shared_book")
    told = dict.fromkeys(name for one in items for name in named(one, nested))
    assert set(fields_of("An item")) == set(told)
    jobs = [job_report(one, SERVER) for one in EXAMPLE.items]
    assert set(fields_of("A job")) == {name for one in jobs for name in named(one, ("result",))}
    assert fields_of("A new batch") == named(created_report(EXAMPLE.summary, SERVER))


@pytest.mark.parametrize(
    ("number", "report"),
    [
        (0, batch_report(EXAMPLE, SERVER)),
        (1, job_report(EXAMPLE.items[0], SERVER)),
        (2, created_report(EXAMPLE.summary, SERVER)),
    ],
)
def test_the_examples_of_the_page_are_made_by_the_code(number: int, report: dict[str, Any]) -> None:
    examples = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert json.loads(examples[number]) == report, json.dumps(report, indent=2)
