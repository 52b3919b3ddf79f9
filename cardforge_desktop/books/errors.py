"""What can go wrong with books."""

from __future__ import annotations

from collections.abc import Mapping

from cardforge_desktop.errors import CardForgeError, ErrorCode


class BookError(CardForgeError):
    """A book or an entry can't be found or changed.

    Codes: BOOK_NOT_FOUND, BOOK_ENTRY_NOT_FOUND, BOOK_CHANGED (somebody else changed the entry meanwhile),
    BOOK_NAME_TAKEN, BOOK_ENTRY_INVALID (what a program sent has fields of a wrong kind).
    """


def book_not_found(book_id: str) -> BookError:
    """The book was deleted, or there never was one."""
    return BookError(
        ErrorCode.BOOK_NOT_FOUND,
        "This book is no longer there. It was deleted, or the card it belongs to was.",
        {"book_id": book_id},
    )


def entry_not_found(entry_id: str) -> BookError:
    """Likewise of an entry."""
    return BookError(
        ErrorCode.BOOK_ENTRY_NOT_FOUND, "This entry is no longer in the book.", {"entry_id": entry_id}
    )


def entries_changed(ids: list[str]) -> BookError:
    """Somebody else was first."""
    return BookError(
        ErrorCode.BOOK_CHANGED,
        "The book was changed elsewhere meanwhile. Look at the newer state, then do it again.",
        {"entry_ids": ids[:50]},
    )


def entry_not_storable(title: str, reason: str) -> BookError:
    """Something in an entry has no form that is stored and read again."""
    told = f"The entry “{title[:100]}” can't be stored: {reason}"
    return BookError(ErrorCode.BOOK_ENTRY_INVALID, told, {"title": title[:100]})


class ChangeCancelledError(Exception):
    """A change was cancelled by whoever asked for it, and what was done of it taken back.

    Attributes:
        versions: the entries that were put meanwhile, with the versions they have now.
    """

    def __init__(self, versions: Mapping[str, int]) -> None:
        super().__init__("the change was cancelled")
        self.versions = versions
