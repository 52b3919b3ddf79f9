"""Section 1.1's JSON of batches and jobs, for every face that shows it (docs/batch-report.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from cardforge_desktop.batches.model import (
    BatchStatus,
    BatchSummary,
    BatchView,
    BookChanges,
    Counts,
    ErrorInfo,
    ItemStatus,
    ItemView,
)


class Links(Protocol):
    """Where things are found: addresses of a server, or paths on this machine; None = nowhere."""

    def status_url(self, batch_id: str) -> str | None:
        """The state of a batch, as `batch_report` gives it."""

    def result_url(self, item: ItemView) -> str | None:
        """The result of an item's job, as `job_report` gives it."""

    def download(self, item: ItemView, format_name: str) -> str | None:
        """A file of a completed item."""


@dataclass(frozen=True, slots=True)
class LocalLinks:
    """Files by their paths; no server answers for the rest."""

    def status_url(self, batch_id: str) -> None:
        """Nowhere."""

    def result_url(self, item: ItemView) -> None:
        """Nowhere."""

    def download(self, item: ItemView, format_name: str) -> str | None:
        """The path of the file."""
        path = dict(item.files).get(format_name)
        return None if path is None else str(path)


#: For the faces on this machine.
file_links = LocalLinks()


def batch_report(batch: BatchView, links: Links) -> dict[str, Any]:
    """The body of "Get Batch Status". The counts of `progress` always sum to its total."""
    return {
        **summary_report(batch.summary, links),
        "items": [_item_report(item, links) for item in batch.items],
    }


def summary_report(batch: BatchSummary, links: Links = file_links) -> dict[str, Any]:
    """`batch_report` without the items, for lists."""
    return {
        "batch_id": batch.id,
        "name": batch.name,
        "status": _batch_status(batch),
        "progress": _progress(batch.counts),
        "priority": batch.options.priority.value,
        "max_concurrent": batch.options.max_concurrent,
        "continue_on_error": batch.options.continue_on_error,
        "reason": None if batch.reason is None else _error(batch.reason),
        "usage": {"input_tokens": batch.input_tokens, "output_tokens": batch.output_tokens},
        "cost": float(batch.cost),
        "unknown_cost_calls": batch.unknown_costs,
        "status_url": links.status_url(batch.id),
        "estimated_completion_time": _time(batch.finish_expected),
        "created_at": _time(batch.created_at),
        "started_at": _time(batch.started_at),
        "finished_at": _time(batch.finished_at),
        "updated_at": _time(batch.updated_at),
    }


def created_report(batch: BatchSummary, links: Links) -> dict[str, Any]:
    """The body of the answer to "Create Batch Job"."""
    return {
        "batch_id": batch.id,
        "status": _batch_status(batch),
        "total_items": batch.counts.total,
        "estimated_completion_time": _time(batch.finish_expected),
        "status_url": links.status_url(batch.id),
        "created_at": _time(batch.created_at),
    }


def job_report(item: ItemView, links: Links) -> dict[str, Any]:
    """What is behind an item's `result_url`: the job that makes its card, with the result or the error."""
    report: dict[str, Any] = {
        "job_id": item.job_id,
        "item_id": item.id,
        "batch_id": item.batch_id,
        "status": _item_status(item),
        "stage": item.stage,
        "progress": round(item.progress, 3),
    }
    if item.status is ItemStatus.COMPLETED:
        report["result"] = {
            "card_id": item.card_id,
            "name": item.card_name,
            "files": _downloads(item, links),
            "warnings": list(item.warnings),
            **_spent(item),
        }
    if item.error is not None:
        report["error"] = _error(item.error)
    return report


def _item_report(item: ItemView, links: Links) -> dict[str, Any]:
    report: dict[str, Any] = {
        "item_id": item.id,
        "job_id": item.job_id,
        "profile_id": item.profile_id,
        "profile": item.profile,
        "profile_version": item.profile_version,
        "engine": item.engine,
        "source": item.source,
        "options": {"format": list(item.formats), "include_book": item.include_book},
        "status": _item_status(item),
        "held": item.held,
        "stage": item.stage,
        "progress": round(item.progress, 3),
        "attempts": item.attempts,
        **_spent(item),
        "warnings": list(item.warnings),
        "started_at": _time(item.started_at),
        "finished_at": _time(item.finished_at),
    }
    if item.target:
        report["target"] = item.target
    if item.shared_book:
        report["shared_book"] = _shared_book(item)
    if item.status is ItemStatus.COMPLETED:
        report["card_id"] = item.card_id
        report["name"] = item.card_name
        report["result_url"] = links.result_url(item)
        report["downloads"] = _downloads(item, links)
    if item.error is not None:
        report["error"] = _error(item.error)
    return report


def _shared_book(item: ItemView) -> dict[str, Any]:
    """The book that the item shares, and what its card did to it."""
    changes = item.book_changes or BookChanges("")
    return {
        "book_id": item.shared_book,
        "book_tokens": item.book_tokens,
        "added": list(changes.added),
        "extended": list(changes.extended),
        "known": list(changes.known),
    }


def _batch_status(batch: BatchSummary) -> str:
    """A batch that is being put together is the window's own notion: outside it counts as queued."""
    return BatchStatus.QUEUED.value if batch.status is BatchStatus.DRAFT else batch.status.value


def _item_status(item: ItemView) -> str:
    return ItemStatus.QUEUED.value if item.status is ItemStatus.DRAFT else item.status.value


def _progress(counts: Counts) -> dict[str, int]:
    return {
        "total": counts.total,
        "completed": counts.completed,
        "failed": counts.failed,
        "processing": counts.processing,
        "queued": counts.queued + counts.draft,
        "cancelled": counts.cancelled,
    }


def _spent(item: ItemView) -> dict[str, Any]:
    """Tokens, None before the first call ended; the cost, None when it is not known (of all calls)."""
    usage = {"input_tokens": item.input_tokens, "output_tokens": item.output_tokens or 0}
    return {
        "usage": None if item.input_tokens is None else usage,
        "cost": None if item.cost is None else float(item.cost),
        "unknown_cost_calls": item.unknown_calls,
    }


def _downloads(item: ItemView, links: Links) -> dict[str, str | None]:
    return {name: links.download(item, name) for name, _ in item.files}


def _error(error: ErrorInfo) -> dict[str, Any]:
    return {"message": error.message, "code": error.code, "details": dict(error.details)}


def _time(moment: datetime | None) -> str | None:
    """As in the specification: UTC, whole seconds, ``Z``."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
