"""Tables of the profiles: the profile, each of its versions in full, and what was written but not saved."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, String, text
from sqlmodel import Field

from cardforge_desktop.store.table import Table
from cardforge_desktop.store.types import UtcTime


class ProfileRow(Table, table=True):
    """A profile; `version` names its newest version. Of two that are there none has the other's name."""

    __tablename__ = "profile"
    __table_args__ = (Index("ix_profile_name", "name", unique=True, sqlite_where=text("deleted_at IS NULL")),)

    id: str = Field(primary_key=True)
    name: str = Field(sa_column=Column(String(collation="NOCASE"), nullable=False))
    version: int
    created_at: datetime = Field(sa_type=UtcTime)
    created_by: str = ""
    deleted_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ProfileVersionRow(Table, table=True):
    """One saved state of a profile; never changed, never deleted."""

    __tablename__ = "profile_version"

    profile_id: str = Field(foreign_key="profile.id", primary_key=True)
    version: int = Field(primary_key=True)
    name: str
    description: str = ""
    type: str = "character"
    config: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    prompts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    updated_at: datetime = Field(sa_type=UtcTime)
    updated_by: str = ""
    reason: str = Field(default="", description="profiles.model.Reason, how it came about")


class ProfileDraftRow(Table, table=True):
    """What somebody wrote on a version and did not save: under edit (`owner` set), or set aside for good."""

    __tablename__ = "profile_draft"

    id: str = Field(primary_key=True)
    profile_id: str = Field(foreign_key="profile.id", index=True)
    base_version: int
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    owner: str = Field(default="", description="worker id of the process that edits it; '' = set aside")
    author: str = ""
    updated_at: datetime = Field(sa_type=UtcTime)
