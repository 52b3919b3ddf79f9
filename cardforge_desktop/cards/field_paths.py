"""The values of a card by their paths.

A path names fields and indices: ``description``, ``alternate_greetings[1]``,
``character_book.entries[2].content``, ``extensions.depth_prompt.prompt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from cardforge_desktop.cards.model import Card

#: Texts of the card itself, in the order an editor shows them.
TEXT_FIELDS = (
    "name",
    "nickname",
    "description",
    "personality",
    "scenario",
    "first_mes",
    "mes_example",
    "system_prompt",
    "post_history_instructions",
    "creator_notes",
    "creator",
    "character_version",
)
_LISTS = {
    "first_mes": ("alternate_greetings", "group_only_greetings"),
    "character_version": ("tags", "source"),
}
_NAME = re.compile(r"[^.\[\]]+")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def steps(path: str) -> tuple[str | int, ...]:
    """The names and indices of a path."""
    return tuple(name or int(number) for name, number in _STEP.findall(path))


def value_at(card: Card, path: str) -> Any:
    """What stands at `path`.

    Raises:
        LookupError: there is no such place.
    """
    value: Any = card
    for step in steps(path):
        value = _inside(value, step)
    return value


def with_value(card: Card, path: str, new: Any) -> Card:
    """The card with `new` at `path`, which has to exist (a field that is absent counts as there).

    Raises:
        LookupError: there is no such place.
    """
    changed = _replaced(card, steps(path), new)
    if not isinstance(changed, Card):
        raise LookupError(path)
    return changed


def texts(card: Card) -> Iterator[tuple[str, str]]:
    """(path, text) of every text a person writes, in the order of the editor; absent ones are left out."""
    for name in TEXT_FIELDS:
        text = getattr(card, name)
        if text is not None:
            yield name, text
        for listed in _LISTS.get(name, ()):
            for at, item in enumerate(getattr(card, listed) or ()):
                yield f"{listed}[{at}]", item
    for language, notes in (card.creator_notes_multilingual or {}).items():
        if _NAME.fullmatch(language):
            yield f"creator_notes_multilingual.{language}", notes
    if card.character_book is not None:
        for at, entry in enumerate(card.character_book.entries):
            yield f"character_book.entries[{at}].content", entry.content


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        if isinstance(value, list) and step < len(value):
            return value[step]
    elif isinstance(value, BaseModel):
        if step in type(value).model_fields or step in (value.model_extra or {}):
            return getattr(value, step)
    elif isinstance(value, dict) and step in value:
        return value[step]
    raise LookupError(step)


def _replaced(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    step, rest = path[0], path[1:]
    inner = _replaced(_inside(value, step), rest, new)
    if isinstance(step, int):
        return [*value[:step], inner, *value[step + 1 :]]
    if isinstance(value, BaseModel):
        return value.model_copy(update={step: inner})
    return {**value, step: inner}
