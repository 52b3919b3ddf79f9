"""A character book made ready for the readers out there, before it is written."""

import re
from collections.abc import Callable
from typing import Any

from cardforge_desktop.cards.model import BookEntry, CharacterBook

# Lines like "@@depth 4" and their fallbacks "@@@role user" at the head of an entry (V3, "Decorators").
_DECORATORS = re.compile(r"\s*(?:@@@?[A-Za-z_]\w*[^\n]*(?:\n\s*|\Z))+")

EntryId = int | str


def for_v2(book: CharacterBook) -> CharacterBook:
    """`book` with unique integer ids, and without decorators: a V2 reader would put them in the prompt."""
    # From the ids V3 gets: an entry bears the same number in both chunks of a PNG wherever it can.
    ready = _with_ids(for_v3(book), _is_integer)
    return ready.model_copy(
        update={
            "entries": [
                entry.model_copy(update={"content": without_decorators(entry.content)})
                for entry in ready.entries
            ]
        }
    )


def for_v3(book: CharacterBook) -> CharacterBook:
    """`book` with unique ids; a string stays one, since V3 allows it."""
    return _with_ids(book, lambda entry_id: entry_id is not None)


def without_decorators(content: str) -> str:
    """`content` without its leading decorator lines and the line ends around them."""
    return _DECORATORS.sub("", content, count=1) if _DECORATORS.match(content) else content


def _with_ids(book: CharacterBook, allowed: Callable[[EntryId | None], bool]) -> CharacterBook:
    """Every entry with an id of its own: SillyTavern loses those whose id is missing or taken.

    The first holder of an id keeps it, the others get the lowest free numbers.
    """
    taken: set[str] = set()  # as text: SillyTavern keys by it, so 1 and "1" are one to it
    kept: list[EntryId | None] = []
    for entry in book.entries:
        keep = entry.id if allowed(entry.id) and str(entry.id) not in taken else None
        kept.append(keep)
        if keep is not None:
            taken.add(str(keep))
    free = (number for number in range(len(book.entries)) if str(number) not in taken)
    entries = [
        _for_readers(entry, next(free) if entry_id is None else entry_id)
        for entry, entry_id in zip(book.entries, kept, strict=True)
    ]
    return book.model_copy(update={"entries": entries})


def _for_readers(entry: BookEntry, entry_id: EntryId) -> BookEntry:
    """SillyTavern shows `comment` as the title, and reads the case only from `extensions`.

    Only what is absent is added: a card that is read and written unchanged stays as it was.
    """
    update: dict[str, Any] = {} if entry.id == entry_id else {"id": entry_id}
    if entry.name and entry.comment is None:
        update["comment"] = entry.name
    if entry.case_sensitive is not None and "case_sensitive" not in entry.extensions:
        update["extensions"] = {**entry.extensions, "case_sensitive": entry.case_sensitive}
    return entry.model_copy(update=update)


def _is_integer(entry_id: EntryId | None) -> bool:
    return isinstance(entry_id, int)
