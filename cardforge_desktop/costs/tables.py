"""The ledger's tables: one row per call made to an engine, their sums, the limits, and prices of one's own.

The sums are kept by triggers of the store (migration 0008), whoever writes, and the same migration forbids to
change or remove a call that has ended: both hold for every version and process.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, Index, Text, literal_column, text
from sqlmodel import Field

from cardforge_desktop.store.table import Table, core_table
from cardforge_desktop.store.types import Picodollars, UtcTime


class CallRow(Table, table=True):
    """One try of one call: retried, failed and cancelled ones have rows of their own.

    ``status``: sent | completed | failed | cancelled | lost (about to be sent, or sent,
    when the app died: cost unknown). While it is ``sent`` the row is a reservation: `held_tokens` and
    `held_cost`, the most the call may take, count against the limits. Once it has ended it never changes, but
    for `answer` (kept until the item is finished, so that a crash never pays for it twice) and `card_id`
    (once, when there is a card).
    """

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_answer", "item_id", "run", "step"),
        Index("ix_call_time", "started_at"),
        Index("ix_call_history", "profile_id", "asked_model", "step_kind", "started_at"),
        Index("ix_call_sent", "worker_id", sqlite_where=text("status = 'sent'")),
    )

    id: str = Field(primary_key=True)
    started_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)
    batch_id: str
    item_id: str
    card_id: str = ""
    profile_id: str = ""
    profile_version: int = 0
    worker_id: str
    run: int = Field(description="counts the user's retries of the item")
    step: str = Field(description="which call within the item")
    step_kind: str = Field(default="", description="history.kind_of the step")
    digest: str = Field(description="sha256 of the prompt")
    engine: str
    model: str = Field(description="as the provider named it in the answer")
    asked_model: str = Field(default="", description="as it was asked for")
    local: bool
    status: str
    held_tokens: int = 0
    held_cost: Decimal | None = Field(default=None, sa_type=Picodollars, description="None = no price known")
    input_tokens: int | None = Field(default=None, description="cached and cache_write ones included")
    output_tokens: int | None = Field(default=None, description="reasoning ones included")
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    tokens_from: str = Field(default="", description='provider | counted (by us) | "" = unknown')
    cost: Decimal | None = Field(default=None, sa_type=Picodollars, description="None = unknown")
    currency: str = "USD"
    price_source: str = ""
    price: str = Field(default="", description="the rates used, as JSON; see prices.Price")
    error_code: str = ""
    reason: str = Field(default="", description="why the answer ended: stop | length | refusal")
    answer: str | None = Field(default=None, sa_column=Column(Text))


class CallSumRow(Table, table=True):
    """What the calls that ended and began in one quarter hour took, for all that lists tell them apart by.

    `held_tokens` and `held_cost` are those of calls of which the tokens, or the cost, stayed unknown: what
    they may have taken counts against the limits.
    """

    __tablename__ = "call_sum"
    __table_args__ = (Index("ix_call_sum_batch", "batch_id"), {"sqlite_with_rowid": False})

    slot: int = Field(primary_key=True, description="days.slot_of when the call began")
    engine: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    profile_id: str = Field(primary_key=True)
    batch_id: str = Field(primary_key=True)
    local: bool = Field(primary_key=True)
    calls: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost: Decimal = Field(sa_type=Picodollars)
    unknown_calls: int = Field(description="of unknown cost")
    held_tokens: int
    held_cost: Decimal = Field(sa_type=Picodollars)


class LimitRow(Table, table=True):
    """What may be spent at most. `scope`: day | month | the id of a batch."""

    __tablename__ = "spending_limit"

    scope: str = Field(primary_key=True)
    tokens: int | None = None
    cost: Decimal | None = Field(default=None, sa_type=Picodollars)


class OwnPriceRow(Table, table=True):
    """What the person says a model costs, in US dollars for a million tokens."""

    __tablename__ = "own_price"

    engine: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    input: Decimal = Field(sa_type=Picodollars)
    output: Decimal = Field(sa_type=Picodollars)
    cached: Decimal = Field(sa_type=Picodollars)
    cache_write: Decimal = Field(sa_type=Picodollars)


#: Calls that are out. With the word itself, as SQLite takes the index of them for no parameter of that value.
IS_OUT = core_table(CallRow).c.status == literal_column("'sent'")
