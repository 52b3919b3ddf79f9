"""What goes wrong with profiles."""

from __future__ import annotations

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.validation import Validation


class ProfileError(CardForgeError):
    """Codes: PROFILE_NOT_FOUND, PROFILE_DELETED, PROFILE_LAST (the only one can't be deleted),
    PROFILE_FILE_UNREADABLE (no profile file at all).
    """


class ProfileInvalid(ProfileError):  # noqa: N818  # reads better where it is caught
    """A content that can't be saved. Code: PROFILE_INVALID; `details` is the validation's report.

    Attributes:
        validation: what is wrong with it.
    """

    def __init__(self, validation: Validation) -> None:
        told = " ".join(f"{finding.field}: {finding.message}" for finding in validation.errors)
        super().__init__(
            ErrorCode.PROFILE_INVALID, f"The profile can't be saved. {told}", validation.report()
        )
        self.validation = validation


class ProfileFileInvalid(ProfileError):  # noqa: N818
    """A file has what no profile can have. Code: PROFILE_FILE_INVALID; `details` as of `ProfileInvalid`.

    Attributes:
        validation: what is wrong with it.
    """

    def __init__(self, file: str, validation: Validation) -> None:
        told = " ".join(f"{finding.field}: {finding.message}" for finding in validation.errors)
        details = {**validation.report(), "file": file}
        super().__init__(
            ErrorCode.PROFILE_FILE_INVALID, f"{file} can't be read as a profile. {told}", details
        )
        self.file = file
        self.validation = validation


class ProfileConflict(ProfileError):  # noqa: N818
    """Somebody else saved since the version that was changed (specification, section 2.1, status 412).

    Code: PROFILE_VERSION_CONFLICT; `details` has current_version, your_version, updated_by and updated_at.

    Attributes:
        current: the newest version.
        your_version: the one that was changed.
    """

    def __init__(self, current: Profile, your_version: int) -> None:
        who, newest = current.updated_by or "somebody else", f"version {current.version}"
        told = f"was changed by {who} since version {your_version}: the newest is {newest}."
        if not 1 <= your_version <= current.version:  # of a store put back, or no version
            told = f"is at {newest}, saved by {who}: that is not the version you named."
        super().__init__(
            ErrorCode.PROFILE_VERSION_CONFLICT,
            f"“{current.name}” {told} Look at it and save again.",
            {
                "profile_id": current.id,
                "current_version": current.version,
                "your_version": your_version,
                "updated_by": current.updated_by,
                "updated_at": current.updated_at.isoformat(),
            },
        )
        self.current = current
        self.your_version = your_version
