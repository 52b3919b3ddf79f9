"""A character book made ready for the readers out there, before it is written.

Source of what SillyTavern keeps: version 1.18.0, public/scripts/world-info.js (`convertCharacterBook`) and
src/endpoints/characters.js (`convertWorldInfoToCharacterBook`). A card whose book was imported there gets it
back, at each save, from the world: names and values of entries that SillyTavern has, their `extensions`, and
of the book the name alone. So what CardForge knows besides is written into `extensions` of entries as well,
those of the book into its first entry; `restored` takes it out again and puts it where it belongs.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from cardforge_desktop.cards.book_fields import OURS
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
    return _with_keepsakes(_with_ids(book, lambda entry_id: entry_id is not None))


def restored(book: CharacterBook) -> CharacterBook:
    """A book that was read, with what `for_v3` wrote into its entries back in its place.

    Where the book or the entry has a value of its own, that one counts.
    """
    if not any(_KEPT.keys() & _ours(entry.extensions).keys() for entry in book.entries):
        return book
    kept: dict[str, Any] = {}
    entries = []
    for entry in book.entries:
        ours = _ours(entry.extensions)
        if isinstance(head := ours.get("book"), dict):
            kept = {**head, **kept}
        fields = {name: ours[name] for name, kind in _KEPT.items() if isinstance(ours.get(name), kind)}
        update: dict[str, Any] = {
            name: fields[name] for name in _ENTRY if name in fields and getattr(entry, name) is None
        }
        rest = {name: value for name, value in ours.items() if name not in _KEPT}
        update["extensions"] = _with_ours(entry.extensions, rest)
        entries.append(entry.model_copy(update=update))
    return _with_head(book, kept).model_copy(update={"entries": entries})


def without_decorators(content: str) -> str:
    """`content` without its leading decorator lines and the line ends around them."""
    return _DECORATORS.sub("", content, count=1) if _DECORATORS.match(content) else content


#: What is kept in an entry's `extensions` under our name, and of which kind it has to be.
_KEPT: Mapping[str, Any] = {"priority": int | float, "name": str, "book": dict}
_ENTRY = ("priority", "name")
#: Fields of a book that its first entry keeps, and of which kind they are.
_HEAD: Mapping[str, Any] = {
    "description": str,
    "scan_depth": int | float,
    "token_budget": int | float,
    "recursive_scanning": bool,
}


def _with_keepsakes(book: CharacterBook) -> CharacterBook:
    """`book` with what SillyTavern would lose of it in its entries, if CardForge had a hand in it.

    Books of others stay as they are.
    """
    if OURS not in book.extensions and not any(OURS in entry.extensions for entry in book.entries):
        return book
    entries = [_keeping(entry) for entry in book.entries]
    head = {name: getattr(book, name) for name in _HEAD if getattr(book, name) is not None}
    head |= _ours(book.extensions)
    if head and entries:
        ours = {**_ours(entries[0].extensions), "book": head}
        extensions = _with_ours(entries[0].extensions, ours)
        entries[0] = entries[0].model_copy(update={"extensions": extensions})
    return book.model_copy(update={"entries": entries})


def _keeping(entry: BookEntry) -> BookEntry:
    kept: dict[str, Any] = {}
    if entry.priority is not None:
        kept["priority"] = entry.priority
    if entry.name and entry.comment != entry.name:  # else the comment, which SillyTavern has, says it
        kept["name"] = entry.name
    if not kept:
        return entry
    ours = {**_ours(entry.extensions), **kept}
    return entry.model_copy(update={"extensions": _with_ours(entry.extensions, ours)})


def _with_head(book: CharacterBook, kept: Mapping[str, Any]) -> CharacterBook:
    """`book` with the fields that its first entry kept, where it has none."""
    update: dict[str, Any] = {
        name: kept[name]
        for name, kind in _HEAD.items()
        if getattr(book, name) is None and isinstance(kept.get(name), kind)
    }
    ours = {name: value for name, value in kept.items() if name not in _HEAD}
    if ours and OURS not in book.extensions:
        update["extensions"] = {**book.extensions, OURS: ours}
    return book.model_copy(update=update)


def _ours(extensions: Mapping[str, Any]) -> dict[str, Any]:
    ours = extensions.get(OURS)
    return ours if isinstance(ours, dict) else {}


def _with_ours(extensions: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """The extensions with ours; without our name where nothing is left, else in its place."""
    if not ours:
        return {name: value for name, value in extensions.items() if name != OURS}
    return {**extensions, OURS: dict(ours)}


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
