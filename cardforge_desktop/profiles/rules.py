"""The one rule set of profiles for the window, the command line and the local API (specification 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.surroundings import Surroundings
from cardforge_desktop.profiles.validation import Finding, FindingCode, Validation


def check(content: ProfileContent, around: Surroundings, profile_id: str = "") -> Validation:
    """All that is wrong with a profile. Never raises, whatever stands in it.

    Args:
        profile_id: its own id, so that it does not collide with its own name; "" = a new one.
    """
    return Validation(tuple(check_name(content.name, around.names, profile_id)))


def check_name(name: str, names: Mapping[str, str], profile_id: str = "") -> Iterator[Finding]:
    """What keeps a name from being saved.

    Args:
        names: casefolded name → id of all profiles.
    """
    if not name.strip():
        yield Finding("name", "The profile needs a name.", FindingCode.EMPTY)
    elif names.get(name.strip().casefold(), profile_id) != profile_id:
        yield Finding("name", "A profile with this name already exists.", FindingCode.DUPLICATE_NAME)
