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
    drafts = ws.unsaved_profiles.of_profile(profile_id)
    aside = [draft.content for draft in drafts if not draft.owner]
    lost = None
    for draft in drafts:
        if draft.is_lost and (draft.content in aside or _was_saved(ws, draft, profile)):
            ws.unsaved_profiles.forget(draft.id)  # its process died before it could say that it is there
        elif draft.is_lost and lost is None:
            lost = draft
    return Found(profile, lost)


def _was_saved(ws: Workspace, draft: Draft, newest: Profile) -> bool:
    numbers = range(draft.base_version, newest.version + 1)
    return any(ws.profiles.at(newest.id, number).content == draft.content for number in numbers)


def look(ws: Workspace, profile_id: str) -> Profile | None:
    """The newest version, None = it was deleted."""
    from cardforge_desktop.profiles.errors import ProfileError

    try:
        return ws.profiles.get(profile_id)
    except ProfileError:  # deleted; nothing else can be the matter with one that was open
        return None


def restore(ws: Workspace, draft: Draft, gives_way: tuple[int, ProfileContent] | None = None) -> Restored:
    """Take over what a process that died left: from now on it is this process's.

    Args:
        gives_way: version and content that it takes the place of in the editor: in the history then.
    """
    newest = ws.profiles.get(draft.profile_id)
    # After a restored backup there may be fewer versions than it was made from.
    base = ws.profiles.at(draft.profile_id, min(draft.base_version, newest.version))
    ws.unsaved_profiles.adopt(draft.id, gives_way)
    return Restored(draft, base, newest)


def save(
    ws: Workspace,
    content: ProfileContent,
    before: Profile,
    reason: str,
    gives_way: tuple[int, ProfileContent] | None = None,
) -> Profile:
    """`content` as the version after `before`; raises as `Profiles.save`.

    Args:
        gives_way: version and content that it takes the place of: it is in the history then.
    """
    from cardforge_desktop.profiles.service import base_of

    settled = ws.unsaved_profiles.settled(content, gives_way)
    return ws.profiles.save(before.id, content, base_of(before), reason, along=settled)


def bring_back(ws: Workspace, content: ProfileContent, before: Profile) -> Profile:
    """Have a deleted profile again, with `content` where that was changed; raises as `Profiles.save`.

    A name that somebody took meanwhile gets a number, unless it is `content` that gives it another.

    Raises:
        ProfileConflict: somebody else had saved after `before`, the version that `content` was made from.
            The profile is there again then, as they left it.
    """
    from cardforge_desktop.profiles.errors import ProfileConflict

    back = ws.profiles.bring_back(before.id)
    if content == before.content:
        return back
    if back.content != before.content.model_copy(update={"name": back.name}):
        raise ProfileConflict(back, before.version)
    if content.name == before.name:
        content = content.model_copy(update={"name": back.name})
    return save(ws, content, back, "saved")
