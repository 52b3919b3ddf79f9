"""Rules on entries that nothing wakes."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge_desktop.books.editing.edits import setting, with_chance
from cardforge_desktop.books.health.model import Problem, editing, one
from cardforge_desktop.books.health.subject import Subject, is_put_to_sleep, listens, never_drawn
from cardforge_desktop.cards.book_waking import (
    ACTIVATE,
    AND_ALL,
    AND_ANY,
    DONT_ACTIVATE,
    NOT_ALL,
    NOT_ANY,
    decorators,
    key_rules,
    logic_of,
    orders,
)
from cardforge_desktop.cards.key_matching import Haystack, Key, key_of
from cardforge_desktop.cards.model import BookEntry


def never_drawn_entries(subject: Subject) -> Iterator[Problem]:
    """Entries whose probability is nought."""
    for entry in subject.entries:
        if entry.entry.enabled and never_drawn(entry.entry):
            message = "Its probability is 0 %: its keys match, and it never comes."
            yield one(entry, message, "warning", editing("Set it to 100 %", entry.id, with_chance(100)))


def muted_entries(subject: Subject) -> Iterator[Problem]:
    """Entries that a decorator keeps asleep."""
    for entry in subject.entries:
        ordered = orders(entry.entry.content)
        if DONT_ACTIVATE in ordered and ACTIVATE not in ordered:
            message = f"{DONT_ACTIVATE} at the head of its content keeps it asleep whatever a chat says."
            yield one(entry, message, "warning", editing("Take it out of the content", entry.id, _unmuted))


def unmet_secondaries(subject: Subject) -> Iterator[Problem]:
    """Entries whose secondary keys can't be as their logic asks."""
    for entry in subject.entries:
        reason = _unmet(entry.entry)
        if reason:
            fix = editing("Do not ask for them", entry.id, setting("selective", False))
            yield one(entry, f"{reason} The entry never wakes.", "warning", fix)


def sleeping_delayed(subject: Subject) -> Iterator[Problem]:
    """Entries that wait for others, of which none wakes them."""
    for at, reason in subject.recursion.never_woken().items():
        entry = subject.entries[at]
        if reason == "excluded":
            message = "It waits for recursion and is kept out of it at the same time: nothing ever wakes it."
            fix = editing("Let others wake it", entry.id, setting("exclude_recursion", False))
        else:
            told = {
                "off": "It waits for other entries to wake it, and this book has recursion switched off.",
                "nobody": "It waits for other entries to wake it, and no other holds one of its keys.",
                "asleep": "It waits for other entries to wake it, and those that could sleep for ever.",
            }[reason]
            message = f"{told} Let the chat wake it too."
            fix = editing("Let the chat wake it", entry.id, _undelayed)
        yield one(entry, message, "warning", fix)


def _undelayed(entry: BookEntry) -> BookEntry:
    held = {name: value for name, value in entry.extensions.items() if name != "delay_until_recursion"}
    return entry.model_copy(update={"extensions": held})


def _unmuted(entry: BookEntry) -> BookEntry:
    lines, body = decorators(entry.content)
    if body == entry.content:  # decorators and nothing else
        body = ""
    kept = [line for line in lines if line.lstrip("@") != DONT_ACTIVATE.lstrip("@")]
    return entry.model_copy(update={"content": "\n".join([*kept, body])})


def _unmet(entry: BookEntry) -> str:
    """Why the secondary keys never allow the entry, or ""."""
    if not (entry.selective and entry.secondary_keys and listens(entry)) or is_put_to_sleep(entry):
        return ""
    rules, logic = key_rules(entry), logic_of(entry)
    first = [key for key in (key_of(key, rules, {}) for key in entry.keys) if not key.never]
    second = [key_of(key, rules, {}) for key in entry.secondary_keys]
    if isinstance(logic, bool) or logic not in (AND_ANY, NOT_ALL, NOT_ANY, AND_ALL):
        return "SillyTavern does not know the logic of its secondary keys."
    reasons = {
        AND_ANY: (
            all(key.never for key in second),
            "One of its secondary keys has to match, and all of them are empty.",
        ),
        AND_ALL: (
            any(key.never for key in second),
            "All of its secondary keys have to match, and one of them is empty.",
        ),
        NOT_ANY: (
            all(any(_follows(key, each) for each in second) for key in first),
            "None of its secondary keys may match, and each of its keys holds one of them.",
        ),
        NOT_ALL: (
            all(all(_follows(key, each) for each in second) for key in first),
            "One of its secondary keys has to be missing, and each of its keys holds all of them.",
        ),
    }
    is_unmet, told = reasons[logic]
    return told if is_unmet else ""


def _follows(key: Key, secondary: Key) -> bool:
    """Whether a text with this key has that secondary key too."""
    if key.expression is not None or secondary.expression is not None:
        return False
    return Haystack(key.told).find(secondary) is not None
