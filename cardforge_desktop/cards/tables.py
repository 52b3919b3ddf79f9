"""Tables of the card library.

`card` holds what lists show, in small rows that are read by the ten thousand. The cards themselves are their
newest revisions.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKeyConstraint, LargeBinary, Text
from sqlmodel import Field

from cardforge_desktop.store.table import Table
from cardforge_desktop.store.types import PathText, UtcTime


class ImageRow(Table, table=True):
    """A picture, stored once however many cards show it."""

    __tablename__ = "image"

    sha256: str = Field(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False), description="PNG")


class ContentRow(Table, table=True):
    """The content of an asset's file, stored once however many cards carry it."""

    __tablename__ = "content"

    sha256: str = Field(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CardRow(Table, table=True):
    """A card in the library: what a list shows of its newest state, and where it comes from."""

    __tablename__ = "card"

    id: str = Field(primary_key=True)
    name: str = Field(index=True)
    revision: int = Field(description="number of the newest revision")
    avatar: str = Field(foreign_key="image.sha256", index=True)
    created_at: datetime = Field(sa_type=UtcTime, index=True)
    updated_at: datetime = Field(sa_type=UtcTime)
    profile: str = ""
    profile_id: str = Field(default="", index=True, description='"" = not made with a profile')
    profile_version: int = 0
    engine: str = ""
    draft: bool = Field(default=False, description="made by an engine of draft quality")
    source: str = Field(default="", description="file name of the source, or of the imported file")
    batch_id: str = ""
    item_id: str = ""
    version: int = Field(default=1, description="rises with every change of the card")
    rating: int = Field(default=0, description="0 (none) to 5")
    spec: str = Field(default="", description="what an imported card came as: v1, v2, v3 …")
    imported_from: str = Field(default="", sa_type=PathText, description="path or name of the imported file")
    content_hash: str = Field(default="", index=True, description="cards.contents.card_hash; '' = not yet")
    permanent_tokens: int | None = Field(default=None, description="o200k; None = not counted yet")
    total_tokens: int | None = None
    deleted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class CardTextRow(Table, table=True):
    """The text a card is found by: what the full-text index ``card_search`` is made of (migration 0002).

    `number` is what the index names a row by; SQLite may change numbers that it made up by itself.
    """

    __tablename__ = "card_text"

    number: int | None = Field(default=None, primary_key=True)
    card_id: str = Field(foreign_key="card.id", ondelete="CASCADE", unique=True)
    search_text: str = Field(sa_column=Column(Text, nullable=False))


class CardRevisionRow(Table, table=True):
    """A state a card is or was in, kept in full; its files are in `card_asset`."""

    __tablename__ = "card_revision"

    card_id: str = Field(foreign_key="card.id", ondelete="CASCADE", primary_key=True)
    revision: int = Field(primary_key=True)
    created_at: datetime = Field(sa_type=UtcTime)
    reason: str = Field(description="generated, imported, edited, tagged, restored …")
    avatar: str = Field(foreign_key="image.sha256", index=True)
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class CardAssetRow(Table, table=True):
    """A file that travels with a card, in one of its revisions; the newest revision's are the card's own."""

    __tablename__ = "card_asset"
    __table_args__ = (
        ForeignKeyConstraint(
            ["card_id", "revision"], ["card_revision.card_id", "card_revision.revision"], ondelete="CASCADE"
        ),
    )

    card_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    path: str = Field(primary_key=True, description="as the asset's uri names it")
    sha256: str = Field(foreign_key="content.sha256", index=True)


class FileClaimRow(Table, table=True):
    """A name that a card of a batch takes although files may be overwritten, until its files are noted.

    `name` is the path as `cards.claims` compares it. After a crash it tells whose the file there is.
    """

    __tablename__ = "file_claim"

    batch_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True, sa_type=PathText)
    item_id: str = Field(index=True)


class CardFileRow(Table, table=True):
    """A file that the app wrote for a card; `sha256` tells later whether somebody changed it."""

    __tablename__ = "card_file"

    path: str = Field(primary_key=True, sa_type=PathText)
    card_id: str = Field(foreign_key="card.id", ondelete="CASCADE", index=True)
    format: str
    sha256: str
    written_at: datetime = Field(sa_type=UtcTime)
    card_version: int = Field(default=1, description="`card.version` that it was written from")
