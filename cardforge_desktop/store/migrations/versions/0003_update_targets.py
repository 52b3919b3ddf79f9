"""Items that update an existing card.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Card files to update, and which item updates which."""
    op.create_table(
        "target",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_target")),
    )
    with op.batch_alter_table("item") as batch:
        batch.add_column(sa.Column("target", sa.String(), nullable=True))
        batch.add_column(sa.Column("target_name", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("fields", sa.JSON(), nullable=False, server_default="[]"))
        batch.create_foreign_key(op.f("fk_item_target_target"), "target", ["target"], ["sha256"])
