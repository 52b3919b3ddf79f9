"""What differs between two states of a card, each difference once, as texts for reading."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any, Final

from pydantic import BaseModel

from cardforge_desktop.alignment import same_runs
from cardforge_desktop.cards.model import BookEntry, Card

#: Lists whose items are texts of their own; other lists of strings (tags, keys) are read as one.
_LISTS_OF_TEXTS = frozenset({"alternate_greetings", "group_only_greetings"})
#: What an object in a list is recognised by when something in it changed.
_LABELS = ("name", "comment", "id", "uri", "keys")


class _Nothing(Enum):
    HERE = 0


_NOTHING: Final = _Nothing.HERE


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One difference.

    Attributes:
        field: the path, ``character_book.entries[2].content``; an index is the new one, or the old one of
            what was taken out.
        old: how it was, "" if it was not there. Strings as they are, lists of strings a line each, JSON's
            words for other values; JSON as a whole where both sides would read the same ("1" and 1).
        new: how it is.
    """

    field: str
    old: str
    new: str


def changes(old: Card, new: Card) -> tuple[FieldChange, ...]:
    """Every difference between two cards at any depth, in the order of the fields.

    A field at its default is the same as one that is not set. Items of lists are followed when others were
    put before them or taken out; an item that moved is taken out in one place and put in at another.
    """
    return tuple(_differences("", old, new))


def _differences(path: str, old: Any, new: Any) -> Iterator[FieldChange]:
    if _is_object(old, new):
        yield from _in_objects(path, old, new)
    elif _is_list(path, old, new):
        yield from _in_lists(path, _items(old), _items(new))
    elif _code(old) != _code(new):
        yield _change(path, old, new)


def _in_objects(path: str, old: Any, new: Any) -> Iterator[FieldChange]:
    sparse = old is _NOTHING or new is _NOTHING
    before, after = _fields(old, sparse), _fields(new, sparse)
    for name in dict.fromkeys((*before, *after)):
        inner = f"{path}.{name}" if path else name
        yield from _differences(inner, before.get(name, _NOTHING), after.get(name, _NOTHING))


def _in_lists(path: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[FieldChange]:
    for old_at, new_at in _pairs(old, new, (_code, _label)):
        if old_at is None or new_at is None or _are_two(old[old_at], new[new_at]):
            if old_at is not None:
                yield _change(f"{path}[{old_at}]", old[old_at], _NOTHING)
            if new_at is not None:
                yield _change(f"{path}[{new_at}]", _NOTHING, new[new_at])
        else:
            yield from _differences(f"{path}[{new_at}]", old[old_at], new[new_at])


def _are_two(old: Any, new: Any) -> bool:
    """Whether entries stand in one place and have nothing in common."""
    if not isinstance(old, BookEntry) or not isinstance(new, BookEntry) or _label(old) == _label(new):
        return False
    return old.content != new.content and set(old.keys).isdisjoint(new.keys)


def _pairs(
    old: Sequence[Any], new: Sequence[Any], views: tuple[Callable[[Any], str], ...]
) -> Iterator[tuple[int | None, int | None]]:
    """Indices of items that belong together: equal in the first view, or between such in the second, …"""
    if not views:
        yield from zip_longest(range(len(old)), range(len(new)))
        return
    view, *rest = views
    old_at = new_at = 0
    for run in (*same_runs([view(item) for item in old], [view(item) for item in new]), None):
        old_end, new_end = (run.old, run.new) if run else (len(old), len(new))
        for one, other in _pairs(old[old_at:old_end], new[new_at:new_end], tuple(rest)):
            yield None if one is None else old_at + one, None if other is None else new_at + other
        if run:
            yield from ((run.old + step, run.new + step) for step in range(run.length))
            old_at, new_at = run.old + run.length, run.new + run.length


def _change(path: str, old: Any, new: Any) -> FieldChange:
    before, after = _told(old), _told(new)
    if before == after:
        before, after = ("" if value is _NOTHING else _code(value) for value in (old, new))
    return FieldChange(path, before, after)


def _is_object(old: Any, new: Any) -> bool:
    """Whether both are objects, or one is that holds something and the other is not there."""
    objects = [value for value in (old, new) if isinstance(value, (BaseModel, dict))]
    if len(objects) == 1:
        return _NOTHING in (old, new) and bool(_fields(objects[0], sparse=True))
    return len(objects) == 2


def _is_list(path: str, old: Any, new: Any) -> bool:
    """Whether items are to be compared one by one."""
    both = (*_items(old), *_items(new))
    listed = all(value is _NOTHING or isinstance(value, list) for value in (old, new))
    texts = path in _LISTS_OF_TEXTS or not all(isinstance(item, str) for item in both)
    return listed and bool(both) and texts


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _fields(value: Any, sparse: bool = False) -> dict[str, Any]:
    """Names and values; a field of ours that is None is absent. `sparse`: without those at their default."""
    if not isinstance(value, BaseModel):
        return value if isinstance(value, dict) else {}
    known = type(value).model_fields
    return {
        name: held
        for name, held in value
        if name not in known
        or (held is not None and not (sparse and held == known[name].get_default(call_default_factory=True)))
    }


def _code(value: Any) -> str:
    """Equal for values that say the same, and only for these: 1, 1.0, true and "1" are four."""
    if value is _NOTHING:
        return ""
    return json.dumps(value, default=_fields, ensure_ascii=False, sort_keys=True)


def _label(item: Any) -> str:
    fields = _fields(item)
    return next((_code(fields[name]) for name in _LABELS if fields.get(name)), "")


def _told(value: Any) -> str:
    if value is _NOTHING:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    if isinstance(value, BaseModel):
        value = _fields(value, sparse=True)
    if isinstance(value, (dict, list)):
        inner = (
            value.items() if isinstance(value, dict) else ((f"[{at}]", item) for at, item in enumerate(value))
        )
        return "\n".join(_line(name, _told(held)) for name, held in inner) or _code(value)
    return _code(value)


def _line(name: str, told: str) -> str:
    return f"{name}:\n{told}" if "\n" in told else f"{name}: {told}"
