"""How profiles stand in the tables: reading, adding a version, the one compare-and-set. No rules here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, select, update

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles.errors import ProfileConflict, ProfileError
from cardforge_desktop.profiles.model import Profile, ProfileConfig, ProfileContent, ProfilePrompts
from cardforge_desktop.profiles.names import name_key
from cardforge_desktop.profiles.tables import ProfileRow, ProfileVersionRow
from cardforge_desktop.store.types import now


@dataclass(frozen=True, slots=True)
class Base:
    """The state that was changed.

    Attributes:
        version: as it was loaded.
        saved_at: when that version was saved; None = not known. After a restored backup a number may come
            again with another content: the time tells them apart.
    """

    version: int
    saved_at: datetime | None = None


class Stamp(NamedTuple):
    """Who makes a version, and how it came about (see `service.Version.reason`)."""

    author: str
    reason: str


IS_THERE = col(ProfileRow.deleted_at).is_(None)


def newest() -> Any:
    """Selects the rows of each profile's newest version."""
    return select(ProfileRow, ProfileVersionRow).where(
        ProfileVersionRow.profile_id == ProfileRow.id, ProfileVersionRow.version == ProfileRow.version
    )


def names_there(session: Session, other_than: str = "") -> dict[str, str]:
    """Key of the name (`names.name_key`) → id of the profiles that are not deleted."""
    rows = session.exec(select(ProfileRow.name, ProfileRow.id).where(IS_THERE)).all()
    return {name_key(name): profile_id for name, profile_id in rows if profile_id != other_than}


def not_found(profile_id: str) -> ProfileError:
    """To be raised."""
    told = "There is no such profile."
    return ProfileError(ErrorCode.PROFILE_NOT_FOUND, told, {"profile_id": profile_id})


def profile_there(session: Session, profile_id: str) -> Profile:
    """A profile at its newest version.

    Raises:
        ProfileError: PROFILE_NOT_FOUND, PROFILE_DELETED.
    """
    # Bytes of a command line that are no text can't be looked for; ids are ASCII.
    row = session.exec(newest().where(ProfileRow.id == profile_id)).first() if profile_id.isascii() else None
    if row is None:
        raise not_found(profile_id)
    profile = profile_of(*row)
    if row[0].deleted_at is not None:
        raise ProfileError(
            ErrorCode.PROFILE_DELETED,
            f"The profile “{profile.name}” was deleted. Bring it back, or save as a copy.",
            {"profile_id": profile_id, "version": profile.version},
        )
    return profile


def insert_profile(session: Session, content: ProfileContent, profile_id: str, stamp: Stamp) -> Profile:
    """A profile at version 1."""
    time = now()
    head = ProfileRow(id=profile_id, name=content.name, version=1, created_at=time, created_by=stamp.author)
    session.add(head)
    session.flush()
    return _with_version(session, head, content, stamp, time)


def check_base(before: Profile, base: Base) -> None:
    """Refuse to go on from a version that is not the newest.

    Raises:
        ProfileConflict: it is not.
    """
    if base.version != before.version or base.saved_at not in (None, before.updated_at):
        raise ProfileConflict(before, base.version)


def add_version(session: Session, before: Profile, content: ProfileContent, stamp: Stamp) -> Profile:
    """One compare-and-set on the version: the next one, or `before` itself where nothing differs.

    Raises:
        ProfileConflict: `before` is not the newest version.
    """
    if content == before.content:
        return before
    taken = session.execute(
        update(ProfileRow)
        .where(col(ProfileRow.id) == before.id, col(ProfileRow.version) == before.version, IS_THERE)
        .values(version=before.version + 1, name=content.name)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise ProfileConflict(profile_there(session, before.id), before.version)
    head = session.get_one(ProfileRow, before.id, populate_existing=True)
    return _with_version(session, head, content, stamp, now())


def _with_version(
    session: Session, head: ProfileRow, content: ProfileContent, stamp: Stamp, time: datetime
) -> Profile:
    plain = content.model_dump(mode="json")
    row = ProfileVersionRow(
        profile_id=head.id,
        version=head.version,
        **{name: plain[name] for name in ("name", "description", "type", "config", "prompts")},
        updated_at=time,
        updated_by=stamp.author,
        reason=stamp.reason,
    )
    session.add(row)
    session.flush()
    return profile_of(head, row)


def profile_of(head: ProfileRow, state: ProfileVersionRow) -> Profile:
    """A profile at one version."""
    return Profile(
        id=head.id,
        name=state.name,
        description=state.description,
        type=state.type,
        version=state.version,
        config=ProfileConfig.model_validate(state.config),
        prompts=ProfilePrompts.model_validate(state.prompts),
        created_at=head.created_at,
        updated_at=state.updated_at,
        created_by=head.created_by,
        updated_by=state.updated_by,
    )
