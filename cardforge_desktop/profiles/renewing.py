"""Shipped profiles in the store: put there once, and renewed as long as nobody made them their own."""

from __future__ import annotations

from sqlmodel import Session

from cardforge_desktop.profiles.authors import SHIPPED_BY
from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.names import free_name
from cardforge_desktop.profiles.rows import (
    Stamp,
    add_version,
    insert_profile,
    names_there,
    newest,
    profile_of,
)
from cardforge_desktop.profiles.shipped import Shipped, shipped_profiles
from cardforge_desktop.profiles.tables import ProfileRow, ProfileVersionRow
from cardforge_desktop.store.database import Store


def renew_shipped(store: Store) -> None:
    """Put each shipped profile into the store that was never there; renew those that nobody changed."""
    shipped = shipped_profiles()
    with store.read() as session:
        stored = {head.id: (head, state) for head, state in session.exec(newest()).all()}
    if all(each.id in stored and _is_current(each.content, *stored[each.id]) for each in shipped):
        return
    with store.write() as session:
        for each in shipped:
            _put(session, each)


def _put(session: Session, shipped: Shipped) -> None:
    """Insert it, unless another process was faster, or renew it."""
    stamp = Stamp(SHIPPED_BY, "shipped")
    head = session.get(ProfileRow, shipped.id)
    if head is None:
        name = free_name(shipped.content.name, names_there(session))
        insert_profile(session, shipped.content.model_copy(update={"name": name}), shipped.id, stamp)
        return
    state = session.get_one(ProfileVersionRow, (shipped.id, head.version))
    if not _is_current(shipped.content, head, state):
        before = profile_of(head, state)
        add_version(session, before, shipped.content.model_copy(update={"name": before.name}), stamp)


def _is_current(shipped: ProfileContent, head: ProfileRow, state: ProfileVersionRow) -> bool:
    """Whether there is nothing to renew: somebody made the profile their own, or it is as it ships."""
    if head.deleted_at is not None or state.updated_by != SHIPPED_BY:
        return True
    stored = profile_of(head, state).content
    return stored == shipped.model_copy(update={"name": stored.name})
