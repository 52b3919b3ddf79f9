"""Where the words of a prompt come from: the profile's template, what was filled in, what CardForge adds.

The prompt is put together once more, with marks in the templates that no text has. Without the marks it must
be the very prompt; where it is not, nothing is told apart, and what is shown is still what is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cardforge_desktop.engines.base import Message, Role
from cardforge_desktop.generation.model import Order
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.templates import placeholders_in

Origin = Literal["template", "filled", "added"]

# Characters of private use.
_BEGIN, _END, _OPEN, _NAMED, _SHUT, _HOLE = "\uf510", "\uf511", "\uf512", "\uf513", "\uf514", "\uf515"
_MARKS = re.compile(f"([{_BEGIN}{_END}{_SHUT}]|{_OPEN}\\w+{_NAMED})")
_PART = re.compile(r"(<source [^>]*>\n)(.*)(\n</source>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a message.

    Attributes:
        origin: the profile's own words; what stands for a placeholder of them; or what CardForge adds.
        placeholder: its name, of what is filled in.
    """

    text: str
    origin: Origin
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as it is sent; `pieces` joined are its text."""

    role: Role
    pieces: tuple[Piece, ...]
    tokens: int

    @property
    def text(self) -> str:
        """The whole of it."""
        return "".join(piece.text for piece in self.pieces)


def marked_messages(order: Order) -> tuple[Message, ...]:
    """What the profile's prompts are for a source that is not there yet, with marks."""
    from cardforge_desktop.generation.prompts import messages

    return messages(replace(order, profile=_marked(order.profile)), _HOLE)


def shown_messages(
    messages: Sequence[Message], marked: Sequence[Message], count: Callable[[str], int]
) -> tuple[ShownMessage, ...]:
    """The messages of a prompt in pieces.

    Args:
        marked: `marked_messages` of its order.
        count: tokens of a text.
    """
    fitting = marked if len(marked) == len(messages) else messages
    return tuple(
        ShownMessage(message.role, _told_apart(message.content, mark.content), count(message.content))
        for message, mark in zip(messages, fitting, strict=True)
    )


def _marked(profile: Profile) -> Profile:
    words = {name: _mark(getattr(profile.prompts, name)) for name in ("system", "task", "examples")}
    return profile.model_copy(update={"prompts": profile.prompts.model_copy(update=words)})


def _mark(template: str) -> str:
    """The template with marks around it and around its placeholders, blanks at its ends outside."""
    if not template.strip():
        return template
    body, at = "", 0
    for each in placeholders_in(template):
        body += template[at : each.start]
        body += f"{_OPEN}{each.name}{_NAMED}{template[each.start : each.end]}{_SHUT}"
        at = each.end
    body += template[at:]
    start, end = len(body) - len(body.lstrip()), len(body.rstrip())
    return f"{body[:start]}{_BEGIN}{body[start:end]}{_END}{body[end:]}"


def _told_apart(text: str, marked: str) -> tuple[Piece, ...]:
    pieces = tuple(_joined(_with_source(list(_pieces(marked)), text)))
    if "".join(piece.text for piece in pieces) == text:
        return pieces
    found = _PART.search(text)
    if found is None:
        return (Piece(text, "added"),)
    return (
        Piece(text[: found.end(1)], "added"),
        Piece(found[2], "filled", "source"),
        Piece(text[found.start(3) :], "added"),
    )


def _pieces(marked: str) -> Iterator[Piece]:
    """The stretches between marks; of placeholders inside of what is filled in, the outermost counts."""
    depth, name, in_template = 0, "", False
    for part in _MARKS.split(marked):
        if part == _BEGIN:
            in_template = in_template or not depth
        elif part == _END:
            in_template = in_template and bool(depth)
        elif part == _SHUT:
            depth -= 1
        elif part.startswith(_OPEN):
            name = name if depth else part[1:-1]
            depth += 1
        elif part:
            is_filled = depth and part != f"{{{name}}}"  # an unknown placeholder stays as it is
            origin: Origin = "filled" if is_filled else "template" if in_template else "added"
            yield Piece(part, origin, name if is_filled else "")


def _with_source(pieces: list[Piece], text: str) -> Iterator[Piece]:
    """The pieces with what really stands in the source's places: all of these are equally long."""
    holes = sum(piece.text.count(_HOLE) for piece in pieces)
    if not holes:
        yield from pieces
        return
    before = ""
    for piece in pieces:
        before += piece.text.partition(_HOLE)[0]
        if _HOLE in piece.text:
            break
    length = (len(text) - sum(len(piece.text) for piece in pieces) + holes) // holes
    source = text[len(before) : len(before) + length]
    for piece in pieces:
        for at, part in enumerate(piece.text.split(_HOLE)):
            if at:
                yield Piece(source, "filled", "source")
            if part:
                yield replace(piece, text=part)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and (last.origin, last.placeholder) == (piece.origin, piece.placeholder):
            last = replace(last, text=last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
