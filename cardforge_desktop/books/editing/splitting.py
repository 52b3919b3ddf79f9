"""One entry into several. Pure but for the ids of the new ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cardforge_desktop.books.editing.changing import fresh, next_title
from cardforge_desktop.books.entry_fields import with_title
from cardforge_desktop.books.model import Entry, EntryState
from cardforge_desktop.cards import js_regex
from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.cards.book_waking import decorators
from cardforge_desktop.cards.model import BookEntry

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_LONGEST_TITLE = 80


def pieces_at(content: str, start: int, end: int | None = None) -> tuple[str, ...]:
    """Cut at a place, or around what is selected; blanks at the cuts go, and pieces that are nothing else."""
    head, body = _head(content)
    marks = sorted({0, len(body), *(min(max(0, at - len(head)), len(body)) for at in (start, end or start))})
    pieces = (body[begin:stop].strip() for begin, stop in pairwise(marks))
    return tuple(piece for piece in pieces if piece)


def pieces_by_heading(content: str) -> tuple[str, ...]:
    """Cut before Markdown headings: those of the highest rank of which there is more than one piece."""
    lines = _head(content)[1].splitlines(keepends=True)
    ranks = [_rank(line, inside) for line, inside in _with_fences(lines)]
    for rank in sorted(set(ranks) - {0}):
        cuts = [at for at, each in enumerate(ranks) if each == rank]
        pieces = _told(_cut(lines, cuts))
        if len(pieces) > 1:
            return pieces
    return _told(["".join(lines)])


def pieces_by_paragraph(content: str) -> tuple[str, ...]:
    """Cut at blank lines; a heading stays with what it stands over, a fenced block in one."""
    lines = _head(content)[1].splitlines(keepends=True)
    cuts, blank, heading = [], False, False
    for at, (line, inside) in enumerate(_with_fences(lines)):
        if not line.strip() and not inside:
            blank = True
            continue
        if blank and not heading and not inside:
            cuts.append(at)
        blank, heading = False, _rank(line, inside) > 0
    return _told(_cut(lines, cuts))


def split(entry: Entry, pieces: Sequence[str]) -> tuple[EntryState, ...]:
    """An entry for each piece; the first takes the old one's place, the others have new ids.

    Each keeps all other fields, the decorators at the head of the content, and those keys that occur in its
    piece; a key that occurs in none stays with the first, and a piece in which none occurs keeps all, so
    that the same words wake it as before.
    """
    if not pieces:
        return ()
    head = _head(entry.entry.content)[0]
    keys = _keys_of(entry.entry, pieces)
    titles = _titles(title_of(entry.entry), pieces)
    made = []
    for piece, kept, title in zip(pieces, keys, titles, strict=True):
        part = entry.entry.model_copy(update={"content": head + piece, "keys": kept})
        made.append(part if title == title_of(part) else with_title(part, title))
    return (EntryState(entry.id, made[0]), *fresh(made[1:]))


def occurs(key: str, text: str) -> bool:
    """Whether a key, plain or an expression, stands in a text. What cannot be said counts as yes."""
    from cardforge_desktop.cards.js_expressions import Expressions, GivenUpError

    told = key.strip()
    written = js_regex.as_regex(told)
    if written is None or js_regex.problem(written):
        return told.casefold() in text.casefold()
    try:
        return Expressions().search(written, text) is not None
    except GivenUpError:
        return True


def _keys_of(entry: BookEntry, pieces: Sequence[str]) -> list[list[str]]:
    found = [[key for key in entry.keys if occurs(key, piece)] for piece in pieces]
    met = {key for keys in found for key in keys}
    found[0] = [key for key in entry.keys if key in found[0] or key not in met]
    return [keys or list(entry.keys) for keys in found]


def _titles(title: str, pieces: Sequence[str]) -> list[str]:
    """The heading over a piece, else the old title; each once. The first keeps the old one."""
    taken: set[str] = set()
    made = []
    for at, piece in enumerate(pieces):
        first = _HEADING.match(piece.split("\n", 1)[0])
        wanted = first[2].strip()[:_LONGEST_TITLE] if first else ""
        told = (title if at == 0 else wanted or title) or wanted
        if told and told.casefold() in taken:
            told = next_title(told, taken)
        taken.add(told.casefold())
        made.append(told)
    return made


def _head(content: str) -> tuple[str, str]:
    """The decorators with the line end behind them, and what they stand over."""
    told, body = decorators(content)
    return ("", content) if not told or body == content else ("\n".join(told) + "\n", body)


def _rank(line: str, inside: bool) -> int:
    """How high a heading is, 1 being the highest; 0 for any other line."""
    found = None if inside else _HEADING.match(line.rstrip("\r\n"))
    return len(found[1]) if found else 0


def _with_fences(lines: Sequence[str]) -> list[tuple[str, bool]]:
    """Each line, and whether it is within a fenced block or ends one."""
    told, open_with = [], ""
    for line in lines:
        fence = _FENCE.match(line)
        told.append((line, bool(open_with)))
        if fence and not open_with:
            open_with = fence[1]
        elif fence and fence[1] == open_with:
            open_with = ""
    return told


def _cut(lines: Sequence[str], cuts: Sequence[int]) -> list[str]:
    marks = sorted({0, len(lines), *cuts})
    return ["".join(lines[begin:end]) for begin, end in pairwise(marks)]


def _told(pieces: Sequence[str]) -> tuple[str, ...]:
    """Pieces without blank lines around them; at the very ends of the content they stay out too."""
    return tuple(piece.strip("\n\r").rstrip() for piece in pieces if piece.strip())
