"""Tables of the queue: sources, batches and their items."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, Text
from sqlmodel import Field

from cardforge_desktop.store.table import Table
from cardforge_desktop.store.types import Money, PathText, UtcTime


class SourceRow(Table, table=True):
    """The text of a source as it was read, stored once however many items use it."""

    __tablename__ = "source"

    sha256: str = Field(primary_key=True, description="of name, kind and text")
    name: str
    kind: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    title: str
    sections: list[Any] = Field(sa_column=Column(JSON, nullable=False), description="[heading, start, end]")
    encoding: str
    warnings: list[str] = Field(sa_column=Column(JSON, nullable=False))


class TargetRow(Table, table=True):
    """A card file to update as it came, stored once however many items update it."""

    __tablename__ = "target"

    sha256: str = Field(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class BatchRow(Table, table=True):
    """A batch. `owner` is the worker (process) that runs it, "" when none does."""

    __tablename__ = "batch"

    id: str = Field(primary_key=True)
    name: str = Field(default="", description='the person\'s, "" = made from its sources')
    status: str = Field(index=True)
    owner: str = ""
    priority: str = "standard"
    rank: int = Field(default=0, description="order among batches of one priority, smaller first")
    max_concurrent: int = 3
    continue_on_error: bool = True
    reason: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True)), description="shape of an item's error"
    )
    hidden: bool = Field(default=False, description="taken out of the history by the person")
    created_at: datetime = Field(sa_type=UtcTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ItemSourceRow(Table, table=True):
    """One of the texts an item is made of. `source` is its address, None until it is read."""

    __tablename__ = "item_source"

    item_id: str = Field(primary_key=True, foreign_key="item.id", ondelete="CASCADE")
    place: int = Field(primary_key=True, description="from 1, in the order they are read")
    name: str
    path: str = Field(default="", sa_type=PathText, index=True, description='"" = pasted')
    source: str | None = Field(default=None, foreign_key="source.sha256", index=True)


class ItemRow(Table, table=True):
    """One card to make of the sources in `ItemSourceRow`. `worker_id`: the process that works on it now."""

    __tablename__ = "item"
    __table_args__ = (
        Index("ix_item_next", "batch_id", "status", "rank"),
        Index("ix_item_shown", "hidden", "status"),
        Index("ix_item_cost", "status", "finished_at", "unknown_calls", "cost"),
    )

    id: str = Field(primary_key=True)
    batch_id: str = Field(foreign_key="batch.id")
    job_id: str
    position: int = Field(description="from 1, within the batch; {index} of file names")
    rank: int = Field(default=0, description="order of running within the batch, smaller first")
    source_name: str = Field(description="the sources in one short text")
    avatar_path: str = Field(default="", sa_type=PathText)
    target: str | None = Field(default=None, foreign_key="target.sha256", description="till it is completed")
    target_name: str = Field(default="", description='file of the card to update, "" = a new card is made')
    fields: list[str] = Field(
        default_factory=list,
        sa_column=Column(JSON, nullable=False),
        description="of an update; empty = all the profile asks for",
    )
    profile_id: str
    profile: str
    profile_version: int
    engine: str
    local: bool
    formats: list[str] = Field(sa_column=Column(JSON, nullable=False))
    include_book: bool
    output: str = Field(sa_type=PathText)
    pattern: str
    sanitise_names: bool | None = Field(default=None, description="None = as the setting says at Start")
    longest_name: int | None = Field(default=None, description="bytes of a name; None as above")
    overwrite: bool = False
    character_name: str = Field(default="", description='whom the card is about, "" = as the source says')
    shared_book: str = Field(default="", description='id of the book that its cards share, "" = none')
    book_tokens: int = Field(default=1_000, description="what of that book is told, at most")
    known: list[dict[str, Any]] | None = Field(
        default=None,
        sa_column=Column(JSON(none_as_null=True)),
        description="entries of it that are told: fixed at the first try, so that the next one asks the same",
    )
    book_changes: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True)), description="what it did to that book"
    )
    status: str
    held: bool = Field(default=False, description="paused by the person; stays queued")
    stage: str = ""
    progress: float = Field(default=0.0, description="0..1, written with each call")
    run: int = Field(default=1, description="counts the user's retries; answers of other runs are void")
    attempts: int = Field(default=0, description="how often a worker began")
    worker_id: str = ""
    estimate_input: int | None = None
    estimate_output_low: int | None = Field(default=None, description="None = no such calls before")
    estimate_output: int | None = Field(default=None, description="the most, or nearly so: 90 % write less")
    estimate_exact: bool = False
    estimate_cost_low: Decimal | None = Field(default=None, sa_type=Money)
    estimate_cost: Decimal | None = Field(default=None, sa_type=Money)
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: Decimal | None = Field(default=None, sa_type=Money, description="of the calls of known cost")
    unknown_calls: int = Field(default=0, description="calls whose cost is not known")
    error: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    warnings: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    card_id: str | None = Field(default=None, foreign_key="card.id", ondelete="SET NULL")
    started_at: datetime | None = Field(default=None, sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)
    hidden: bool = Field(default=False, description="taken off the queue panel by the user")
