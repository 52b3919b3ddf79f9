"""How what is edited stands to the store: the same words for cards and profiles."""

from enum import Enum


class Status(Enum):
    """Of the card or profile in the editor."""

    LOADING = "loading"
    MISSING = "missing"  # it could not be read
    SAVED = "saved"
    UNSAVED = "unsaved"
    SAVING = "saving"
    CONFLICT = "conflict"  # somebody else saved it, too
    DELETED = "deleted"
    FAILED = "failed"  # it could not be saved
