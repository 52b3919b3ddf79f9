"""Long texts cut to the places that somebody changed, at the same places on all sides. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cardforge_desktop.text_diff import Hunk

#: Characters around a change that show where it is.
_CONTEXT = 110
#: Less than this between two places is shown: a gap takes as much room.
_LEAST_GAP = 60
#: Texts up to here are shown whole: they fit a row.
_SHORT = 480
_SHORT_LINES = 8
#: Of longer texts the beginning is shown: some 250 lines.
_MOST_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one side's text.

    Attributes:
        kind: ``same`` as the base, ``new`` here, ``gone`` from the base, ``gap`` = left out here.
        lines: how many line ends a gap leaves out.
    """

    kind: Literal["same", "new", "gone", "gap"]
    text: str = ""
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the base, in code points."""

    start: int
    end: int


def pieces(hunks: Sequence[Hunk]) -> tuple[Piece, ...]:
    """A side's whole text: what is new on it; what it only took away stays to be seen."""
    return tuple(piece for hunk in hunks for piece in _pieces_of(hunk))


def bounded(shown: Sequence[Piece]) -> tuple[Piece, ...]:
    """As much of a text as a label can lay out between two paints; a gap stands for the rest."""
    found: list[Piece] = []
    room = _MOST_SHOWN
    for piece in shown:
        text = piece.text[:room]
        if text:
            found.append(Piece(piece.kind, text))
        room -= len(text)
    left = "".join(piece.text for piece in shown)[_MOST_SHOWN:]
    return (*found, Piece("gap", lines=left.count("\n"))) if left else tuple(shown)


def base_pieces(base: str, changed: Iterable[Span]) -> tuple[Piece, ...]:
    """The base, with what somebody changed marked as gone."""
    found: list[Piece] = []
    at = 0
    for span in changed:
        found += [Piece("same", base[at : span.start]), Piece("gone", base[span.start : span.end])]
        at = span.end
    found.append(Piece("same", base[at:]))
    return tuple(piece for piece in found if piece.text)


def changed_spans(*sides: Sequence[Hunk]) -> tuple[Span, ...]:
    """Where the sides changed their base, in order, what touches made one."""
    found: list[Span] = []
    for hunks in sides:
        at = 0
        for hunk in hunks:
            if hunk.kind == "changed":
                found.append(Span(at, at + len(hunk.old)))
            at += len(hunk.old)
    return tuple(_united(sorted(found, key=lambda span: (span.start, span.end)), apart=0))


def kept_spans(base: str, changed: Sequence[Span], longest_side: int) -> tuple[Span, ...] | None:
    """The parts of a base that are shown of a long text; None = all of it is.

    Args:
        longest_side: characters of the longest of the texts.
    """
    if max(longest_side, len(base)) <= _SHORT and base.count("\n") < _SHORT_LINES:
        return None
    around = (Span(_begin(base, span.start), _end(base, span.end)) for span in changed)
    kept = tuple(_united(around, apart=_LEAST_GAP)) or (Span(0, _end(base, 0)),)
    whole = len(kept) == 1 and kept[0].start <= _LEAST_GAP and kept[0].end >= len(base) - _LEAST_GAP
    return None if whole else kept


def excerpt(hunks: Sequence[Hunk], kept: Sequence[Span]) -> tuple[Piece, ...]:
    """As `pieces`, with gaps where the base is not kept."""
    found: list[Piece] = []
    at = 0
    for hunk in hunks:
        if hunk.kind == "changed":
            found += _pieces_of(hunk)
        else:
            found += _same(hunk.old, at, kept)
        at += len(hunk.old)
    return tuple(_joined(found))


def _pieces_of(hunk: Hunk) -> Iterator[Piece]:
    if hunk.kind == "same":
        yield Piece("same", hunk.new)
    elif hunk.new:
        yield Piece("new", hunk.new)
    else:
        yield Piece("gone", hunk.old)


def _same(text: str, offset: int, kept: Sequence[Span]) -> Iterator[Piece]:
    """A same stretch that stands at `offset` of the base."""
    at = 0
    for span in kept:
        start, end = max(span.start - offset, at), min(span.end - offset, len(text))
        if start >= end:
            continue
        if start > at:
            yield _gap(text[at:start])
        yield Piece("same", text[start:end])
        at = end
    if at < len(text):
        yield _gap(text[at:])


def _gap(text: str) -> Piece:
    return Piece("gap", lines=text.count("\n"))


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    """Gaps that follow one another made one."""
    before: Piece | None = None
    for piece in found:
        if before is not None and before.kind == piece.kind == "gap":
            before = Piece("gap", lines=before.lines + piece.lines)
            continue
        if before is not None:
            yield before
        before = piece
    if before is not None:
        yield before


def _united(spans: Iterable[Span], *, apart: int) -> Iterator[Span]:
    """Spans in the order of their starts, neighbours that are at most `apart` from each other made one."""
    before: Span | None = None
    for span in spans:
        if before is not None and span.start <= before.end + apart:
            before = Span(before.start, max(before.end, span.end))
            continue
        if before is not None:
            yield before
        before = span
    if before is not None:
        yield before


def _begin(base: str, start: int) -> int:
    """Where showing begins before a change: at a word, rather at the line that it is in."""
    least = max(0, start - _CONTEXT)
    line = base.rfind("\n", least, start)
    if line >= 0:
        return line + 1
    if least == 0:
        return 0
    blank = base.find(" ", least, start)
    return blank + 1 if blank >= 0 else least


def _end(base: str, end: int) -> int:
    """Where showing ends behind a change."""
    most = min(len(base), end + _CONTEXT)
    line = base.find("\n", end, most)
    if line >= 0:
        return line
    if most == len(base):
        return most
    blank = base.rfind(" ", end, most)
    return blank if blank >= 0 else most
