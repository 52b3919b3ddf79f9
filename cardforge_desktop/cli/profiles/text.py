"""Profiles, their versions and what is wrong with them as text for a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cardforge_desktop.cli.amounts import clock
from cardforge_desktop.cli.profiles.editable import as_text
from cardforge_desktop.cli.terminal import columns, counted, one_line, shortened, visible
from cardforge_desktop.profiles.errors import ProfileConflict, ProfileFileInvalid, ProfileInvalid
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.paths import changes
from cardforge_desktop.profiles.service import Version
from cardforge_desktop.profiles.unsaved import Draft
from cardforge_desktop.profiles.validation import Validation

_WIDEST_NAME = 40
_WIDEST_CHANGES = 60


def table(profiles: Iterable[Profile]) -> list[str]:
    """A line for each profile, under a heading."""
    rows = [("NAME", "TYPE", "VERSION", "SAVED", "BY", "ID")]
    for profile in profiles:
        rows.append(
            (
                shortened(one_line(profile.name), _WIDEST_NAME),
                profile.type,
                str(profile.version),
                clock(profile.updated_at),
                shortened(one_line(profile.updated_by), _WIDEST_NAME),
                profile.id,
            )
        )
    return columns(rows, right=frozenset({2}))


def described(profile: Profile, newest: int, made: Mapping[int, int]) -> Iterator[str]:
    """A profile in full; `made`: version → cards in the library."""
    yield one_line(f"{profile.name}  ({profile.id})")
    of = "" if profile.version == newest else f" of {newest}"
    yield one_line(
        f"  version {profile.version}{of}, saved {clock(profile.updated_at)} by {profile.updated_by}"
    )
    yield one_line(f"  made {clock(profile.created_at)} by {profile.created_by}")
    cards = sum(made.values())
    if cards:
        own = made.get(profile.version, 0)
        yield f"  {counted(cards, 'card')} in the library made with it, {own:,} of them with this version"
    yield ""
    yield visible(as_text(profile.content)).removesuffix("\n")


def history_lines(
    versions: Sequence[Version],
    made: Mapping[int, int],
    contents: Mapping[int, ProfileContent],
    set_aside: Sequence[Draft],
) -> Iterator[str]:
    """A line for each version, and below them what was written and had to give way."""
    rows = [("VERSION", "SAVED", "BY", "HOW", "CARDS", "CHANGED")]
    for version in versions:
        before = contents.get(version.number - 1)
        changed = tuple(changes(before, contents[version.number])) if before else ()
        rows.append(
            (
                str(version.number),
                clock(version.saved_at),
                shortened(one_line(version.saved_by), _WIDEST_NAME),
                version.reason,
                f"{made[version.number]:,}" if version.number in made else "",
                _some(changed),
            )
        )
    yield from columns(rows, right=frozenset({0, 4}))
    for draft in set_aside:
        differing = _some(tuple(changes(contents[draft.base_version], draft.content)))
        by = f"by {draft.author} on version {draft.base_version}"
        yield one_line(f"Set aside {clock(draft.updated_at)}, {by}: {differing or 'nothing changed'}")


def finding_lines(validation: Validation) -> Iterator[str]:
    """A line for each error and warning, errors first."""
    for word, findings in (("error", validation.errors), ("warning", validation.warnings)):
        for finding in findings:
            place = f"{finding.field}: " if finding.field else ""
            yield one_line(f"  {word:7}  {place}{finding.message} [{finding.code}]")


def checked_lines(name: str, validation: Validation) -> Iterator[str]:
    """What was found in a profile or a file, and how much it is."""
    yield from finding_lines(validation)
    found = ((validation.errors, "error"), (validation.warnings, "warning"))
    counts = [counted(len(findings), noun) for findings, noun in found if findings]
    yield one_line(f"{name}: {', '.join(counts) or 'nothing to find fault with'}.")


def invalid_lines(error: ProfileInvalid | ProfileFileInvalid, file: str = "") -> Iterator[str]:
    """Why nothing was saved, a line for each reason; `file`: where it comes from."""
    file = error.file if isinstance(error, ProfileFileInvalid) else file
    place = f"of {file} " if file else ""
    yield one_line(f"cardforge: nothing {place}was saved. What is wrong:")
    yield from finding_lines(Validation(error.validation.errors))


def saved_lines(before: Profile, after: Profile) -> Iterator[str]:
    """What a save made of a profile."""
    if after.version == before.version:
        yield one_line(f"Nothing differs: “{after.name}” stays at version {after.version}.")
        return
    renamed = "" if after.name == before.name else f", which was “{before.name}”"
    changed = _some(tuple(changes(before.content, after.content)))
    yield one_line(f"Saved version {after.version} of “{after.name}”{renamed}: {changed}.")


def conflict_lines(conflict: ProfileConflict, again: str, *, merges: bool) -> Iterator[str]:
    """Who was faster, and how to go on.

    Args:
        again: what would save the same once more.
        merges: whether it could keep both changes.
    """
    current, yours = conflict.current, conflict.your_version
    name = shlex.quote(current.name)
    yield one_line(
        f"cardforge: nothing was saved. “{current.name}” is at version {current.version}, saved by "
        f"{current.updated_by or 'somebody'} ({clock(current.updated_at)}); you started from version {yours}."
    )
    if yours < current.version:
        yield one_line(f"To see what they changed:  cardforge profiles diff {name} {yours} {current.version}")
    if merges and yours < current.version:
        yield one_line(f"To keep both changes:      {again} --if-match {yours} --merge")
    yield one_line(f"To save on top of theirs:  {again} --if-match {current.version}")


def _some(paths: Sequence[str]) -> str:
    """The first of the paths, as many as fit into a line, and how many more there are."""
    shown = ", ".join(paths[:1])
    for number, path in enumerate(paths[1:], start=1):
        if len(shown) + len(path) > _WIDEST_CHANGES:
            return f"{shown} and {len(paths) - number:,} more"
        shown += f", {path}"
    return shown
