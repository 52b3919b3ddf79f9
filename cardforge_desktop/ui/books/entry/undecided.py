"""What was written into an entry that somebody else changed or deleted meanwhile: nothing of it is lost.

On workers; no widgets here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cardforge_desktop.books.entry_fields import FIELDS
from cardforge_desktop.ui.books.wishes import Plan

if TYPE_CHECKING:
    from cardforge_desktop.books.model import Entry
    from cardforge_desktop.cards.model import BookEntry
    from cardforge_desktop.ui.books.planning import Planner


def had_back(stored: Entry, fields: Mapping[str, Any], text: str) -> Planner:
    """Write these fields into an entry again, as it is by then; one that is gone comes back."""

    def plan(ws: Any) -> Plan:
        from cardforge_desktop.books.model import EntryState, Put

        found = next(iter(ws.books.some_entries([stored.id])), None)
        written = (found or stored).entry
        for name, value in fields.items():
            written = FIELDS[name].write(written, value)
        state = EntryState(stored.id, written, None if found else stored.place)
        expected = {found.id: found.version} if found else {}
        return Plan(text, (Put((found or stored).book_id, (state,)),), expected)

    return plan


def kept_beside(stored: Entry, written: BookEntry, title: str, text: str) -> Planner:
    """An entry of its own at the end of the book, switched off, that is called `title`."""

    def plan(ws: Any) -> Plan:  # noqa: ARG001  # nothing is read
        from cardforge_desktop.books.editing import fresh
        from cardforge_desktop.books.model import Put

        entry = FIELDS["title"].write(written, title).model_copy(update={"enabled": False})
        return Plan(text, (Put(stored.book_id, fresh([entry])),))

    return plan
