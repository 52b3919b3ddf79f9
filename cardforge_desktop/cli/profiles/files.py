"""``cardforge profiles export`` and ``import``."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path

from cardforge_desktop.cli.card_files import UsageError, check_there, is_folder
from cardforge_desktop.cli.profiles.find import (
    STDIN,
    check_match,
    found,
    profiles_workspace,
    read_bytes,
    shown_name,
)
from cardforge_desktop.cli.profiles.text import invalid_lines, saved_lines
from cardforge_desktop.cli.terminal import one_line, print_json, say
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.profiles.errors import ProfileConflict, ProfileFileInvalid, ProfileInvalid
from cardforge_desktop.profiles.files import (
    content_in,
    documents_in,
    file_text,
    shared,
    write_profile_file,
)
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.names import name_key
from cardforge_desktop.profiles.report import profile_report
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.workspace import Workspace

_STDOUT = "-"
_SOME_FAILED = 1


def export_profiles(arguments: argparse.Namespace) -> int:
    """Write profiles to files, or to standard output."""
    with profiles_workspace() as workspace:
        profiles = _chosen(workspace, arguments)
    for profile in profiles:
        if shared(profile.content) != profile.content:
            say(one_line(f"note: “{profile.name}”: its model is a path on this machine, and is left out."))
    if arguments.out == _STDOUT:
        print(file_text(profiles), end="", flush=True)
        return 0
    written = _written(profiles, arguments)
    if arguments.json:
        print_json([{"path": str(path), "profiles": [each.name for each in some]} for path, some in written])
        return 0
    for path, _ in written:
        print(one_line(str(path)))
    return 0


def _chosen(workspace: Workspace, arguments: argparse.Namespace) -> tuple[Profile, ...]:
    if arguments.all == bool(arguments.names):
        raise UsageError(ErrorCode.USAGE_OPTION, "name the profiles to export, or write --all.")
    if arguments.all:
        return workspace.profiles.profiles()
    chosen = (found(workspace, name) for name in arguments.names)
    return tuple({profile.id: profile for profile in chosen}.values())


def _written(
    profiles: Sequence[Profile], arguments: argparse.Namespace
) -> list[tuple[Path, Sequence[Profile]]]:
    """Write the files; path → what is in it."""
    out = Path(arguments.out or ".")
    is_new = not os.path.lexists(out)
    if arguments.out is None or is_folder(out) or (is_new and (not out.suffix or arguments.out[-1] in "/\\")):
        return [
            (write_profile_file(out, [profile], overwrite=arguments.overwrite), [profile])
            for profile in profiles
        ]
    if out.exists() and not arguments.overwrite:
        raise UsageError(
            ErrorCode.USAGE_OPTION, f"{out} is there already. Write to another file, or add --overwrite."
        )
    return [(write_profile_file(out.parent, profiles, out.name, overwrite=arguments.overwrite), profiles)]


def import_profiles(arguments: argparse.Namespace) -> int:
    """Take profiles from files; one that can't be read keeps none of the others out."""
    if arguments.if_match is not None and arguments.replace is None:
        raise UsageError(
            ErrorCode.USAGE_OPTION, "--if-match needs --replace NAME: the version is of that profile."
        )
    contents, failed = _read(arguments.files)
    if (arguments.new_name is not None or arguments.replace is not None) and len(contents) > 1:
        raise UsageError(
            ErrorCode.USAGE_OPTION,
            f"--as and --replace are for one profile, and the files hold {len(contents)}.",
        )
    imported: list[Profile] = []
    with profiles_workspace() as workspace:
        for file, content in contents:
            try:
                imported.append(_imported(workspace, content, arguments))
            except ProfileConflict:
                raise
            except CardForgeError as error:
                failed += 1
                _tell(error, file)
    if arguments.json:
        print_json([profile_report(profile) for profile in imported])
    return _SOME_FAILED if failed else 0


def _read(files: Sequence[str]) -> tuple[list[tuple[str, ProfileContent]], int]:
    """The profiles in files, with the name of each one's file; and how many could not be read."""
    if files.count(STDIN) > 1:
        raise UsageError(ErrorCode.USAGE_OPTION, "standard input (-) can be read only once.")
    check_there([Path(file) for file in files if file != STDIN])
    contents: list[tuple[str, ProfileContent]] = []
    failed = 0
    for file in files:
        shown = shown_name(file)
        try:
            documents = documents_in(read_bytes(file), shown)
        except CardForgeError as error:
            failed += 1
            _tell(error, shown)
            continue
        for number, document in enumerate(documents, 1):
            place = f"{shown} (profile {number})" if len(documents) > 1 else shown
            try:
                contents.append((place, content_in(document, place)))
            except ProfileFileInvalid as error:
                failed += 1
                _tell(error, place)
    return contents, failed


def _tell(error: CardForgeError, file: str) -> None:
    if isinstance(error, ProfileFileInvalid | ProfileInvalid):
        for line in invalid_lines(error, file):
            say(line)
    else:
        say(one_line(f"cardforge: {error.message}"))


def _imported(workspace: Workspace, content: ProfileContent, arguments: argparse.Namespace) -> Profile:
    """The profile that a content became, or that has it already."""
    profiles = workspace.profiles
    if arguments.replace is not None:
        before = found(workspace, arguments.replace)
        check_match(before, arguments.if_match)
        renamed = content.model_copy(update={"name": before.name})
        after = profiles.save(before.id, renamed, base_of(before), "imported")
        for line in saved_lines(before, after):
            say(line)
        return after
    if arguments.new_name is not None:
        content = content.model_copy(update={"name": arguments.new_name})
        after = profiles.create(content, "imported")
    elif (there := _there_already(profiles.profiles(), content)) is not None:
        say(one_line(f"“{there.name}” is there already, just as it is in the file."))
        return there
    else:
        after = profiles.copy(content, "imported")
    was = "" if after.name == content.name.strip() else f", since there is a “{content.name.strip()}” already"
    say(one_line(f"Imported “{after.name}”{was}."))
    return after


def _there_already(profiles: Sequence[Profile], content: ProfileContent) -> Profile | None:
    """The profile that has this content, under its name or the name with the number it got when imported."""
    name = content.name.strip()
    for profile in profiles:
        renamed = content.model_copy(update={"name": profile.name})
        if _comes_of(profile.name, name) and shared(profile.content) == shared(renamed):
            return profile
    return None


def _comes_of(name: str, wanted: str) -> bool:
    """Whether a profile that is imported as `wanted` may have got this name."""
    if name_key(name) == name_key(wanted):
        return True
    numbered = re.fullmatch(r"(.+) \d+", name, re.DOTALL)  # a long name lost its end to the number
    return numbered is not None and wanted.startswith(numbered[1])
