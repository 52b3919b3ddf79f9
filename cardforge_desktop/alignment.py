"""Which parts of two sequences are the same, in bounded time whatever they are.

Patience diff: parts that stand once on either side are paired first, and what lies between the pairs is
looked at in the same way; where no part stands once, some in a row may. difflib, which is cubic at its worst,
only sees what is short and has no such row.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

#: Rounds of pairing; texts need four or five.
_ROUNDS = 16
#: Parts in a row that are paired when no shorter row stands once.
_WIDTHS = (1, 3, 8)
#: Parts on either side that are left to difflib.
_SHORT = 32


class Run(NamedTuple):
    """`length` parts that are the same, from `old` on in one sequence and from `new` on in the other."""

    old: int
    new: int
    length: int


def same_runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """The runs that both sequences have, in their order; no two touch on both sides."""
    alignment = _Alignment(old, new)
    alignment.add(_Span(0, len(old)), _Span(0, len(new)), _ROUNDS)
    runs: list[Run] = []
    for run in alignment.runs:
        last = runs[-1] if runs else Run(-1, -1, 0)
        if (last.old + last.length, last.new + last.length) == (run.old, run.new):
            runs[-1] = last._replace(length=last.length + run.length)
        else:
            runs.append(run)
    return runs


class _Span(NamedTuple):
    start: int
    stop: int


class _Alignment:
    """Two sequences and the runs found so far."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old = old
        self._new = new
        self.runs: list[Run] = []

    def add(self, old: _Span, new: _Span, rounds: int) -> None:
        """The runs within two spans: the same beginning, what is between, the same end."""
        most = min(old.stop - old.start, new.stop - new.start)
        head = 0
        while head < most and self._old[old.start + head] == self._new[new.start + head]:
            head += 1
        tail = 0
        while tail < most - head and self._old[old.stop - tail - 1] == self._new[new.stop - tail - 1]:
            tail += 1
        if head:
            self.runs.append(Run(old.start, new.start, head))
        if most > head + tail:
            self._add_between(
                _Span(old.start + head, old.stop - tail), _Span(new.start + head, new.stop - tail), rounds
            )
        if tail:
            self.runs.append(Run(old.stop - tail, new.stop - tail, tail))

    def _add_between(self, old: _Span, new: _Span, rounds: int) -> None:
        old_parts, new_parts = self._old[slice(*old)], self._new[slice(*new)]
        pairs = _pairs(old_parts, new_parts) if rounds else []
        if not pairs:
            self.runs += [
                Run(old.start + run.old, new.start + run.new, run.length)
                for run in _short_runs(old_parts, new_parts)
            ]
            return
        old_at, new_at = old.start, new.start
        for pair in pairs:
            old_pair, new_pair = old.start + pair.old, new.start + pair.new
            if old_pair < old_at or new_pair < new_at:
                continue
            self.add(_Span(old_at, old_pair), _Span(new_at, new_pair), rounds - 1)
            self.runs.append(Run(old_pair, new_pair, pair.length))
            old_at, new_at = old_pair + pair.length, new_pair + pair.length
        self.add(_Span(old_at, old.stop), _Span(new_at, new.stop), rounds - 1)


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Rows of parts that stand once on either side, as many as keep their order; they may overlap."""
    for width in _WIDTHS:
        old_rows, new_rows = _rows(old, width), _rows(new, width)
        in_old, in_new = Counter(old_rows), Counter(new_rows)
        place = {row: at for at, row in enumerate(new_rows) if in_new[row] == 1}
        shared = [(at, place[row]) for at, row in enumerate(old_rows) if row in place and in_old[row] == 1]
        # A blank is no sign that two places belong together.
        telling = [pair for pair in shared if not all(part.isspace() for part in old_rows[pair[0]])]
        if telling:
            return [Run(*pair, width) for pair in _rising(telling)]
    return []


def _rows(parts: Sequence[str], width: int) -> list[tuple[str, ...]]:
    return list(zip(*(parts[at:] for at in range(width)), strict=False))


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest series of `pairs`, given by their first number, whose second number rises too."""
    ends: list[int] = []
    ending: list[int] = []
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        ends[length : length + 1] = [second]
        before.append(ending[length - 1] if length else -1)
        ending[length : length + 1] = [index]
    series: list[tuple[int, int]] = []
    index = ending[-1] if ending else -1
    while index >= 0:
        series.append(pairs[index])
        index = before[index]
    return series[::-1]


def _short_runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    if max(len(old), len(new)) > _SHORT:
        return []
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(str.isspace, old, new, autojunk=False).get_matching_blocks()
    return [Run(*block) for block in blocks if block.size]
