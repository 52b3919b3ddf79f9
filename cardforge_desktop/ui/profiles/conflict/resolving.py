"""The ways out of a conflict: what is saved, set aside, loaded, and what happens when that loses as well."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.profiles.errors import ProfileConflict
from cardforge_desktop.profiles.validation import Validation
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.profiles.conflict.decisions import Decisions, Way
from cardforge_desktop.ui.profiles.conflict.reading import FieldTexts, read_fields
from cardforge_desktop.ui.profiles.editor.keeping import Unsaved

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import Profile, ProfileContent
    from cardforge_desktop.ui.profiles.editor.session import ProfileSession
    from cardforge_desktop.ui.services import Services

#: The rules are asked again at most this often while a value is written.
_CHECK_MS = 300


class Ending(Enum):
    """How a conflict was left."""

    MERGED = auto()
    OVERWRITTEN = auto()
    COPIED = auto()
    LATEST = auto()
    DISCARDED = auto()
    BROUGHT_BACK = auto()
    GONE_BY = auto()  # what stands here is saved, by whomever: there is none any more


class Resolving(QObject):
    """Holds the decisions and goes one way out. Lives on the window's thread; no widgets here.

    Nothing is lost on any way: what gives way is in the profile's history, theirs as the version before,
    mine as a content that was set aside. Where a way loses against somebody who saved meanwhile, their
    version is merged anew, and the decisions stay whose fields it left alone.

    Signals:
        decided(): `decisions` or `validation` are others now.
        read(): `fields` are others now.
        newer(object, object): this `Profile` was saved meanwhile; paths whose decision it took back.
        deleted(): the profile was deleted meanwhile.
        failed(object): an exception: the way that was tried is not gone; all is as before.
        busy_changed(): `is_busy`.
        ended(object): an `Ending`: the conflict is over.
    """

    decided = Signal()
    read = Signal()
    newer = Signal(object, object)
    deleted = Signal()
    failed = Signal(object)
    busy_changed = Signal()
    ended = Signal(object)

    def __init__(
        self,
        session: ProfileSession,
        services: Services,
        *,
        base: Profile,
        mine: ProfileContent,
        theirs: Profile,
        before: Decisions | None = None,
    ) -> None:
        """`before`: what was decided in a dialog that was left by Esc."""
        super().__init__()
        self._session, self._services = session, services
        self.base, self.theirs = base, theirs
        self.decisions = Decisions.between(base.content, mine, theirs.content, before)
        self.fields: tuple[FieldTexts, ...] = ()
        self.validation: Validation | None = None
        self.is_deleted = False
        self._spoiled: set[str] = set()
        self._going: Ending | None = None
        self._reading = Paced(services.background, 0, self._read)
        self._checking = Paced(services.background, _CHECK_MS, self._check)
        session.conflict.connect(self._on_conflict)
        session.saved_elsewhere.connect(self._on_saved_elsewhere)
        session.saved.connect(self._on_saved)
        session.copied.connect(self._on_copied)
        session.failed.connect(self._on_failed)
        session.status_changed.connect(self._on_status)
        self._reading.ask()
        self._checking.ask()

    @property
    def mine(self) -> ProfileContent:
        """What this person wrote."""
        return self.decisions.mine

    @property
    def is_busy(self) -> bool:
        """Whether a way is being gone."""
        return self._going is not None

    @property
    def can_save(self) -> bool:
        """Whether the merged profile can be saved: all is decided, and the rules have nothing against it."""
        allowed = self.validation is not None and self.validation.valid
        is_held = self.decisions.undecided or self.unread or self.is_busy or self.is_deleted
        return allowed and not is_held

    @property
    def unread(self) -> tuple[str, ...]:
        """Paths of the fields in whose editors something stands that is no value of theirs."""
        ways = self.decisions.ways
        return tuple(path for path in ways if path in self._spoiled and ways[path] is Way.EDITED)

    # Decisions

    def take(self, path: str, way: Way) -> None:
        """Decide a field."""
        self._decide(self.decisions.take(path, way))

    def write(self, path: str, value: Any) -> None:
        """Decide a field by a value of its own."""
        self._decide(self.decisions.write(path, value))

    def spoil(self, path: str, is_spoiled: bool) -> None:
        """Note whether what stands in a field's editor can be read: what can't be is not saved without it."""
        if is_spoiled != (path in self._spoiled):
            self._spoiled ^= {path}
            self.decided.emit()

    # Ways out

    def save_merged(self) -> None:
        """Save the merged profile on top of theirs; mine is set aside where it is not the same."""
        if self.can_save:
            self._go(Ending.MERGED)
            result = self.decisions.result
            mine = Unsaved(self.base.id, self.base.version, self.mine) if result != self.mine else None
            self._session.save_over(result, self.theirs, "merged", gives_way=mine)

    def overwrite(self) -> None:
        """Save mine on top of theirs, the version before then. A deleted profile is brought back so."""
        if self.is_busy:
            return
        if self.is_deleted:
            self._go(Ending.BROUGHT_BACK)
            self._session.bring_back(self.theirs)
            return
        self._go(Ending.OVERWRITTEN)
        self._session.save_over(self.mine, self.theirs, "overwritten")

    def save_copy(self) -> None:
        """Make another profile of mine; the editor shows theirs."""
        if not self.is_busy:
            self._go(Ending.COPIED)
            self._session.save_copy(self.mine)

    def load_latest(self) -> None:
        """Show theirs; mine is in the history, and one undo brings it back into the form."""
        if not self.is_busy:
            self._session.set_aside(self.mine)
            self._session.load(self.theirs, undoable_from=self.mine)
            self._end(Ending.LATEST)

    def discard(self) -> None:
        """Show theirs; mine is in the history only."""
        if not self.is_busy:
            self._session.set_aside(self.mine)
            self._session.load(self.theirs)
            self._end(Ending.DISCARDED)

    def close(self) -> None:
        """Nobody looks any more."""
        for each in (self._reading, self._checking):
            each.deleteLater()
        self.deleteLater()

    # What the session says

    @Slot(object)
    def _on_saved(self, _profile: Profile) -> None:
        going = self._going
        if going is None:  # a save that was under way before the dialog was opened
            if not self._session.is_dirty:
                self._end(Ending.GONE_BY)
            return
        self._end(going)

    @Slot(object)
    def _on_copied(self, _profile: Profile) -> None:
        if self._going is Ending.COPIED:
            if not self.is_deleted:
                self._session.load(self.theirs)
            self._end(Ending.COPIED)

    @Slot(object)
    def _on_conflict(self, error: ProfileConflict) -> None:
        self._stop()
        self._take(error.current)

    @Slot(object)
    def _on_saved_elsewhere(self, profile: Profile) -> None:
        if self._going is not None:  # the way that is being gone will tell
            return
        if profile.content == self.mine:
            self._end(Ending.GONE_BY)
        else:
            self._take(profile)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        if self._going is None:
            return
        self._stop()
        if not (isinstance(error, CardForgeError) and error.code == ErrorCode.PROFILE_DELETED):
            self.failed.emit(error)  # a deletion is told by `deleted`

    @Slot()
    def _on_status(self) -> None:
        is_deleted = self._session.is_deleted
        if is_deleted != self.is_deleted and self._going is None:
            self.is_deleted = is_deleted
            self.deleted.emit()

    # Inner

    def _take(self, theirs: Profile) -> None:
        if theirs == self.theirs:
            return
        reopened = self.decisions.reopened_by(theirs.content)
        self.theirs, self.is_deleted = theirs, False
        self._spoiled.clear()  # its row is made anew, with the last value that could be read
        self._decide(self.decisions.against(theirs.content))
        self._reading.ask()
        self.newer.emit(theirs, reopened)

    def _decide(self, decisions: Decisions) -> None:
        if decisions != self.decisions:
            self.decisions, self.validation = decisions, None
            self._checking.ask()
            self.decided.emit()

    def _go(self, ending: Ending) -> None:
        self._going = ending
        self.busy_changed.emit()

    def _stop(self) -> None:
        if self._going is not None:
            self._going = None
            self.busy_changed.emit()
            self._on_status()

    def _end(self, ending: Ending) -> None:
        self._going = None
        self.ended.emit(ending)

    async def _read(self) -> None:
        """Make the rows of the newest merge."""
        merge = self.decisions.merge
        fields = await self._services.background.run(lambda: read_fields(merge))
        if isValid(self) and merge is self.decisions.merge:
            self.fields = fields
            self.read.emit()

    async def _check(self) -> None:
        """Ask the rules about the merged profile; asked again where it changed meanwhile."""
        decisions, profile_id = self.decisions, self.base.id
        found = await self._services.background.call(
            lambda ws: ws.profiles.validate(decisions.result, profile_id)
        )
        if isValid(self) and decisions is self.decisions:
            self.validation = found
            self.decided.emit()
