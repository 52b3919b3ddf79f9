"""What the actions of ``cardforge profiles`` do; those on files and edits are in modules of their own."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from cardforge_desktop.cli.card_files import UsageError, error_report
from cardforge_desktop.cli.profiles import CONFLICT, diff, edit, files
from cardforge_desktop.cli.profiles.find import (
    at,
    check_match,
    found,
    is_file,
    parts_in,
    profiles_workspace,
    read_bytes,
    shown_name,
)
from cardforge_desktop.cli.profiles.text import (
    checked_lines,
    conflict_lines,
    described,
    history_lines,
    invalid_lines,
    saved_lines,
    table,
)
from cardforge_desktop.cli.terminal import one_line, print_json, say
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles.errors import (
    ProfileConflict,
    ProfileError,
    ProfileFileInvalid,
    ProfileInvalid,
)
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.reading import read_content
from cardforge_desktop.profiles.report import conflict_report, profile_report, version_report
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.profiles.validation import FindingCode
from cardforge_desktop.workspace import Workspace

_NOT_SAVED = 2


def run_action(arguments: argparse.Namespace) -> int:
    """Run one action; a conflict and a content that can't be saved are told in lines of their own."""
    try:
        return _ACTIONS[arguments.action](arguments)
    except ProfileConflict as conflict:
        merges = arguments.action == "edit" and not arguments.merge
        for line in conflict_lines(conflict, arguments.kept or "the same command with", merges=merges):
            say(line)
        if arguments.json:
            print_json(conflict_report(conflict))
        return CONFLICT
    except (ProfileInvalid, ProfileFileInvalid) as invalid:
        for line in invalid_lines(invalid):
            say(line)
        if arguments.json:
            print_json({"error": error_report(invalid)})
        return _NOT_SAVED
    except ProfileError as error:
        if error.code is ErrorCode.PROFILE_DELETED:
            say(f"To bring it back:  cardforge profiles restore {error.details['profile_id']}")
            if arguments.kept:
                say(one_line(f"and then:          {arguments.kept}"))
        raise


def list_profiles(arguments: argparse.Namespace) -> int:
    """A line for each profile."""
    with profiles_workspace() as workspace:
        profiles = workspace.profiles.profiles()
    if arguments.json:
        print_json([profile_report(profile) for profile in profiles])
        return 0
    for line in table(profiles):
        print(line)
    return 0


def show_profile(arguments: argparse.Namespace) -> int:
    """All of a profile."""
    with profiles_workspace() as workspace:
        newest = found(workspace, arguments.name)
        shown = at(workspace, newest, arguments.at)
        made = workspace.card_search.made_with(newest.id)
    if arguments.json:
        print_json(profile_report(shown))
        return 0
    for line in described(shown, newest.version, made):
        print(line)
    return 0


def show_history(arguments: argparse.Namespace) -> int:
    """The versions of a profile, the newest first."""
    with profiles_workspace() as workspace:
        profile = found(workspace, arguments.name)
        versions = workspace.profiles.history(profile.id)
        made = workspace.card_search.made_with(profile.id)
        contents = {
            version.number: workspace.profiles.at(profile.id, version.number).content for version in versions
        }
        set_aside = [draft for draft in workspace.unsaved_profiles.of_profile(profile.id) if not draft.owner]
    if arguments.json:
        print_json([version_report(version, made.get(version.number, 0)) for version in versions])
        return 0
    for line in history_lines(versions, made, contents, set_aside):
        print(line)
    return 0


def validate(arguments: argparse.Namespace) -> int:
    """What the rules say of a profile or a file."""
    with profiles_workspace() as workspace:
        if is_file(workspace, arguments.what):
            shown = shown_name(arguments.what)
            owner = found(workspace, arguments.profile) if arguments.profile is not None else None
            parts = parts_in(read_bytes(arguments.what), shown)
            content, validation = read_content(parts, owner and owner.content)
        else:
            owner = found(workspace, arguments.what)
            shown, content = f"“{owner.name}”", owner.content
        if content is not None:
            validation = workspace.profiles.validate(content, owner.id if owner else "")
    if arguments.json:
        print_json(validation.report())
        return 0 if validation.valid else 1
    for line in checked_lines(shown, validation):
        print(line)
    if owner is None and any(each.code is FindingCode.DUPLICATE_NAME for each in validation.errors):
        say("To look at it as the next version of that profile, add --for and its name.")
    return 0 if validation.valid else 1


def restore(arguments: argparse.Namespace) -> int:
    """Make an earlier version the newest, or bring a deleted profile back."""
    with profiles_workspace() as workspace:
        before, came_back = _there_again(workspace, arguments.name)
        if came_back:
            say(one_line(f"“{before.name}” is back, at version {before.version}."))
        elif arguments.version is None:
            raise UsageError(
                ErrorCode.USAGE_OPTION,
                f"“{before.name}” is there: name a version. `cardforge profiles history` lists them.",
            )
        after = before
        if arguments.version is not None:
            check_match(before, arguments.if_match)
            at(workspace, before, arguments.version)  # it says which versions there are
            after = workspace.profiles.restore(before.id, arguments.version, base_of(before))
            for line in saved_lines(before, after):
                say(line)
    if arguments.json:
        print_json(profile_report(after))
    return 0


def duplicate(arguments: argparse.Namespace) -> int:
    """Make a copy of a profile."""
    with profiles_workspace() as workspace:
        content = found(workspace, arguments.name).content
        if arguments.new_name is None:
            copied = workspace.profiles.copy(content)
        else:
            copied = workspace.profiles.create(
                content.model_copy(update={"name": arguments.new_name}), "copied"
            )
    say(one_line(f"Made “{copied.name}” ({copied.id})."))
    if arguments.json:
        print_json(profile_report(copied))
    return 0


def delete(arguments: argparse.Namespace) -> int:
    """Take a profile out of the list."""
    with profiles_workspace() as workspace:
        profile = found(workspace, arguments.name)
        workspace.profiles.delete(profile.id)
    say(one_line(f"Deleted “{profile.name}”. To bring it back:  cardforge profiles restore {profile.id}"))
    if arguments.json:
        print_json(profile_report(profile))
    return 0


def _there_again(workspace: Workspace, text: str) -> tuple[Profile, bool]:
    """The profile, and whether it had been deleted."""
    try:
        return found(workspace, text), False
    except ProfileError as error:
        if error.code is ErrorCode.PROFILE_DELETED:
            return workspace.profiles.bring_back(text), True
        deleted = workspace.profiles.deleted_by_name(text)
        if deleted is None:
            raise
    return workspace.profiles.bring_back(deleted.id), True


_ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": list_profiles,
    "show": show_profile,
    "history": show_history,
    "diff": diff.diff,
    "validate": validate,
    "edit": edit.edit,
    "export": files.export_profiles,
    "import": files.import_profiles,
    "restore": restore,
    "duplicate": duplicate,
    "delete": delete,
}
