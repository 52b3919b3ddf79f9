"""The JSON schema of a whole card, made from the profile; every string and list is bounded.

Unbounded strings let a constrained sampler run on until the token limit. Fields are in the order a card is
thought out, all required (providers count optional ones), and nothing else is admitted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cardforge_desktop.cards.book_fields import CATEGORIES
from cardforge_desktop.generation.categories import OTHER
from cardforge_desktop.generation.model import Order
from cardforge_desktop.profiles import budget
from cardforge_desktop.profiles.budget import BOOK, asks_for_book, fields_of_profile, parts_of_update
from cardforge_desktop.profiles.model import REQUIRED, FieldName, FieldPlan

#: Characters a token is worth at most in prose; a bound, not an estimate.
_CHARACTERS = 6


def has_notes(order: Order) -> bool:
    """Whether world and class are asked for as well, which names of files are made of."""
    return order.target is None and order.profile.type != "lorebook"


def wanted_fields(order: Order) -> tuple[FieldName, ...]:
    """The fields the answer holds: the profile's, or those of them an update asks for."""
    chosen = fields_of_profile(order.profile)
    if order.target is None:
        return chosen
    known = parts_of_update(order.profile)
    return tuple(name for name in chosen if name in known and (not order.fields or name in order.fields))


def wants_book(order: Order) -> bool:
    """Whether the answer holds a character book."""
    asked = not order.fields or BOOK in order.fields
    return order.include_book and asks_for_book(order.profile) and asked


def field_plan(order: Order, name: FieldName) -> FieldPlan:
    """How long a field is."""
    return order.profile.config.fields[name]


def card_schema(order: Order) -> dict[str, Any]:
    """The schema of the whole answer: the wanted fields, world and class, and the book's entries."""
    return fields_schema(order, wanted_fields(order), whole=True)


def fields_schema(order: Order, names: Iterable[FieldName], whole: bool = False) -> dict[str, Any]:
    """The schema of an answer with these fields only (`whole`: and all that goes with a card)."""
    properties: dict[str, Any] = {name: _field(order, name) for name in names}
    if whole and has_notes(order):
        properties["world"] = {"type": "string", "maxLength": 60}
        properties["class"] = {"type": "string", "maxLength": 60}
    if whole and wants_book(order):
        properties[BOOK] = _book(order)
    return _object(properties)


def answer_tokens(order: Order) -> int:
    """Upper bound of the whole answer: the profile's limits, and the JSON around them."""
    return budget.answer_tokens(order.profile, answer_names(order))


def answer_names(order: Order) -> tuple[str, ...]:
    """What the answer holds, in the order it is written: the wanted fields, and the book."""
    return (*wanted_fields(order), *([BOOK] if wants_book(order) else []))


def _field(order: Order, name: FieldName) -> dict[str, Any]:
    size = field_plan(order, name).max_tokens * _CHARACTERS
    if name == "alternate_greetings":
        return _list({"type": "string", "minLength": 1, "maxLength": size}, order.profile.config.greetings)
    if name == "tags":
        return _list({"type": "string", "minLength": 1, "maxLength": 30}, 8)
    if name == "name":
        size = 100
    return {"type": "string", "minLength": 1 if name in REQUIRED else 0, "maxLength": size}


def _book(order: Order) -> dict[str, Any]:
    plan = order.profile.config.book
    keys = _list({"type": "string", "minLength": 2, "maxLength": 40}, 5) | {"minItems": 1}
    entry = {
        "name": {"type": "string", "minLength": 1, "maxLength": 60},
        "category": {"type": "string", "enum": [*CATEGORIES, OTHER]},
        "keys": keys,
        "content": {"type": "string", "minLength": 1, "maxLength": plan.max_tokens * _CHARACTERS},
    }
    return _list(_object(entry), plan.max_entries)


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": most}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
