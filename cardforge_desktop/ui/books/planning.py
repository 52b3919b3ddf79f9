"""What a command comes to, worked out on a worker: entries are read there, and steps made of them.

No widgets here. Deeds are named here too (`deed_words`), for the name counts the entries that change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardforge_desktop.ui.books.deeds import let_go
from cardforge_desktop.ui.books.wishes import Plan

if TYPE_CHECKING:
    from cardforge_desktop.books.editing import Steps
    from cardforge_desktop.books.model import Entry
    from cardforge_desktop.books.search import EntryQuery
    from cardforge_desktop.cards.model import BookEntry
    from cardforge_desktop.workspace import Workspace

Planner = Callable[["Workspace"], Plan | None]
#: What a deed is called that changes so many entries.
Naming = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place between two shown entries, by their numbers; None = there is none on that side."""

    above: int | None = None
    below: int | None = None


def changing(ids: Sequence[str], naming: Naming, make: Callable[[tuple[Entry, ...]], Steps]) -> Planner:
    """Change these entries as `make` says."""

    def plan(ws: Workspace) -> Plan | None:
        return _planned_and_freed(list(ws.books.some_entries(ids)), naming, make)

    return plan


def changing_all(book_id: str, naming: Naming, make: Callable[[tuple[Entry, ...]], Steps]) -> Planner:
    """Change the entries of a whole book."""

    def plan(ws: Workspace) -> Plan | None:
        return _planned_and_freed(list(ws.books.entries(book_id)), naming, make)

    return plan


def _planned_and_freed(
    entries: list[Entry], naming: Naming, make: Callable[[tuple[Entry, ...]], Steps]
) -> Plan | None:
    """The plan; the entries are let go in parts."""
    plan = planned(entries, make(tuple(entries)), naming)
    let_go(entries)
    return plan


def planned(entries: Iterable[Entry], steps: Steps, naming: Naming) -> Plan | None:
    """Steps that hold as long as the entries are as they were read; None where there are none."""
    touched = touched_ids(steps)
    versions = {entry.id: entry.version for entry in entries if entry.id in touched}
    return Plan(naming(len(touched)), steps, versions) if steps else None


def touched_ids(steps: Steps) -> frozenset[str]:
    """Ids of the entries that steps put or take away."""
    from cardforge_desktop.books.model import Put, Remove

    ids: set[str] = set()
    for step in steps:
        if isinstance(step, Put):
            ids |= {state.id for state in step.entries}
        elif isinstance(step, Remove):
            ids |= set(step.ids)
    return frozenset(ids)


def adding(book_id: str, entries: Sequence[BookEntry], after: str, naming: Naming) -> Planner:
    """New entries behind the one with the id `after`; "" = at the end."""

    def plan(ws: Workspace) -> Plan | None:
        from cardforge_desktop.books import editing
        from cardforge_desktop.books.model import Put

        states = editing.fresh(entries)
        if not states:
            return None
        if not after:
            return Plan(naming(len(states)), (Put(book_id, states),))
        places = ws.books.places_after(book_id, [state.id for state in states], after)
        return Plan(naming(len(states)), editing.inserted(book_id, states, places))

    return plan


def duplicating(ids: Sequence[str], naming: Naming) -> Planner:
    """Another one of each, together behind the last."""

    def plan(ws: Workspace) -> Plan | None:
        from cardforge_desktop.books import editing

        entries = ws.books.some_entries(ids)
        if not entries:
            return None
        book_id = entries[0].book_id
        taken = (each.name for each in ws.books.keyed_entries(book_id))
        states = editing.duplicate(entries, taken)
        places = ws.books.places_after(book_id, [state.id for state in states], entries[-1].id)
        return Plan(naming(len(states)), editing.inserted(book_id, states, places))

    return plan


def splitting(entry_id: str, cut: Callable[[str], Sequence[str]], naming: Naming) -> Planner:
    """One entry into several: `cut` takes the content apart; fewer than two pieces change nothing."""

    def plan(ws: Workspace) -> Plan | None:
        from cardforge_desktop.books import editing
        from cardforge_desktop.books.model import Put

        entries = ws.books.some_entries([entry_id])
        pieces = cut(entries[0].entry.content) if entries else ()
        if len(pieces) < 2:
            return None
        (entry,) = entries
        states = editing.split(entry, pieces)
        places = ws.books.places_after(entry.book_id, [state.id for state in states[1:]], entry.id)
        steps = (Put(entry.book_id, states[:1]), *editing.inserted(entry.book_id, states[1:], places))
        return Plan(naming(len(states)), steps, {entry.id: entry.version})

    return plan


def moving(ids: Sequence[str], book_id: str, spot: Spot | None, naming: Naming, *, copy: bool) -> Planner:
    """Entries, in this order, to a spot in this book; None = to its end. From other books, too."""

    def plan(ws: Workspace) -> Plan | None:
        from cardforge_desktop.books import editing
        from cardforge_desktop.books.model import EntryState, Place

        entries = ws.books.some_entries(ids)
        chosen = [entry.id for entry in entries]
        if not entries:
            return None
        after = _last(ws, book_id, chosen) if spot is None else _before(ws, book_id, spot, chosen)
        if not copy and all(entry.book_id == book_id for entry in entries):
            places = ws.books.places_after(book_id, chosen, after)
            return Plan(naming(len(entries)), (Place(book_id, places),))
        if copy:
            states = editing.fresh(entry.entry for entry in entries)
        else:
            states = tuple(EntryState(entry.id, entry.entry) for entry in entries)
        places = ws.books.places_after(book_id, [state.id for state in states], after)
        steps = editing.inserted(book_id, states, places)
        expected = {} if copy else {entry.id: entry.version for entry in entries}
        return Plan(naming(len(entries)), steps, expected)

    return plan


def stepping(query: EntryQuery, ids: Collection[str], by: int, naming: Naming) -> Planner:
    """Entries one up (-1) or down (1) among those that the query shows; several move together."""

    def plan(ws: Workspace) -> Plan | None:
        from cardforge_desktop.books.model import Place

        numbers = ws.book_search.numbers(query)
        chosen = frozenset(ws.book_search.numbers_of(query.book_id, list(ids)))
        at = [row for row, number in enumerate(numbers) if number in chosen]
        if not at:
            return None
        rest = [number for number in numbers if number not in chosen]
        was = at[0] if by < 0 else at[-1] - len(at) + 1
        now = min(max(was + by, 0), len(rest))
        if now == was and at[-1] - at[0] == len(at) - 1:
            return None
        spot = Spot(rest[now - 1] if now else None, rest[now] if now < len(rest) else None)
        moved = ws.book_search.ids([numbers[row] for row in at])
        after = _before(ws, query.book_id, spot, moved)
        places = ws.books.places_after(query.book_id, moved, after)
        return Plan(naming(len(moved)), (Place(query.book_id, places),))

    return plan


def _last(ws: Workspace, book_id: str, but: Collection[str]) -> str | None:
    """The last entry of a book that is none of these."""
    numbers = _order(ws, book_id)
    gone = frozenset(ws.book_search.numbers_of(book_id, list(but)))
    last = next((number for number in reversed(numbers) if number not in gone), None)
    return None if last is None else ws.book_search.ids([last])[0]


def _before(ws: Workspace, book_id: str, spot: Spot, but: Collection[str]) -> str | None:
    """The entry behind which a spot is: the shown one above, else what stands before the one below."""
    gone = frozenset(ws.book_search.numbers_of(book_id, list(but)))
    if spot.above is not None and (spot.above not in gone or spot.below is None):
        found = ws.book_search.ids([spot.above])
        return found[0] if found else None
    if spot.below is None:
        return None
    before: int | None = None
    for number in _order(ws, book_id):
        if number == spot.below:
            break
        before = before if number in gone else number
    found = ws.book_search.ids([before]) if before is not None else ()
    return found[0] if found else None


def _order(ws: Workspace, book_id: str) -> Sequence[int]:
    from cardforge_desktop.books.search import EntryQuery

    return ws.book_search.numbers(EntryQuery(book_id))
