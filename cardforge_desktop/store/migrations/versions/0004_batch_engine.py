"""Batches with options, reasons and an order; items of several sources.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A batch's options, an item's wishes, and the sources in a table of their own."""
    with op.batch_alter_table("batch") as batch:
        batch.add_column(sa.Column("name", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("priority", sa.String(), nullable=False, server_default="standard"))
        batch.add_column(sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("max_concurrent", sa.Integer(), nullable=False, server_default="3"))
        batch.add_column(sa.Column("continue_on_error", sa.Boolean(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("reason", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("hidden", sa.Boolean(), nullable=False, server_default="0"))
    op.execute("UPDATE batch SET rank = rowid")
    op.create_table(
        "item_source",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_source_item_id_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source"], ["source.sha256"], name=op.f("fk_item_source_source_source")),
        sa.PrimaryKeyConstraint("item_id", "place", name=op.f("pk_item_source")),
    )
    op.create_index(op.f("ix_item_source_source"), "item_source", ["source"], unique=False)
    op.execute("CREATE TEMP TABLE kept_source AS SELECT id, source_name, source_path, source FROM item")
    with op.batch_alter_table("item") as batch:
        batch.drop_index("ix_item_next")
        batch.drop_constraint(op.f("fk_item_source_source"), type_="foreignkey")
        batch.drop_column("source")
        batch.drop_column("source_path")
        batch.add_column(sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("overwrite", sa.Boolean(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("character_name", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("held", sa.Boolean(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("progress", sa.Float(), nullable=False, server_default="0"))
        batch.create_index("ix_item_next", ["batch_id", "status", "rank"], unique=False)
    op.execute("UPDATE item SET rank = position")
    op.execute("INSERT INTO item_source SELECT id, 1, source_name, source_path, source FROM kept_source")
    op.execute("DROP TABLE kept_source")
