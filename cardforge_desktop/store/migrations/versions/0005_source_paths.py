"""Sources found by their path, and the rules of an item's file names.

By path: which files are in the queue already, which were read for another item.

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
    """An index over the paths of sources; how names are made and how long they get."""
    op.create_index(op.f("ix_item_source_path"), "item_source", ["path"], unique=False)
    with op.batch_alter_table("item") as batch:
        batch.add_column(sa.Column("sanitise_names", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("longest_name", sa.Integer(), nullable=True))
