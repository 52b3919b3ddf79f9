"""Section 1.1's JSON of a batch, for every face that shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cardforge_desktop.batches.model import BatchStatus, BatchView, ItemStatus, ItemView

#: Where a file of an item is found: (item, format) → a path or a URL.
LinkBuilder = Callable[[ItemView, str], str]


def batch_report(batch: BatchView, link: LinkBuilder) -> dict[str, Any]:
    """The body of "Get Batch Status". The counts of `progress` always sum to its total."""
    statuses = [_public(item.status) for item in batch.items]
    names = ("completed", "failed", "processing", "queued", "cancelled")
    return {
        "batch_id": batch.id,
        "status": "queued" if batch.status is BatchStatus.DRAFT else batch.status.value,
        "progress": {"total": len(statuses), **{name: statuses.count(name) for name in names}},
        "items": [_item_report(item, link) for item in batch.items],
        "created_at": _time(batch.summary.created_at),
        "updated_at": _time(batch.summary.updated_at),
    }


def file_links(item: ItemView, format_name: str) -> str:
    """The link builder of faces on this machine: the file's path."""
    return str(dict(item.files)[format_name])


def _item_report(item: ItemView, link: LinkBuilder) -> dict[str, Any]:
    report: dict[str, Any] = {
        "item_id": item.id,
        "job_id": item.job_id,
        "profile_id": item.profile_id,
        "profile": item.profile,
        "source": item.source,
        "engine": item.engine,
        "status": _public(item.status),
        "warnings": list(item.warnings),
    }
    if item.target:
        report["target"] = item.target
    if item.input_tokens is not None:
        cost = None if item.cost is None else float(item.cost)
        tokens = {"input_tokens": item.input_tokens, "output_tokens": item.output_tokens}
        report["usage"] = {**tokens, "cost": cost}
    if item.status is ItemStatus.COMPLETED:
        report["card_id"] = item.card_id
        report["name"] = item.card_name
        report["downloads"] = {name: link(item, name) for name, _ in item.files}
    if item.error is not None:
        error = item.error
        report["error"] = {"message": error.message, "code": error.code, "details": dict(error.details)}
    return report


def _public(status: ItemStatus) -> str:
    """A draft is the window's own notion: outside it counts as queued."""
    return "queued" if status is ItemStatus.DRAFT else status.value


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
