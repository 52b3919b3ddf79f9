"""The profiles in the store; the shipped ones are put there at the first start."""

from __future__ import annotations

import json
from typing import Any

from sqlmodel import Session, col, select

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.profiles.model import Profile, ProfileConfig, ProfilePrompts
from cardforge_desktop.profiles.tables import ProfileRow, ProfileVersionRow
from cardforge_desktop.resources import resource
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.types import now


class ProfileError(CardForgeError):
    """A profile can't be found. Code: PROFILE_NOT_FOUND."""


class Profiles:
    """Reads profiles. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._versions: dict[tuple[str, int], Profile] = {}  # a saved version never changes

    def profiles(self) -> tuple[Profile, ...]:
        """All profiles at their newest version, by name."""
        with self._store.read() as session:
            rows = session.exec(_newest().order_by(col(ProfileVersionRow.name))).all()
        return tuple(_profile(*row) for row in rows)

    def by_name(self, name: str) -> Profile:
        """The profile of that name, compared without regard to case.

        Raises:
            ProfileError: there is none; the message lists those that exist.
        """
        found = self.profiles()
        for profile in found:
            if profile.name.casefold() == name.casefold():
                return profile
        known = ", ".join(profile.name for profile in found)
        raise ProfileError(
            ErrorCode.PROFILE_NOT_FOUND,
            f"There is no profile named “{name}”. There are: {known}.",
            {"name": name},
        )

    def at(self, profile_id: str, version: int) -> Profile:
        """A profile as it was at a version: what an item was queued with is what it is made with.

        Raises:
            ProfileError: it is not in the store.
        """
        if (known := self._versions.get((profile_id, version))) is not None:
            return known
        with self._store.read() as session:
            head = session.get(ProfileRow, profile_id)
            state = session.get(ProfileVersionRow, (profile_id, version))
        if head is None or state is None:
            raise ProfileError(
                ErrorCode.PROFILE_NOT_FOUND,
                "The profile this item was queued with is no longer there. Choose another and retry.",
                {"profile_id": profile_id, "version": version},
            )
        return self._versions.setdefault((profile_id, version), _profile(head, state))

    def add_shipped(self) -> None:
        """Put each shipped profile into the store that was never there."""
        shipped = [json.loads(path.read_bytes()) for path in sorted(resource("profiles").glob("*.json"))]
        with self._store.read() as session:
            known = set(session.exec(select(ProfileRow.id)).all())
        if missing := [profile for profile in shipped if profile["id"] not in known]:
            with self._store.write() as session:
                for profile in missing:
                    _add(session, profile)


def _newest() -> Any:
    return select(ProfileRow, ProfileVersionRow).where(
        ProfileVersionRow.profile_id == ProfileRow.id, ProfileVersionRow.version == ProfileRow.version
    )


def _add(session: Session, shipped: dict[str, Any]) -> None:
    """Insert one shipped profile (already checked by its models), unless another process was faster."""
    if session.get(ProfileRow, shipped["id"]) is not None:
        return
    time = now()
    config = ProfileConfig.model_validate(shipped["config"])
    prompts = ProfilePrompts.model_validate(shipped["prompts"])
    session.add(ProfileRow(id=shipped["id"], name=shipped["name"], version=1, created_at=time))
    session.flush()
    session.add(
        ProfileVersionRow(
            profile_id=shipped["id"],
            version=1,
            name=shipped["name"],
            config=config.model_dump(mode="json"),
            prompts=prompts.model_dump(mode="json"),
            updated_at=time,
        )
    )


def _profile(head: ProfileRow, state: ProfileVersionRow) -> Profile:
    return Profile(
        id=head.id,
        name=state.name,
        version=state.version,
        config=ProfileConfig.model_validate(state.config),
        prompts=ProfilePrompts.model_validate(state.prompts),
        created_at=head.created_at,
        updated_at=state.updated_at,
    )
