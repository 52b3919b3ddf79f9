"""Tables of the card library."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary
from sqlmodel import Field

from cardforge_desktop.store.table import Table
from cardforge_desktop.store.types import PathText, UtcTime


class ImageRow(Table, table=True):
    """A picture, stored once however many cards show it."""

    __tablename__ = "image"

    sha256: str = Field(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False), description="PNG")


class CardRow(Table, table=True):
    """A card in the library: its newest state and where it comes from."""

    __tablename__ = "card"

    id: str = Field(primary_key=True)
    name: str = Field(index=True)
    revision: int
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    avatar: str = Field(foreign_key="image.sha256")
    created_at: datetime = Field(sa_type=UtcTime, index=True)
    updated_at: datetime = Field(sa_type=UtcTime)
    profile: str = ""
    profile_version: int = 0
    engine: str = ""
    draft: bool = Field(default=False, description="made by an engine of draft quality")
    source: str = Field(default="", description="file name of the source")
    batch_id: str = ""
    item_id: str = ""


class CardRevisionRow(Table, table=True):
    """A state a card was in, kept in full."""

    __tablename__ = "card_revision"

    card_id: str = Field(foreign_key="card.id", primary_key=True)
    revision: int = Field(primary_key=True)
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcTime)
    reason: str = Field(description="generated")


class CardFileRow(Table, table=True):
    """A file that the app wrote for a card; `sha256` tells later whether somebody changed it."""

    __tablename__ = "card_file"

    path: str = Field(primary_key=True, sa_type=PathText)
    card_id: str = Field(foreign_key="card.id", index=True)
    format: str
    sha256: str
    written_at: datetime = Field(sa_type=UtcTime)
