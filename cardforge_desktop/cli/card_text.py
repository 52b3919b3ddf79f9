"""The report of a card file set for people to read: field after field, nothing raw to the terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from cardforge_desktop.cards.model import Card
from cardforge_desktop.cli.card_report import Report
from cardforge_desktop.cli.terminal import counted, one_line, visible

_STEP = "    "
_LABEL = 11
_BRIEF = 160  # characters of a text
_NARROWEST = 40
_COUNTED_LISTS = ("alternate_greetings", "group_only_greetings")


def card_lines(report: Report, *, brief: bool = False, width: int | None = None) -> Iterator[str]:
    """The lines of a report (`card_report.card_report`), fit for a terminal.

    Args:
        brief: texts are cut after some words; else all of them is there.
        width: columns that lines are wrapped to; None: as they are.
    """
    return _Lines(report, brief, width).all()


class _Lines:
    """One report on its way to lines."""

    def __init__(self, report: Report, brief: bool, width: int | None) -> None:
        self._report = report
        self._card: Report = report["card"]
        self._tokens: dict[str, int] = report["tokens"]["fields"]
        self._brief = brief
        self._width = width

    def all(self) -> Iterator[str]:
        yield from self._head()
        for name in ("files", "chunks"):
            yield from self._sizes(name)
        empty = [name for name, value in self._card.items() if value in ("", [], {})]
        for name, value in self._card.items():
            if name == "character_book":
                yield from self._book(value)
            elif name not in empty:
                yield from self._field(name, value)
        if empty:
            yield ""
            yield f"empty: {', '.join(map(one_line, empty))}"
        yield from self._losses()

    def _head(self) -> Iterator[str]:
        report, tokens = self._report, self._report["tokens"]
        book = self._card.get("character_book") or {}
        name = self._card.get("name") or book.get("name") or ""
        yield one_line(f"{report['file']}: {name}" if name else str(report["file"]))
        kinds = {"card": "a character card", "book": "a lorebook without a character"}
        yield _fact("holds", f"{kinds[report['holds']]}, {report['spec']}")
        yield _fact("container", f"{report['container']}, {report['bytes']:,} bytes")
        picture = report["picture"]
        if picture is not None:
            size = "size unknown" if picture["width"] is None else f"{picture['width']} × {picture['height']}"
            yield _fact("picture", f"{picture['kind']}, {size}, {picture['bytes']:,} bytes")
        counts = (
            f"{tokens['permanent']:,} permanent + {tokens['temporary']:,} temporary = {tokens['total']:,}"
        )
        if book:
            counts += f", and {tokens['book']:,} in the book"
        counter = report["tokenizer"]
        yield _fact("tokens", f"{counts} ({counter['name']}{'' if counter['exact'] else ', an estimate'})")
        if report["unknown_fields"]:
            yield _fact("unknown", ", ".join(report["unknown_fields"]))
        for warning in report["warnings"]:
            yield _fact("warning", warning)

    def _sizes(self, name: str) -> Iterator[str]:
        """Files, or chunks of a PNG; of equal ones in a row only how many they are."""
        parts = self._report.get(name)
        if not parts:
            return
        yield ""
        yield f"{name} ({len(parts):,})"
        for (told, size), run in groupby((_part(part), part["bytes"]) for part in parts):
            times = len(list(run))
            yield _STEP + one_line(f"{told}  {size:,} bytes{f' × {times:,}' if times > 1 else ''}")

    def _field(self, name: str, value: Any) -> Iterator[str]:
        if name in _COUNTED_LISTS and isinstance(value, list):
            for at, item in enumerate(value):
                yield from self._field(f"{name}[{at}]", item)
            return
        yield ""
        yield one_line(name) + self._count(name)
        if name.partition("[")[0] in Card.model_fields and isinstance(value, str):
            yield from self._text(value, _STEP)
        else:
            yield from self._value(value, _STEP)

    def _count(self, path: str) -> str:
        count = self._tokens.get(path)
        return "" if count is None else f" ({counted(count, 'token')})"

    def _book(self, book: Report) -> Iterator[str]:
        entries = book["entries"]
        yield ""
        yield f"character_book ({len(entries):,} entr{'y' if len(entries) == 1 else 'ies'})"
        yield from self._value({name: value for name, value in book.items() if name != "entries"}, _STEP)
        for at, entry in enumerate(entries):
            path = f"character_book.entries[{at}]"
            title = entry.get("name") or entry.get("comment") or ""
            yield ""
            yield path + (f": {one_line(title)}" if title else "") + self._count(f"{path}.content")
            others = {name: value for name, value in entry.items() if name != "content"}
            yield from self._value(others, _STEP)
            yield f"{_STEP}content:"
            yield from self._text(entry["content"], _STEP * 2)

    def _losses(self) -> Iterator[str]:
        for name, found in self._report.get("losses", {}).items():
            yield ""
            if isinstance(found, dict):
                yield one_line(f"{name} can't be written: {found['error']['message']}")
            elif not found:
                yield f"{name} holds all of it"
            else:
                yield f"{name} can't keep as it is:"
                yield from (f"{_STEP}{one_line(loss['field'])}: {one_line(loss['reason'])}" for loss in found)

    def _value(self, value: Any, indent: str) -> Iterator[str]:
        """A JSON value as lines, each object and list a step further in."""
        if isinstance(value, dict | list) and value:
            named = value.items() if isinstance(value, dict) else ((None, item) for item in value)
            for name, item in named:
                label = "-" if name is None else f"{one_line(name)}:"
                if isinstance(item, dict | list) and item:
                    yield indent + label
                    yield from self._value(item, indent + _STEP)
                elif isinstance(item, str) and "\n" in item:
                    yield indent + label
                    yield from self._text(item, indent + _STEP)
                else:
                    yield from self._text(f"{label} {_scalar(item)}", indent)
        else:
            yield from self._text(_scalar(value), indent)

    def _text(self, text: str, indent: str) -> Iterator[str]:
        if self._brief and len(text) > _BRIEF:
            text = f"{text[:_BRIEF].rstrip()} … ({len(text):,} characters)"
        for line in visible(text).split("\n"):
            room = max(_NARROWEST, (self._width or 0) - len(indent))
            pieces = [line] if self._width is None else textwrap.wrap(line, room)
            yield from ((indent + piece).rstrip() for piece in pieces or [""])


def _fact(label: str, text: str) -> str:
    return f"{_STEP}{label:<{_LABEL}}{one_line(text)}"


def _part(part: Report) -> str:
    if "path" in part:
        return str(part["path"])
    keyword = f" “{part['keyword']}”" if "keyword" in part else ""
    return f"{part['type']}{keyword}"


def _scalar(value: Any) -> str:
    """A value without parts; a text in quotation marks where it would be taken for something else."""
    if isinstance(value, str) and value and value == value.strip() and not _looks_like_json(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _looks_like_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
