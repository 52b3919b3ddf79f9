"""Rows for model tests."""

from pathlib import Path

from cardforge_desktop.batches.model import ErrorInfo, ItemStatus, ItemView, SourceView


def item(number: int, status: ItemStatus = ItemStatus.DRAFT, **more: object) -> ItemView:
    """A row of the queue."""
    values = {
        "id": f"item_{number}",
        "batch_id": "batch_1",
        "job_id": f"job_{number}",
        "position": number,
        "source": f"source-{number:05}.md",
        "sources": (SourceView(f"source-{number:05}.md", Path(f"/sources/source-{number:05}.md")),),
        "profile": "Default",
        "profile_version": 1,
        "engine": "Built-in",
        "formats": ("json",),
        "status": status,
        "stage": "",
        "local": True,
        "estimate_input": 100 + number,
        "estimate_output": 10,
    }
    if status is ItemStatus.FAILED:
        values["error"] = ErrorInfo(f"source-{number:05}.md: it is empty.", "SOURCE_EMPTY")
    return ItemView(**(values | more))
