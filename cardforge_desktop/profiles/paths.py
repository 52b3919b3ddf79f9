"""A profile as a flat row of fields, each with a path: what forms, diffs, merges and findings speak of.

A field is the smallest thing that is changed as one: a text, a number, a choice, the list of formats.
``name``, ``config.sampling.temperature``, ``config.fields.first_mes.words``, ``prompts.fields.first_mes``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from cardforge_desktop.profiles.model import ProfileContent, content_of


def fields_of(content: ProfileContent) -> dict[str, Any]:
    """Path → value of every field, in the order a form has them; the same paths for every profile."""
    parts = ((name, getattr(content, name)) for name in ProfileContent.model_fields)
    return {path: value for name, part in parts for path, value in _leaves(part, name)}


def is_prose(path: str) -> bool:
    """Whether a field is a text of sentences, in which words can be changed one by one."""
    return path in ("description", "config.style") or path.startswith("prompts.")


def value_at(content: ProfileContent, path: str) -> Any:
    """The value of one field.

    Raises:
        KeyError: there is no field of that path.
    """
    return fields_of(content)[path]


def with_value(content: ProfileContent, path: str, value: Any) -> ProfileContent:
    """The profile with one field changed.

    Raises:
        KeyError: there is no field of that path.
        pydantic.ValidationError: the value has a wrong type.
    """
    return with_values(content, {path: value})


def with_values(content: ProfileContent, values: Mapping[str, Any]) -> ProfileContent:
    """The profile with some fields changed; raises as `with_value` does."""
    changed = content.model_dump(include=set(ProfileContent.model_fields))
    for path, value in values.items():
        *parents, last = path.split(".")
        place = changed
        for parent in parents:
            place = place[parent]
        if last not in place or isinstance(place[last], dict):
            raise KeyError(path)
        place[last] = value
    return content_of(changed)


def changes(before: ProfileContent, after: ProfileContent) -> dict[str, tuple[Any, Any]]:
    """Path → the value before and after, of the fields that differ."""
    old, new = fields_of(before), fields_of(after)
    return {path: (old[path], new[path]) for path in old if old[path] != new[path]}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        parts: Mapping[str, Any] = {name: getattr(value, name) for name in type(value).model_fields}
    elif isinstance(value, dict):
        parts = value
    else:
        yield path, value
        return
    for name, part in parts.items():
        yield from _leaves(part, f"{path}.{name}")
