"""Lorebooks of other apps, read only: RisuAI's, Agnai's, NovelAI's.

Sources: RisuAI, src/ts/process/lorebook.svelte.ts (`exportLoreBook`) and src/ts/characterCards.ts
(`createBaseV3`, which turns its entries into V3's); Agnai, common/memory.ts (`nativeToCharacterBook`) and
common/types/memory.ts; SillyTavern, public/scripts/world-info.js (`convertNovelLorebook`).

What a character book has no field for is kept in `extensions`, under the app's name.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cardforge_desktop.cards.formats.key_lists import split_keys
from cardforge_desktop.cards.formats.mending import check_entries
from cardforge_desktop.cards.formats.notes import Notes

_Fields = dict[str, Any]


def recognise(value: Any) -> str | None:
    """The name of the app a lorebook is from: risu, agnai or novelai; None if it is from none of them."""
    if not isinstance(value, dict):
        return None
    if value.get("type") == "risu" and isinstance(value.get("data"), list):
        return "risu"
    if not isinstance(value.get("entries"), list):
        return None
    if value.get("kind") == "memory" or _some_entry_has(value, "entry", "keywords"):
        return "agnai"
    if "lorebookVersion" in value or _some_entry_has(value, "text", "keys"):
        return "novelai"
    return None


def read(value: _Fields, notes: Notes) -> _Fields:
    """The fields of a character book made of another app's, to be validated by the caller."""
    readers = {"risu": _risu_file, "agnai": agnai_book, "novelai": _novelai_book}
    return readers[recognise(value) or "agnai"](value, notes)


def _some_entry_has(value: _Fields, *names: str) -> bool:
    return any(isinstance(entry, dict) and set(names) <= entry.keys() for entry in value["entries"])


def _entries(value: Any, notes: Notes) -> list[_Fields]:
    check_entries(value)
    listed = value if isinstance(value, list) else []
    entries = [entry for entry in listed if isinstance(entry, dict)]
    if len(entries) < len(listed):
        notes.add("entries", "held something that is no entry; it is left out")
    return entries


def _moved(fields: _Fields, names: Mapping[str, str]) -> _Fields:
    """The fields called `names`, null ones left out, under their names in a character book."""
    return {new: fields[old] for old, new in names.items() if fields.get(old) is not None}


def _rest(fields: _Fields, *known: str) -> _Fields:
    return {name: value for name, value in fields.items() if name not in known}


def _with_extensions(fields: _Fields, own: Any, app: str, rest: _Fields) -> _Fields:
    """`fields` with the app's own extensions, and under its name what has no other place."""
    extensions = dict(own) if isinstance(own, dict) else {}
    if rest:
        known = extensions.get(app)
        extensions[app] = {**(known if isinstance(known, dict) else {}), **rest}
    return {**fields, "extensions": extensions}


def _key_list(value: Any) -> Any:
    return split_keys(value) if isinstance(value, str) else value


# RisuAI


def _risu_file(value: _Fields, notes: Notes) -> _Fields:
    book = {"entries": risu_entries(value["data"], notes)}
    return _with_extensions(book, None, "risuai", _rest(value, "type", "ver", "data"))


_RISU_ENTRY: Mapping[str, str] = MappingProxyType(
    {
        "content": "content",
        "insertorder": "insertion_order",
        "alwaysActive": "constant",
        "selective": "selective",
        "useRegex": "use_regex",
        "id": "id",
        "mode": "mode",  # these two stand beside V3's fields in RisuAI's own V3 books
        "folder": "folder",
    }
)


def risu_entries(value: Any, notes: Notes) -> list[_Fields]:
    """Entries of RisuAI's (`loreBook`) as a character book's."""
    return [_risu_entry(entry) for entry in _entries(value, notes)]


def _risu_entry(entry: _Fields) -> _Fields:
    fields = {"keys": _key_list(entry.get("key", [])), **_moved(entry, _RISU_ENTRY)}
    if entry.get("secondkey"):
        fields["secondary_keys"] = _key_list(entry["secondkey"])
    if entry.get("comment"):
        fields |= {"name": entry["comment"], "comment": entry["comment"]}
    extensions = dict(own) if isinstance(own := entry.get("extentions"), dict) else {}  # RisuAI's spelling
    if extensions.get("risu_case_sensitive") is not None:
        fields["case_sensitive"] = extensions["risu_case_sensitive"]
    if (percent := entry.get("activationPercent")) is not None:
        extensions |= {"risu_activationPercent": percent, "probability": percent, "useProbability": True}
    if entry.get("loreCache") is not None:
        extensions["risu_loreCache"] = entry["loreCache"]
    known = (*_RISU_ENTRY, "key", "secondkey", "comment", "extentions", "activationPercent", "loreCache")
    return _with_extensions(fields, extensions, "risuai", _rest(entry, *known))


# Agnai

_AGNAI_BOOK: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "description": "description",
        "scanDepth": "scan_depth",
        "tokenBudget": "token_budget",
        "recursiveScanning": "recursive_scanning",
    }
)
_AGNAI_ENTRY: Mapping[str, str] = MappingProxyType(
    {
        "entry": "content",
        "enabled": "enabled",
        "weight": "insertion_order",
        "name": "name",
        "priority": "priority",
        "id": "id",
        "comment": "comment",
        "selective": "selective",
        "constant": "constant",
        "position": "position",
    }
)
#: In `extensions`, where SillyTavern has them.
_AGNAI_EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "probability": "probability",
        "useProbability": "useProbability",
        "selectiveLogic": "selectiveLogic",
        "excludeRecursion": "exclude_recursion",
    }
)


def agnai_book(value: _Fields, notes: Notes) -> _Fields:
    """A memory book of Agnai's as a character book's fields."""
    entries = [_agnai_entry(entry) for entry in _entries(value.get("entries"), notes)]
    book = {**_moved(value, _AGNAI_BOOK), "entries": entries}
    rest = _rest(value, *_AGNAI_BOOK, "kind", "entries", "extensions")
    return _with_extensions(book, value.get("extensions"), "agnai", rest)


def _agnai_entry(entry: _Fields) -> _Fields:
    fields = {"keys": _key_list(entry.get("keywords", [])), **_moved(entry, _AGNAI_ENTRY)}
    if entry.get("secondaryKeys") is not None:
        fields["secondary_keys"] = _key_list(entry["secondaryKeys"])
    own = entry.get("extensions")
    extensions = {**(own if isinstance(own, dict) else {}), **_moved(entry, _AGNAI_EXTENSIONS)}
    known = (*_AGNAI_ENTRY, *_AGNAI_EXTENSIONS, "keywords", "secondaryKeys", "extensions")
    return _with_extensions(fields, extensions, "agnai", _rest(entry, *known))


# NovelAI

_NOVELAI_ENTRY: Mapping[str, str] = MappingProxyType(
    {"text": "content", "enabled": "enabled", "forceActivation": "constant", "id": "id"}
)


def _novelai_book(value: _Fields, notes: Notes) -> _Fields:
    entries = [_novelai_entry(entry) for entry in _entries(value.get("entries"), notes)]
    book = {**_moved(value, {"name": "name", "description": "description"}), "entries": entries}
    return _with_extensions(book, None, "novelai", _rest(value, "entries", "name", "description"))


def _novelai_entry(entry: _Fields) -> _Fields:
    fields = {"keys": _key_list(entry.get("keys", [])), **_moved(entry, _NOVELAI_ENTRY)}
    if entry.get("displayName"):
        fields |= {"name": entry["displayName"], "comment": entry["displayName"]}
    config = entry.get("contextConfig")
    priority = config.get("budgetPriority") if isinstance(config, dict) else None
    if priority is not None:
        fields |= {"insertion_order": priority, "priority": priority}
    return _with_extensions(fields, None, "novelai", _rest(entry, *_NOVELAI_ENTRY, "keys", "displayName"))
