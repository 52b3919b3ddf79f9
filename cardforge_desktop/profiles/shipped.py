"""The profiles that come with the app: ``resources/profiles/*.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cardforge_desktop.profiles.model import ProfileContent, content_of
from cardforge_desktop.resources import resource

#: Id of the profile that is chosen where nobody chose another, in every store, whatever its name became.
DEFAULT_ID = "profile_default"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A profile with the id it has in every store."""

    id: str
    content: ProfileContent


def shipped_profiles() -> tuple[Shipped, ...]:
    """All of them, by file name."""
    files = sorted(resource("profiles").glob("*.json"))
    return tuple(_read(json.loads(file.read_bytes())) for file in files)


def _read(stored: dict[str, object]) -> Shipped:
    profile_id = str(stored.pop("id"))
    return Shipped(profile_id, content_of(stored))
