"""Example messages as blocks that can be sorted and still join to the text they came from. No Qt here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_START = re.compile(r"<START>", re.IGNORECASE)
_HEAD = re.compile(r"(?:<START>)?\s*", re.IGNORECASE)
_NEW_HEAD, _NEW_TAIL = "<START>\n", "\n"


@dataclass(frozen=True, slots=True)
class Block:
    """One example: what a person writes, and what stands around it.

    Attributes:
        head: the mark as it is written, and the blanks behind it; without a mark in text before the first.
        body: the example itself.
        tail: blanks up to the next mark.
        place: among the blocks of the text it was read from; -1 in none.
    """

    head: str
    body: str
    tail: str
    place: int = -1

    @property
    def is_marked(self) -> bool:
        """Whether it begins with <START>."""
        return bool(self.head.strip())


def split(text: str) -> tuple[Block, ...]:
    """The blocks of `text`; `join` gives back exactly this text. Blanks alone are no block."""
    marks = [match.start() for match in _START.finditer(text)]
    begins = [0, *marks] if not marks or text[: marks[0]].strip() else marks
    if not text.strip():
        return ()
    pieces = [text[begin:end] for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)]
    blocks = [_block(piece, at) for at, piece in enumerate(pieces)]
    before = text[: begins[0]]  # blanks in front of the first mark
    return (replace(blocks[0], head=before + blocks[0].head), *blocks[1:])


def join(blocks: Sequence[Block]) -> str:
    """The text of the blocks. Only where one would run into the next is something added."""
    return "".join(head + block.body + block.tail for head, block in _headed(blocks))


def rematch(blocks: Sequence[Block], bodies: Sequence[str]) -> tuple[Block, ...]:
    """The blocks after a person changed one body, or sorted, added or removed some of them."""
    if len(blocks) == len(bodies):
        changed = [at for at, body in enumerate(bodies) if body != blocks[at].body]
        if len(changed) == 1:
            return tuple(replace(block, body=body) for block, body in zip(blocks, bodies, strict=True))
    unused = list(blocks)
    found: list[Block] = []
    for body in bodies:
        at = next((at for at, block in enumerate(unused) if block.body == body), None)
        found.append(Block(_NEW_HEAD, body, _NEW_TAIL) if at is None else unused.pop(at))
    return tuple(found)


def place_in(blocks: Sequence[Block], offset: int) -> tuple[int, int]:
    """Which block the character at `offset` of the joined text is in, and where in its body."""
    begin = 0
    for at, (head, block) in enumerate(_headed(blocks)):
        end = begin + len(head) + len(block.body) + len(block.tail)
        if offset < end or at == len(blocks) - 1:
            return at, min(max(offset - begin - len(head), 0), len(block.body))
        begin = end
    return 0, 0


def begin_of(blocks: Sequence[Block], at: int) -> int:
    """Where the body of the block begins in the joined text."""
    begin = 0
    for number, (head, block) in enumerate(_headed(blocks)):
        if number == at:
            return begin + len(head)
        begin += len(head) + len(block.body) + len(block.tail)
    return begin


def _headed(blocks: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    """Each block with what stands in front of its body, blocks in a new neighbourhood kept apart."""
    before: Block | None = None
    for block in blocks:
        head = block.head
        if before is not None and not (block.place >= 0 and block.place == before.place + 1):
            ends_open = not (before.head + before.body + before.tail)[-1:].isspace()
            head = ("\n" if ends_open else "") + (head if block.is_marked else _NEW_HEAD)
        yield head, block
        before = block


def _block(piece: str, place: int) -> Block:
    found = _HEAD.match(piece)
    head = found.group() if found is not None else ""
    rest = piece[len(head) :]
    body = rest.rstrip()
    return Block(head, body, rest[len(body) :], place)
