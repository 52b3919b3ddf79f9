"""Sources found by their path, the rules of an item's file names, its claims, and its calls of unknown cost.

By path: which files are in the queue already, which were read for another item. By their end: the latest
items, which tell how long the next ones take. By what the panel shows: to count them.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Indexes over the paths of sources and the ends of items; columns of names and of costs."""
    op.create_index(op.f("ix_item_source_path"), "item_source", ["path"], unique=False)
    with op.batch_alter_table("item") as batch:
        batch.add_column(sa.Column("sanitise_names", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("longest_name", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("unknown_calls", sa.Integer(), nullable=False, server_default="0"))
        batch.create_index("ix_item_finished_at", ["finished_at"], unique=False)
        batch.create_index("ix_item_shown", ["hidden", "status"], unique=False)
    op.create_table(
        "file_claim",
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "name", name=op.f("pk_file_claim")),
    )
    op.create_index(op.f("ix_file_claim_item_id"), "file_claim", ["item_id"], unique=False)
    op.execute(
        "UPDATE item SET unknown_calls = (SELECT count(*) FROM call WHERE call.item_id = item.id"
        " AND call.cost IS NULL AND call.status != 'sent') WHERE cost IS NULL AND attempts > 0"
    )
