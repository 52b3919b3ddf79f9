"""What a rule looks at, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.surroundings import Surroundings
from cardforge_desktop.profiles.validation import Finding, FindingCode


@dataclass(frozen=True, slots=True)
class Subject:
    """A profile with what is around it.

    Attributes:
        profile_id: its own id, so that it does not collide with its own name; "" = a new one.
    """

    content: ProfileContent
    around: Surroundings
    profile_id: str = ""


class Verdict(NamedTuple):
    """What a rule found; an error keeps the profile from being saved."""

    finding: Finding
    is_error: bool


Rule = Callable[[Subject], Iterator[Verdict]]


def error(
    path: str, message: str, code: FindingCode, start: int | None = None, end: int | None = None
) -> Verdict:
    """Arguments as those of a `Finding`."""
    return Verdict(Finding(path, message, code, start, end), True)


def warning(
    path: str, message: str, code: FindingCode, start: int | None = None, end: int | None = None
) -> Verdict:
    """Arguments as those of a `Finding`."""
    return Verdict(Finding(path, message, code, start, end), False)
