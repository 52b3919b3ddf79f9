"""The profiles in the store: every save is a new version, and none takes the place of one it did not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.ids import new_id
from cardforge_desktop.profiles.errors import ProfileError, ProfileInvalid
from cardforge_desktop.profiles.lines import ProfileLine, lines_of_all
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.names import free_name, name_key
from cardforge_desktop.profiles.reading import read_over
from cardforge_desktop.profiles.renewing import renew_shipped
from cardforge_desktop.profiles.rows import (
    IS_THERE,
    Base,
    Stamp,
    add_version,
    check_base,
    insert_profile,
    names_there,
    newest,
    not_found,
    profile_of,
    profile_there,
)
from cardforge_desktop.profiles.rules import check, check_field
from cardforge_desktop.profiles.rules.names import is_taken, name_taken
from cardforge_desktop.profiles.shipped import DEFAULT_ID
from cardforge_desktop.profiles.surroundings import Surroundings
from cardforge_desktop.profiles.tables import ProfileRow, ProfileVersionRow
from cardforge_desktop.profiles.validation import Validation, shortened
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

#: Names that a message tells.
_MOST_NAMES = 20


def base_of(profile: Profile) -> Base:
    """The state a person starts from who changes this profile."""
    return Base(profile.version, profile.updated_at)


@dataclass(frozen=True, slots=True)
class Version:
    """A line of a profile's history.

    Attributes:
        saved_by: user and face.
        reason: ``shipped``, ``created``, ``saved``, ``merged``, ``overwritten`` (saved over somebody else's
            version, which is the one before), ``restored 3``, ``copied``, ``imported``.
    """

    number: int
    name: str
    saved_at: datetime
    saved_by: str
    reason: str


class Profiles:
    """Reads and changes profiles. Thread-safe."""

    def __init__(
        self,
        store: Store,
        hub: Hub,
        author: str,
        surroundings: Callable[[], Surroundings] = Surroundings,
        on_renamed: Callable[[Session, str, str], Changed | None] = lambda _session, _old, _new: None,
    ) -> None:
        """For one face.

        Args:
            author: who changes something here, see `authors.author`.
            surroundings: the rest of the app now; their `names` are filled in here.
            on_renamed: told the old name and the new one, of a deleted profile the name of the usual one, in
                the transaction that does it: no crash can come in between. What it returns is announced.
        """
        self._store = store
        self._hub = hub
        self._author = author
        self._surroundings = surroundings
        self._on_renamed = on_renamed
        self._versions: dict[tuple[str, int], Profile] = {}

    # Reading

    def profiles(self) -> tuple[Profile, ...]:
        """All profiles at their newest version, by name."""
        with self._store.read() as session:
            rows = session.exec(newest().where(IS_THERE)).all()
        found = (self._remembered(profile_of(*row)) for row in rows)
        return tuple(sorted(found, key=lambda profile: profile.name.casefold()))

    def lines(self) -> tuple[ProfileLine, ...]:
        """What a list shows of all profiles, by name."""
        with self._store.read() as session:
            return lines_of_all(session)

    def by_name(self, name: str) -> Profile:
        """The profile of that name, compared without regard to case (`names.name_key`).

        Raises:
            ProfileError: there is none; the message lists those that exist.
        """
        found = self.profiles()
        for profile in found:
            if name_key(profile.name) == name_key(name):
                return profile
        known = ", ".join(profile.name for profile in found[:_MOST_NAMES])
        more = f" and {len(found) - _MOST_NAMES:,} more" if len(found) > _MOST_NAMES else ""
        raise ProfileError(
            ErrorCode.PROFILE_NOT_FOUND,
            f"There is no profile named “{shortened(name)}”. There are: {known}{more}.",
            {"name": name},
        )

    def get(self, profile_id: str) -> Profile:
        """A profile at its newest version.

        Raises:
            ProfileError: PROFILE_NOT_FOUND, PROFILE_DELETED.
        """
        with self._store.read() as session:
            return self._remembered(profile_there(session, profile_id))

    def deleted_by_name(self, name: str) -> Profile | None:
        """The profile with that name that was deleted, the last one of several, for `bring_back`."""
        gone = col(ProfileRow.deleted_at)
        with self._store.read() as session:
            rows = session.exec(newest().where(gone.is_not(None)).order_by(gone.desc())).all()
        return next((profile_of(*row) for row in rows if name_key(row[0].name) == name_key(name)), None)

    def at(self, profile_id: str, version: int) -> Profile:
        """A profile, deleted ones too, as it was at a version: what an item was queued with is what makes it.

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
        return self._remembered(profile_of(head, state))

    def history(self, profile_id: str) -> tuple[Version, ...]:
        """All versions, the newest first."""
        state = core_table(ProfileVersionRow).c
        wanted = select(state.version, state.name, state.updated_at, state.updated_by, state.reason)
        wanted = wanted.where(state.profile_id == profile_id).order_by(state.version.desc())
        with self._store.read() as session:
            return tuple(Version(*row) for row in session.execute(wanted))

    def validate(self, content: ProfileContent, profile_id: str = "") -> Validation:
        """What the rules say of a content; `profile_id` is its own, "" = of a new one."""
        return check(content, self._around(), profile_id)

    def validate_field(self, field: str, value: object, context: Mapping[str, object]) -> Validation:
        """What the rules say of one field's value, whatever it is (specification, section 4.1).

        Args:
            field: a path, ``name``, ``config`` or ``config.sampling.top_p``.
            value: plain JSON of any shape.
            context: ``profile_id``, the profile it is to be a part of, as it is now, and ``profile_type``,
                where it is to be another one than it has; without them a new one.

        Never raises, whatever stands in them.
        """
        given = context.get("profile_id")
        with self._store.read() as session:
            names = names_there(session)
            profile_id = given if isinstance(given, str) and given in names.values() else ""
            before = profile_there(session, profile_id).content if profile_id else ProfileContent(name="")
        typed, _ = read_over(context.get("profile_type"), before, "type")
        return check_field(field, value, typed, replace(self._surroundings(), names=names), profile_id)

    # Changing

    def create(self, content: ProfileContent, reason: str = "created") -> Profile:
        """A new profile at version 1.

        Raises:
            ProfileInvalid: it can't be saved as it is.
        """
        checked = self._checked(content)
        with self._store.write() as session:
            _check_name(session, checked.name)
            profile = insert_profile(session, checked, new_id("profile"), Stamp(self._author, reason))
        self._announce(profile.id)
        return profile

    def save(
        self,
        profile_id: str,
        content: ProfileContent,
        base: Base,
        reason: str = "saved",
        *,
        along: Callable[[Session, Profile], bool] = lambda _session, _saved: False,
    ) -> Profile:
        """A new version of a profile, if `base` is still its newest; no new one where nothing changed.

        Args:
            along: done in the same transaction when the version is there; True = it changed something.

        Raises:
            ProfileConflict: it is not; nothing is changed.
            ProfileInvalid: the content can't be saved as it is.
            ProfileError: PROFILE_NOT_FOUND, PROFILE_DELETED.
        """
        checked = self._checked(content, profile_id)
        with self._store.write() as session:
            before = profile_there(session, profile_id)
            check_base(before, base)
            _check_name(session, checked.name, profile_id)
            after = add_version(session, before, checked, Stamp(self._author, reason))
            renamed = self._renamed(session, before.name, after.name)
            more = along(session, after)
        if more or after is not before:
            self._announce(profile_id, renamed)
        return self._remembered(after)

    def restore(self, profile_id: str, version: int, base: Base) -> Profile:
        """An earlier version as a new one; raises as `save` does.

        A name that another profile has taken meanwhile stays with that one: the newest name is kept then.
        """
        content = self.at(profile_id, version).content
        if is_taken(content.name, self._around().names, profile_id):
            content = content.model_copy(update={"name": self.get(profile_id).name})
        return self.save(profile_id, content, base, f"restored {version}")

    def copy(self, content: ProfileContent, reason: str = "copied") -> Profile:
        """A content as a new profile; its name gets a number where it is taken.

        Raises:
            ProfileInvalid: it can't be saved as it is.
        """
        with self._store.read() as session:
            free = free_name(content.name, names_there(session))
        checked = self._checked(content.model_copy(update={"name": free}))
        with self._store.write() as session:
            still_free = free_name(checked.name, names_there(session))
            checked = checked.model_copy(update={"name": still_free})
            profile = insert_profile(session, checked, new_id("profile"), Stamp(self._author, reason))
        self._announce(profile.id)
        return profile

    def delete(self, profile_id: str, base: Base | None = None) -> None:
        """Take a profile out of every list; its versions stay, and so do the items queued with it.

        Args:
            base: only if this is its newest version; None = whatever it is.

        Raises:
            ProfileConflict: it is not.
            ProfileError: PROFILE_NOT_FOUND, PROFILE_DELETED, PROFILE_LAST.
        """
        with self._store.write() as session:
            profile = profile_there(session, profile_id)
            if base is not None:
                check_base(profile, base)
            if len(names_there(session)) < 2:
                raise ProfileError(
                    ErrorCode.PROFILE_LAST, f"“{profile.name}” is the only profile and can't be deleted."
                )
            session.get_one(ProfileRow, profile_id).deleted_at = now()
            session.flush()
            renamed = self._renamed(session, profile.name, _usual_name(session))
        self._announce(profile_id, renamed)

    def bring_back(self, profile_id: str) -> Profile:
        """A deleted profile is there again; its name gets a number where it was taken meanwhile.

        Raises:
            ProfileError: PROFILE_NOT_FOUND.
        """
        with self._store.write() as session:
            row = session.get(ProfileRow, profile_id)
            if row is None:
                raise not_found(profile_id)
            name = free_name(row.name, names_there(session, other_than=profile_id))
            row.name, row.deleted_at = name, None
            session.flush()
            before = profile_there(session, profile_id)
            renamed = before.content.model_copy(update={"name": name})
            after = add_version(session, before, renamed, Stamp(self._author, "saved"))
        self._announce(profile_id)
        return after

    def add_shipped(self) -> None:
        """Put the shipped profiles into the store, or renew them (`renewing`)."""
        renew_shipped(self._store)

    # Inner

    def _checked(self, content: ProfileContent, profile_id: str = "") -> ProfileContent:
        """The content as it is saved: its name without blanks around it.

        Before the transaction, which must not wait for a tokenizer; there only the name is looked at again.
        """
        validation = self.validate(content, profile_id)
        if not validation.valid:
            raise ProfileInvalid(validation)
        return content.model_copy(update={"name": content.name.strip()})

    def _remembered(self, newest: Profile) -> Profile:
        """A saved version never changes, and is read once.

        Only after a restored backup its number comes again with another content: when that one is read or
        saved as the newest it takes the other's place here.
        """
        known = self._versions.get((newest.id, newest.version))
        if known == newest:
            return known
        self._versions[newest.id, newest.version] = newest
        return newest

    def _around(self) -> Surroundings:
        with self._store.read() as session:
            names = names_there(session)
        return replace(self._surroundings(), names=names)

    def _renamed(self, session: Session, old: str, new: str) -> Changed | None:
        return self._on_renamed(session, old, new) if old != new else None

    def _announce(self, profile_id: str, besides: Changed | None = None) -> None:
        self._hub.changed.emit(Changed(Kind.PROFILE, frozenset({profile_id})))
        if besides is not None:
            self._hub.changed.emit(besides)


def _usual_name(session: Session) -> str:
    """Default under whatever name it has now; where that is gone, the first one."""
    lines = lines_of_all(session)
    return next((each.name for each in lines if each.id == DEFAULT_ID), lines[0].name)


def _check_name(session: Session, name: str, profile_id: str = "") -> None:
    """Again in the transaction: another process may have taken the name since the rules were asked."""
    if is_taken(name, names_there(session), profile_id):
        raise ProfileInvalid(Validation((name_taken(),)))
