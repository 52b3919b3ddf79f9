"""Several texts before and after, one below the other, ready to be read in a `DiffView`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cardforge_desktop.text_diff import Hunk, hunks

#: What is shown at most; the rest is counted.
MOST_SECTIONS, MOST_CHARACTERS = 50, 16_000
_MOST_COMPARED = 60_000  # characters of one text
_LONGEST_SIDE = 6_000  # characters of one change
_CONTEXT = 90  # characters around a change that show where it is


@dataclass(frozen=True, slots=True)
class Section:
    """One text.

    Attributes:
        moved: said in the place of a difference, "" = the texts are compared.
        by_words: False shows the two as a whole: a number is another number.
    """

    title: str
    old: str
    new: str
    moved: str = ""
    by_words: bool = True

    def hunks(self) -> list[Hunk]:
        """What differs, with as much around it as shows where."""
        if self.moved:
            return [Hunk("same", self.moved, self.moved)]
        if not self.by_words:
            return [Hunk("changed", self.old, self.new)]
        return list(_shortened(hunks(_cut(self.old, _MOST_COMPARED), _cut(self.new, _MOST_COMPARED))))


@dataclass(frozen=True, slots=True)
class SectionsDiff:
    """The differences.

    Attributes:
        hunks: of all sections, one after the other; what is the same is shortened.
        headings: the title over the first hunk of each, by the hunk's index.
        sections: how many there are.
        left_out: how many of these are not shown.
    """

    hunks: tuple[Hunk, ...] = ()
    headings: Mapping[int, str] = field(default_factory=dict)
    sections: int = 0
    left_out: int = 0


def sections_diff(sections: Sequence[Section]) -> SectionsDiff:
    """Compare; slow for long texts: off the window's thread."""
    found: list[Hunk] = []
    headings: dict[int, str] = {}
    room, shown = MOST_CHARACTERS, 0
    for section in sections[:MOST_SECTIONS]:
        if room <= 0:
            break
        made = section.hunks()
        headings[len(found)] = section.title
        found += made
        room -= sum(len(hunk.old) + len(hunk.new) for hunk in made)
        shown += 1
    return SectionsDiff(tuple(found), headings, len(sections), len(sections) - shown)


def _shortened(found: tuple[Hunk, ...]) -> Iterator[Hunk]:
    """Of what is the same, only what shows where the changes are; of a change, no more than one reads."""
    for at, hunk in enumerate(found):
        if hunk.kind == "changed":
            yield Hunk("changed", _cut(hunk.old, _LONGEST_SIDE), _cut(hunk.new, _LONGEST_SIDE))
            continue
        head = hunk.new[:_CONTEXT] if at else ""
        tail = hunk.new[-_CONTEXT:] if at < len(found) - 1 else ""
        if len(hunk.new) <= len(head) + len(tail) + 3:
            yield hunk
            continue
        begin, end = head.rpartition(" ")[0] or head, tail.partition(" ")[2] or tail
        text = " … ".join((begin, end)) if begin and end else f"{begin} …" if begin else f"… {end}"
        yield Hunk("same", text, text)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} …"
