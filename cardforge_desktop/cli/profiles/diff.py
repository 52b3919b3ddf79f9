"""``cardforge profiles diff``: two profiles field by field, changed words marked where the terminal can."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from cardforge_desktop.cli.amounts import clock
from cardforge_desktop.cli.card_files import UsageError
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
from cardforge_desktop.text_diff import hunks
from cardforge_desktop.workspace import Workspace

_CONTEXT = 2  # lines around a change
_OFF, _HEAD, _REMOVED, _ADDED = "\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m"
_MARKED, _UNMARKED = "\x1b[7m", "\x1b[27m"

#: Stretches of a line, and whether each changed.
_Line = list[tuple[str, bool]]


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
    paint = _Paint(colours=_has_colours())
    print(paint.head(f"--- {before.title()}"))
    print(paint.head(f"+++ {after.title()}"))
    for path, (old, new) in changed.items():
        print()
        print(paint.head(path))
        for line in _field_lines(_text(old), _text(new), paint):
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


def _field_lines(old: str, new: str, paint: _Paint) -> Iterator[str]:
    """The changed lines of one field, and some around them; nothing stands for an empty text."""
    before, after = (text.split("\n") if text else [] for text in (old, new))
    groups = SequenceMatcher(None, before, after).get_grouped_opcodes(_CONTEXT)
    for group in groups:
        if len(before) > 1 or len(after) > 1:
            yield paint.head(f"@@ line {group[0][3] + 1} @@")
        for kind, old_from, old_to, new_from, new_to in group:
            removed, added = before[old_from:old_to], after[new_from:new_to]
            if kind == "equal":
                yield from (paint.same(line) for line in added)
                continue
            minus, plus = _marked(removed, added)
            yield from (paint.changed("-", line) for line in minus)
            yield from (paint.changed("+", line) for line in plus)


def _marked(removed: Sequence[str], added: Sequence[str]) -> tuple[list[_Line], list[_Line]]:
    """Both sides line by line, with the words that changed; where one side is empty nothing is marked."""
    if not (removed and added):
        return [[(line, False)] for line in removed], [[(line, False)] for line in added]
    found = hunks("\n".join(removed), "\n".join(added))
    return (
        _in_lines([(hunk.old, hunk.kind == "changed") for hunk in found]),
        _in_lines([(hunk.new, hunk.kind == "changed") for hunk in found]),
    )


def _in_lines(stretches: Sequence[tuple[str, bool]]) -> list[_Line]:
    lines: list[_Line] = [[]]
    for text, changed in stretches:
        first, *rest = text.split("\n")
        lines[-1].append((first, changed))
        lines += [[(line, changed)] for line in rest]
    return lines


class _Paint:
    """Lines for the terminal; none of a text's own control characters reaches it."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours

    def head(self, text: str) -> str:
        return f"{_HEAD}{one_line(text)}{_OFF}" if self._colours else one_line(text)

    def same(self, text: str) -> str:
        return f"  {one_line(text)}".rstrip()

    def changed(self, sign: str, line: _Line) -> str:
        if not self._colours:
            return f"{sign} {''.join(one_line(text) for text, _ in line)}"
        words = "".join(
            f"{_MARKED}{one_line(text)}{_UNMARKED}" if changed and text else one_line(text)
            for text, changed in line
        )
        return f"{_REMOVED if sign == '-' else _ADDED}{sign} {words}{_OFF}"


def _has_colours() -> bool:
    """Whether standard output is a terminal that shows them, to a person who wants them (no-color.org)."""
    known = sys.platform != "win32" or "WT_SESSION" in os.environ
    return (
        known and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
