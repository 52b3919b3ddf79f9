"""A full-text index of the names and keys of entries alone, beside that of all their text.

“th” stands in every content: to see that no name has it, FTS5 had to go through all of them, at each key.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = {"book_search": "about, name, keys, content", "book_search_names": "about, name, keys"}


def upgrade() -> None:
    """Made of the same texts, told of in the same places (`books.index`)."""
    op.execute(
        "CREATE VIRTUAL TABLE book_search_names USING fts5(about, name, keys, content='book_entry_text', "
        "content_rowid='number', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4')"
    )
    # As in 0007: fewer and larger pieces.
    op.execute("INSERT INTO book_search_names(book_search_names, rank) VALUES ('hashsize', 67108864)")
    op.execute("INSERT INTO book_search_names(book_search_names) VALUES ('rebuild')")
    op.execute("DROP TRIGGER book_entry_text_delete")
    forget = " ".join(
        f"INSERT INTO {name}({name}, rowid, {columns}) "  # noqa: S608  # no values
        f"VALUES ('delete', old.number, {', '.join(f'old.{each}' for each in columns.split(', '))});"
        for name, columns in _COLUMNS.items()
    )
    op.execute(
        "CREATE TRIGGER book_entry_text_delete AFTER DELETE ON book_entry_text WHEN old.about <> '' "
        f"BEGIN {forget} END"
    )
