"""From entries to the steps that change them. Pure but for the ids of new entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cardforge_desktop.books.editing.edits import Edit, renaming_category, setting
from cardforge_desktop.books.entry_fields import with_title
from cardforge_desktop.books.model import Entry, EntryState, Place, Put, Remove, Step
from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.cards.model import BookEntry, Number
from cardforge_desktop.ids import new_id

Steps = tuple[Step, ...]


def changed(entries: Iterable[Entry], *edits: Edit) -> Steps:
    """Do these edits to each entry, one after the other; what they leave as it is, is not put."""
    made: list[tuple[Entry, BookEntry]] = []
    for entry in entries:
        after = entry.entry
        for edit in edits:
            after = edit(after)
        made.append((entry, after))
    return put_changed(made)


def put_changed(made: Iterable[tuple[Entry, BookEntry]]) -> Steps:
    """A step for each book with the entries that are others now; they stay where they are."""
    by_book: dict[str, list[EntryState]] = {}
    for before, after in made:
        if after is not before.entry and after != before.entry:
            by_book.setdefault(before.book_id, []).append(EntryState(before.id, after))
    return tuple(Put(book_id, tuple(states)) for book_id, states in by_book.items())


def removed(entries: Iterable[Entry]) -> Steps:
    """Take entries away."""
    by_book: dict[str, list[str]] = {}
    for entry in entries:
        by_book.setdefault(entry.book_id, []).append(entry.id)
    return tuple(Remove(book_id, tuple(ids)) for book_id, ids in by_book.items())


def set_category(entries: Iterable[Entry], category: str) -> Steps:
    """All in one category, "" for none."""
    return changed(entries, setting("category", category))


def rename_category(entries: Iterable[Entry], old: str, new: str) -> Steps:
    """Those in the old category into the new one, which may exist already."""
    return changed(entries, renaming_category(old, new))


def set_enabled(entries: Iterable[Entry], on: bool) -> Steps:
    """All on, or all off."""
    return changed(entries, setting("enabled", on))


def toggle_enabled(entries: Sequence[Entry]) -> Steps:
    """The other way round; of several, all become what the first is not."""
    if not entries:
        return ()
    return set_enabled(entries, not entries[0].entry.enabled)


def number_order(entries: Sequence[Entry], first: Number = 10, by: Number = 10) -> Steps:
    """Insertion orders 10, 20, 30 … in the order in which the entries come here."""
    return put_changed(
        (entry, setting("insertion_order", first + at * by)(entry.entry)) for at, entry in enumerate(entries)
    )


def fresh(entries: Iterable[BookEntry]) -> tuple[EntryState, ...]:
    """Entries that are new: with ids of ours, and without those numbers that others have in files."""
    return tuple(EntryState(new_id("entry"), entry.model_copy(update={"id": None})) for entry in entries)


def duplicate(entries: Iterable[Entry], taken: Iterable[str] = ()) -> tuple[EntryState, ...]:
    """Another one of each, under the next free title: “Mill (2)”.

    Args:
        taken: titles that are in use beside those of the entries themselves.
    """
    listed = list(entries)
    known = {title.casefold() for title in taken} | {title_of(each.entry).casefold() for each in listed}
    made = []
    for each in listed:
        title = next_title(title_of(each.entry), known)
        known.add(title.casefold())
        made.append(with_title(each.entry, title) if title else each.entry)
    return fresh(made)


def next_title(title: str, taken: set[str]) -> str:
    """“Mill (2)” for “Mill”, “Mill (3)” if that is taken (`taken` is in casefold); "" for no title."""
    stem, _, number = title.rpartition(" (")
    if not stem or not number.endswith(")") or not number[:-1].isdecimal():
        stem = title
    at = 2
    while stem and f"{stem} ({at})".casefold() in taken:
        at += 1
    return f"{stem} ({at})" if stem else ""


def inserted(book_id: str, states: Sequence[EntryState], places: Mapping[str, int]) -> Steps:
    """These entries at places that `Books.places_after` told; others of the book move where they must."""
    put = Put(book_id, tuple(replace(state, place=places[state.id]) for state in states))
    new = {state.id for state in states}
    moved = {entry_id: place for entry_id, place in places.items() if entry_id not in new}
    return (put, Place(book_id, moved)) if moved else (put,)
