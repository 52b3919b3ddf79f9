"""Profiles with authors, types and drafts; a field's instruction among the prompts; a card's profile by id.

Revision ID: 0006
Revises: 0005
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns, the table of drafts, and the stored versions in their new shape."""
    _version_columns()
    _profile_columns()
    op.create_table(
        "profile_draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profile.id"], name=op.f("fk_profile_draft_profile_id_profile")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_draft")),
    )
    op.create_index(op.f("ix_profile_draft_profile_id"), "profile_draft", ["profile_id"], unique=False)
    op.add_column("card", sa.Column("profile_id", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_card_profile_id"), "card", ["profile_id"], unique=False)
    # Until now no profile could be renamed: where the item is gone, the name tells which one it was.
    op.execute(
        "UPDATE card SET profile_id = coalesce("
        "(SELECT item.profile_id FROM item WHERE item.id = card.item_id), "
        "(SELECT profile.id FROM profile WHERE profile.name = card.profile), '')"
    )


def _version_columns() -> None:
    for name, default in (
        ("description", ""),
        ("type", "character"),
        ("updated_by", "CardForge"),
        ("reason", "shipped"),
    ):
        op.add_column("profile_version", sa.Column(name, sa.String(), nullable=False, server_default=default))
    connection = op.get_bind()
    versions = sa.table(
        "profile_version",
        *(sa.column("profile_id"), sa.column("version")),
        *(sa.column("config", sa.JSON()), sa.column("prompts", sa.JSON())),
    )
    for row in connection.execute(sa.select(versions)).all():
        config, prompts = _reshaped(row.config, row.prompts)
        connection.execute(
            sa.update(versions)
            .where(versions.c.profile_id == row.profile_id, versions.c.version == row.version)
            .values(config=config, prompts=prompts)
        )


def _reshaped(config: dict[str, Any], prompts: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Instructions move to the prompts, the temperature to the sampling."""
    config, prompts = json.loads(json.dumps(config)), dict(prompts)
    fields = {name: plan.pop("instruction", "") for name, plan in config.get("fields", {}).items()}
    prompts |= {"fields": fields, "book": config.get("book", {}).pop("instruction", "")}
    if "temperature" in config:
        config["sampling"] = {"temperature": config.pop("temperature")}
    return config, prompts


def _profile_columns() -> None:
    """A deleted profile gives its name free, so that it is unique among those that are there only.

    Without that constraint the table has to be made anew, which SQLite refuses while versions refer to it.
    """
    op.execute("CREATE TEMP TABLE kept_version AS SELECT * FROM profile_version")
    op.execute("DELETE FROM profile_version")
    # Made anew from what Alembic reads, which does not tell how names are compared.
    name = sa.Column("name", sa.String(collation="NOCASE"), nullable=False)
    with op.batch_alter_table("profile", reflect_args=(name,)) as batch:
        batch.add_column(sa.Column("created_by", sa.String(), nullable=False, server_default="CardForge"))
        batch.add_column(sa.Column("deleted_at", sa.DateTime(), nullable=True))
        batch.drop_constraint("uq_profile_name", type_="unique")
        batch.create_index(
            "ix_profile_name", ["name"], unique=True, sqlite_where=sa.text("deleted_at IS NULL")
        )
    op.execute("INSERT INTO profile_version SELECT * FROM kept_version")
    op.execute("DROP TABLE kept_version")
