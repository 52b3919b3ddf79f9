"""A book as it is and as it would be, and the steps that make it so: to be seen before it is done. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cardforge_desktop.books.matching import matched
from cardforge_desktop.books.model import Entry, EntryState, Place, Put, Remove, SetHead, Step
from cardforge_desktop.books.rows import GAP, head_of
from cardforge_desktop.cards.model import CharacterBook
from cardforge_desktop.ids import new_id


@dataclass(frozen=True, slots=True)
class Becoming:
    """What would become of a book.

    Attributes:
        steps: for `Books.change`; none where nothing would change.
        expected: the versions of the entries that would change.
    """

    book_id: str
    before: CharacterBook
    after: CharacterBook
    steps: tuple[Step, ...]
    expected: Mapping[str, int]


def grown(book_id: str, known: Sequence[Entry], before: CharacterBook, after: CharacterBook) -> Becoming:
    """Of a book whose entries stay where they are, whatever became of them; new ones are behind."""
    pairs = zip(known, after.entries, strict=False)
    changed = [(entry, now) for entry, now in pairs if entry.entry != now]
    states = [EntryState(entry.id, now, entry.place) for entry, now in changed]
    states += [EntryState(new_id("entry"), entry) for entry in after.entries[len(known) :]]
    expected = {entry.id: entry.version for entry, _ in changed}
    return Becoming(book_id, before, after, (Put(book_id, tuple(states)),) if states else (), expected)


def replaced(book_id: str, known: Sequence[Entry], before: CharacterBook, after: CharacterBook) -> Becoming:
    """Of a book that is to be another one; entries that are recognised keep our ids. Its name stays."""
    after = after.model_copy(update={"name": before.name})
    plain = [(entry.id, entry.entry.model_dump(mode="json", exclude_unset=True)) for entry in known]
    found = matched(plain, after.entries)
    ids = [entry_id or new_id("entry") for entry_id, _ in found]
    kept = [entry.id for entry in known if entry.id in set(ids)]
    states = tuple(
        EntryState(entry_id, entry)
        for entry_id, (_, same), entry in zip(ids, found, after.entries, strict=True)
        if not same
    )
    gone = tuple(entry.id for entry in known if entry.id not in set(ids))
    steps: list[Step] = [Remove(book_id, gone)] if gone else []
    if states:
        steps.append(Put(book_id, states))
    if ids[: len(kept)] != kept:
        steps.append(Place(book_id, {entry_id: at * GAP for at, entry_id in enumerate(ids)}))
    if head_of(before) != head_of(after):
        steps.append(SetHead(book_id, head_of(after)))
    touched = {state.id for state in states} | set(gone)
    expected = {entry.id: entry.version for entry in known if entry.id in touched}
    return Becoming(book_id, before, after, tuple(steps), expected)
