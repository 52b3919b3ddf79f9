"""Tables of the character books.

`book_entry` holds each entry in full, and beside it what lists show and sort by. The text that entries are
found by stands in `book_entry_text`, of which the full-text indexes are made (`books.index`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field

from cardforge_desktop.store.table import Table
from cardforge_desktop.store.types import UtcTime


class BookRow(Table, table=True):
    """A book: one of its own, or (`card_id`) the one in a card, which then is kept in the card."""

    __tablename__ = "book"

    number: int | None = Field(default=None, primary_key=True, description="what indexes name it by")
    id: str = Field(unique=True)
    card_id: str | None = Field(default=None, foreign_key="card.id", ondelete="CASCADE", unique=True)
    name: str = Field(index=True)
    head: dict[str, Any] = Field(
        sa_column=Column(JSON, nullable=False), description="the book without its entries"
    )
    description: str = ""
    version: str = Field(default="", description="as its author calls it")
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    revision: int = Field(default=1, description="rises with every change of the book or an entry of it")
    entries: int = 0
    tokens: int = Field(default=0, description="o200k, of all entries")
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcTime)


class BookEntryRow(Table, table=True):
    """An entry, in full as `data`; the other columns follow from it, but for those of its life."""

    __tablename__ = "book_entry"
    __table_args__ = (
        Index("ix_book_entry_place", "book", "place"),
        *(
            Index(f"ix_book_entry_{name}", "book", name, "place")
            for name in ("title", "category", "tokens", "insertion_order", "priority", "updated_at")
        ),
    )

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    book: int = Field(foreign_key="book.number", ondelete="CASCADE")
    place: int = Field(description="entries stand in the book in the order of their places")
    version: int = Field(default=1, description="rises with every change of the entry")
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    name: str
    title: str = Field(description="the name to sort by: small, without accents")
    category: str = ""
    keys: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    excerpt: str = Field(default="", description="how the content begins")
    tokens: int = 0
    enabled: bool = True
    constant: bool = False
    selective: bool = False
    insertion_order: float = 100
    priority: float | None = None
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)
    accessed_at: datetime | None = Field(default=None, sa_type=UtcTime, description="last read on its own")


class BookEntryTextRow(Table, table=True):
    """The text an entry is found by, small and without accents (`books.indexing`)."""

    __tablename__ = "book_entry_text"

    number: int = Field(primary_key=True, foreign_key="book_entry.number", ondelete="CASCADE")
    about: str = Field(description="words to filter by: the book, the category, states")
    name: str = Field(sa_column=Column(Text, nullable=False))
    keys: str = Field(sa_column=Column(Text, nullable=False))
    content: str = Field(sa_column=Column(Text, nullable=False))


class CardBookRow(Table, table=True):
    """What was last seen of the book in a card.

    A card carries no book, its own (`book.card_id`), or a copy of a book that stands by itself (`book`).
    """

    __tablename__ = "card_book"

    card_id: str = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    card_version: int = Field(description="`card.version` when it was looked at")
    book: int | None = Field(
        default=None, foreign_key="book.number", ondelete="SET NULL", index=True, description="copied from"
    )
    book_revision: int = Field(default=0, description="`book.revision` that was copied")
    copied_hash: str = Field(default="", description="of the book as it was put into the card")
    content_hash: str = Field(default="", description="of the book that is in the card")
