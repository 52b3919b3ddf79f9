"""The ledger with all it has to tell, its sums kept by the store itself, limits, and prices of one's own.

Revision ID: 0008
Revises: 0007
"""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SAME = (
    "id, started_at, finished_at, batch_id, item_id, worker_id, run, step, digest, engine, model, local, "
    "status, input_tokens, output_tokens, cached_tokens, reasoning_tokens, price_source, error_code, reason, "
    "answer"
)
#: Columns of a call that never change once it has ended.
_FIXED = (
    "id, started_at, finished_at, batch_id, item_id, profile_id, profile_version, worker_id, run, step, "
    "step_kind, digest, engine, model, asked_model, local, status, held_tokens, held_cost, input_tokens, "
    "output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, tokens_from, cost, currency, "
    "price_source, price, error_code, reason"
)
#: Seconds; as `costs.days.SLOT`.
_SLOT = 900
#: Dollars for one call; more is a wrong report, which versions before believed.
_MOST_OF_CALL = 10_000


def upgrade() -> None:
    """Costs become whole numbers of 10⁻¹² dollars, which SQLite adds exactly."""
    op.rename_table("call", "call_before")
    op.drop_index("ix_call_answer", "call_before")
    op.drop_index("ix_call_time", "call_before")
    _make_call()
    _make_sums()
    _make_limits_and_prices()
    _keep_sums()
    _take_over_calls()
    _forbid_changes()
    op.drop_table("call_before")
    # What finished cards cost, without a look at their wide rows.
    op.drop_index("ix_item_status", "item")
    op.create_index("ix_item_cost", "item", ["status", "finished_at", "unknown_calls", "cost"])
    op.add_column("item", sa.Column("estimate_output_low", sa.Integer(), nullable=True))
    op.add_column("item", sa.Column("estimate_cost_low", sa.String(), nullable=True))


def _make_call() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("profile_version", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("step_kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("asked_model", sa.String(), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("held_tokens", sa.Integer(), nullable=False),
        sa.Column("held_cost", sa.BigInteger(), nullable=True),
        sa.Column("input_tokens", sa.Integer(), nullable=True),
        sa.Column("output_tokens", sa.Integer(), nullable=True),
        sa.Column("cached_tokens", sa.Integer(), nullable=True),
        sa.Column("cache_write_tokens", sa.Integer(), nullable=True),
        sa.Column("reasoning_tokens", sa.Integer(), nullable=True),
        sa.Column("tokens_from", sa.String(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("price_source", sa.String(), nullable=False),
        sa.Column("price", sa.String(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    op.create_index("ix_call_answer", "call", ["item_id", "run", "step"])
    op.create_index("ix_call_time", "call", ["started_at"])
    op.create_index("ix_call_history", "call", ["profile_id", "asked_model", "step_kind", "started_at"])
    # The few that are out now: what they hold is asked for before each call.
    op.create_index("ix_call_sent", "call", ["worker_id"], sqlite_where=sa.text("status = 'sent'"))


def _make_sums() -> None:
    op.create_table(
        "call_sum",
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("unknown_calls", sa.Integer(), nullable=False),
        sa.Column("held_tokens", sa.Integer(), nullable=False),
        sa.Column("held_cost", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "slot", "engine", "model", "profile_id", "batch_id", "local", name=op.f("pk_call_sum")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_call_sum_batch", "call_sum", ["batch_id"])


def _make_limits_and_prices() -> None:
    op.create_table(
        "spending_limit",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_spending_limit")),
    )
    op.create_table(
        "own_price",
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("input", "output", "cached", "cache_write")
        ),
        sa.PrimaryKeyConstraint("engine", "model", name=op.f("pk_own_price")),
    )


#: What a call that ends adds to its sum, by column.
_ADDED = {
    "slot": f"CAST(strftime('%s', new.started_at) AS INTEGER) / {_SLOT}",
    "engine": "new.engine",
    "model": "new.model",
    "profile_id": "new.profile_id",
    "batch_id": "new.batch_id",
    "local": "new.local",
    "calls": "1",
    "input_tokens": "coalesce(new.input_tokens, 0)",
    "output_tokens": "coalesce(new.output_tokens, 0)",
    "cached_tokens": "coalesce(new.cached_tokens, 0)",
    "cost": "coalesce(new.cost, 0)",
    "unknown_calls": "new.cost IS NULL",
    "held_tokens": "iif(new.input_tokens IS NULL, new.held_tokens, 0)",
    "held_cost": "iif(new.cost IS NULL, coalesce(new.held_cost, 0), 0)",
}
_KEY = ("slot", "engine", "model", "profile_id", "batch_id", "local")


def _keep_sums() -> None:
    """A call is added to its sum when it ends: by whichever statement, in that very transaction."""
    sums = ", ".join(f"{name} = {name} + excluded.{name}" for name in _ADDED if name not in _KEY)
    add = f"({', '.join(_ADDED)}) VALUES ({', '.join(_ADDED.values())}) ON CONFLICT DO UPDATE SET {sums}"
    made = "AFTER INSERT ON call WHEN new.status <> 'sent'"
    ended = "AFTER UPDATE OF status ON call WHEN old.status = 'sent' AND new.status <> 'sent'"
    op.execute(f"CREATE TRIGGER call_made {made} BEGIN INSERT INTO call_sum {add}; END")
    op.execute(f"CREATE TRIGGER call_ended {ended} BEGIN INSERT INTO call_sum {add}; END")


#: Columns that are new, and what they are of a call of before. What a failed or lost one may have taken at
#: most nobody kept.
_NEW = {
    "card_id": "CASE WHEN call_before.batch_id = '' AND card.id IS NOT NULL THEN card.id "
    "ELSE coalesce(item.card_id, '') END",
    "profile_id": "coalesce(item.profile_id, '')",
    "profile_version": "coalesce(item.profile_version, 0)",
    "step_kind": "substr(call_before.step, 1, instr(call_before.step || ':', ':') - 1)",
    "asked_model": "call_before.model",
    "held_tokens": "0",
    "tokens_from": "iif(call_before.input_tokens IS NULL, '', 'provider')",
    "cost": "picodollars(call_before.cost)",
    "currency": "'USD'",
    "price": "''",
}


def _take_over_calls() -> None:
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.create_function("picodollars", 1, _picodollars, deterministic=True)
    values = _NEW | {name: f"call_before.{name}" for name in _SAME.split(", ")}
    columns, selected = ", ".join(values), ", ".join(values.values())
    before = "call_before LEFT JOIN item ON item.id = call_before.item_id"
    before += " LEFT JOIN card ON card.id = call_before.item_id"
    op.execute(f"INSERT INTO call ({columns}) SELECT {selected} FROM {before}")  # noqa: S608  # no values


def _picodollars(amount: str | None) -> int | None:
    """None = unknown; so is what can't be."""
    try:
        dollars = Decimal("NaN" if amount is None else amount)
    except InvalidOperation:
        return None
    if not dollars.is_finite() or abs(dollars) > _MOST_OF_CALL:
        return None
    return int(dollars.scaleb(12).to_integral_value(ROUND_HALF_EVEN))


def _forbid_changes() -> None:
    changed = " OR ".join(f"new.{name} IS NOT old.{name}" for name in _FIXED.split(", "))
    told = "RAISE(ABORT, 'a call that has ended is never changed')"
    op.execute(
        "CREATE TRIGGER call_is_fixed BEFORE UPDATE ON call WHEN old.status <> 'sent' AND "
        f"({changed} OR (old.card_id <> '' AND new.card_id <> old.card_id)) BEGIN SELECT {told}; END"
    )
    op.execute(
        f"CREATE TRIGGER call_stays BEFORE DELETE ON call WHEN old.status <> 'sent' BEGIN SELECT {told}; END"
    )
