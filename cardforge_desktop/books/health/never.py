"""Regular expressions that match no text at all, as far as that can be seen from how they are written.

Nothing is run; what is not seen here may still never match. Linear.
"""

from __future__ import annotations

import re

from cardforge_desktop.cards.js_regex import Written

_PIECE = re.compile(
    r"\(\?!\)|\\.|\[\^?[^\]\\]*(?:\\.[^\]\\]*)*\]|[*+?]\??|\{\d{1,9}(?:,\d{0,9})?\}\??|.", re.DOTALL
)
_NOTHING = frozenset({"[]", "(?!)"})
#: What takes no character of the text; of a group that is not known.
_NO_WIDTH = frozenset({"^", "$", r"\b", r"\B", "()", *_NOTHING})
_OPTIONAL = re.compile(r"[*?]|\{0[,}]")
_REPEAT = re.compile(r"[*+?]|\{\d")
#: Behind ``^``: what the sign can't be that SillyTavern puts before each message.
_WORD_FIRST = re.compile(r"\^(?:\\[bwd]|[^\W_])")


def never_matches(written: Written) -> str:
    """Why an expression that compiles matches nothing, or ""."""
    reasons = [_reason(branch, written.flags) for branch in _branches(written.pattern)]
    return reasons[0] if all(reasons) else ""


def _branches(pattern: str) -> list[list[str]]:
    """The alternatives as their pieces; each group is one piece, “()”."""
    branches: list[list[str]] = [[]]
    depth = 0
    for piece in _PIECE.findall(pattern):
        if piece == "(":
            depth += 1
            if depth == 1:
                branches[-1].append("()")
        elif piece == ")":
            depth -= 1
        elif depth:
            continue
        elif piece == "|":
            branches.append([])
        else:
            branches[-1].append(piece)
    return branches


def _reason(pieces: list[str], flags: str) -> str:
    if any(piece in _NOTHING and not _may_be_missing(pieces, at) for at, piece in enumerate(pieces)):
        return "it asks for a character out of none"
    if "m" in flags:
        return ""
    taken = ended = False
    for at, piece in enumerate(pieces):
        takes = piece not in _NO_WIDTH and not _REPEAT.match(piece) and not _may_be_missing(pieces, at)
        if piece == "^" and taken and not _may_be_missing(pieces, at):
            return "something has to stand before the beginning of the text (“^”)"
        if ended and takes:
            return "something has to stand behind the end of the text (“$”)"
        taken, ended = taken or takes, ended or piece == "$"
    if _WORD_FIRST.match("".join(pieces[:2])) and not _may_be_missing(pieces, 1):
        return "SillyTavern puts a sign before each message, so “^” never stands right before a word"
    return ""


def _may_be_missing(pieces: list[str], at: int) -> bool:
    return at + 1 < len(pieces) and _OPTIONAL.match(pieces[at + 1]) is not None
