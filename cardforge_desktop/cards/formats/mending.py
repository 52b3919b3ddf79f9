"""Fields of cards in the wild made what the specifications ask for, each change noted.

Shapes seen (FIELD.md, "seen in the wild"): null for lists, texts and books, a text for a list, numbers as
texts, books without extensions, ``[]`` for an empty object (PHP), entries by number instead of in a list.
Unknown fields are left as they are.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.errors import ErrorCode

#: Says that a field can't be understood, or was null: it is left out and takes its default.
_ABSENT = object()

_Mend = Callable[[Any, str, Notes], Any]

#: Entries of a book. Large ones have some thousand; each takes some kilobytes as it is read.
MOST_ENTRIES = 50_000
#: Assets of a card; the largest ones have some thousand.
MOST_ASSETS = 100_000


def check_entries(entries: Any) -> None:
    """Refuse a book, its entries in a list or by number, that is larger than any book.

    Raises:
        CardFormatError: CARD_TOO_LARGE.
    """
    if isinstance(entries, list | dict) and len(entries) > MOST_ENTRIES:
        raise CardFormatError(
            ErrorCode.CARD_TOO_LARGE,
            f"the lorebook has {len(entries):,} entries; CardForge reads at most {MOST_ENTRIES:,}. "
            "Divide it into several books.",
            {"entries": len(entries)},
        )


def mended(fields: Mapping[str, Any], notes: Notes, place: str = "") -> dict[str, Any]:
    """The `fields` of a card's `data`, valid for `Card`. `place` leads the paths in the notes."""
    return _object(fields, _CARD, place, notes)


def mended_book(fields: Mapping[str, Any], notes: Notes, place: str = "character_book") -> dict[str, Any]:
    """The `fields` of a character book, valid for `CharacterBook`."""
    return _object(fields, _BOOK, place, notes)


def _object(
    fields: Mapping[str, Any], mends: Mapping[str, _Mend], place: str, notes: Notes
) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for name, value in fields.items():
        mend = mends.get(name)
        kept = value if mend is None else mend(value, f"{place}.{name}" if place else name, notes)
        if kept is not _ABSENT:
            whole[name] = kept
    return whole


def _text(value: Any, place: str, notes: Notes) -> Any:
    if isinstance(value, str):
        return value
    if value is None:
        notes.add(place, "was null and is now empty")
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        notes.add(place, "was a list and is now one text")
        return "\n".join(value)
    return _plain_text(value, place, notes)


def _plain_text(value: Any, place: str, notes: Notes) -> Any:
    """Text of a number; nothing of a list or an object."""
    if isinstance(value, int | float):
        notes.add(place, "was no text but a number")
        return str(value).lower() if isinstance(value, bool) else str(value)
    notes.add(place, "was no text and is left out")
    return _ABSENT


def _texts(value: Any, place: str, notes: Notes) -> Any:
    if value is None:
        notes.add(place, "was null and is now empty")
        return []
    if isinstance(value, str):
        notes.add(place, "was one text and is now a list")
        return [value] if value.strip() else []
    if not isinstance(value, list):
        notes.add(place, "was no list and is left out")
        return _ABSENT
    if all(isinstance(item, str) for item in value):
        return value
    kept = [
        item if isinstance(item, str) else _plain_text(item, f"{place}[{at}]", notes)
        for at, item in enumerate(value)
    ]
    return [item for item in kept if item is not _ABSENT]


def _words(value: Any, place: str, notes: Notes) -> Any:
    """A list of short texts, which some write as one text with commas."""
    if isinstance(value, str) and "," in value:
        notes.add(place, "was one text and is now a list")
        return [word.strip() for word in value.split(",") if word.strip()]
    return _texts(value, place, notes)


_FLAGS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


def _flag(value: Any, place: str, notes: Notes) -> Any:
    if isinstance(value, bool):
        return value
    if value is None:
        return _null(place, notes)
    found = _FLAGS.get(str(value).strip().lower()) if isinstance(value, str | int | float) else None
    if found is None:
        notes.add(place, "was neither true nor false and is left out")
        return _ABSENT
    notes.add(place, "was no true or false but a text or a number")
    return found


def _number(value: Any, place: str, notes: Notes) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if value is None:
        return _null(place, notes)
    number = _number_in(value)
    if number is None:
        notes.add(place, "was no number and is left out")
        return _ABSENT
    notes.add(place, "was a number written as text")
    return number


def _number_in(value: Any) -> int | float | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    for kind in (int, float):
        try:
            number: int | float = kind(value)
        except ValueError:
            continue
        return number if abs(number) < float("inf") else None  # a NaN is not below either
    return None


def _null(place: str, notes: Notes) -> Any:
    notes.add(place, "was null and is left out")
    return _ABSENT


def _optional(mend: _Mend) -> _Mend:
    return lambda value, place, notes: _null(place, notes) if value is None else mend(value, place, notes)


def _mapping(value: Any, place: str, notes: Notes) -> Any:
    if isinstance(value, dict):
        return value
    notes.add(place, "was no object and is now empty")
    return {}


def _texts_by_language(value: Any, place: str, notes: Notes) -> Any:
    if not isinstance(value, dict):
        notes.add(place, "was no object and is left out")
        return _ABSENT
    kept = {key: _text(text, f"{place}.{key}", notes) for key, text in value.items()}
    return {key: text for key, text in kept.items() if text is not _ABSENT}


def _assets(value: Any, place: str, notes: Notes) -> Any:
    if isinstance(value, list) and len(value) > MOST_ASSETS:
        raise CardFormatError(
            ErrorCode.CARD_TOO_LARGE,
            f"the card has {len(value):,} assets; CardForge reads at most {MOST_ASSETS:,}.",
        )
    kept = []
    for at, asset in enumerate(_list_of_objects(value, place, notes)):
        fields = _object(asset, _ASSET, f"{place}[{at}]", notes)
        kept.append({"type": "", "uri": "", "name": "", "ext": "", **fields})
    return kept


def _book(value: Any, place: str, notes: Notes) -> Any:
    if not isinstance(value, dict):
        notes.add(place, "was no book and is left out")
        return _ABSENT
    return mended_book(value, notes, place)


def _entries(value: Any, place: str, notes: Notes) -> Any:
    check_entries(value)
    if isinstance(value, dict):  # by number, as world info has them
        notes.add(place, "were numbered and are now a list")
        value = list(value.values())
    return [
        _entry(entry, f"{place}[{at}]", notes)
        for at, entry in enumerate(_list_of_objects(value, place, notes))
    ]


def _entry(fields: dict[str, Any], place: str, notes: Notes) -> dict[str, Any]:
    entry = _object(_as_books_have_it(fields, place, notes), _ENTRY, place, notes)
    spot = entry.get("position")
    if isinstance(spot, int):  # SillyTavern's own numbers: 0 and 1 have a name, the others live in extensions
        entry["position"] = "before_char" if spot == 0 else "after_char"
        if spot not in (0, 1):
            entry["extensions"] = {"position": spot, **entry.get("extensions", {})}
    return entry


def _as_books_have_it(fields: dict[str, Any], place: str, notes: Notes) -> dict[str, Any]:
    """An entry of world info among those of a character book: it has `key` where they have `keys`."""
    if fields.get("keys") or "key" not in fields:
        return fields
    from cardforge_desktop.cards.formats import world_info  # which looks at books itself

    notes.add(place, "was an entry of world info and is now one of a character book")
    return world_info.book_entry({name: value for name, value in fields.items() if name != "keys"})


def _list_of_objects(value: Any, place: str, notes: Notes) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        notes.add(place, "was no list and is now empty")
        return []
    objects = [item for item in value if isinstance(item, dict)]
    if len(objects) < len(value):
        left_out = len(value) - len(objects)
        what = (
            "something that is no object; it is"
            if left_out == 1
            else f"{left_out:,} values that are no objects; they are"
        )
        notes.add(place, f"held {what} left out")
    return objects


def _position(value: Any, place: str, notes: Notes) -> Any:
    if value in ("before_char", "after_char"):
        return value
    number = value if isinstance(value, int) and not isinstance(value, bool) else _number_in(value)
    if isinstance(number, int) and 0 <= number <= 9:
        notes.add(place, "was SillyTavern's number and is now a word")
        return number
    notes.add(place, "was no known position and is left out")
    return _ABSENT


def _id(value: Any, place: str, notes: Notes) -> Any:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    notes.add(place, "was no id and is left out")
    return _ABSENT


_ASSET: Mapping[str, _Mend] = dict.fromkeys(("type", "uri", "name", "ext"), _text)

_ENTRY: Mapping[str, _Mend] = {
    "keys": _words,
    "content": _text,
    "extensions": _mapping,
    "enabled": _flag,
    "insertion_order": _number,
    "use_regex": _flag,
    "case_sensitive": _flag,
    "constant": _flag,
    "selective": _flag,
    "secondary_keys": _optional(_words),
    "position": _optional(_position),
    "priority": _number,
    "id": _optional(_id),
    "name": _optional(_text),
    "comment": _optional(_text),
}

_BOOK: Mapping[str, _Mend] = {
    "name": _optional(_text),
    "description": _optional(_text),
    "scan_depth": _number,
    "token_budget": _number,
    "recursive_scanning": _flag,
    "extensions": _mapping,
    "entries": _entries,
}

_CARD: Mapping[str, _Mend] = {
    **dict.fromkeys(
        (
            "name",
            "description",
            "personality",
            "scenario",
            "first_mes",
            "mes_example",
            "creator_notes",
            "system_prompt",
            "post_history_instructions",
            "creator",
            "character_version",
        ),
        _text,
    ),
    "alternate_greetings": _texts,
    "group_only_greetings": _texts,
    "tags": _words,
    "extensions": _mapping,
    "character_book": _optional(_book),
    "nickname": _optional(_text),
    "creator_notes_multilingual": _optional(_texts_by_language),
    "source": _optional(_texts),
    "creation_date": _number,
    "modification_date": _number,
    "assets": _optional(_assets),
}
