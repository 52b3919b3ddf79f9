"""Which profile, version or file is meant by what a person wrote."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cardforge_desktop.cli.card_files import UsageError
from cardforge_desktop.cli.profiles.editable import values_in
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.paths import find_paths
from cardforge_desktop.profiles.errors import ProfileConflict, ProfileError
from cardforge_desktop.profiles.files import LARGEST_FILE, documents_in, unreadable
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.workspace import Workspace

STDIN = "-"
# What begins a text and is none of it.
_BLANKS = b"\xef\xbb\xbf \t\r\n"
#: Of a name that ends so a file is meant, though none is there.
_ENDINGS = (".json", ".yaml", ".yml")


@contextmanager
def profiles_workspace() -> Iterator[Workspace]:
    """The workspace while an action needs it."""
    workspace = Workspace.open(find_paths(), face="command line")
    try:
        yield workspace
    finally:
        workspace.close()


def found(workspace: Workspace, text: str) -> Profile:
    """The profile of that name, or of that id.

    Raises:
        ProfileError: PROFILE_NOT_FOUND, lists those there are; PROFILE_DELETED: it has this id.
    """
    try:
        return workspace.profiles.by_name(text)
    except ProfileError as no_name:
        try:
            return workspace.profiles.get(text)
        except ProfileError as no_id:
            raise no_id if no_id.code is ErrorCode.PROFILE_DELETED else no_name from None


def at(workspace: Workspace, profile: Profile, version: int | None) -> Profile:
    """A profile at one of its versions; None = the newest.

    Raises:
        ProfileError: PROFILE_NOT_FOUND: it never had that version.
    """
    if version is None or version == profile.version:
        return profile
    if not 1 <= version <= profile.version:
        raise ProfileError(
            ErrorCode.PROFILE_NOT_FOUND,
            f"“{profile.name}” has no version {version}: they go from 1 to {profile.version}.",
            {"profile_id": profile.id, "version": version},
        )
    return workspace.profiles.at(profile.id, version)


def check_match(profile: Profile, wanted: int | None) -> None:
    """Refuse a write that was made for another version than the newest.

    Raises:
        ProfileConflict: it was.
    """
    if wanted is not None and wanted != profile.version:
        raise ProfileConflict(profile, wanted)


def is_file(workspace: Workspace, what: str) -> bool:
    """Whether a file is meant: standard input, or a path of one where no profile has that name."""
    if what == STDIN:
        return True
    try:
        found(workspace, what)
    except ProfileError:
        return what.endswith(_ENDINGS) or _is_readable(Path(what))
    return False


def _is_readable(path: Path) -> bool:
    """Whether something is there to read: a file, or a pipe as a shell's ``<(command)`` is one."""
    with suppress(OSError, ValueError):  # a name that no file can have
        return path.exists() and not path.is_dir()
    return False


def parts_in(data: bytes, name: str) -> dict[str, Any]:
    """One profile, or some of its fields, as plain JSON: of a JSON file, or one as an editor is given.

    Raises:
        ProfileError: it is neither, or holds several.
    """
    if data.lstrip(_BLANKS)[:1] not in (b"{", b"["):
        return values_in(data, name)
    documents = documents_in(data, name)
    if len(documents) > 1:
        raise unreadable(name, f"it holds {len(documents)} profiles, and here one is needed")
    return documents[0]


def read_text(name: str) -> str:
    """The text in a file or standard input, which becomes one field; the line end at its end is not its own.

    Raises:
        UsageError: it can't be read, or is no text.
    """
    data = read_bytes(name)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError(
            ErrorCode.USAGE_OPTION,
            f"{shown_name(name)}: byte {error.start} is no UTF-8 text.",
            {"file": name},
        ) from error
    if len(data) > LARGEST_FILE:
        raise UsageError(
            ErrorCode.USAGE_OPTION, f"{shown_name(name)} is too large for a field.", {"file": name}
        )
    return text.removesuffix("\n")


def shown_name(file: str) -> str:
    """The name of a file in messages."""
    return "standard input" if file == STDIN else file


def read_bytes(name: str, largest: int = LARGEST_FILE) -> bytes:
    """What a file holds, or standard input for ``-``; one byte more than `largest` at most.

    Raises:
        UsageError: USAGE_NO_SUCH_FILE, USAGE_NOT_PERMITTED: it can't be read.
    """
    if name == STDIN:
        return sys.stdin.buffer.read(largest + 1) if sys.stdin else b""
    try:
        with Path(name).open("rb") as file:
            return file.read(largest + 1)
    except (OSError, ValueError) as error:
        answer = getattr(error, "strerror", None) or str(error)
        code = (
            ErrorCode.USAGE_NOT_PERMITTED
            if isinstance(error, PermissionError)
            else ErrorCode.USAGE_NO_SUCH_FILE
        )
        raise UsageError(code, f"{name} can't be read: {answer}.", {"file": name}) from error
