"""``cardforge profiles edit``: by options, from a file, or in the person's own editor."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from cardforge_desktop.cli.card_files import UsageError
from cardforge_desktop.cli.profiles.editable import as_text
from cardforge_desktop.cli.profiles.find import (
    STDIN,
    at,
    check_match,
    found,
    parts_in,
    profiles_workspace,
    read_bytes,
    read_text,
    shown_name,
)
from cardforge_desktop.cli.profiles.text import finding_lines, saved_lines
from cardforge_desktop.cli.profiles.values import nested, split_setting, typed
from cardforge_desktop.cli.terminal import one_line, print_json, say
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.naming import sanitise
from cardforge_desktop.profiles.errors import ProfileConflict, ProfileError, ProfileInvalid
from cardforge_desktop.profiles.files import content_in, whole
from cardforge_desktop.profiles.merging import merge
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.reading import read_content
from cardforge_desktop.profiles.report import profile_report
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.profiles.validation import Validation
from cardforge_desktop.workspace import Workspace

_FOLDER = "edits"
_LONGEST_STEM = 40
_UNIX_EDITORS = ("sensible-editor", "nano", "vi")


def edit(arguments: argparse.Namespace) -> int:
    """Save a new version of a profile."""
    by_options = arguments.set or arguments.set_file or arguments.file or arguments.new_name is not None
    with profiles_workspace() as workspace:
        before = _based_on(workspace, arguments)
        if by_options:
            after = _save(workspace, before, _changed(before, arguments), merges=arguments.merge)
            _forget_kept(workspace.paths.data / _FOLDER, arguments.file)
        else:
            after = _in_editor(workspace, before, arguments)
        warnings = workspace.profiles.validate(after.content, after.id).warnings
    for line in saved_lines(before, after):
        say(line)
    for line in finding_lines(Validation(warnings=warnings)):
        say(line)
    if arguments.json:
        print_json(profile_report(after))
    return 0


def _based_on(workspace: Workspace, arguments: argparse.Namespace) -> Profile:
    """The profile that is changed: the newest, or the version that the other's changes are merged with.

    Raises:
        ProfileConflict: that version is not the newest, and nothing is to be merged.
    """
    newest = found(workspace, arguments.name)
    if arguments.merge:
        return at(workspace, newest, arguments.if_match)
    check_match(newest, arguments.if_match)
    return newest


def _save(workspace: Workspace, before: Profile, content: ProfileContent, *, merges: bool) -> Profile:
    """Save it, or both changes where somebody else saved as well, none of the same field, and `merges`.

    Raises:
        ProfileConflict: somebody else saved meanwhile.
    """
    newest, wanted, reason = before, content, "saved"
    while True:
        try:
            return workspace.profiles.save(before.id, wanted, base_of(newest), reason)
        except ProfileConflict as conflict:
            if not merges:
                raise
            newest, reason = conflict.current, "merged"
            both = merge(before.content, content, newest.content)
            if both.conflicts:
                say(f"Both of you changed {', '.join(field.path for field in both.conflicts)}.")
                raise ProfileConflict(newest, before.version) from conflict
            wanted = both.result()


def _changed(before: Profile, arguments: argparse.Namespace) -> ProfileContent:
    """The profile as the options want it: what a file has, then single fields.

    Raises:
        ProfileError: a value can't be one of its field.
    """
    if [arguments.file, *(text.partition("=")[2] for text in arguments.set_file)].count(STDIN) > 1:
        raise UsageError(ErrorCode.USAGE_OPTION, "standard input (-) can be read only once.")
    settings = [split_setting(text, "--set") for text in arguments.set]
    files = [split_setting(text, "--set-file") for text in arguments.set_file]
    content = before.content
    if arguments.file:
        name = shown_name(arguments.file)
        content = content_in(parts_in(read_bytes(arguments.file), name), name, content)
    values = {path: typed(path, text) for path, text in settings}
    values |= {path: typed(path, read_text(file)) for path, file in files}
    if arguments.new_name is not None:
        values["name"] = arguments.new_name
    changed, validation = read_content(whole(nested(values)), content)
    if changed is None:
        raise ProfileInvalid(validation)
    return changed


def _in_editor(workspace: Workspace, before: Profile, arguments: argparse.Namespace) -> Profile:
    """Let the person edit a file with the whole profile, and save what it holds then.

    Until that is saved the file stays; `arguments.kept` is the command that goes on with it after a conflict.
    """
    command = _editor()
    text = as_text(before.content, _head(before))
    file = _new_file(workspace.paths.data / _FOLDER, before, text)
    try:
        _run_editor(command, file)
        if _holds(file, text):
            after = before
        else:
            parts = parts_in(read_bytes(str(file)), file.name)
            after = _save(
                workspace, before, content_in(parts, file.name, before.content), merges=arguments.merge
            )
    except (CardForgeError, KeyboardInterrupt) as error:
        if not file.exists() or _holds(file, text):
            _forget(file)
            raise
        say(one_line(f"What you wrote is kept in {file}"))
        if isinstance(error, ProfileConflict):
            arguments.kept = edit_command(error.current, file)
        elif isinstance(error, ProfileError) and error.code is ErrorCode.PROFILE_DELETED:
            arguments.kept = edit_command(before, file)
        else:
            say(one_line(f"To go on, mend it there, then:  {edit_command(before, file)}"))
        raise
    _forget(file)
    return after


def edit_command(profile: Profile, file: Path) -> str:
    """The command that saves what is in a file, as a shell takes it."""
    return f"cardforge profiles edit {shlex.quote(profile.name)} --from {shlex.quote(str(file))}"


def _head(before: Profile) -> str:
    return (
        f"“{' '.join(before.name.split())}”, version {before.version}. Save this file and close the "
        "editor: what is in it becomes a new version.\nLeave it as it is, and nothing is saved. Lines with "
        "# are not read; a field that is gone stays as it was."
    )


def _new_file(folder: Path, profile: Profile, text: str) -> Path:
    """A file of its own, which nobody else may read."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = sanitise(profile.name, empty="profile")[:_LONGEST_STEM]
    number, name = tempfile.mkstemp(prefix=f"{stem}-v{profile.version}-", suffix=".yaml", dir=folder)
    with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return Path(name)


def _holds(file: Path, text: str) -> bool:
    try:
        return file.read_bytes() == text.encode()
    except OSError:
        return False


def _forget_kept(folder: Path, file: str | None) -> None:
    """What an earlier edit had left in the app's own folder is saved now."""
    if file and Path(file).absolute().parent == folder.absolute():
        _forget(Path(file))


def _forget(file: Path) -> None:
    file.unlink(missing_ok=True)


def _editor() -> list[str]:
    """The command line of the person's editor.

    Raises:
        UsageError: none is known.
    """
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if wanted.strip():
        return _split(wanted)
    if sys.platform == "win32":
        return ["notepad"]
    at_hand = [path for path in map(shutil.which, _UNIX_EDITORS) if path]
    if at_hand and sys.stdin.isatty():
        return at_hand[:1]
    raise UsageError(
        ErrorCode.USAGE_OPTION,
        "there is no editor to open the profile in. Set $EDITOR, or say what to change: --set PATH=VALUE.",
    )


def _split(command: str) -> list[str]:
    try:
        if sys.platform == "win32":
            return [part.strip('"') for part in shlex.split(command, posix=False)]
        return shlex.split(command)
    except ValueError as error:
        told = f"$EDITOR ({command}) can't be read as a command: a quotation mark is not closed. Correct it."
        raise UsageError(ErrorCode.USAGE_OPTION, told) from error


def _how_it_ended(code: int) -> str:
    """Of a process; below 0 it is the signal that ended it."""
    if code >= 0:
        return f"ended with {code}"
    with suppress(ValueError):  # a signal without a name
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"


def _run_editor(command: list[str], file: Path) -> None:
    """Run it to its end.

    Raises:
        UsageError: it did not start, or says that it failed.
    """
    try:
        # Of the terminal it has all: a pipe in the place of standard output would confuse it.
        ended = subprocess.run([*command, str(file)], stdout=_terminal(), check=False)  # noqa: S603  # the person names it
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            ErrorCode.USAGE_OPTION,
            f"the editor “{command[0]}” did not start: {reason}. Set $EDITOR to yours.",
        ) from error
    if ended.returncode:
        raise UsageError(
            ErrorCode.USAGE_OPTION,
            f"the editor “{command[0]}” {_how_it_ended(ended.returncode)}: nothing was saved.",
        )


def _terminal() -> int | None:
    """Where the editor draws: with `--json > file` that is standard error."""
    return None if sys.stdout.isatty() or not sys.stderr.isatty() else sys.stderr.fileno()
