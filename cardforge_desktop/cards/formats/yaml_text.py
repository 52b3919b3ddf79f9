"""YAML as cards come in it (text-generation-webui's characters), to the values JSON has.

Values are those of YAML 1.2's core schema (yaml.org/spec/1.2.2, section 10.3): a greeting ``No`` stays a text
and a date stays one. Tags make no objects; anchors are followed within bounds.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from cardforge_desktop.cards.formats import json_text
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.errors import ErrorCode

#: Bytes of YAML that are read.
LARGEST_TEXT = 4 * 1024 * 1024
#: Values, and characters of text, with all that aliases repeat.
MOST_VALUES = 200_000
MOST_TEXT = 8 * 1024 * 1024

_HEAD = 4096
# A first line like "name:", behind comments, a directive or the mark of a document.
_FIRST_NAME = re.compile(
    rb"(?:\s|#[^\n]*\n|%[^\n]*\n|---(?=\s))*"
    rb"(?:\"[^\"\n]{1,80}\"|'[^'\n]{1,80}'|[A-Za-z_][\w .-]{0,80}) *:(?=\s)"
)
# What a card or a book may be told by, at the begin of a line; other texts have colons too.
_KNOWN_NAME = re.compile(
    rb"^[\"']?(?:name|char_name|spec|data|entries|context|greeting|description|first_mes)[\"']? *:\s",
    re.MULTILINE,
)
_NUMBERS = (
    (re.compile(r"[-+]?[0-9]{1,400}"), int),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
)
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CORE_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")
)
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")

_Node = tuple[Any, int, int]  # a value, how many values it is, and how many characters of text


def recognises(data: bytes) -> bool:
    """Whether `data` begins like YAML with names and values, in whichever encoding."""
    text = data.lstrip(json_text.MARKS).replace(b"\0", b"") + b"\n"
    return _FIRST_NAME.match(text[:_HEAD]) is not None and _KNOWN_NAME.search(text) is not None


def load(data: bytes, notes: Notes) -> Any:
    """The value of the first document in `data`.

    Raises:
        CardFormatError: CARD_DAMAGED: no YAML, or nested too deep; CARD_TOO_LARGE.
    """
    if len(data) > LARGEST_TEXT:
        raise CardFormatError(
            ErrorCode.CARD_TOO_LARGE,
            f"{len(data) / 1024**2:.0f} MB of YAML are more than a card may have "
            f"({LARGEST_TEXT // 1024**2} MB).",
            {"bytes": len(data)},
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = json_text.decoded(data, notes).removeprefix("\ufeff")
        return json_text.mended(_Builder(yaml.parse(text, Loader=loader), notes).document(), notes)
    except yaml.YAMLError as error:
        raise _broken(
            str(getattr(error, "problem", None) or error), getattr(error, "problem_mark", None)
        ) from error
    except UnicodeError as error:  # also a lone surrogate
        raise _broken("half a character", None) from error


class _Builder:
    """Builds the values of a document from the parser's events, which come one by one."""

    def __init__(self, events: Iterator[Any], notes: Notes) -> None:
        self._events = events
        self._notes = notes
        self._anchors: dict[str | None, _Node] = {}

    def document(self) -> Any:
        for event in self._events:
            if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                return self._node(event, 0)[0]
        return None

    def _node(self, event: Any, depth: int) -> _Node:
        if depth > json_text.DEEPEST:
            raise CardFormatError(ErrorCode.CARD_DAMAGED, "the YAML is nested too deep to be a card.")
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _broken(f"nothing before is called &{event.anchor}", event.start_mark)
            return self._anchors[event.anchor]
        if isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(depth)
        elif isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(depth)
        elif isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event), 1, len(event.value)
        else:
            return None, 1, 0  # an empty document
        self._note_tag(event.tag)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _sequence(self, depth: int) -> _Node:
        values: list[Any] = []
        count, length = 1, 0
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            value, more, longer = self._node(event, depth + 1)
            values.append(value)
            count, length = _within_bounds(count + more, length + longer)
        return values, count, length

    def _mapping(self, depth: int) -> _Node:
        fields: dict[str, Any] = {}
        count, length = 1, 0
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._name(event)
            value, more, longer = self._node(next(self._events), depth + 1)
            if name in fields:
                self._notes.add(name[:100], "stood there twice; the last is kept")
            fields[name] = value
            count, length = _within_bounds(count + more, length + longer + len(name))
        return fields, count, length

    def _name(self, event: Any) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        raise _broken("a name that is no text", event.start_mark)

    def _scalar(self, event: Any) -> Any:
        text = str(event.value)
        return text if event.style or event.tag in _TEXT_TAGS else _plain(text)

    def _note_tag(self, tag: str | None) -> None:
        if tag is not None and tag != "!" and tag not in _CORE_TAGS:
            self._notes.add("", f"The YAML tag {tag[:60]!r} is passed over")


def _plain(text: str) -> Any:
    """The value of a text without quotes."""
    if text in _WORDS:
        return _WORDS[text]
    for pattern, kind in _NUMBERS:
        if pattern.fullmatch(text) and str(number := kind(text)) == text:
            return number
    return text  # also "1.10", which as a number would be another version


def _within_bounds(count: int, length: int) -> tuple[int, int]:
    if count > MOST_VALUES:
        raise CardFormatError(ErrorCode.CARD_TOO_LARGE, f"the YAML holds more than {MOST_VALUES:,} values.")
    if length > MOST_TEXT:
        raise CardFormatError(
            ErrorCode.CARD_TOO_LARGE, f"the YAML holds more than {MOST_TEXT // 1024**2} MB of text."
        )
    return count, length


def _broken(problem: str, mark: Any) -> CardFormatError:
    place = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}: "
    return CardFormatError(
        ErrorCode.CARD_DAMAGED,
        f"the YAML is broken ({place}{problem}). "
        "Correct that place in a text editor, or export the card again.",
        {"reason": problem},
    )
