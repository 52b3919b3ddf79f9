"""Character books as things of their own, with an index over the text of their entries.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only new tables and columns: the books of cards are taken in when books are first looked at."""
    _make_book()
    _make_entries()
    _make_index()
    _make_card_book()
    _give_items_a_book()


def _make_book() -> None:
    op.create_table(
        "book",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["card.id"], name=op.f("fk_book_card_id_card"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_book")),
        sa.UniqueConstraint("id", name=op.f("uq_book_id")),
        sa.UniqueConstraint("card_id", name=op.f("uq_book_card_id")),
    )
    op.create_index(op.f("ix_book_name"), "book", ["name"])


def _make_entries() -> None:
    op.create_table(
        "book_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("book", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("constant", sa.Boolean(), nullable=False),
        sa.Column("selective", sa.Boolean(), nullable=False),
        sa.Column("insertion_order", sa.Float(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("accessed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["book"], ["book.number"], name=op.f("fk_book_entry_book_book"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_book_entry")),
        sa.UniqueConstraint("id", name=op.f("uq_book_entry_id")),
    )
    op.create_index("ix_book_entry_place", "book_entry", ["book", "place"])
    for name in ("title", "category", "tokens", "insertion_order", "priority", "updated_at"):
        op.create_index(f"ix_book_entry_{name}", "book_entry", ["book", name, "place"])


def _make_index() -> None:
    """The text of each entry, and its index: told by `books.index`, and of deletions by a trigger."""
    op.create_table(
        "book_entry_text",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["book_entry.number"],
            name=op.f("fk_book_entry_text_number_book_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_book_entry_text")),
    )
    op.execute(
        "CREATE VIRTUAL TABLE book_search USING fts5(about, name, keys, content, content='book_entry_text', "
        "content_rowid='number', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4')"
    )
    # Bytes that a transaction may gather before they are written as a piece of the index. With 1 MB, as FTS5
    # has it, 50,000 entries come in hundreds of pieces: written four times as slowly, read half as fast.
    op.execute("INSERT INTO book_search(book_search, rank) VALUES ('hashsize', 67108864)")
    op.execute(
        "CREATE TRIGGER book_entry_text_delete AFTER DELETE ON book_entry_text WHEN old.about <> '' BEGIN "
        "INSERT INTO book_search(book_search, rowid, about, name, keys, content) "
        "VALUES ('delete', old.number, old.about, old.name, old.keys, old.content); END"
    )


def _make_card_book() -> None:
    op.create_table(
        "card_book",
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.Column("book", sa.Integer(), nullable=True),
        sa.Column("book_revision", sa.Integer(), nullable=False),
        sa.Column("copied_hash", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["card.id"], name=op.f("fk_card_book_card_id_card"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["book"], ["book.number"], name=op.f("fk_card_book_book_book"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_card_book")),
    )
    op.create_index(op.f("ix_card_book_book"), "card_book", ["book"])


def _give_items_a_book() -> None:
    """The book that the cards of a batch share."""
    op.add_column("item", sa.Column("shared_book", sa.String(), nullable=False, server_default=""))
    op.add_column("item", sa.Column("book_tokens", sa.Integer(), nullable=False, server_default="1000"))
    op.add_column("item", sa.Column("known", sa.JSON(), nullable=True))
    op.add_column("item", sa.Column("book_changes", sa.JSON(), nullable=True))
