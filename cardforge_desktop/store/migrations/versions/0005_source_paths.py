"""Sources found by their path: which files are in the queue already, which were read for another item.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index over the paths of sources."""
    op.create_index(op.f("ix_item_source_path"), "item_source", ["path"], unique=False)
