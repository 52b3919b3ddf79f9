"""Tables of the profiles: the profile and, kept in full, each of its versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, String
from sqlmodel import Field

from cardforge_desktop.store.table import Table
from cardforge_desktop.store.types import UtcTime


class ProfileRow(Table, table=True):
    """A profile; `version` names its newest version."""

    __tablename__ = "profile"

    id: str = Field(primary_key=True)
    name: str = Field(sa_column=Column(String(collation="NOCASE"), nullable=False, unique=True))
    version: int
    created_at: datetime = Field(sa_type=UtcTime)


class ProfileVersionRow(Table, table=True):
    """One saved state of a profile."""

    __tablename__ = "profile_version"

    profile_id: str = Field(foreign_key="profile.id", primary_key=True)
    version: int = Field(primary_key=True)
    name: str
    config: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    prompts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    updated_at: datetime = Field(sa_type=UtcTime)
