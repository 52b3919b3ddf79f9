"""What the list and the head say of a profile."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.profiles.model import ProfileType
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.profiles.authors import author_text
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_TYPES: dict[ProfileType, tuple[str, str]] = {
    "character": ("user-round", QT_TRANSLATE_NOOP("Profiles", "Character")),
    "scenario": ("map", QT_TRANSLATE_NOOP("Profiles", "Scenario")),
    "group": ("users-round", QT_TRANSLATE_NOOP("Profiles", "Group")),
    "lorebook": ("book-open", QT_TRANSLATE_NOOP("Profiles", "Lorebook")),
}


def type_icon(kind: ProfileType) -> str:
    """Lucide name."""
    return _TYPES[kind][0]


def type_text(kind: ProfileType) -> str:
    """One word."""
    return translate("Profiles", _TYPES[kind][1])


def version_text(version: int) -> str:
    """``Version 4``."""
    return translate("Profiles", "Version %1").replace("%1", formatting.number(version))


def short_version(version: int) -> str:
    """``v4``."""
    return translate("Profiles", "v%1").replace("%1", formatting.number(version))


def saved_text(author: str, when: datetime) -> str:
    """``ana (command line) · 3 min ago``."""
    text = translate("Profiles", "%1 · %2").replace("%2", formatting.ago(when))
    return text.replace("%1", author_text(author))


def saved_tip(version: int, author: str, when: datetime) -> str:
    """In full, with the time."""
    text = translate("Profiles", "Version %1, saved by %2 on %3")
    text = text.replace("%1", formatting.number(version)).replace("%3", formatting.moment(when))
    return text.replace("%2", author_text(author))
