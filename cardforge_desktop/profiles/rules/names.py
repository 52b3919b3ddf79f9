"""The profile's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cardforge_desktop.profiles.names import LONGEST_NAME, name_key
from cardforge_desktop.profiles.rules.subject import Subject, Verdict, error, warning
from cardforge_desktop.profiles.validation import Finding, FindingCode

#: Names that tell nobody what a profile is for, with or without a number.
_GENERIC = re.compile(
    r"(my |new |another |the |copy of )*"
    r"(profile|template|untitled|unnamed|test|testing|temp|tmp|name|new|copy|draft|example|foo|bar|asdf|abc|"
    r"xxx+|qwerty)"
    r"( ?\(?\d*\)?)?"
)


def name_is_there(subject: Subject) -> Iterator[Verdict]:
    """A profile without a name can't be chosen."""
    if not subject.content.name.strip():
        yield error("name", "The profile needs a name.", FindingCode.EMPTY)


def name_is_free(subject: Subject) -> Iterator[Verdict]:
    """Two profiles of one name could not be told apart."""
    if is_taken(subject.content.name, subject.around.names, subject.profile_id):
        yield Verdict(name_taken(), True)


def name_says_something(subject: Subject) -> Iterator[Verdict]:
    """Names are what people choose by."""
    name = subject.content.name.strip()[:LONGEST_NAME]
    letters = sum(letter.isalpha() for letter in name)
    # A word of Chinese or Japanese is a character or two.
    is_short = letters < 3 and name.isascii()
    if name and (is_short or not letters or _GENERIC.fullmatch(name.lower())):
        told = "This name says little. Choose one that tells what the profile is for."
        yield warning("name", told, FindingCode.WEAK_NAME)


def name_taken() -> Finding:
    """Two would have one name."""
    told = "A profile with this name already exists. Choose another name."
    return Finding("name", told, FindingCode.DUPLICATE_NAME)


def is_taken(name: str, names: Mapping[str, str], profile_id: str) -> bool:
    """Whether another profile than `profile_id` has the name; `names`: key → id."""
    return bool(name.strip()) and names.get(name_key(name), profile_id) != profile_id
