"""``cardforge profiles``: how it is called. What each action does is in modules that are loaded at need."""

from __future__ import annotations

import argparse

from cardforge_desktop.cli.terminal import whole_number

#: Exit code of a write that was based on a version which is not the newest any more.
CONFLICT = 4

_ABOUT = (
    "Profiles say how cards are made. Every save is a new version, and a write never takes the place of a "
    "version it did not know. NAME is a profile's name, in any case, or its id."
)
_CONFLICT = "4 somebody else saved meanwhile (nothing is lost, nothing was written)"
_CODES = (
    "Exit codes: 0 all done, 1 errors were found or a file was not imported, 2 wrong use or nothing saved, "
    f"{_CONFLICT}, 130 interrupted."
)
_EDITING = (
    "Change fields of a profile and save a new version. Without any option the profile opens in $VISUAL or "
    "$EDITOR. PATH is a field as `cardforge profiles show` has it, such as config.sampling.temperature or "
    "prompts.fields.first_mes. A value is read as its field needs it: a number, true or false, a list with "
    "commas; null (or nothing) where a number may be missing. What could not be saved stays in a "
    f"file that is named. Exit codes: 0 saved, or nothing differs, 2 wrong use or nothing saved, {_CONFLICT}."
)
_IF_MATCH = "write only if N is still the newest version, else exit with 4"


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its sub-commands."""
    parser = commands.add_parser(
        "profiles",
        help="list, show, edit, compare, check, export and import profiles",
        description=f"{_ABOUT} {_CODES}",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_reading(actions)
    _add_edit(actions)
    _add_files(actions)
    _add_writing(actions)


def _add_reading(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _action(actions, "list", "all profiles by name")
    showing = _action(actions, "show", "a profile with all its fields")
    _name(showing)
    showing.add_argument("--at", type=version_number, metavar="N", help="as it was at version N")
    _name(_action(actions, "history", "the versions of a profile, the newest first"))
    comparing = _action(
        actions,
        "diff",
        "what changed between two versions, profiles or files",
        "Show what changed, field by field: in the newest version, since version N, from version N to M; or "
        "between two profiles or profile files.",
    )
    comparing.add_argument("first", metavar="NAME", help="profile or file")
    comparing.add_argument("second", nargs="?", metavar="N", help="a version; or another profile or file")
    comparing.add_argument("third", nargs="?", type=version_number, metavar="M", help="another version")
    checking = _action(
        actions,
        "validate",
        "what is wrong with a profile or a file",
        "Say what is wrong with a profile or a profile file. Exit codes: 0 it can be saved, 1 it can't, "
        "2 wrong use.",
    )
    checking.add_argument("what", metavar="NAME|FILE|-", help="profile, file, or - for standard input")
    checking.add_argument(
        "--for", dest="profile", metavar="NAME", help="look at the file as the next version of this profile"
    )


def _add_edit(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    editing = _action(actions, "edit", "change fields, or the whole profile in your editor", _EDITING)
    _name(editing)
    editing.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="change one field")
    editing.add_argument(
        "--set-file", action="append", default=[], metavar="PATH=FILE",
        help="change one field to the text in a file (- = standard input)",
    )  # fmt: skip
    editing.add_argument("--name", dest="new_name", metavar="NEW", help="rename it")
    editing.add_argument(
        "--from", dest="file", metavar="FILE",
        help="take all fields that a file has, JSON or as the editor shows it (- = standard input)",
    )  # fmt: skip
    editing.add_argument(
        "--merge",
        action="store_true",
        help="where somebody else saved since N, keep both changes, unless both are of the same field",
    )
    _if_match(editing)


def _add_files(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    exporting = _action(
        actions,
        "export",
        "write profiles to files",
        "Write each profile to a file of its own in the current folder, or in DIR; with FILE, a name with an "
        "ending, all into that one. No key, no path of this machine and no user's name is in them.",
    )
    exporting.add_argument("names", nargs="*", metavar="NAME", help="names or ids")
    exporting.add_argument("--all", action="store_true", help="all profiles there are")
    exporting.add_argument("-o", "--out", metavar="FILE|DIR", help="where to (- = standard output)")
    exporting.add_argument("--overwrite", action="store_true", help="replace files of these names")
    importing = _action(
        actions,
        "import",
        "take profiles from files",
        "Add the profiles in files. What is there already is left as it is; a name that is taken gets a "
        f"number. {_CODES}",
    )
    importing.add_argument("files", nargs="+", metavar="FILE", help="profile files (- = standard input)")
    choice = importing.add_mutually_exclusive_group()
    choice.add_argument("--as", dest="new_name", metavar="NAME", help="under another name")
    choice.add_argument("--replace", metavar="NAME", help="as a new version of this profile")
    _if_match(importing)


def _add_writing(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    restoring = _action(
        actions,
        "restore",
        "make an earlier version the newest, or bring a deleted profile back",
        "Save version N again, as the newest. A deleted one, by its id or the name it had, is brought back.",
    )
    _name(restoring)
    restoring.add_argument("version", nargs="?", type=version_number, metavar="N", help="the version")
    _if_match(restoring)
    copying = _action(actions, "duplicate", "make a copy of a profile")
    _name(copying)
    copying.add_argument(
        "--as", dest="new_name", metavar="NAME", help="its name (default: a number is added)"
    )
    _name(_action(actions, "delete", "delete a profile; its versions stay, and `restore` brings it back"))


def version_number(text: str) -> int:
    """``3``, or the tag that the local API has for it, ``v3``.

    Raises:
        ArgumentTypeError: it is neither.
    """
    return whole_number(text.strip('"').removeprefix("v"))


def _version_there_is(text: str) -> int:
    number = version_number(text)
    if number < 1:
        raise argparse.ArgumentTypeError("versions begin at 1")
    return number


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, told: str, description: str = ""
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=told, description=description or f"{told[0].upper()}{told[1:]}.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_run, action=name, kept="")
    return parser


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="its name or id")


def _if_match(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--if-match", type=_version_there_is, metavar="N", help=_IF_MATCH)


def _run(arguments: argparse.Namespace) -> int:
    from cardforge_desktop.cli.profiles.actions import run_action

    return run_action(arguments)
