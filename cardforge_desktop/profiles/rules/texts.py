"""What holds for any text: how long it may be, and which characters nothing can write or show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardforge_desktop.profiles.names import LONGEST_NAME
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.profiles.rules.subject import Subject, Verdict, error
from cardforge_desktop.profiles.validation import FindingCode

_LONGEST = {
    "name": LONGEST_NAME,
    "description": 1_000,
    "config.engine": 80,
    "config.model": 300,
    "config.language": 60,
    "config.style": 300,
    "config.naming_pattern": 200,
    "prompts.system": 40_000,
    "prompts.task": 40_000,
    "prompts.examples": 40_000,
    "prompts.book": 10_000,
}
_LONGEST_INSTRUCTION = 10_000
#: Control characters but tabs and line ends, and halves of characters (lone surrogates).
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
#: Besides: line ends, and characters that draw nothing or turn the direction of what follows.
_NOT_IN_A_LINE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def longest_of(path: str) -> int | None:
    """Characters that a text may have; None = the field is no text."""
    return _LONGEST_INSTRUCTION if path.startswith("prompts.fields.") else _LONGEST.get(path)


def is_one_line(path: str) -> bool:
    """Whether a text is one line."""
    return path == "name" or path.startswith("config.")


def lengths(subject: Subject) -> Iterator[Verdict]:
    """Each text has a bound, so that no profile is too large to be kept, shown or sent."""
    for path, text in texts_of(subject):
        longest = longest_of(path)
        if longest is not None and len(text) > longest:
            told = f"This text has {len(text):,} characters; {longest:,} are the most. Shorten it."
            yield error(path, told, FindingCode.TOO_LONG, longest, len(text))


def characters(subject: Subject) -> Iterator[Verdict]:
    """Only what can be stored, sent and shown."""
    for path, text in texts_of(subject):
        pattern = _NOT_IN_A_LINE if is_one_line(path) else _UNWRITABLE
        if (found := pattern.search(text)) is not None:
            told = _told(found[0], text.count("\n", 0, found.start()) + 1)
            yield error(path, told, FindingCode.BAD_CHARACTER, found.start(), found.end())


def texts_of(subject: Subject) -> Iterator[tuple[str, str]]:
    """Path and text of every field that is one."""
    for path, value in fields_of(subject.content).items():
        if isinstance(value, str):
            yield path, value


def _told(character: str, line: int) -> str:
    if character in "\r\n\u2028\u2029":
        return "This is to be one line. Remove the line break."
    return (
        f"Line {line} has a character that can't be used (U+{ord(character):04X}); it may be invisible. "
        "Remove it."
    )
