"""What lists show of profiles: little of each, as there may be a thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from cardforge_desktop.profiles.model import ProfileType
from cardforge_desktop.profiles.rows import IS_THERE
from cardforge_desktop.profiles.tables import ProfileRow, ProfileVersionRow
from cardforge_desktop.store.table import core_table


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A profile at its newest version.

    Attributes:
        updated_by: user and face.
    """

    id: str
    name: str
    description: str
    type: ProfileType
    version: int
    updated_at: datetime
    updated_by: str


def lines_of_all(session: Session) -> tuple[ProfileLine, ...]:
    """Of every profile that is not deleted, by name."""
    head, state = core_table(ProfileRow).c, core_table(ProfileVersionRow).c
    wanted = (
        select(
            *(head.id, state.name, state.description, state.type),
            *(state.version, state.updated_at, state.updated_by),
        )
        .where(state.profile_id == head.id, state.version == head.version)
        .where(IS_THERE)
    )
    lines = (ProfileLine(*row) for row in session.execute(wanted))
    return tuple(sorted(lines, key=lambda line: line.name.casefold()))
