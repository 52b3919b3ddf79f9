"""The ledger's table: one row per call made to an engine."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from cardforge_desktop.store.table import Table
from cardforge_desktop.store.types import Money, UtcTime


class CallRow(Table, table=True):
    """One try of one call: retried, failed and cancelled ones have rows of their own.

    ``status``: sent | completed | failed | cancelled | lost (about to be sent, or sent,
    when the app died: cost unknown).
    ``answer`` is kept until the item is finished, so that a crash never pays for it twice.
    """

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_answer", "item_id", "run", "step"), Index("ix_call_time", "started_at"))

    id: str = Field(primary_key=True)
    started_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)
    batch_id: str
    item_id: str
    worker_id: str
    run: int = Field(description="counts the user's retries of the item")
    step: str = Field(description="which call within the item")
    digest: str = Field(description="sha256 of the prompt")
    engine: str
    model: str
    local: bool
    status: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: Decimal | None = Field(default=None, sa_type=Money)
    price_source: str = ""
    error_code: str = ""
    reason: str = Field(default="", description="why the answer ended: stop | length | refusal")
    answer: str | None = Field(default=None, sa_column=Column(Text))
