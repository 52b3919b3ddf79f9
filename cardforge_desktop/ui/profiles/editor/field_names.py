"""What the fields of a profile are called, and their values in words: for form, history and conflicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

_NAMES: Mapping[str, str] = {
    "": QT_TRANSLATE_NOOP("ProfileFields", "The whole profile"),
    "name": QT_TRANSLATE_NOOP("ProfileFields", "Name"),
    "description": QT_TRANSLATE_NOOP("ProfileFields", "Description"),
    "type": QT_TRANSLATE_NOOP("ProfileFields", "Type"),
    "config.engine": QT_TRANSLATE_NOOP("ProfileFields", "Engine"),
    "config.model": QT_TRANSLATE_NOOP("ProfileFields", "Model"),
    "config.sampling": QT_TRANSLATE_NOOP("ProfileFields", "Sampling"),
    "config.sampling.temperature": QT_TRANSLATE_NOOP("ProfileFields", "Temperature"),
    "config.sampling.top_p": QT_TRANSLATE_NOOP("ProfileFields", "Top P"),
    "config.sampling.top_k": QT_TRANSLATE_NOOP("ProfileFields", "Top K"),
    "config.sampling.min_p": QT_TRANSLATE_NOOP("ProfileFields", "Min P"),
    "config.sampling.frequency_penalty": QT_TRANSLATE_NOOP("ProfileFields", "Frequency penalty"),
    "config.sampling.presence_penalty": QT_TRANSLATE_NOOP("ProfileFields", "Presence penalty"),
    "config.sampling.repeat_penalty": QT_TRANSLATE_NOOP("ProfileFields", "Repeat penalty"),
    "config.sampling.seed": QT_TRANSLATE_NOOP("ProfileFields", "Seed"),
    "config.fields": QT_TRANSLATE_NOOP("ProfileFields", "Fields of the card"),
    "config.greetings": QT_TRANSLATE_NOOP("ProfileFields", "Number of alternate greetings"),
    "config.language": QT_TRANSLATE_NOOP("ProfileFields", "Language"),
    "config.point_of_view": QT_TRANSLATE_NOOP("ProfileFields", "Point of view"),
    "config.tense": QT_TRANSLATE_NOOP("ProfileFields", "Tense"),
    "config.style": QT_TRANSLATE_NOOP("ProfileFields", "Style"),
    "config.content_rating": QT_TRANSLATE_NOOP("ProfileFields", "Content rating"),
    "config.book": QT_TRANSLATE_NOOP("ProfileFields", "Book"),
    "config.book.include": QT_TRANSLATE_NOOP("ProfileFields", "Write a book"),
    "config.book.max_entries": QT_TRANSLATE_NOOP("ProfileFields", "Entries of the book, at most"),
    "config.book.max_tokens": QT_TRANSLATE_NOOP("ProfileFields", "Tokens of a book entry, at most"),
    "config.formats": QT_TRANSLATE_NOOP("ProfileFields", "Formats"),
    "config.naming_pattern": QT_TRANSLATE_NOOP("ProfileFields", "File names"),
    "prompts.system": QT_TRANSLATE_NOOP("ProfileFields", "System prompt"),
    "prompts.task": QT_TRANSLATE_NOOP("ProfileFields", "Task"),
    "prompts.fields": QT_TRANSLATE_NOOP("ProfileFields", "Instructions of the fields"),
    "prompts.book": QT_TRANSLATE_NOOP("ProfileFields", "Book, instruction"),
    "prompts.examples": QT_TRANSLATE_NOOP("ProfileFields", "Examples"),
}
#: Of one field of the card, ``%1``.
_PLAN_NAMES: Mapping[str, str] = {
    "": "%1",
    "write": QT_TRANSLATE_NOOP("ProfileFields", "%1, write it"),
    "words": QT_TRANSLATE_NOOP("ProfileFields", "%1, about so many words"),
    "min_words": QT_TRANSLATE_NOOP("ProfileFields", "%1, words at least"),
    "max_tokens": QT_TRANSLATE_NOOP("ProfileFields", "%1, tokens at most"),
}
_INSTRUCTION = QT_TRANSLATE_NOOP("ProfileFields", "%1, instruction")

#: What can be chosen at a path, in the order it is offered.
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "type": {
        "character": QT_TRANSLATE_NOOP("ProfileFields", "Character"),
        "scenario": QT_TRANSLATE_NOOP("ProfileFields", "Scenario with a narrator"),
        "group": QT_TRANSLATE_NOOP("ProfileFields", "Group of characters"),
        "lorebook": QT_TRANSLATE_NOOP("ProfileFields", "Lorebook only"),
    },
    "config.point_of_view": {
        "": QT_TRANSLATE_NOOP("ProfileFields", "As the source is"),
        "first": QT_TRANSLATE_NOOP("ProfileFields", "First person (“I”)"),
        "second": QT_TRANSLATE_NOOP("ProfileFields", "Second person (“you”)"),
        "third": QT_TRANSLATE_NOOP("ProfileFields", "Third person (“she”, “he”, “they”)"),
    },
    "config.tense": {
        "": QT_TRANSLATE_NOOP("ProfileFields", "As the source is"),
        "past": QT_TRANSLATE_NOOP("ProfileFields", "Past"),
        "present": QT_TRANSLATE_NOOP("ProfileFields", "Present"),
    },
    "config.content_rating": {
        "": QT_TRANSLATE_NOOP("ProfileFields", "As the source is"),
        "everyone": QT_TRANSLATE_NOOP("ProfileFields", "Everyone"),
        "teen": QT_TRANSLATE_NOOP("ProfileFields", "Teen"),
        "mature": QT_TRANSLATE_NOOP("ProfileFields", "Mature"),
    },
    "config.naming_pattern": {
        "default": QT_TRANSLATE_NOOP("ProfileFields", "Name and time"),
        "detailed": QT_TRANSLATE_NOOP("ProfileFields", "Name, world, class and date"),
        "versioned": QT_TRANSLATE_NOOP("ProfileFields", "Name, version and format"),
        "batch": QT_TRANSLATE_NOOP("ProfileFields", "Batch, number and name"),
    },
}
#: What it means that a value is empty (None, "", 0, no formats), by the path or its last part.
_EMPTY: Mapping[str, str] = {
    "config.engine": QT_TRANSLATE_NOOP("ProfileFields", "As chosen in the app"),
    "config.model": QT_TRANSLATE_NOOP("ProfileFields", "The engine's own"),
    "config.sampling": QT_TRANSLATE_NOOP("ProfileFields", "Left to the engine"),
    "config.language": QT_TRANSLATE_NOOP("ProfileFields", "The language of the source"),
    "words": QT_TRANSLATE_NOOP("ProfileFields", "As the instruction says"),
    "min_words": QT_TRANSLATE_NOOP("ProfileFields", "May be empty"),
}
_NOTHING = QT_TRANSLATE_NOOP("ProfileFields", "(empty)")
_YES, _NO = QT_TRANSLATE_NOOP("ProfileFields", "Yes"), QT_TRANSLATE_NOOP("ProfileFields", "No")


def name_of(path: str) -> str:
    """What the field at a path is called; also of the parts that hold several ("config.fields.tags").

    A path that no profile has is told as it is.
    """
    if (known := _NAMES.get(path)) is not None:
        return _said(known)
    *parents, last = path.split(".")
    if path.startswith("prompts.fields.") and len(parents) == 2:
        return _of_field(_INSTRUCTION, last)
    if path.startswith("config.fields."):
        if len(parents) == 2:
            return _of_field("%1", last)
        if len(parents) == 3 and last in _PLAN_NAMES:
            return _of_field(_PLAN_NAMES[last], parents[-1])
    return path


def value_text(path: str, value: Any) -> str:
    """A value in words: texts as they are, numbers as the locale writes them, choices by their names."""
    last = path.rpartition(".")[2]
    if isinstance(value, bool):
        return _said(_YES if value else _NO)
    if isinstance(value, str) and value in _CHOICES.get(path, ()):
        return _said(_CHOICES[path][value])
    if not value and (value is None or isinstance(value, str) or last in _EMPTY):
        return empty_text(path)
    return _filled_text(path, value)


def choices_of(path: str) -> tuple[tuple[str, str], ...]:
    """What can be chosen at a path, with its words; () = it is no choice, or one of what the app has."""
    return tuple((key, _said(text)) for key, text in _CHOICES.get(path, {}).items())


def empty_text(path: str) -> str:
    """What it means that nothing stands at a path."""
    last = path.rpartition(".")[2]
    parent = path.rpartition(".")[0]
    return _said(_EMPTY.get(path) or _EMPTY.get(parent) or _EMPTY.get(last) or _NOTHING)


def _filled_text(path: str, value: Any) -> str:
    if isinstance(value, (tuple, list)):
        label: Callable[[Any], str] = _format_label if path == "config.formats" else str
        return ", ".join(label(each) for each in value) or _said(_NOTHING)
    if path == "config.sampling.seed":  # a name rather than a quantity
        return str(value)
    if isinstance(value, int):
        return formatting.number(value)
    if isinstance(value, float):
        return QLocale().toString(value, "g", 6)
    return str(value)


def _format_label(name: str) -> str:
    from cardforge_desktop.cards.formats import FORMATS

    return FORMATS[name].label if name in FORMATS else name


def _of_field(text: str, name: str) -> str:
    return _said(text).replace("%1", formatting.field_label(name))


def _said(text: str) -> str:
    return QCoreApplication.translate("ProfileFields", text)
