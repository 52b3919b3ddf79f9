"""What a profile asks for and what that takes of a model's context, from the profile alone. Pure.

`generation` plans with the same numbers; there the source, an update and a wished name come to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

from cardforge_desktop.profiles.model import FieldName, ProfileContent

#: Share of the context that is planned with: counts of other tokenizers are estimates.
SAFE_SHARE = 0.92
#: What the book is called among the parts of an answer.
BOOK = "book"
#: Tokens of what is said about a field or an entry beside the profile's own words.
_AROUND_LINE = 14
#: The words around all of it: how the answer is written, world and class, the roles.
_AROUND_ALL = 160


class Room(NamedTuple):
    """Tokens of one call that writes a whole card.

    Attributes:
        prompt: the profile's own words, without a source.
        answer: the most that may be answered.
        source: left for the source; below 0 it can't be made at all.
    """

    prompt: int
    answer: int
    source: int


def fields_of_profile(profile: ProfileContent) -> tuple[FieldName, ...]:
    """The fields a profile asks for, in writing order; a lorebook is a name and a book."""
    if profile.type == "lorebook":
        return ("name",)
    chosen = [name for name, plan in profile.config.fields.items() if plan.write]
    return tuple(name for name in chosen if name != "alternate_greetings" or profile.config.greetings > 0)


def asks_for_book(profile: ProfileContent) -> bool:
    """Whether a character book is written."""
    return profile.config.book.include and profile.config.book.max_entries > 0


def parts_of_profile(profile: ProfileContent) -> tuple[str, ...]:
    """All that is written: the fields, and `BOOK`."""
    return (*fields_of_profile(profile), *([BOOK] if asks_for_book(profile) else []))


def parts_of_update(profile: ProfileContent) -> tuple[str, ...]:
    """What of a card that exists can be written anew: all that is written, but a lorebook renames no card."""
    parts = parts_of_profile(profile)
    return tuple(part for part in parts if part == BOOK) if profile.type == "lorebook" else parts


def planned_tokens(profile: ProfileContent, part: str) -> int:
    """Upper bound of a field of the answer, or of the book, with the JSON around it."""
    if part == BOOK:
        return profile.config.book.max_entries * (profile.config.book.max_tokens + 40)
    times = profile.config.greetings if part == "alternate_greetings" else 1
    return profile.config.fields[cast("FieldName", part)].max_tokens * times + 12


def answer_tokens(profile: ProfileContent, parts: tuple[str, ...]) -> int:
    """Upper bound of an answer with these parts: the profile's limits, and the JSON around them."""
    return sum(planned_tokens(profile, part) for part in parts) + 40


def room(profile: ProfileContent, context_tokens: int, count: Callable[[str], int]) -> Room:
    """How the context of a model that writes a card in one call is used.

    Args:
        count: tokens of a text; asked once.
    """
    parts = parts_of_profile(profile)
    prompts = profile.prompts
    own = [prompts.system, prompts.task, prompts.examples, profile.config.style]
    own += [prompts.book if part == BOOK else prompts.fields[cast("FieldName", part)] for part in parts]
    prompt = count("\n".join(own)) + _AROUND_LINE * len(parts) + _AROUND_ALL
    answer = answer_tokens(profile, parts)
    return Room(prompt, answer, int(context_tokens * SAFE_SHARE) - prompt - answer)
