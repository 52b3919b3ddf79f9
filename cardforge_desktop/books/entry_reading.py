"""An entry out of the JSON of `report.entry_report` that anybody may have written. Pure.

Nothing is bent into shape: a text is no number, and what is not known is refused, not dropped. What stands
there as it was told changes nothing, whatever it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cardforge_desktop.books.errors import BookError
from cardforge_desktop.books.model import Entry
from cardforge_desktop.books.report import entry_report
from cardforge_desktop.cards.book_fields import category_of, with_category
from cardforge_desktop.cards.formats.json_text import DEEPEST_TURNED
from cardforge_desktop.cards.model import BookEntry
from cardforge_desktop.errors import ErrorCode

#: What the store adds: may stand in an entry that comes back, and is not read.
_OF_THE_STORE = frozenset({"id", "book_id", "version", "metadata"})
#: Their names here and in `BookEntry`, where these differ.
_NAMES: Mapping[str, str] = MappingProxyType(
    {"keywords": "keys", "secondary_keywords": "secondary_keys", "export_id": "id"}
)
#: SQLite and many readers of JSON stop there.
_LARGEST_NUMBER = 2**53
_LARGEST_LIST = 1_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_Check = Callable[[Any], str]


def read_entry(value: Mapping[str, Any], over: Entry) -> BookEntry:
    """The entry `over` with what `value` says, the very one if that is nothing; what it does not say stays.

    `name` is a title: one that is the comment or a key does not become the name by being sent back.

    Raises:
        BookError: BOOK_ENTRY_INVALID, with what is wrong in each field.
    """
    told = entry_report(over)
    new = {
        name: held
        for name, held in value.items()
        if name not in _OF_THE_STORE and (name not in told or not _same(held, told[name]))
    }
    found = ((name, _wrong(name, held)) for name, held in new.items())
    wrong = [{"field": name[:80], "message": text} for name, text in found if text]
    if wrong:
        message = f"The entry can't be changed so: {wrong[0]['field']}: {wrong[0]['message']}"
        raise BookError(ErrorCode.BOOK_ENTRY_INVALID, message, {"errors": wrong[:50]})
    return _with(over.entry, new)


def _with(entry: BookEntry, new: dict[str, Any]) -> BookEntry:
    if not new:
        return entry
    # Our category is changed by its own name alone: whoever sends other extensions may not know it.
    category = new.pop("category", category_of(entry))
    others = new.pop("other_fields", None)
    if "name" in new:
        new["name"] = new["name"] or None
    fields = entry.model_dump(exclude_unset=True)
    if others is not None:
        fields = {name: held for name, held in fields.items() if name in BookEntry.model_fields} | others
    fields |= {_NAMES.get(name, name): held for name, held in new.items()}
    return with_category(BookEntry.model_validate(fields), category)


def _same(one: Any, other: Any) -> bool:
    """As JSON: 1, 1.0 and true are three things."""
    try:
        return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    except RecursionError:
        return False


def _wrong(name: str, value: Any) -> str:
    check = _CHECKS.get(name)
    return "this is no field of an entry." if check is None else check(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return "a text is expected."
    return "it holds half of a character (a lone surrogate)." if _SURROGATE.search(value) else ""


def _texts(value: Any) -> str:
    if not isinstance(value, list):
        return "a list of texts is expected."
    if len(value) > _LARGEST_LIST:
        return f"it has {len(value):,} parts; {_LARGEST_LIST:,} are the most."
    return next((f"part {at}: {text}" for at, part in enumerate(value, 1) if (text := _text(part))), "")


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "a number is expected."
    # so are NaN and the infinities
    return "" if -_LARGEST_NUMBER <= value <= _LARGEST_NUMBER else "this number is out of all bounds."


def _switch(value: Any) -> str:
    return "" if isinstance(value, bool) else "true or false is expected."


def _position(value: Any) -> str:
    return "" if value in ("before_char", "after_char") else "before_char or after_char is expected."


def _export_id(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    return "a text or a whole number is expected." if isinstance(value, float) else _number(value)


def _object(value: Any) -> str:
    if not isinstance(value, dict):
        return "an object is expected."
    return _deep(value, DEEPEST_TURNED)


def _deep(value: Any, levels: int) -> str:
    """What is wrong somewhere in a JSON value."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    if not isinstance(value, dict | list):
        return ""
    if not levels:
        return "it is nested too deep."
    parts = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    return next((text for part in parts if (text := _deep(part, levels - 1))), "")


def _other_fields(value: Any) -> str:
    known = [name for name in value if name in BookEntry.model_fields] if isinstance(value, dict) else []
    return f"“{known[0]}” is a field of its own." if known else _object(value)


def _or_null(check: _Check) -> _Check:
    return lambda value: "" if value is None else check(value)


_CHECKS: Mapping[str, _Check] = MappingProxyType(
    {
        **dict.fromkeys(("name", "content", "category"), _text),
        **dict.fromkeys(("enabled", "use_regex"), _switch),
        **dict.fromkeys(("constant", "selective", "case_sensitive"), _or_null(_switch)),
        "keywords": _texts,
        "secondary_keywords": _or_null(_texts),
        "priority": _or_null(_number),
        "insertion_order": _number,
        "position": _or_null(_position),
        "export_id": _or_null(_export_id),
        "comment": _or_null(_text),
        "extensions": _object,
        "other_fields": _other_fields,
    }
)
