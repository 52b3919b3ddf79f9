"""What the panel asks of the store and the disk, each in one call on a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.errors import CardForgeError

if TYPE_CHECKING:
    from cardforge_desktop.profiles.lines import ProfileLine
    from cardforge_desktop.profiles.model import Profile
    from cardforge_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list shows.

    Attributes:
        lost: ids of profiles of which a process that died left something unsaved.
        chosen: id of the profile that is chosen in the app.
    """

    lines: tuple[ProfileLine, ...]
    lost: frozenset[str]
    chosen: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of some files."""

    added: tuple[Profile, ...]
    failures: tuple[CardForgeError, ...]


def listed(ws: Workspace) -> Listed:
    """All profiles."""
    lines, name = ws.profiles.lines(), ws.settings.get().profile.casefold()
    chosen = next((line.id for line in lines if line.name.casefold() == name), "")
    return Listed(lines, ws.unsaved_profiles.lost_ids(), chosen)


def begin(ws: Workspace, name: str) -> Profile:
    """A new profile with the words of the first one; as it ships, where that was deleted."""
    from cardforge_desktop.profiles.errors import ProfileError
    from cardforge_desktop.profiles.shipped import DEFAULT_ID, shipped_profiles

    try:
        content = ws.profiles.get(DEFAULT_ID).content
    except ProfileError:
        content = next(each.content for each in shipped_profiles() if each.id == DEFAULT_ID)
    changes = {"name": name, "description": ""}
    return ws.profiles.copy(content.model_copy(update=changes), "created")


def delete(ws: Workspace, profile_id: str) -> str:
    """Delete a profile; returns its name. Raises as `Profiles.delete`."""
    name = ws.profiles.get(profile_id).name
    ws.profiles.delete(profile_id)
    return name


def file_name(name: str) -> str:
    """What a file with this profile is called."""
    from cardforge_desktop.naming import sanitise
    from cardforge_desktop.profiles.files import EXTENSION

    return f"{sanitise(name, empty='profile')}.{EXTENSION}"


def write_file(ws: Workspace, profile_id: str, path: Path) -> str:
    """Write a profile to a file, over what is there (the system's dialog asked); returns its name."""
    from cardforge_desktop.profiles.files import write_profile_file

    profile = ws.profiles.get(profile_id)
    write_profile_file(path.parent, [profile], path.name, overwrite=True)
    return profile.name


def read_files(ws: Workspace, paths: Sequence[Path]) -> Imported:
    """Add the profiles in files, those that can be read; a name that is taken gets a number."""
    added: list[Profile] = []
    failures: list[CardForgeError] = []
    for path in paths:
        try:
            added += _read_file(ws, path)
        except CardForgeError as error:
            failures.append(error)
    return Imported(tuple(added), tuple(failures))


def _read_file(ws: Workspace, path: Path) -> list[Profile]:
    from cardforge_desktop.profiles.files import LARGEST_FILE, content_in, documents_in, unreadable

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise unreadable(path.name, error.strerror or "it can't be opened") from error
    contents = [content_in(document, path.name) for document in documents_in(data, path.name)]
    return [ws.profiles.copy(content, "imported") for content in contents]
