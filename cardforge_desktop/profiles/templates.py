"""Templates of prompts: ``{word}`` is a placeholder, ``{{char}}`` in double braces is literal. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

#: What every template may name.
EVERYWHERE = ("character", "language", "point_of_view", "tense", "style", "content_rating")
#: What the system prompt and the task may name besides.
OF_TASK = (*EVERYWHERE, "source", "name", "fields", "examples")
#: What the instruction of a field may name besides.
OF_FIELD = (*EVERYWHERE, "words", "max_tokens", "greetings")
#: What the book's instruction may name besides.
OF_BOOK = (*EVERYWHERE, "max_entries", "max_tokens")
#: Macros of chat apps: they stand in double braces and reach the card as they are.
MACROS = ("char", "user", "original", "persona", "scenario", "random")

# A word and nothing else: the braces of JSON in an example are no placeholders.
_PLACEHOLDER = re.compile(r"(?<!\{)\{([^\W\d]\w{0,40})\}(?!\})")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder as it stands in a template.

    Attributes:
        name: what is between the braces.
        start, end: its place in code points, braces included.
    """

    name: str
    start: int
    end: int


def known_placeholders(path: str) -> tuple[str, ...]:
    """What the template at this path of a profile may name; () = it is no template."""
    if path in ("prompts.system", "prompts.task"):
        return OF_TASK
    if path.startswith("prompts.fields."):
        return OF_FIELD
    return {"prompts.book": OF_BOOK, "prompts.examples": EVERYWHERE}.get(path, ())


def placeholders_in(template: str) -> tuple[Placeholder, ...]:
    """The placeholders of a template, known or not, in the order they stand."""
    return tuple(
        Placeholder(found[1], found.start(), found.end()) for found in _PLACEHOLDER.finditer(template)
    )


def meant(name: str, known: tuple[str, ...]) -> str:
    """The placeholder that is probably meant by an unknown one; "" when nothing is near."""
    return next(iter(get_close_matches(name.lower(), known, 1, 0.6)), "")


def filled(template: str, values: Mapping[str, str]) -> str:
    """Every placeholder that has a value filled in, in one pass: braces in a value stay as they are."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)
