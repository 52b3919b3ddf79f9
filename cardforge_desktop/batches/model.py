"""The queue's values, as services return them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any


class ItemStatus(StrEnum):
    """States of an item. DRAFT waits for Start; the rest are the specification's (section 1.1)."""

    DRAFT = "draft"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BatchStatus(StrEnum):
    """States of a batch. DRAFT is being put together in the window."""

    DRAFT = "draft"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Options:
    """What an item is made with.

    Attributes:
        profile: name of a profile.
        engine: name of a connection.
        formats: names of `cards.formats.FORMATS`; empty = the profile's. One that holds the book alone is
            left out, with a warning, where a card has none.
        include_book: None = as the profile says.
        output: folder of the files; made when the first is written.
        pattern: naming pattern, a name or a template; "" = the profile's.
        update: a card file; of the card in it only the asked fields are written anew, into new files.
        fields: of an update, those of the profile's fields (and ``book``) that are asked for; empty = all.
    """

    output: Path
    profile: str = "Default"
    engine: str = "Built-in"
    formats: tuple[str, ...] = ()
    include_book: bool | None = None
    pattern: str = ""
    update: Path | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """Why an item failed; shape of the specification's error object."""

    message: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemView:
    """One row of the queue.

    Attributes:
        estimate_input, estimate_output: tokens, None until the source is read.
        input_tokens, output_tokens: used so far in finished calls, None before the first.
        cost: US dollars; None = unknown. ``local`` items are free.
        target: file name of the card that is updated, "" when a new one is made.
    """

    id: str
    batch_id: str
    job_id: str
    position: int
    source: str
    source_path: Path | None
    profile: str
    profile_version: int
    engine: str
    formats: tuple[str, ...]
    status: ItemStatus
    stage: str
    local: bool
    estimate_input: int | None = None
    estimate_output: int | None = None
    estimate_exact: bool = False
    estimate_cost: Decimal | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: Decimal | None = None
    attempts: int = 0
    error: ErrorInfo | None = None
    warnings: tuple[str, ...] = ()
    card_id: str | None = None
    card_name: str = ""
    files: tuple[tuple[str, Path], ...] = ()
    started_at: datetime | None = None
    finished_at: datetime | None = None
    profile_id: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch and its items in order."""

    id: str
    status: BatchStatus
    created_at: datetime
    updated_at: datetime
    items: tuple[ItemView, ...]
