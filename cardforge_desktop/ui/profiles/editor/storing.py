"""What the editor asks of the store, each in one call on a worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import Profile, ProfileContent
    from cardforge_desktop.profiles.unsaved import Draft
    from cardforge_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Found:
    """A profile as it is opened.

    Attributes:
        lost: what a process that died left unsaved of it.
    """

    profile: Profile
    lost: Draft | None


@dataclass(frozen=True, slots=True)
class Restored:
    """What a process that died left unsaved.

    Attributes:
        base: the version it was made from.
        newest: the one there is now.
    """

    draft: Draft
    base: Profile
    newest: Profile


def find(ws: Workspace, profile_id: str) -> Found:
    """The newest version, and what is lost of it; raises as `Profiles.get`."""
    profile = ws.profiles.get(profile_id)
    lost = None
    for draft in ws.unsaved_profiles.of_profile(profile_id):
        if draft.is_lost and draft.content == profile.content:
            ws.unsaved_profiles.forget(draft.id)  # it was saved, and its process died before it could say so
        elif draft.is_lost and lost is None:
            lost = draft
    return Found(profile, lost)


def look(ws: Workspace, profile_id: str) -> Profile | None:
    """The newest version, None = it was deleted."""
    from cardforge_desktop.profiles.errors import ProfileError

    try:
        return ws.profiles.get(profile_id)
    except ProfileError:  # deleted; nothing else can be the matter with one that was open
        return None


def restore(ws: Workspace, draft: Draft) -> Restored:
    """Take over what a process that died left: from now on it is this process's."""
    base = ws.profiles.at(draft.profile_id, draft.base_version)
    newest = ws.profiles.get(draft.profile_id)
    ws.unsaved_profiles.keep(draft.profile_id, draft.base_version, draft.content)
    ws.unsaved_profiles.forget(draft.id)
    return Restored(draft, base, newest)


def save(ws: Workspace, content: ProfileContent, before: Profile, reason: str) -> Profile:
    """`content` as the version after `before`; raises as `Profiles.save`."""
    from cardforge_desktop.profiles.service import base_of

    return ws.profiles.save(before.id, content, base_of(before), reason)


def bring_back(ws: Workspace, content: ProfileContent, before: Profile) -> Profile:
    """Have a deleted profile again, with `content`; raises as `Profiles.save`.

    A name that somebody took meanwhile gets a number, unless it is `content` that gives it another.
    """
    back = ws.profiles.bring_back(before.id)
    if content.name == before.name:
        content = content.model_copy(update={"name": back.name})
    return save(ws, content, back, "saved")
