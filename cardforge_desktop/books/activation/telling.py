"""What came of a test, in sentences. English; `say` may give each sentence in another language.

In a sentence ``%1`` to ``%3`` stand for what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from cardforge_desktop.books.activation.model import AT_DEPTH, OUTLET, Asleep, Fired, Place, Reason

Say = Callable[[str], str]

_SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "match_persona_description": "the persona's description",
        "match_character_description": "the character's description",
        "match_character_personality": "the character's personality",
        "match_character_depth_prompt": "the character's note",
        "match_scenario": "the scenario",
        "match_creator_notes": "the creator's notes",
    }
)
_POSITIONS: tuple[str, ...] = (
    "Before the character",
    "After the character",
    "Top of the author's note",
    "Bottom of the author's note",
    "At depth %1 as %2",
    "Before the example messages",
    "After the example messages",
    "Outlet %1",
)
_ROLES: tuple[str, ...] = ("system", "user", "assistant")
#: %1: the deciding key or name, %2: where it is, %3: a number.
_REASONS: Mapping[Reason, str] = MappingProxyType(
    {
        "off": "It is switched off.",
        "trigger": "It is only for replies of the kind %1.",
        "character": "Its filter by character (%1) leaves this one out.",
        "delay": "It waits until the chat has %3 messages.",
        "cooldown": "It fired before and rests for %3 more messages.",
        "delayed_until_recursion": "It waits for recursion of level %3, which did not come.",
        "excluded_from_recursion": "“%1” stands only in %2, and it is excluded from recursion.",
        "dont_activate": "Its content begins with @@dont_activate.",
        "no_keys": "It has no keys, and is not constant.",
        "no_depth": "Its scan depth is 0: nothing is searched.",
        "secondary_missing": "A key was found in %2, but not the secondary key “%1”.",
        "secondary_present": "A key was found in %2, but so was what its secondary keys rule out (“%1”).",
        "logic_unknown": "A key was found in %2, but the logic of its secondary keys is unknown.",
        "never_drawn": "Its probability is 0.",
        "group_taken": "Another entry of its group “%1” fired in an earlier step.",
        "group_priority": "Another entry of its group “%1” has priority.",
        "group_score": "Another entry of its group “%1” has more keys in the chat.",
        "group_weight": "In its group “%1” it has no weight.",
        "group_sticky": "Another entry of its group “%1” stays from an earlier message.",
        "case": "“%1” differs in large and small letters from what is in %2.",
        "part_of_word": "“%1” is only a part of a word in %2.",
        "too_deep": "“%1” is in %2, further back than the newest messages that are searched (%3).",
        "not_woken_by_entry": "“%1” is only in %2, which wakes no others here.",
        "expression_broken": "%1 is no valid expression, and is searched for as it stands.",
        "expression_slow": "%1 was given up: it takes too long, or only a browser understands it.",
        "not_found": "None of its keys is there.",
    }
)


def as_it_is(text: str) -> str:
    """The English sentence."""
    return text


def why_asleep(asleep: Asleep, names: Sequence[str], say: Say = as_it_is) -> str:
    """Why an entry does not fire; `names` of all entries."""
    place = "" if asleep.place is None else where(asleep.place, names, say)
    return _filled(say(_REASONS[asleep.reason]), asleep.key or asleep.group, place, str(asleep.number))


def why_fired(fired: Fired, names: Sequence[str], say: Say = as_it_is) -> str:
    """Why an entry fires."""
    if fired.place is None:
        texts = {
            "constant": "Always there (constant)",
            "decorator": "Always there (@@activate)",
            "sticky": "Stays from an earlier message (sticky)",
        }
        return say(texts.get(fired.cause, "Always there (constant)"))
    found = _filled(say("“%1” in %2"), fired.place.key, where(fired.place, names, say))
    if not fired.secondary:
        return found
    return _filled(say("%1, with %2"), found, ", ".join(f"“{each.key}”" for each in fired.secondary))


def where(place: Place, names: Sequence[str], say: Say = as_it_is) -> str:
    """Where a key was found."""
    if place.message >= 0:
        text = "the name before message %1" if place.in_name else "message %1"
        return _filled(say(text), str(place.message + 1))
    if place.entry >= 0:
        return _filled(say("the entry “%1”"), names[place.entry])
    return say(_SOURCES.get(place.source, "every text"))


def position(number: int, depth: int, role: int, outlet: str, say: Say = as_it_is) -> str:
    """Where in the prompt."""
    if not 0 <= number < len(_POSITIONS) or (number == OUTLET and not outlet):
        return say("Nowhere in the prompt")
    told = say(_POSITIONS[number])
    if number == AT_DEPTH:
        return _filled(told, str(depth), say(_ROLES[role] if 0 <= role < len(_ROLES) else "system"))
    return _filled(told, outlet) if number == OUTLET else told


def odds(fired: Fired, say: Say = as_it_is) -> str:
    """How likely it fires, "" where nothing is drawn."""
    if fired.certain:
        return ""
    percent = 100 * fired.chance
    return _filled(say("%1 %"), f"{percent:.0f}" if percent >= 1 else f"{percent:.2g}")


def _filled(text: str, *values: str) -> str:
    """The sentence with what it is about; a ``%1`` in that stays."""

    def value(place: re.Match[str]) -> str:
        number = int(place[1])
        return values[number - 1] if number <= len(values) else place[0]

    return re.sub("%([1-9])", value, text)
