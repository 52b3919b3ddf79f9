"""One profile under edit: its states, and how the newest of them stands to the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardforge_desktop.ui.edit_history import EditHistory
from cardforge_desktop.ui.edit_status import Status

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import Profile, ProfileContent
    from cardforge_desktop.profiles.unsaved import Draft


@dataclass(slots=True, eq=False)
class Sheet:
    """A profile in the editor.

    Attributes:
        profile: as it was loaded: the base of what is changed.
        newer: what somebody else saved since, while something here is unsaved.
        lost: what a process that died left unsaved: it can be restored.
        error: why it could not be saved.
        keep_error: why unsaved changes could not be put where a crash does not reach them.
        restored: number and content of the earlier version that was put into the editor last.
        saves_again: it is to be saved once more after the save under way.
    """

    profile: Profile
    history: EditHistory[ProfileContent]
    newer: Profile | None = None
    lost: Draft | None = None
    error: Exception | None = None
    keep_error: Exception | None = None
    restored: tuple[int, ProfileContent] | None = None
    is_deleted: bool = False
    is_saving: bool = False
    saves_again: bool = False

    @property
    def id(self) -> str:
        """Id of the profile."""
        return self.profile.id

    @property
    def content(self) -> ProfileContent:
        """What stands in the editor."""
        return self.history.value

    @property
    def is_dirty(self) -> bool:
        """Whether something else stands here than in the version it was made from."""
        return self.content != self.profile.content

    def reason_for(self, reason: str) -> str:
        """Why a save is made: what stands here may be an earlier version, put back."""
        if self.restored is not None and self.restored[1] == self.content:
            return f"restored {self.restored[0]}"
        return reason

    @property
    def status(self) -> Status:
        """How it stands to the store."""
        for status, holds in (
            (Status.DELETED, self.is_deleted),
            (Status.SAVING, self.is_saving),
            (Status.CONFLICT, self.newer is not None),
            (Status.FAILED, self.error is not None),
            (Status.UNSAVED, self.is_dirty),
        ):
            if holds:
                return status
        return Status.SAVED
