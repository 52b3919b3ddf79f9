"""Which parts of a shown text a search found. Pure.

The same folding and the same words as in the index, so that what was found is marked and nothing else is;
positions are those of the text as it is shown, also where folding makes it longer (ß, ﬁ) or shorter (é).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cardforge_desktop.books.query import Term, typed_as
from cardforge_desktop.store.full_text import searchable, unaccented

Spans = tuple[tuple[int, int], ...]

#: Texts that are kept with their marks: what a screen of rows paints again and again.
_KEPT = 4096
#: What FTS5 calls a word.
_WORD = re.compile(r"[^\W_]+")
#: Vowels and last consonants of Korean letters that are written one by one: they join the letter before them.
_JOINING = re.compile("[\u1160-\u11ff\ud7b0-\ud7fb]")


@lru_cache(maxsize=_KEPT)
def marks(text: str, typed: str) -> Spans:
    """Spans (start, end) of `text` that `typed` found, in their order, none of them touching another."""
    wanted = expressions(typed)
    if not wanted or not text:
        return ()
    cut = len(text) - len(text.lstrip("…"))
    text = text.strip("…")  # where something is cut away: no letter, and the only one that is not ASCII
    if text.isascii():
        spans = [found.span() for each in wanted for found in each.finditer(text.lower())]
    else:
        told, origins = _folded(text)
        found_there = (found.span() for each in wanted for found in each.finditer(told))
        spans = [(origins[start][0], origins[end - 1][1]) for start, end in found_there]
    return _joined((start + cut, end + cut) for start, end in spans)


def folded(text: str) -> str:
    """`text` as `expressions` look through it; its letters may stand at other places."""
    return text.lower() if text.isascii() else unaccented(searchable(text))


@lru_cache(maxsize=256)
def expressions(typed: str) -> tuple[re.Pattern[str], ...]:
    """What finds each part of what was typed, in a `folded` text."""
    wanted = typed_as(typed)
    found = [_expression(term) for term in wanted.terms]
    found += [re.escape(sign) for sign in wanted.signs]
    return tuple(re.compile(each) for each in found if each)


def _expression(term: Term) -> str:
    words = _WORD.findall(term.text)
    side_by_side = r"[\W_]+".join(map(re.escape, words))
    return rf"(?<![^\W_]){side_by_side}" + (r"(?![^\W_])" if term.is_whole else "") if words else ""


def _folded(text: str) -> tuple[str, Sequence[tuple[int, int]]]:
    """`text` as the index has it, and for each letter of that, from where to where it stands in `text`."""
    folded: list[str] = []
    origins: list[tuple[int, int]] = []
    for start, end in _letters(text):
        told = _letter(text[start:end])
        folded.append(told)
        origins += [(start, end)] * len(told)
    return "".join(folded), origins


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Each letter with what is set on it: folded on its own, it gives what it gives within the text."""
    start = 0
    for at, sign in enumerate(text):
        if at > start and not (unicodedata.category(sign)[0] == "M" or _JOINING.match(sign)):
            yield start, at
            start = at
    if text:
        yield start, len(text)


@lru_cache(maxsize=2048)
def _letter(text: str) -> str:
    return unaccented(searchable(text))


def _joined(spans: Iterator[tuple[int, int]]) -> Spans:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
