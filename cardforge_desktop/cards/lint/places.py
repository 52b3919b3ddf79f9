"""Where the texts of a card stand, and how one of them is replaced without touching the rest."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

from cardforge_desktop.cards.lint.model import Fix, Place
from cardforge_desktop.cards.model import BookEntry, Card

#: The texts of a card that enter a prompt and stay, before greetings, examples and book.
PERMANENT = ("description", "personality", "scenario")
INSTRUCTIONS = ("system_prompt", "post_history_instructions")


def path_of(place: Place) -> str:
    """``("alternate_greetings", 0)`` as ``alternate_greetings[0]``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")


def greetings(card: Card) -> Iterator[tuple[Place, str]]:
    """The first message, the alternate ones, and those for groups."""
    yield ("first_mes",), card.first_mes
    for name in ("alternate_greetings", "group_only_greetings"):
        for index, text in enumerate(getattr(card, name)):
            yield (name, index), text


def entries(card: Card) -> Iterator[tuple[Place, BookEntry]]:
    """The entries of the book, in order."""
    if card.character_book is not None:
        for index, entry in enumerate(card.character_book.entries):
            yield ("character_book", "entries", index), entry


def prompt_texts(card: Card) -> Iterator[tuple[Place, str]]:
    """Every text that a reader puts into prompts; names and tags are not among them."""
    for name in (*PERMANENT, "mes_example", *INSTRUCTIONS):
        yield (name,), getattr(card, name)
    yield from greetings(card)
    # SillyTavern's character's note.
    note = card.extensions.get("depth_prompt")
    if isinstance(note, dict) and isinstance(note.get("prompt"), str):
        yield ("extensions", "depth_prompt", "prompt"), note["prompt"]
    for place, entry in entries(card):
        yield (*place, "content"), entry.content


def set_value(label: str, place: Place, old: Any, new: Any) -> Fix:
    """Puts `new` where `old` stands."""
    return Fix(label, lambda card: _changed(card, place, lambda value: new if value == old else value))


def replace_spans(label: str, place: Place, spans: list[tuple[int, int, str, str]]) -> Fix:
    """In a text, puts the new string where the old one stands: (start, end, old, new), in order."""

    def replaced(text: Any) -> Any:
        if not isinstance(text, str) or any(text[start:end] != old for start, end, old, _ in spans):
            return text
        parts, behind = [], 0
        for start, end, _, new in spans:
            parts += [text[behind:start], new]
            behind = end
        return "".join([*parts, text[behind:]])

    return Fix(label, lambda card: _changed(card, place, replaced))


def splice(label: str, place: Place, old: Any, *new: Any) -> Fix:
    """In a list, puts the values `new` (or nothing) where the item `old` stands at `place`."""
    *above, index = place

    def spliced(items: Any) -> Any:
        if not isinstance(items, list) or not isinstance(index, int) or items[index : index + 1] != [old]:
            return items
        return [*items[:index], *new, *items[index + 1 :]]

    return Fix(label, lambda card: _changed(card, tuple(above), spliced))


def _changed(card: Card, place: Place, change: Callable[[Any], Any]) -> Card:
    try:
        changed: Card = _with(card, place, change)
    except LookupError:
        return card
    return changed


def _with(value: Any, place: Place, change: Callable[[Any], Any]) -> Any:
    """`value` with what is at `place` changed; every object on the way is a copy.

    Raises:
        LookupError: nothing is there any more, or something else that `change` leaves alone.
    """
    if not place:
        changed = change(value)
        if changed is value:
            raise LookupError
        return changed
    first, rest = place[0], place[1:]
    if isinstance(value, BaseModel) and isinstance(first, str) and first in type(value).model_fields:
        return value.model_copy(update={first: _with(getattr(value, first), rest, change)})
    if isinstance(value, dict) and first in value:
        return {**value, first: _with(value[first], rest, change)}
    if isinstance(value, list) and isinstance(first, int) and first < len(value):
        return [*value[:first], _with(value[first], rest, change), *value[first + 1 :]]
    raise LookupError(path_of(place))
