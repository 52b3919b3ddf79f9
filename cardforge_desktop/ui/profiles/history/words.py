"""The history of a profile in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.profiles.authors import author_text
from cardforge_desktop.ui.profiles.history.reading import LOST, SET_ASIDE, Entry
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_REASONS = {
    "shipped": ("layers", QT_TRANSLATE_NOOP("ProfileHistory", "Came with the app")),
    "created": ("file-plus", QT_TRANSLATE_NOOP("ProfileHistory", "Created")),
    "saved": ("save", QT_TRANSLATE_NOOP("ProfileHistory", "Saved")),
    "merged": ("git-merge", QT_TRANSLATE_NOOP("ProfileHistory", "Merged")),
    "overwritten": (
        "check-check",
        QT_TRANSLATE_NOOP("ProfileHistory", "Saved over the version before"),
    ),
    "copied": ("copy", QT_TRANSLATE_NOOP("ProfileHistory", "Copied from another profile")),
    "imported": ("upload", QT_TRANSLATE_NOOP("ProfileHistory", "Imported from a file")),
    SET_ASIDE: ("file-clock", QT_TRANSLATE_NOOP("ProfileHistory", "Set aside, not saved")),
    LOST: ("file-x", QT_TRANSLATE_NOOP("ProfileHistory", "Left unsaved by a window that ended")),
}
_RESTORED = QT_TRANSLATE_NOOP("ProfileHistory", "Version %1 restored")


def icon_of(entry: Entry) -> str:
    """The icon that goes with an entry's reason."""
    if entry.reason.startswith("restored"):
        return "rotate-ccw"
    return _REASONS.get(entry.reason, ("save", ""))[0]


def reason_text(reason: str) -> str:
    """How an entry came about; what is not known is told as it is."""
    word, _, number = reason.partition(" ")
    if word == "restored" and number.isdigit():
        return translate("ProfileHistory", _RESTORED).replace("%1", formatting.number(int(number)), 1)
    if reason in _REASONS:
        return translate("ProfileHistory", _REASONS[reason][1])
    return reason[:1].upper() + reason[1:]


def title(entry: Entry) -> str:
    """``Version 5 · Merged``; of what was set aside the reason alone."""
    if entry.draft is not None:
        return reason_text(entry.reason)
    text = translate("ProfileHistory", "Version %1 · %2").replace("%1", formatting.number(entry.number), 1)
    return text.replace("%2", reason_text(entry.reason), 1)


def facts(entry: Entry) -> str:
    """Who, and the cards that were made with it, or what it was made from."""
    who = author_text(entry.by)
    if entry.draft is not None:
        text = translate("ProfileHistory", "%1 · made from version %2")
        return text.replace("%2", formatting.number(entry.number), 1).replace("%1", who, 1)
    if not entry.cards:
        return who
    cards = translate("ProfileHistory", "%n card(s)", None, entry.cards)
    return translate("ProfileHistory", "%1 · %2").replace("%2", cards, 1).replace("%1", who, 1)


def spoken(entry: Entry) -> str:
    """An entry for a screen reader."""
    text = translate("ProfileHistory", "%1, %2, %3")
    text = text.replace("%3", formatting.ago(entry.at), 1).replace("%2", facts(entry), 1)
    return text.replace("%1", title(entry), 1)
