"""Which book or entry is meant by what a person wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cardforge_desktop.books.errors import BookError
from cardforge_desktop.books.model import BookSummary, Entry
from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.paths import find_paths
from cardforge_desktop.workspace import Workspace

_MOST_IDS = 10


@contextmanager
def books_workspace() -> Iterator[Workspace]:
    """The workspace while an action needs it."""
    workspace = Workspace.open(find_paths(), face="command line")
    try:
        yield workspace
    finally:
        workspace.close()


def found_entry(workspace: Workspace, book: BookSummary, text: str) -> Entry:
    """The entry of that title, or with that id of ours, or with that number that files carry.

    Raises:
        BookError: BOOK_ENTRY_NOT_FOUND: there is none, or several are called so; their ids are listed.
    """
    entries = workspace.books.entries(book.id)
    wanted = text.strip().casefold()
    same = (
        [entry for entry in entries if entry.id == text]
        or [entry for entry in entries if title_of(entry.entry).strip().casefold() == wanted]
        or [entry for entry in entries if str(entry.entry.id) == text]
    )
    if len(same) == 1:
        return workspace.books.entry(same[0].id)
    if same:
        ids = ", ".join(entry.id for entry in same[:_MOST_IDS])
        message = (
            f"{len(same)} entries of “{book.name}” are called “{text[:100]}”. Name one by its id: {ids}."
        )
    else:
        message = (
            f"“{book.name}” has no entry “{text[:100]}”. "
            "`cardforge books show BOOK` lists those there are, `cardforge books search` finds them."
        )
    raise BookError(ErrorCode.BOOK_ENTRY_NOT_FOUND, message, {"book_id": book.id, "entry": text[:100]})
