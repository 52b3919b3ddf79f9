"""Two changed one text: both changes in one text, word by word. Pure.

Where both changed the same words, both wordings stay: mine, then theirs, with a slash between them
(``a young / an ancient keeper``), or on lines of their own where one of them has more than one line. A person
who reads the text sees what there is to choose, strikes one and goes on; `TextMerge.overlaps` tells where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from cardforge_desktop.text_diff import hunks, words

#: Between my wording and theirs within a line.
BETWEEN = " / "


@dataclass(frozen=True, slots=True)
class Overlap:
    """A place of the merged text where both changed the same words; in code points.

    Mine stands from `start` to `mine_end`, theirs from `theirs_start` to `end`; one of them may be empty: it
    took the words out.
    """

    start: int
    mine_end: int
    theirs_start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextMerge:
    """Both changes in one text.

    Attributes:
        overlaps: in their order; none where the merge is clean.
    """

    text: str
    overlaps: tuple[Overlap, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether no words were changed by both in different ways."""
        return not self.overlaps


def merge_texts(base: str, mine: str, theirs: str) -> TextMerge:
    """Three-way merge of texts. What either side added is in the result, whatever the texts are.

    Changes that only touch are both made; what both changed alike is made once. It takes two comparisons of
    `text_diff.hunks`, so its time is bounded as theirs is.
    """
    text: list[str] = []
    overlaps: list[Overlap] = []
    length = at = 0
    for region in _regions(_edits(base, mine), _edits(base, theirs)):
        text.append(base[at : region.start])
        length += region.start - at
        piece, overlap = _merged(region, base)
        if overlap is not None:
            overlaps.append(Overlap(*(length + place for place in overlap)))
        text.append(piece)
        length += len(piece)
        at = region.stop
    return TextMerge("".join([*text, base[at:]]), tuple(overlaps))


class _Edit(NamedTuple):
    """`new` in the place of the base's ``start:stop``."""

    start: int
    stop: int
    new: str


class _Region(NamedTuple):
    """Edits of both sides that have to do with each other."""

    start: int
    stop: int
    mine: list[_Edit]
    theirs: list[_Edit]


def _edits(base: str, side: str) -> list[_Edit]:
    edits: list[_Edit] = []
    at = 0
    for hunk in hunks(base, side):
        if hunk.kind == "changed":
            edits.append(_Edit(at, at + len(hunk.old), hunk.new))
        at += len(hunk.old)
    return edits


def _regions(mine: Sequence[_Edit], theirs: Sequence[_Edit]) -> Iterator[_Region]:
    """The edits in the order of the base; those that overlap together."""
    both = sorted(
        [(edit, True) for edit in mine] + [(edit, False) for edit in theirs],
        key=lambda each: (each[0].start, each[0].stop),
    )
    region: _Region | None = None
    for edit, is_mine in both:
        if region is None or not _meets(region, edit):
            if region is not None:
                yield region
            region = _Region(edit.start, edit.stop, [], [])
        (region.mine if is_mine else region.theirs).append(edit)
        region = region._replace(stop=max(region.stop, edit.stop))
    if region is not None:
        yield region


def _meets(region: _Region, edit: _Edit) -> bool:
    """Whether an edit that begins behind the region's begin is within it; insertions meet at one place."""
    if region.start == region.stop == edit.start == edit.stop:
        return True
    return edit.start < region.stop


def _merged(region: _Region, base: str) -> tuple[str, tuple[int, int, int, int] | None]:
    """The words in the place of a region, and where mine and theirs stand in them."""
    mine, theirs = _side(region, region.mine, base), _side(region, region.theirs, base)
    if not region.theirs or mine == theirs:
        return mine, None
    if not region.mine:
        return theirs, None
    head, own, other, tail = _without_common(mine, theirs)
    between = "" if not own or not other else _between(own, other)
    start = len(head)
    mine_end = start + len(own)
    theirs_start = mine_end + len(between)
    places = (start, mine_end, theirs_start, theirs_start + len(other))
    return head + own + between + other + tail, places


def _side(region: _Region, edits: Sequence[_Edit], base: str) -> str:
    """The region as one side has it."""
    pieces: list[str] = []
    at = region.start
    for edit in edits:
        pieces += [base[at : edit.start], edit.new]
        at = edit.stop
    return "".join([*pieces, base[at : region.stop]])


def _without_common(mine: str, theirs: str) -> tuple[str, str, str, str]:
    """What both begin with, the rest of mine, the rest of theirs, what both end with.

    In words; where a rest has more than one line, in lines, so that none is torn apart.
    """
    parts = _split_common(words(mine), words(theirs))
    if "\n" in parts[1] + parts[2]:
        return _split_common(mine.splitlines(keepends=True), theirs.splitlines(keepends=True))
    return parts


def _split_common(own: list[str], other: list[str]) -> tuple[str, str, str, str]:
    head = _common(own, other)
    own, other = own[len(head) :], other[len(head) :]
    tail = _common(own[::-1], other[::-1])[::-1]
    own, other = own[: len(own) - len(tail)], other[: len(other) - len(tail)]
    return "".join(head), "".join(own), "".join(other), "".join(tail)


def _common(own: Sequence[str], other: Sequence[str]) -> list[str]:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(own, other, strict=False))
    return [word for word, _ in pairs]


def _between(mine: str, theirs: str) -> str:
    if "\n" not in mine + theirs:
        return BETWEEN
    return "" if mine.endswith("\n") or theirs.startswith("\n") else "\n"
