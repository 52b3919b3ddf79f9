"""Differences as lines for a terminal, changed words marked where it can."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from cardforge_desktop.cli.terminal import one_line
from cardforge_desktop.text_diff import hunks

_CONTEXT = 2  # lines around a change
_OFF, _HEAD, _REMOVED, _ADDED = "\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m"
_MARKED, _UNMARKED = "\x1b[7m", "\x1b[27m"

#: Stretches of a line, and whether each changed.
Line = list[tuple[str, bool]]


def field_lines(old: str, new: str, paint: Paint) -> Iterator[str]:
    """The changed lines of one field, and some around them; nothing stands for an empty text."""
    before, after = (text.split("\n") if text else [] for text in (old, new))
    groups = SequenceMatcher(None, before, after).get_grouped_opcodes(_CONTEXT)
    for group in groups:
        if len(before) > 1 or len(after) > 1:
            yield paint.head(f"@@ line {group[0][3] + 1} @@")
        for kind, old_from, old_to, new_from, new_to in group:
            removed, added = before[old_from:old_to], after[new_from:new_to]
            if kind == "equal":
                yield from (paint.same(line) for line in added)
                continue
            minus, plus = _marked(removed, added)
            yield from (paint.changed("-", line) for line in minus)
            yield from (paint.changed("+", line) for line in plus)


def _marked(removed: Sequence[str], added: Sequence[str]) -> tuple[list[Line], list[Line]]:
    """Both sides line by line, with the words that changed; where one side is empty nothing is marked."""
    if not (removed and added):
        return [[(line, False)] for line in removed], [[(line, False)] for line in added]
    found = hunks("\n".join(removed), "\n".join(added))
    return (
        _in_lines([(hunk.old, hunk.kind == "changed") for hunk in found]),
        _in_lines([(hunk.new, hunk.kind == "changed") for hunk in found]),
    )


def _in_lines(stretches: Sequence[tuple[str, bool]]) -> list[Line]:
    lines: list[Line] = [[]]
    for text, changed in stretches:
        first, *rest = text.split("\n")
        lines[-1].append((first, changed))
        lines += [[(line, changed)] for line in rest]
    return lines


class Paint:
    """Lines for the terminal; none of a text's own control characters reaches it."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours

    def head(self, text: str) -> str:
        """A heading."""
        return f"{_HEAD}{one_line(text)}{_OFF}" if self._colours else one_line(text)

    def marked(self, line: Line) -> str:
        """A line with stretches that stand out; without colours nothing is marked."""
        mark, unmark = (_MARKED, _UNMARKED) if self._colours else ("", "")
        return "".join(
            f"{mark}{one_line(text)}{unmark}" if stands_out and text else one_line(text)
            for text, stands_out in line
        )

    def same(self, text: str) -> str:
        """A line that did not change."""
        return f"  {one_line(text)}".rstrip()

    def changed(self, sign: str, line: Line) -> str:
        """A line that went (``-``) or came (``+``)."""
        if not self._colours:
            return f"{sign} {''.join(one_line(text) for text, _ in line)}"
        return f"{_REMOVED if sign == '-' else _ADDED}{sign} {self.marked(line)}{_OFF}"


def has_colours() -> bool:
    """Whether standard output is a terminal that shows them, to a person who wants them (no-color.org)."""
    known = sys.platform != "win32" or "WT_SESSION" in os.environ
    return (
        known and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
