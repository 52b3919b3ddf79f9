"""The profile that is edited, as everything in the editor sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cardforge_desktop.ui.edit_status import Status

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import Profile, ProfileContent
    from cardforge_desktop.profiles.rows import Base
    from cardforge_desktop.profiles.unsaved import Draft
    from cardforge_desktop.ui.profiles.editor.sheet import Sheet


class OpenProfile(QObject):
    """What the rest of the editor sees of the profile that is edited. Lives on the window's thread.

    Signals:
        opened(): another profile is there, or it can't be read (`error`).
        changed(str): path of the field that changed, "" for several.
        went(str): undo or redo changed the field at this path: show it.
        status_changed(): `status`, `profile`, `newer`, `lost` or what can be undone.
        saved(object): a `Profile`: the version that was just saved here.
        copied(object): a `Profile`: the new one made by `save_copy`.
        saved_elsewhere(object): a `Profile`: what somebody else saved. It is shown already where nothing was
            unsaved; else it is `newer`.
        conflict(object): a `ProfileConflict`: a save lost against somebody else's.
        failed(object): an exception: what was asked for last could not be done.
    """

    opened = Signal()
    changed = Signal(str)
    went = Signal(str)
    status_changed = Signal()
    saved = Signal(object)
    copied = Signal(object)
    saved_elsewhere = Signal(object)
    conflict = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self._left: dict[str, Sheet] = {}  # unsaved, and not shown now
        self._wanted = ""
        self._failure: Exception | None = None

    @property
    def profile_id(self) -> str:
        """Id of the profile that is open or being opened, "" for none."""
        return self._wanted

    @property
    def is_open(self) -> bool:
        """Whether there is a profile to edit."""
        return self._sheet is not None

    @property
    def profile(self) -> Profile:
        """The version that is edited, as it was loaded. Only while `is_open`."""
        return self._open.profile

    @property
    def content(self) -> ProfileContent:
        """The profile as it stands in the editor. Only while `is_open`."""
        return self._open.content

    @property
    def base(self) -> Base:
        """The state a save starts from. Only while `is_open`."""
        from cardforge_desktop.profiles.service import base_of

        return base_of(self._open.profile)

    @property
    def is_dirty(self) -> bool:
        """Whether there is something to save."""
        return self._sheet is not None and self._sheet.is_dirty

    @property
    def is_saving(self) -> bool:
        """Whether a save is under way."""
        return self._sheet is not None and self._sheet.is_saving

    @property
    def is_deleted(self) -> bool:
        """Whether somebody deleted the profile while it is open here."""
        return self._sheet is not None and self._sheet.is_deleted

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self._sheet is not None and self._sheet.history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._sheet is not None and self._sheet.history.can_redo

    @property
    def newer(self) -> Profile | None:
        """What somebody else saved since, while something here is unsaved."""
        return self._sheet.newer if self._sheet is not None else None

    @property
    def lost(self) -> Draft | None:
        """What a process that died left unsaved of this profile: `restore_lost` or `decline_lost`."""
        return self._sheet.lost if self._sheet is not None else None

    @property
    def error(self) -> Exception | None:
        """Why the profile could not be read or saved."""
        return self._failure if self._sheet is None else self._sheet.error

    @property
    def keep_error(self) -> Exception | None:
        """Why unsaved changes are not yet where a crash does not reach them."""
        return self._sheet.keep_error if self._sheet is not None else None

    @property
    def status(self) -> Status:
        """How the profile stands to the store."""
        if self._sheet is None:
            return Status.MISSING if self._failure is not None else Status.LOADING
        return self._sheet.status

    @property
    def unsaved_ids(self) -> frozenset[str]:
        """Ids of the profiles that have unsaved changes here."""
        mine = {self._sheet.id} if self._sheet is not None and self._sheet.is_dirty else set()
        return frozenset(mine | self._left.keys())

    @property
    def _open(self) -> Sheet:
        if self._sheet is None:
            raise LookupError("no profile is open")
        return self._sheet
