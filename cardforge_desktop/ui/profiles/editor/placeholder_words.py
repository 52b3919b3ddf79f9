"""What the placeholders of templates mean, in words."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.profiles.templates import known_placeholders
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.completion_list import Suggestion

_MEANINGS: Mapping[str, str] = {
    "character": QT_TRANSLATE_NOOP("Placeholders", "whom the card is about"),
    "language": QT_TRANSLATE_NOOP("Placeholders", "the language to write in"),
    "point_of_view": QT_TRANSLATE_NOOP("Placeholders", "the point of view"),
    "tense": QT_TRANSLATE_NOOP("Placeholders", "the tense"),
    "style": QT_TRANSLATE_NOOP("Placeholders", "the style"),
    "content_rating": QT_TRANSLATE_NOOP("Placeholders", "for whom it has to be suitable"),
    "source": QT_TRANSLATE_NOOP("Placeholders", "the source material"),
    "name": QT_TRANSLATE_NOOP("Placeholders", "what the source is called, such as its file"),
    "fields": QT_TRANSLATE_NOOP("Placeholders", "the list of fields to write, with their instructions"),
    "examples": QT_TRANSLATE_NOOP("Placeholders", "the examples of this profile"),
    "words": QT_TRANSLATE_NOOP("Placeholders", "about how many words this field has"),
    "max_tokens": QT_TRANSLATE_NOOP("Placeholders", "how many tokens there may be at most"),
    "greetings": QT_TRANSLATE_NOOP("Placeholders", "how many alternate greetings there are"),
    "max_entries": QT_TRANSLATE_NOOP("Placeholders", "how many entries the book has at most"),
}


def suggestions(path: str) -> tuple[Suggestion, ...]:
    """What the template at a path may name, with what it means; the most particular first."""
    common = set(known_placeholders("prompts.examples"))
    known = known_placeholders(path)
    ordered = sorted(known, key=lambda name: name in common)
    return tuple(Suggestion(name, meaning_of(name)) for name in ordered)


def meaning_of(name: str) -> str:
    """What one placeholder stands for, "" for one that has no words here."""
    text = _MEANINGS.get(name, "")
    return QCoreApplication.translate("Placeholders", text) if text else ""
