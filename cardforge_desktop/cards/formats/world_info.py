"""SillyTavern's world info: a file of entries by uid, and the way to and from a character book.

Sources: SillyTavern, public/scripts/world-info.js (`newWorldInfoEntryDefinition`, `convertCharacterBook`,
`parseDecorators`) and src/endpoints/characters.js (`convertWorldInfoToCharacterBook`).

Like SillyTavern we write the book itself along as `originalData`. SillyTavern's own conversion takes entries
from the world info only. Here each field comes from `originalData` for as long as the world info still says
the same: so what has no place in it (priority, name, unknown fields) comes back, and what was edited there
wins.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from cardforge_desktop.cards.formats import json_text
from cardforge_desktop.cards.formats.key_lists import is_regex, split_keys
from cardforge_desktop.cards.formats.losses import Loss
from cardforge_desktop.cards.formats.mending import check_entries
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook

_Fields = dict[str, Any]
_Setter = Callable[[_Fields, Any], None]

#: Fields of world info: where they live in `entry.extensions`, and what SillyTavern takes for an absent one.
_EXTENSIONS: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {
        "vectorized": ("vectorized", False),
        "selectiveLogic": ("selectiveLogic", 0),  # this and useProbability are not in snake case
        "excludeRecursion": ("exclude_recursion", False),
        "preventRecursion": ("prevent_recursion", False),
        "delayUntilRecursion": ("delay_until_recursion", False),
        "ignoreBudget": ("ignore_budget", False),
        "probability": ("probability", 100),
        "useProbability": ("useProbability", True),
        "depth": ("depth", 4),
        "role": ("role", 0),
        "outletName": ("outlet_name", ""),
        "group": ("group", ""),
        "groupOverride": ("group_override", False),
        "groupWeight": ("group_weight", 100),
        "useGroupScoring": ("use_group_scoring", None),
        "scanDepth": ("scan_depth", None),
        "matchWholeWords": ("match_whole_words", None),
        "matchPersonaDescription": ("match_persona_description", False),
        "matchCharacterDescription": ("match_character_description", False),
        "matchCharacterPersonality": ("match_character_personality", False),
        "matchCharacterDepthPrompt": ("match_character_depth_prompt", False),
        "matchScenario": ("match_scenario", False),
        "matchCreatorNotes": ("match_creator_notes", False),
        "automationId": ("automation_id", ""),
        "sticky": ("sticky", None),
        "cooldown": ("cooldown", None),
        "delay": ("delay", None),
        "triggers": ("triggers", []),
    }
)
#: Where fields of an entry are kept that neither we nor character books know (`characterFilter`).
_OTHERS = "world_info"
_OUTSIDE = frozenset({"entries", "originalData"})
# Not taken over field by field; SillyTavern makes `addMemo` of the comment.
_DERIVED = frozenset({"uid", "addMemo", "extensions"})
#: Characters of the number of an entry that are told.
_LONGEST_NUMBER = 20
#: JavaScript's whole numbers end here; a larger uid would become another.
_LARGEST_UID = 2**53

_SILLYTAVERNS_DECORATORS = ("@@activate", "@@dont_activate")


def recognises(value: Any) -> bool:
    """Whether a JSON value is world info: entries with `key`, where character books have `keys`."""
    if not isinstance(value, dict) or "spec" in value or "kind" in value or "lorebookVersion" in value:
        return False
    entries = value.get("entries")
    if isinstance(entries, dict):
        # One that is damaged, or a character book's, does not keep the others out.
        names = [entry.keys() for entry in entries.values() if isinstance(entry, dict)]
        return any("key" in each for each in names) or (
            bool(names or not entries) and not any("keys" in each for each in names)
        )
    return isinstance(entries, list) and any(isinstance(entry, dict) and "key" in entry for entry in entries)


def read(value: _Fields, notes: Notes) -> _Fields:
    """The fields of the character book in world info, to be validated by the caller."""
    check_entries(value["entries"])
    original = _original(value)
    check_entries(original.get("entries"))
    kept = dict(_by_uid(original.get("entries", [])))
    by_text = {entry["id"]: (at, entry) for at, entry in kept.values() if isinstance(entry.get("id"), str)}
    found: list[tuple[int, _Fields]] = []
    for uid, own, entry in _with_uids(value["entries"], notes):
        place = (by_text.get(own) or kept.get(uid)) if own is not None else None
        at, base = place or (len(kept) + len(found), None)
        found.append((at, _merged(entry, uid, at, base)))
    if kept:  # SillyTavern sorts by uid when it saves
        found.sort(key=lambda item: item[0])
    whole = {**original, **{name: field for name, field in value.items() if name not in _OUTSIDE}}
    return {**whole, "entries": [fields for _, fields in found]}


def book_entry(world: _Fields) -> _Fields:
    """The fields of a character book's entry in one of world info, to be validated by the caller."""
    uid = _whole(world.get("uid"))
    fields = _merged(world, uid or 0, 0, None)
    if uid is None:
        del fields["id"]
    return fields


def write(book: CharacterBook) -> bytes:
    """The file of `book`, UTF-8 JSON, with a unique whole number for each entry.

    Raises:
        CardFormatError: CARD_UNWRITABLE: the book holds what JSON can't.
    """
    fields = fields_of(book)
    entries = {str(uid): _to_world(entry, uid, at) for uid, (at, entry) in _by_uid(fields["entries"])}
    beside = {name: field for name, field in fields.items() if name not in _OUTSIDE}
    return json_text.dump({**beside, "entries": entries, "originalData": fields}, indent=2) + b"\n"


def losses(book: CharacterBook) -> tuple[Loss, ...]:
    """What of `book` has no effect in SillyTavern. All of it stands in the file and comes back from there."""
    found = [
        Loss(f"character_book.{name}", "has no effect in SillyTavern: it has one setting for all books")
        for name in ("scan_depth", "token_budget", "recursive_scanning")
        if getattr(book, name) is not None
    ]
    if book.description:
        found.append(Loss("character_book.description", "is not shown in SillyTavern"))
    for at, entry in enumerate(book.entries):
        found += _entry_losses(entry, f"character_book.entries[{at}]")
    return tuple(found)


def _entry_losses(entry: BookEntry, path: str) -> Iterator[Loss]:
    if entry.priority is not None:
        yield Loss(f"{path}.priority", "has no effect in SillyTavern: it drops entries by their order")
    decorators = [line for line in entry.content.split("\n") if line.startswith("@@")]
    if entry.content.startswith("@@") and not all(
        line.startswith(_SILLYTAVERNS_DECORATORS) for line in decorators
    ):
        yield Loss(f"{path}.content", "begins with decorators (@@…) that have no effect in SillyTavern")
    if any("," in key and not is_regex(key) for key in entry.keys):
        yield Loss(f"{path}.keys", "holds a key with a comma, which SillyTavern takes for two keys")


# Numbers


def _by_uid(entries: list[_Fields]) -> Iterator[tuple[int, tuple[int, _Fields]]]:
    """Uid, place and fields of each entry of a book.

    SillyTavern loses entries whose id is missing or taken: the first holder of a whole number keeps it, the
    others get free ones.
    """
    uids = _unique([_whole(entry.get("id")) for entry in entries])
    return zip(uids, enumerate(entries), strict=True)


def _with_uids(entries: Any, notes: Notes) -> Iterator[tuple[int, Any, _Fields]]:
    """Uid and fields of each entry of a file; between them the uid it brought, None where it got another."""
    pairs = entries.items() if isinstance(entries, dict) else enumerate(entries)
    found = []
    for number, entry in pairs:
        if isinstance(entry, dict):
            found.append((number, _with_key(entry, str(number), notes)))
        else:
            place = f"entries[{str(number)[:_LONGEST_NUMBER]}]"
            notes.add(place, f"was no entry but {_kind(entry)}; it is left out")
    brought = [number if entry.get("uid") is None else entry["uid"] for number, entry in found]
    uids = _unique([_whole(uid) for uid in brought])
    for own, uid, (_, entry) in zip(brought, uids, found, strict=True):
        whole = _whole(own)
        if whole is not None and whole != uid:
            notes.add("entries", "had two entries with one uid; one got another")
        yield uid, own if whole == uid or isinstance(own, str) else None, entry


def _with_key(entry: _Fields, number: str, notes: Notes) -> _Fields:
    """An entry of a character book among those of world info: its `keys` are what is `key` here."""
    if "keys" not in entry or "key" in entry:
        return entry
    notes.add(f"entries[{number[:_LONGEST_NUMBER]}].keys", "stood where world info has key")
    return {"key" if name == "keys" else name: field for name, field in entry.items()}


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    return "a text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a number"


def _unique(wanted: list[int | None]) -> list[int]:
    """`wanted` with the lowest free numbers in place of missing ones and repetitions."""
    first: dict[int, int] = {}
    for at, number in enumerate(wanted):
        if number is not None:
            first.setdefault(number, at)
    free = (number for number in range(len(wanted)) if number not in first)
    return [
        number if number is not None and first[number] == at else next(free)
        for at, number in enumerate(wanted)
    ]


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 17:
        value = int(value)
    return value if type(value) is int and 0 <= value < _LARGEST_UID else None


# From a book


def _to_world(entry: _Fields, uid: int, at: int) -> _Fields:
    """An entry as SillyTavern makes it of a character book's (`convertCharacterBook`)."""
    extensions = _object(entry.get("extensions"))
    comment = entry.get("comment") or entry.get("name") or ""
    world = {
        "uid": uid,
        "key": entry.get("keys", []),
        "keysecondary": entry.get("secondary_keys") or [],
        "comment": comment,
        "content": entry.get("content", ""),
        "constant": entry.get("constant") or False,
        "selective": entry.get("selective") or False,
        "addMemo": comment != "",
        "order": entry.get("insertion_order", 100),
        "position": _or(extensions.get("position"), 0 if entry.get("position") == "before_char" else 1),
        "disable": not entry.get("enabled", True),
        "displayIndex": _or(extensions.get("display_index"), at),
        "caseSensitive": _or(extensions.get("case_sensitive"), entry.get("case_sensitive")),
        **{name: _or(extensions.get(key), default) for name, (key, default) in _EXTENSIONS.items()},
        "extensions": extensions,
    }
    return {**_object(extensions.get(_OTHERS)), **world}


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value


# To a book


def _original(value: _Fields) -> _Fields:
    """The character book in `originalData`; nothing where another app's book stands there, or none."""
    original = value.get("originalData")
    if not isinstance(original, dict) or not isinstance(original.get("entries"), list):
        return {}
    entries = original["entries"]
    return original if all(isinstance(entry, dict) and "keys" in entry for entry in entries) else {}


def _merged(world: _Fields, uid: int, at: int, original: _Fields | None) -> _Fields:
    """The fields of an entry: the original's, where the world info still says what it was made to say."""
    fields: _Fields = {"id": uid} if original is None else dict(original)
    known = _object(fields.get("extensions"))
    expected = {} if original is None else _to_world(original, uid, at)
    if isinstance(world.get("extensions"), dict) and world["extensions"] != expected.get("extensions"):
        known = world["extensions"]
        expected = expected and _to_world({**fields, "extensions": known}, uid, at)
    changed = {
        name: field
        for name, field in world.items()
        if name not in _DERIVED and (name not in expected or expected[name] != field)
    }
    if original is None or changed or known is not original.get("extensions"):
        fields["extensions"] = dict(known)
    for name, field in changed.items():
        _SETTERS.get(name, _other(name))(fields, field)
    return fields


def _object(value: Any) -> _Fields:
    return value if isinstance(value, dict) else {}


def _other(name: str) -> _Setter:
    """Of a field nobody knows."""

    def set_field(fields: _Fields, value: Any) -> None:
        extensions = fields["extensions"]
        extensions[_OTHERS] = {**_object(extensions.get(_OTHERS)), name: value}

    return set_field


def _field(name: str) -> _Setter:
    def set_field(fields: _Fields, value: Any) -> None:
        fields[name] = value

    return set_field


def _extension(name: str) -> _Setter:
    def set_field(fields: _Fields, value: Any) -> None:
        fields["extensions"][name] = value

    return set_field


def _set_keys(fields: _Fields, value: Any) -> None:
    keys = split_keys(value) if isinstance(value, str) else value
    fields["keys"] = keys
    if isinstance(keys, list) and any(isinstance(key, str) and is_regex(key) for key in keys):
        fields["use_regex"] = True


def _set_secondary_keys(fields: _Fields, value: Any) -> None:
    fields["secondary_keys"] = split_keys(value) if isinstance(value, str) else value


def _set_comment(fields: _Fields, value: Any) -> None:
    shown = fields.get("comment") or fields.get("name")
    if shown and fields.get("name") == shown:  # the title was shown as the comment and edited there
        fields["name"] = value
    fields["comment"] = value


def _set_position(fields: _Fields, value: Any) -> None:
    number = _whole(value)
    if number is None:
        fields["position"] = value
        return
    fields["position"] = "before_char" if number == 0 else "after_char"
    fields["extensions"]["position"] = number


def _set_case(fields: _Fields, value: Any) -> None:
    fields["extensions"]["case_sensitive"] = value
    if value is None:
        fields.pop("case_sensitive", None)
    else:
        fields["case_sensitive"] = value


def _set_disabled(fields: _Fields, value: Any) -> None:
    fields["enabled"] = str(value).lower() not in ("true", "1")


_SETTERS: Mapping[str, _Setter] = MappingProxyType(
    {
        "key": _set_keys,
        "keysecondary": _set_secondary_keys,
        "comment": _set_comment,
        "content": _field("content"),
        "constant": _field("constant"),
        "selective": _field("selective"),
        "order": _field("insertion_order"),
        "position": _set_position,
        "disable": _set_disabled,
        "displayIndex": _extension("display_index"),
        "caseSensitive": _set_case,
        **{name: _extension(key) for name, (key, _) in _EXTENSIONS.items()},
    }
)
