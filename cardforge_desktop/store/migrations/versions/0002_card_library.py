"""The card library: versions, ratings, assets, soft deletion, and full-text search.

Revision ID: 0002
Revises: 0001
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from cardforge_desktop.store.full_text import searchable

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FIELDS = (
    *("name", "nickname", "description", "personality", "scenario", "first_mes", "mes_example"),
    *("creator_notes", "system_prompt", "post_history_instructions", "creator", "character_version"),
)
_LISTS = ("alternate_greetings", "group_only_greetings", "tags", "source")
_ENTRY_FIELDS = ("name", "comment", "content")
_ENTRY_LISTS = ("keys", "secondary_keys")


def upgrade() -> None:
    """Small rows for lists, the cards in their revisions alone, an index over their text."""
    _make_card_text()
    _change_card()
    _change_card_revision()
    _make_assets()
    _change_card_file()
    _let_items_outlive_their_cards()


def _make_card_text() -> None:
    """The text of each card, and its index, which hears of every change by triggers."""
    op.create_table(
        "card_text",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["card.id"], name=op.f("fk_card_text_card_id_card"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_card_text")),
        sa.UniqueConstraint("card_id", name=op.f("uq_card_text_card_id")),
    )
    op.execute(
        "CREATE VIRTUAL TABLE card_search USING fts5("
        "search_text, content='card_text', content_rowid='number', tokenize='unicode61 remove_diacritics 2')"
    )
    forget = (
        "INSERT INTO card_search(card_search, rowid, search_text) "
        "VALUES ('delete', old.number, old.search_text);"
    )
    learn = "INSERT INTO card_search(rowid, search_text) VALUES (new.number, new.search_text);"
    op.execute(f"CREATE TRIGGER card_text_insert AFTER INSERT ON card_text BEGIN {learn} END")
    op.execute(f"CREATE TRIGGER card_text_delete AFTER DELETE ON card_text BEGIN {forget} END")
    op.execute(f"CREATE TRIGGER card_text_update AFTER UPDATE ON card_text BEGIN {forget} {learn} END")
    _fill_card_text()


def _fill_card_text() -> None:
    connection = op.get_bind()
    insert = sa.text("INSERT INTO card_text (card_id, search_text) VALUES (:id, :text)")
    data_of = sa.text("SELECT data FROM card WHERE id = :id")
    for card_id, source, profile in connection.execute(sa.text("SELECT id, source, profile FROM card")).all():
        card = json.loads(connection.execute(data_of, {"id": card_id}).scalar_one())
        text = "\n".join(searchable(text) for text in (*_texts(card), source, profile) if text)
        connection.execute(insert, {"id": card_id, "text": text})


def _texts(card: dict[str, Any]) -> Iterator[str]:
    """What a person may look for, as the app of this revision finds it."""
    yield from _strings(card, _FIELDS, _LISTS)
    notes = card.get("creator_notes_multilingual")
    yield from notes.values() if isinstance(notes, dict) else ()
    book = card.get("character_book") or {}
    yield from _strings(book, ("name", "description"), ())
    for entry in book.get("entries") or ():
        yield from _strings(entry, _ENTRY_FIELDS, _ENTRY_LISTS)


def _strings(value: dict[str, Any], fields: tuple[str, ...], lists: tuple[str, ...]) -> Iterator[str]:
    yield from (value.get(name) or "" for name in fields)
    yield from (text for name in lists for text in value.get(name) or ())


def _change_card() -> None:
    """What lists show comes into `card`; its data goes, which the newest revision holds as well.

    Without the data its rows are small: ten thousand are read at once.
    """
    for column in (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("rating", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("spec", sa.String(), nullable=False, server_default=""),
        sa.Column("imported_from", sa.String(), nullable=False, server_default=""),
        # The app fills this one and the counts at its next start, in the background.
        sa.Column("content_hash", sa.String(), nullable=False, server_default=""),
        sa.Column("permanent_tokens", sa.Integer(), nullable=True),
        sa.Column("total_tokens", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"),
    ):
        op.add_column("card", column)
    op.execute("UPDATE card SET tags = coalesce(json_extract(data, '$.tags'), '[]')")
    op.execute("ALTER TABLE card DROP COLUMN data")
    op.create_index(op.f("ix_card_avatar"), "card", ["avatar"])
    op.create_index(op.f("ix_card_content_hash"), "card", ["content_hash"])


def _change_card_revision() -> None:
    """Revisions know their picture."""
    with op.batch_alter_table("card_revision") as batch:
        batch.add_column(sa.Column("avatar", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE card_revision SET avatar = (SELECT avatar FROM card WHERE id = card_id)")
    with op.batch_alter_table("card_revision") as batch:
        batch.alter_column("avatar", server_default=None)
        batch.create_foreign_key(op.f("fk_card_revision_avatar_image"), "image", ["avatar"], ["sha256"])
        batch.drop_constraint(op.f("fk_card_revision_card_id_card"), type_="foreignkey")
        batch.create_foreign_key(
            op.f("fk_card_revision_card_id_card"), "card", ["card_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_index(op.f("ix_card_revision_avatar"), ["avatar"])


def _make_assets() -> None:
    op.create_table(
        "content",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_content")),
    )
    op.create_table(
        "card_asset",
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id", "revision"],
            ["card_revision.card_id", "card_revision.revision"],
            name=op.f("fk_card_asset_card_id_card_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sha256"], ["content.sha256"], name=op.f("fk_card_asset_sha256_content")),
        sa.PrimaryKeyConstraint("card_id", "revision", "path", name=op.f("pk_card_asset")),
    )
    op.create_index(op.f("ix_card_asset_sha256"), "card_asset", ["sha256"])


def _change_card_file() -> None:
    with op.batch_alter_table("card_file") as batch:
        batch.add_column(sa.Column("card_version", sa.Integer(), nullable=False, server_default="1"))
        batch.drop_constraint(op.f("fk_card_file_card_id_card"), type_="foreignkey")
        batch.create_foreign_key(
            op.f("fk_card_file_card_id_card"), "card", ["card_id"], ["id"], ondelete="CASCADE"
        )


def _let_items_outlive_their_cards() -> None:
    with op.batch_alter_table("item") as batch:
        batch.drop_constraint(op.f("fk_item_card_id_card"), type_="foreignkey")
        batch.create_foreign_key(
            op.f("fk_item_card_id_card"), "card", ["card_id"], ["id"], ondelete="SET NULL"
        )
