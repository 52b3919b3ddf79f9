"""What somebody wrote on a profile and did not save: kept while it is edited, and when it had to give way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.ids import new_id
from cardforge_desktop.profiles.model import Profile, ProfileContent, content_of
from cardforge_desktop.profiles.rows import not_found
from cardforge_desktop.profiles.tables import ProfileDraftRow, ProfileRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.types import now


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsaved content.

    Attributes:
        base_version: the version it was written on.
        owner: the process that edits it (`batches.liveness`), "" = set aside: it lost a conflict or was
            discarded, and is kept in the history.
        author: user and face.
        updated_at: when it was written.
        is_lost: the process that edited it is gone without having saved or dropped it.
    """

    id: str
    profile_id: str
    base_version: int
    content: ProfileContent
    owner: str
    author: str
    updated_at: datetime
    is_lost: bool = False


class UnsavedProfiles:
    """Keeps unsaved contents. Thread-safe."""

    def __init__(
        self, store: Store, hub: Hub, author: str, owner: str, is_alive: Callable[[str], bool]
    ) -> None:
        """For one process, `owner`; `is_alive` tells of another one whether it still runs."""
        self._is_alive = is_alive
        self._store = store
        self._hub = hub
        self._author = author
        self._owner = owner

    @property
    def owner(self) -> str:
        """This process."""
        return self._owner

    def keep(self, profile_id: str, base_version: int, content: ProfileContent) -> Draft:
        """What stands in the editor now, in the place of what this process kept of the profile before.

        Announces nothing: it is nobody else's business yet.

        Raises:
            ProfileError: PROFILE_NOT_FOUND. A deleted profile is there still.
        """
        with self._store.write() as session:
            self._replace(session, profile_id)
            draft = self._draft(profile_id, base_version, content, self._owner)
            return _kept(session, draft)

    def drop(self, profile_id: str) -> None:
        """Forget what this process kept of the profile: it is saved, or undone."""
        with self._store.write() as session:
            self._drop(session, profile_id)

    def set_aside(self, profile_id: str, base_version: int, content: ProfileContent) -> Draft:
        """Keep a content in the history for good, and forget what this process kept of the profile.

        Raises:
            ProfileError: PROFILE_NOT_FOUND. A deleted profile is there still.
        """
        with self._store.write() as session:
            self._replace(session, profile_id)
            draft = _kept(session, self._draft(profile_id, base_version, content, ""))
        self._announce(profile_id)
        return draft

    def settled(
        self, mine: ProfileContent, gives_way: tuple[int, ProfileContent] | None = None
    ) -> Callable[[Session, Profile], bool]:
        """What belongs to a save, to be done along with it (`Profiles.save`): no crash can come in between.

        Args:
            mine: what was saved, as it stood in the editor; it is no longer under edit in this process.
            gives_way: version and content that another one was saved in the place of: kept in the history.
        """

        def settle(session: Session, saved: Profile) -> bool:
            over = [mine, *([gives_way[1]] if gives_way else [])]
            for row in session.exec(self._own(saved.id)).all():
                if content_of(row.content) in over:
                    session.delete(row)
            if gives_way is not None:
                _kept(session, self._draft(saved.id, *gives_way, ""))
            return gives_way is not None

        return settle

    def of_profile(self, profile_id: str) -> tuple[Draft, ...]:
        """All that is unsaved of a profile, of every process, the newest first.

        One of a process that is dead was lost in a crash: it can be offered (`take_over`).
        """
        wanted = select(ProfileDraftRow).where(ProfileDraftRow.profile_id == profile_id)
        with self._store.read() as session:
            rows = session.exec(wanted.order_by(col(ProfileDraftRow.updated_at).desc())).all()
        drafts = (_draft(row) for row in rows)
        return tuple(replace(draft, is_lost=self._left_behind(draft.owner)) for draft in drafts)

    def lost_ids(self) -> frozenset[str]:
        """Ids of the profiles of which a dead process left something unsaved."""
        columns = (col(ProfileDraftRow.profile_id), col(ProfileDraftRow.owner))
        with self._store.read() as session:
            rows = session.exec(select(*columns).where(col(ProfileDraftRow.owner) != "").distinct()).all()
        return frozenset(profile_id for profile_id, owner in rows if self._left_behind(owner))

    def take_over(self, draft_id: str) -> None:
        """Make a dead process's draft one of the history: it is in the editor now, or was declined."""
        with self._store.write() as session:
            row = self._lost_row(session, draft_id)
            if row is None:
                return
            row.owner, profile_id = "", row.profile_id
        self._announce(profile_id)

    def adopt(self, draft_id: str, gives_way: tuple[int, ProfileContent] | None = None) -> None:
        """Make a dead process's draft this one's, in the place of what this one kept of the profile before.

        Args:
            gives_way: version and content that it takes the place of in the editor: kept in the history.
        """
        with self._store.write() as session:
            row = self._lost_row(session, draft_id)
            if row is None:
                return
            profile_id = row.profile_id
            self._drop(session, profile_id)
            row.owner = self._owner
            if gives_way is not None:
                _kept(session, self._draft(profile_id, *gives_way, ""))
        self._announce(profile_id)

    def forget(self, draft_id: str) -> None:
        """Delete a dead process's draft: what stands in it is saved, or kept by this process."""
        with self._store.write() as session:
            row = self._lost_row(session, draft_id)
            if row is None:
                return
            profile_id = row.profile_id
            session.delete(row)
        self._announce(profile_id)

    def _lost_row(self, session: Session, draft_id: str) -> ProfileDraftRow | None:
        row = session.get(ProfileDraftRow, draft_id)
        return row if row is not None and self._left_behind(row.owner) else None

    def _announce(self, profile_id: str) -> None:
        """What is lost or in the history is shown in lists."""
        self._hub.changed.emit(Changed(Kind.PROFILE, frozenset({profile_id})))

    def _draft(self, profile_id: str, base_version: int, content: ProfileContent, owner: str) -> Draft:
        return Draft(new_id("draft"), profile_id, base_version, content, owner, self._author, now())

    def _left_behind(self, owner: str) -> bool:
        return owner not in ("", self._owner) and not self._is_alive(owner)

    def _replace(self, session: Session, profile_id: str) -> None:
        """Make room for a draft."""
        if session.get(ProfileRow, profile_id) is None:
            raise not_found(profile_id)
        self._drop(session, profile_id)

    def _own(self, profile_id: str) -> SelectOfScalar[ProfileDraftRow]:
        return select(ProfileDraftRow).where(
            ProfileDraftRow.profile_id == profile_id, ProfileDraftRow.owner == self._owner
        )

    def _drop(self, session: Session, profile_id: str) -> None:
        for row in session.exec(self._own(profile_id)).all():
            session.delete(row)


def _kept(session: Session, draft: Draft) -> Draft:
    session.add(
        ProfileDraftRow(
            id=draft.id,
            profile_id=draft.profile_id,
            base_version=draft.base_version,
            content=draft.content.model_dump(mode="json"),
            owner=draft.owner,
            author=draft.author,
            updated_at=draft.updated_at,
        )
    )
    return draft


def _draft(row: ProfileDraftRow) -> Draft:
    return Draft(
        row.id,
        row.profile_id,
        row.base_version,
        content_of(row.content),
        row.owner,
        row.author,
        row.updated_at,
    )
