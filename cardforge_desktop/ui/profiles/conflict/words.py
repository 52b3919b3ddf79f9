"""The sentences of the conflict dialog."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.profiles.authors import author_text
from cardforge_desktop.ui.profiles.editor.field_names import name_of

if TYPE_CHECKING:
    from cardforge_desktop.profiles.merging import Merge
    from cardforge_desktop.profiles.model import Profile
    from cardforge_desktop.profiles.validation import Finding, Validation

translate = QCoreApplication.translate


def sentence(base: Profile, theirs: Profile, merge: Merge) -> str:
    """Who saved what and when, from where this person started, and how much there is to decide."""
    text = translate("Conflict", "%1 saved version %2 of “%3” (%4). You started from version %5.")
    who = {
        "%5": formatting.number(base.version),
        "%4": formatting.ago(theirs.updated_at),
        "%2": formatting.number(theirs.version),
        "%1": author_text(theirs.updated_by),
        "%3": theirs.name,
    }
    for mark, value in who.items():
        text = text.replace(mark, value, 1)
    return f"{text} {_to_do(len(merge.conflicts), len(merge.changed) - len(merge.conflicts))}"


def _to_do(conflicts: int, merged: int) -> str:
    if not conflicts:
        return translate("Conflict", "No field was changed by both of you: all %n are merged.", None, merged)
    needed = translate("Conflict", "%n field(s) need a decision.", None, conflicts)
    if not merged:
        return needed
    return f"{needed} {translate('Conflict', '%n other field(s) are merged already.', None, merged)}"


def saved_meanwhile(theirs: Profile, reopened: Sequence[str]) -> str:
    """That somebody saved once more while this was decided, and what that means."""
    text = translate("Conflict", "%1 saved version %2 meanwhile; your changes are merged with it now.")
    text = text.replace("%2", formatting.number(theirs.version), 1)
    text = text.replace("%1", author_text(theirs.updated_by), 1)
    if not reopened:
        return f"{text} {translate('Conflict', 'All you decided still holds.')}"
    again = translate("Conflict", "Please decide again: %1. All else you decided still holds.")
    return f"{text} {again.replace('%1', ', '.join(name_of(path) for path in reopened), 1)}"


def not_allowed(validation: Validation) -> str:
    """Why your version can't be saved as it is."""
    text = translate("Conflict", "Your version can't be saved as it is. %1")
    return text.replace("%1", " ".join(finding_text(each) for each in validation.errors), 1)


def finding_text(finding: Finding) -> str:
    """One finding with the name of its field."""
    text = translate("Conflict", "%1: %2")
    return text.replace("%1", name_of(finding.field), 1).replace("%2", finding.message, 1)
