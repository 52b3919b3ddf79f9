"""What was changed in a copy of a book, taken back into the book. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cardforge_desktop.books.matching import matched
from cardforge_desktop.books.merging import merged
from cardforge_desktop.cards.model import BookEntry, CharacterBook


def taken_back(book: CharacterBook, copy: CharacterBook, base: CharacterBook | None) -> CharacterBook:
    """`book` with what somebody wrote into a copy of it; its entries in their order, new ones behind.

    An entry that was changed in the copy alone takes the place of the book's. One that was changed in both
    is added beside the book's: neither is lost. What was taken out of the copy stays in the book, and the
    book's own name and settings stay.

    Args:
        base: the book as it was copied. None: nobody knows any more; then only what is new is added.
    """
    if base is None:
        return merged(book, copy).book
    entries = list(book.entries)
    beside: list[BookEntry] = []
    new: list[BookEntry] = []
    in_book = _places(book.entries, base.entries)
    for entry, (at, is_same) in zip(copy.entries, matched(_known(base.entries), copy.entries), strict=True):
        if at is None:
            new.append(entry)
        elif not is_same:
            place = in_book[int(at)]
            if place is not None and entries[place] == base.entries[int(at)]:
                entries[place] = entry
            elif place is None or entries[place] != entry:
                beside.append(entry)
    found = merged(book.model_copy(update={"entries": entries}), CharacterBook(entries=new)).book
    return _with(found, beside)


def _places(entries: Sequence[BookEntry], base: Sequence[BookEntry]) -> list[int | None]:
    """For each entry of the base where it stands in the book, changed or not; None: it was taken out."""
    return [None if at is None else int(at) for at, _ in matched(_known(entries), base)]


def _known(entries: Sequence[BookEntry]) -> list[tuple[str, dict[str, object]]]:
    return [(str(at), entry.model_dump(mode="json", exclude_unset=True)) for at, entry in enumerate(entries)]


def _with(book: CharacterBook, beside: Sequence[BookEntry]) -> CharacterBook:
    """`book` with more entries behind its own, with numbers that are free."""
    taken = {str(entry.id) for entry in book.entries}
    free = (number for number in range(1, len(taken) + len(beside) + 1) if str(number) not in taken)
    numbered = [entry.model_copy(update={"id": next(free)}) for entry in beside]
    return book if not numbered else book.model_copy(update={"entries": [*book.entries, *numbered]})
