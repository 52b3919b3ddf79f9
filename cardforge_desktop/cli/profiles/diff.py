"""``cardforge profiles diff``: two profiles field by field, changed words marked where the terminal can."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from cardforge_desktop.cli.amounts import clock
from cardforge_desktop.cli.card_files import UsageError
from cardforge_desktop.cli.painting import Paint, field_lines, has_colours
from cardforge_desktop.cli.profiles import version_number
from cardforge_desktop.cli.profiles.find import (
    at,
    found,
    is_file,
    parts_in,
    profiles_workspace,
    read_bytes,
    shown_name,
)
from cardforge_desktop.cli.terminal import one_line, print_json, say
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles.files import content_in
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.paths import changes
from cardforge_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two that are compared.

    Attributes:
        name: of the profile or file.
        version: None of a file.
        saved: who and when, "" of a file.
    """

    name: str
    content: ProfileContent
    version: int | None = None
    saved: str = ""

    def title(self) -> str:
        if self.version is None:
            return self.name
        return f"{self.name}, version {self.version} ({self.saved})"

    def report(self) -> dict[str, Any]:
        return {"name": self.name, "version": self.version}


def diff(arguments: argparse.Namespace) -> int:
    """What changed between two versions, profiles or files."""
    with profiles_workspace() as workspace:
        before, after = _sides(workspace, arguments)
    changed = changes(before.content, after.content)
    if arguments.json:
        fields = [{"field": path, "before": old, "after": new} for path, (old, new) in changed.items()]
        print_json({"before": before.report(), "after": after.report(), "changes": fields})
        return 0
    if not changed:
        say(one_line(f"Nothing differs between {before.title()} and {after.title()}."))
        return 0
    paint = Paint(colours=has_colours())
    print(paint.head(f"--- {before.title()}"))
    print(paint.head(f"+++ {after.title()}"))
    for path, (old, new) in changed.items():
        print()
        print(paint.head(path))
        for line in field_lines(_text(old), _text(new), paint):
            print(line)
    return 0


def _sides(workspace: Workspace, arguments: argparse.Namespace) -> tuple[_Side, _Side]:
    first, second, third = arguments.first, arguments.second, arguments.third
    number = _number(second)
    if second is not None and number is None:
        if third is not None:
            raise _misused("write NAME, NAME N, NAME N M or two names or files.")
        return _side(workspace, first), _side(workspace, second)
    if is_file(workspace, first):
        raise _misused(f"{shown_name(first)} is a file and has no versions: name what to compare it with.")
    profile = found(workspace, first)
    if number is None:
        number = max(1, profile.version - 1)
    return _of(at(workspace, profile, number)), _of(at(workspace, profile, third))


def _number(text: str | None) -> int | None:
    try:
        return None if text is None else version_number(text)
    except argparse.ArgumentTypeError:
        return None


def _side(workspace: Workspace, what: str) -> _Side:
    if is_file(workspace, what):
        name = shown_name(what)
        return _Side(name, content_in(parts_in(read_bytes(what), name), name))
    return _of(found(workspace, what))


def _of(profile: Profile) -> _Side:
    saved = f"{profile.updated_by}, {clock(profile.updated_at)}"
    return _Side(profile.name, profile.content, profile.version, saved)


def _misused(told: str) -> UsageError:
    return UsageError(ErrorCode.USAGE_OPTION, f"profiles diff: {told}")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ", ".join(value)
    return {None: "null", True: "true", False: "false"}[value] if _is_word(value) else f"{value}"


def _is_word(value: Any) -> bool:
    return value is None or isinstance(value, bool)
