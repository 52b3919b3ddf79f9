"""Regular expressions in keys, by JavaScript's rules: the apps that match them are written in it.

Only what every engine refuses is called broken; linear, and nothing is ever run.
"""

import re
from dataclasses import dataclass

_FLAGS = frozenset("dgimsuvy")
_CLASS = re.compile(r"\[\^?[^\]\\]*(?:\\.[^\]\\]*)*\]", re.DOTALL)
_GROUP = re.compile(r"\((?:\?(?:[:=!]|<[=!]|<[A-Za-z_$][\w$]{0,60}>|[ims]{0,3}(?:-[ims]{1,3})?:))?")
_REPEAT = re.compile(r"(?:[*+?]|\{\d{1,9}(?:,\d{0,9})?\})")
_RANGE = re.compile(r"(?<!\\)([a-zA-Z0-9])-([a-zA-Z0-9])")
#: Between what they hold and matching any message there is no difference.
_ANYTHING = frozenset(
    {"", ".", r"\w", r"\W", r"\s", r"\S", r"\b", r"\B", r"\D", "[a-z]", "[A-Z]", "[a-zA-Z]", "[A-Za-z]"}
    | {"[^]", r"[\s\S]", r"[\S\s]", r"[\w\W]", r"[\W\w]", r"[\d\D]", r"[\D\d]"}
)


@dataclass(frozen=True, slots=True)
class Written:
    """A key in the form ``/pattern/flags``."""

    pattern: str
    flags: str


def as_regex(key: str) -> Written | None:
    """The key as SillyTavern takes it apart (`parseRegexFromString`), None for a plain one."""
    if len(key) < 3 or not key.startswith("/"):
        return None
    head, _, flags = key.rpartition("/")
    return Written(head[1:], flags) if len(head) > 1 and set(flags) <= _FLAGS else None


def matches_anything(written: Written) -> bool:
    """Whether nearly every message matches: an empty alternative, or nothing but a wildcard."""
    pattern = written.pattern
    branches, depth, start, at = [], 0, 0, 0
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "[":
            closed = _CLASS.match(pattern, at)
            at = closed.end() - 1 if closed else len(pattern)
        elif pattern[at] in "()":
            depth += 1 if pattern[at] == "(" else -1
        elif pattern[at] == "|" and depth == 0:
            branches.append(pattern[start:at])
            start = at + 1
        at += 1
    return any(_bare(branch) in _ANYTHING for branch in (*branches, pattern[start:]))


def _bare(branch: str) -> str:
    """Without anchors, the brackets of one group around it all, and the repetition of what is left."""
    bare = branch.removeprefix("^").removesuffix("$")
    if bare.startswith("(") and bare.find(")") == len(bare) - 1:
        bare = bare[1:-1].removeprefix("?:")
    return bare.removesuffix("?").rstrip("*+")


def problem(written: Written) -> str:
    """Why the expression does not compile, or ""."""
    if len(set(written.flags)) < len(written.flags):
        return "a flag stands twice behind it"
    return _Scan(written.pattern).problem()


class _Scan:
    """One walk over a pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._repeatable = False

    def problem(self) -> str:
        """The first thing no engine takes, or ""."""
        while self._at < len(self._pattern):
            found = self._step(self._pattern[self._at])
            if found:
                return found
        return "a “(” is never closed" if self._depth else ""

    def _step(self, character: str) -> str:
        if character in "*+?{" and (repeat := _REPEAT.match(self._pattern, self._at)):
            return self._repeat(repeat.end())
        special = {"\\": self._escape, "[": self._class, "(": self._open, ")": self._close}.get(character)
        if special is not None:
            return special()
        if character == "/":
            return "a “/” in it needs a backslash before it"
        self._at += 1
        self._repeatable = character not in "|^"
        return ""

    def _repeat(self, end: int) -> str:
        if not self._repeatable:
            return f"nothing stands before “{self._pattern[self._at : end]}” that could be repeated"
        lazy = self._pattern.startswith("?", end)
        self._at, self._repeatable = end + lazy, False
        return ""

    def _escape(self) -> str:
        self._at += 2
        self._repeatable = True
        return "it ends in a lone backslash" if self._at > len(self._pattern) else ""

    def _class(self) -> str:
        closed = _CLASS.match(self._pattern, self._at)
        if closed is None:
            return "a “[” is never closed"
        self._at, self._repeatable = closed.end(), True
        reversed_range = next((pair for pair in _RANGE.finditer(closed.group()) if pair[1] > pair[2]), None)
        return "" if reversed_range is None else f"the range {reversed_range.group()} is the wrong way round"

    def _open(self) -> str:
        group = _GROUP.match(self._pattern, self._at)
        if group is None or (group.group() == "(" and self._pattern.startswith("(?", self._at)):
            return "JavaScript knows no group that begins like “(?”"
        self._at, self._repeatable = group.end(), False
        self._depth += 1
        return ""

    def _close(self) -> str:
        self._at += 1
        self._depth -= 1
        self._repeatable = True
        return "a “)” closes nothing" if self._depth < 0 else ""
