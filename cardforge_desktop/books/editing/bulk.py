"""Several fields of many entries at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cardforge_desktop.books.editing.changing import Steps, put_changed
from cardforge_desktop.books.editing.edits import Edit, setting
from cardforge_desktop.books.model import Entry
from cardforge_desktop.cards.model import Number


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What is to become of each entry.

    Attributes:
        edits: done one after the other.
        numbering: insertion orders from the first number on, by the second, as the entries come.
    """

    edits: tuple[Edit, ...] = ()
    numbering: tuple[Number, Number] | None = None

    def steps(self, entries: Sequence[Entry]) -> Steps:
        """What changes the entries so; nothing for those that are so already."""
        made = []
        for at, entry in enumerate(entries):
            after = entry.entry
            for edit in self.edits:
                after = edit(after)
            if self.numbering is not None:
                first, by = self.numbering
                after = setting("insertion_order", first + at * by)(after)
            made.append((entry, after))
        return put_changed(made)
