"""Reads the history of a profile, and what differs between two of its states. On a worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cardforge_desktop.profiles.paths import changes
from cardforge_desktop.ui.profiles.editor.field_names import name_of, value_text
from cardforge_desktop.ui.widgets.sections_diff import Section, SectionsDiff, sections_diff

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import ProfileContent
    from cardforge_desktop.profiles.service import Version
    from cardforge_desktop.profiles.unsaved import Draft
    from cardforge_desktop.workspace import Workspace

#: Reasons of entries that are no versions.
SET_ASIDE, LOST = "set aside", "lost"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: a version, or a content that was set aside.

    Attributes:
        key: stable while the profile exists.
        number: of the version; of what was set aside the one it was made from.
        before: the version it is compared with; 0 = nothing came before it.
        reason: as `service.Version`, or `SET_ASIDE`, or `LOST`: of a window that ended without saving it.
        cards: in the library that were made with it.
        draft: what was set aside; None = a version.
    """

    key: str
    number: int
    before: int
    name: str
    at: datetime
    by: str
    reason: str
    cards: int = 0
    draft: ProfileContent | None = None


def read_history(ws: Workspace, profile_id: str) -> tuple[Entry, ...]:
    """Versions, and between them what was set aside, the newest first."""
    versions = ws.profiles.history(profile_id)
    cards = ws.card_search.made_with(profile_id)
    numbers = [version.number for version in versions]
    entries = [
        _of_version(version, before, cards.get(version.number, 0))
        for version, before in zip(versions, [*numbers[1:], 0], strict=False)
    ]
    drafts = [
        _of_draft(draft)
        for draft in ws.unsaved_profiles.of_profile(profile_id)
        if not draft.owner or draft.is_lost
    ]
    return tuple(_merged(entries, drafts))


def content_of_entry(ws: Workspace, profile_id: str, entry: Entry) -> ProfileContent:
    """What stands in an entry; raises as `Profiles.at`."""
    return entry.draft or ws.profiles.at(profile_id, entry.number).content


@dataclass(frozen=True, slots=True)
class Compared:
    """An entry and what differs.

    Attributes:
        content: of the entry.
        diff: None = there is nothing to compare it with.
    """

    content: ProfileContent
    diff: SectionsDiff | None


def compare(ws: Workspace, profile_id: str, entry: Entry, form: ProfileContent | None) -> Compared:
    """An entry with the form as it stands, or with the version before; raises as `Profiles.at`."""
    content = content_of_entry(ws, profile_id, entry)
    if form is not None:
        return Compared(content, profile_diff(content, form))
    if not entry.before:
        return Compared(content, None)
    return Compared(content, profile_diff(ws.profiles.at(profile_id, entry.before).content, content))


def profile_diff(before: ProfileContent, after: ProfileContent) -> SectionsDiff:
    """What differs, field by field."""
    found = changes(before, after)
    return sections_diff([_section(path, old, new) for path, (old, new) in found.items()])


def _section(path: str, old: Any, new: Any) -> Section:
    by_words = isinstance(old, (str, tuple)) and bool(old) and bool(new)
    return Section(name_of(path), value_text(path, old), value_text(path, new), by_words=by_words)


def _of_version(version: Version, before: int, cards: int) -> Entry:
    return Entry(
        f"version {version.number}",
        version.number,
        before,
        version.name,
        version.saved_at,
        version.saved_by,
        version.reason,
        cards,
    )


def _of_draft(draft: Draft) -> Entry:
    return Entry(
        draft.id,
        draft.base_version,
        draft.base_version,
        draft.content.name,
        draft.updated_at,
        draft.author,
        LOST if draft.is_lost else SET_ASIDE,
        draft=draft.content,
    )


def _merged(versions: list[Entry], drafts: list[Entry]) -> list[Entry]:
    """Versions stay in their order, whatever the clocks were; a draft stands above those it is newer than."""
    merged: list[Entry] = []
    waiting = sorted(drafts, key=lambda entry: entry.at, reverse=True)
    for version in versions:
        while waiting and waiting[0].at >= version.at:
            merged.append(waiting.pop(0))
        merged.append(version)
    return [*merged, *waiting]
