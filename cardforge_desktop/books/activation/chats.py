"""Chats as people paste them, read into messages. Pure and linear."""

import json
import re
from collections.abc import Iterator
from typing import Any

from cardforge_desktop.books.activation.model import Message

#: ``Name: text`` at the head of a line. Longer than this is no name, nor is what ends a sentence.
_SAID = re.compile(r"[ \t]*(?P<name>[^\s:*\"“„«][^:\n.!?;\"“”]{0,48}?)[ \t]*:(?!//)[ \t]*(?P<text>\S?)")
_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_MOST_WORDS = 4
_LARGEST_LINE = 5_000_000


def chat_of(text: str) -> tuple[Message, ...]:
    """The messages in `text`, the oldest first.

    Understood are SillyTavern's chat files (one JSON object a line; what it hides from the model is left
    out), lines ``Name: text`` where the first line is one, and paragraphs parted by blank lines. In a chat
    with blank lines a line in the middle of a paragraph begins a message only if its name begins another.
    """
    text = text.replace("\r\n", "\n") if "\r" in text else text
    if text.lstrip().startswith("{"):
        lines = _json_lines(text)
        if lines is not None:
            return tuple(lines)
    heads = list(_heads(text))
    begins = heads and not text[: heads[0].start()].strip()
    return tuple(_said(text, heads) if begins else _paragraphs(text))


def chat_text(chat: tuple[Message, ...]) -> str:
    """The messages as text that `chat_of` reads again."""
    return "\n\n".join(f"{each.name}: {each.text}" if each.name else each.text for each in chat)


def _said(text: str, heads: list[re.Match[str]]) -> Iterator[Message]:
    for at, head in enumerate(heads):
        end = heads[at + 1].start() if at + 1 < len(heads) else len(text)
        yield _message(text, head.start("text"), end, head)


def _heads(text: str) -> Iterator[re.Match[str]]:
    """Where messages begin: in a text with blank lines behind these, else only at names that stand there."""
    lines = [line for line in _LINE.finditer(text) if line.group()]
    found = [(_SAID.match(text, line.start(), line.end()), at) for at, line in enumerate(lines)]
    heads = [
        (head, at) for head, at in found if head is not None and len(head["name"].split()) <= _MOST_WORDS
    ]
    opening = {at for at in range(len(lines)) if at == 0 or not lines[at - 1].group().strip()}
    names = {head["name"] for head, at in heads if at in opening}
    is_parted = bool(_BLANK_LINE.search(text.strip()))
    yield from (head for head, at in heads if not is_parted or at in opening or head["name"] in names)


def _paragraphs(text: str) -> Iterator[Message]:
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        if text[start : gap.start()].strip():
            yield _message(text, start, gap.start())
        start = gap.end()
    if text[start:].strip():
        yield _message(text, start, len(text))


def _message(text: str, start: int, end: int, head: re.Match[str] | None = None) -> Message:
    said = text[start:end]
    start += len(said) - len(said.lstrip())
    name = "" if head is None else head["name"]
    return Message(name, said.strip(), start, -1 if head is None else head.start("name"))


def _json_lines(text: str) -> list[Message] | None:
    """The messages of a chat file; None where it is none."""
    found: list[Message] = []
    known = False
    for line in text.splitlines():
        if not line.strip():
            continue
        value = _object(line)
        if value is None:
            return None
        known = known or "mes" in value or "chat_metadata" in value
        said = value.get("mes")
        if isinstance(said, str) and not value.get("is_system"):
            name = value.get("name")
            found.append(Message(name if isinstance(name, str) else "", said.strip()))
    return found if known else None


def _object(line: str) -> dict[str, Any] | None:
    if len(line) > _LARGEST_LINE:
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
