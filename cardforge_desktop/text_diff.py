"""What changed between two texts, word by word, and taking some of the changes."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from cardforge_desktop.alignment import same_runs

#: A macro, a character of a script without spaces (Chinese, Japanese), a word, blanks, any other character.
_WORDS = re.compile(
    r"\{\{\w{1,40}\}\}|<\w{1,20}>|[\u2e80-\ua4cf\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]|"
    r"[^\W\u2e80-\ua4cf\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff][\w\u0300-\u036f]*(?:['’]\w+)*|[^\S\n]+|.",
    re.DOTALL,
)
#: Characters (blanks aside) that may stay the same between two changes and are still shown as changed: a
#: sentence that was written anew should not fall into shreds around "the" and "of".
_SHRED = 12


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of both texts: "same" where `old` equals `new`; in a "changed" one either may be empty."""

    kind: Literal["same", "changed"]
    old: str
    new: str


def words(text: str) -> list[str]:
    """What texts are compared by: words, blanks and other characters, which joined are the text."""
    return _WORDS.findall(text)


def hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """The stretches of two texts in their order, same and changed by turns.

    Joined, their `old` is the old text and their `new` the new one, to the last blank. Lines are compared
    first, then the words of the lines that differ. It takes a second or so at most, whatever the texts are.
    """
    found: list[Hunk] = []
    for stretch in _compared(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if stretch.kind == "same" or not (stretch.old and stretch.new):
            found.append(stretch)
        else:
            found += _compared(words(stretch.old), words(stretch.new))
    return tuple(_without_shreds(_joined(found)))


def apply(hunks: Collection[Hunk], accepted: Collection[int]) -> str:
    """The text with the new side of the hunks whose index is in `accepted`, the old side of all others."""
    taken = frozenset(accepted)
    return "".join(hunk.new if index in taken else hunk.old for index, hunk in enumerate(hunks))


def _compared(old: list[str], new: list[str]) -> Iterator[Hunk]:
    old_at = new_at = 0
    for run in (*same_runs(old, new), None):
        old_end, new_end = (run.old, run.new) if run else (len(old), len(new))
        if old_at < old_end or new_at < new_end:
            yield Hunk("changed", "".join(old[old_at:old_end]), "".join(new[new_at:new_end]))
        if run:
            old_at, new_at = run.old + run.length, run.new + run.length
            same = "".join(old[run.old : old_at])
            yield Hunk("same", same, same)


def _joined(found: list[Hunk]) -> list[Hunk]:
    """Neighbours of one kind made one, whole runs at a time."""
    return [
        Hunk(kind, "".join(hunk.old for hunk in run), "".join(hunk.new for hunk in run))
        for kind, run in ((kind, list(group)) for kind, group in groupby(found, key=lambda hunk: hunk.kind))
    ]


def _without_shreds(found: list[Hunk]) -> Iterator[Hunk]:
    """What is same between two changes and shorter than either is counted to the change."""
    pending: list[Hunk] = []
    for index, hunk in enumerate(found):
        between = 0 < index < len(found) - 1
        if hunk.kind == "changed" or (between and _is_shred(hunk, found[index - 1], found[index + 1])):
            pending.append(hunk)
            continue
        yield from _one(pending)
        pending = []
        yield hunk
    yield from _one(pending)


def _one(pending: list[Hunk]) -> Iterator[Hunk]:
    if pending:
        yield Hunk("changed", "".join(hunk.old for hunk in pending), "".join(hunk.new for hunk in pending))


def _is_shred(same: Hunk, before: Hunk, behind: Hunk) -> bool:
    length = len(same.old.strip())
    least = min(max(len(change.old), len(change.new)) for change in (before, behind))
    return length <= min(_SHRED, least) and "\n" not in same.old
