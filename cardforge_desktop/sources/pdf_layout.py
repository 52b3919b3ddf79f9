"""From the lines of PDF pages to paragraphs and headings. Pure."""

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

# PDFium marks a hyphen at the end of a line with one of these.
_SOFT_HYPHENS = ("\ufffe", "\x02", "\u00ad")
_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|página|p\.)\s*)?[-–—|\[(]*\s*(?:\d{1,4}|[ivxlc]{1,7})\s*[-–—|\])]*(?:\s*(?:/|of|von)\s*\d{1,4})?",
    re.IGNORECASE,
)
_EDGE_LINES = 2
_LIST_ITEM = re.compile(r"(?:[•▪◦‣·*–-]|\d{1,3}[.)])\s")


class Line(NamedTuple):
    """One line as it stands on a page; lengths in points from the lower left corner.

    Attributes:
        height: of the letters' box, a measure of the size of the type.
    """

    text: str
    left: float
    right: float
    bottom: float
    height: float


def join_pages(pages: Sequence[Sequence[Line]]) -> str:
    """The text of all pages: paragraphs divided by an empty line, larger short lines as ``## H``.

    Headers, footers and page numbers are left out; a paragraph that runs over a page's end is one.
    """
    cleaned = _without_furniture([[line for line in page if line.text.strip()] for page in pages])
    body = _body_height(cleaned)
    blocks: list[str] = []
    for page in cleaned:
        for number, group in enumerate(_paragraphs(page)):
            text = _joined(group)
            heading = _is_heading(group, text, body)
            if number == 0 and not heading and blocks and _runs_on(blocks[-1], text):
                blocks[-1] = _append(blocks[-1], text)
            else:
                blocks.append(f"## {text}" if heading else text)
    return "\n\n".join(blocks)


def _without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Pages without edge lines that come again on others (numbers apart) or are the page's number."""
    if len(pages) < 2:
        return [list(page) for page in pages]
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_pattern(page[place]) for place in _edges(page)})
    needed = max(2, min(3, len(pages)), round(len(pages) * 0.3))
    result = []
    for page in pages:
        dropped = {
            place
            for place in _edges(page)
            if counts[_pattern(page[place])] >= needed or _PAGE_NUMBER.fullmatch(page[place].text.strip())
        }
        result.append([line for place, line in enumerate(page) if place not in dropped])
    return result


def _edges(page: Sequence[Line]) -> set[int]:
    """Places of the first and last lines of a page."""
    last = len(page)
    return set(range(min(_EDGE_LINES, last))) | set(range(max(0, last - _EDGE_LINES), last))


def _pattern(line: Line) -> str:
    """The same for the same header on every page; lines of prose differ in more than their numbers."""
    return _NUMBER.sub("#", line.text.strip().casefold())


def _body_height(pages: Sequence[Sequence[Line]]) -> float:
    """Height of the letters most of the text is set in."""
    weights: Counter[float] = Counter()
    for page in pages:
        for line in page:
            weights[round(line.height, 1)] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def _paragraphs(page: Sequence[Line]) -> list[list[Line]]:
    if not page:
        return []
    steps = [above.bottom - below.bottom for above, below in pairwise(page)]
    forward = [step for step in steps if step > 0]
    usual = statistics.median_low(forward) if forward else 0.0
    right = statistics.quantiles([line.right for line in page], n=10)[-1] if len(page) > 1 else page[0].right
    groups = [[page[0]]]
    for above, line, step in zip(page, page[1:], steps, strict=False):
        if _begins_paragraph(above, line, step, usual, right):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _begins_paragraph(above: Line, line: Line, step: float, usual: float, right: float) -> bool:
    size = max(above.height, 1.0)
    if abs(line.height - above.height) > 0.15 * size:
        return True
    if step > 1.3 * max(usual, size * 0.9) or _LIST_ITEM.match(line.text):
        return True
    ended = bool(_SENTENCE_END.search(above.text.rstrip()))
    indented = line.left > above.left + 0.7 * size
    short = above.right < right - 4 * size
    return ended and (indented or short)


def _is_heading(group: Sequence[Line], text: str, body: float) -> bool:
    return bool(body) and group[0].height > 1.15 * body and len(text) <= 120 and not text.endswith((".", ","))


def _joined(group: Sequence[Line]) -> str:
    text = ""
    for line in group:
        text = _append(text, line.text.strip(" \t\r\n")) if text else line.text.strip(" \t\r\n")
    for mark in _SOFT_HYPHENS:
        text = text.replace(mark, "-" if text.endswith(mark) else "")
    return text


def _append(text: str, line: str) -> str:
    """Two lines as one; a word divided at the line's end is whole again."""
    if text.endswith(_SOFT_HYPHENS):
        return text[:-1] + line
    divided = len(text) > 1 and text[-1] in "-‐" and text[-2].islower() and line[:1].islower()
    return text[:-1] + line if divided else f"{text} {line}"


def _runs_on(block: str, text: str) -> bool:
    """Whether a page's first paragraph goes on from the last of the page before."""
    if block.startswith("## ") or _SENTENCE_END.search(block):
        return False
    return text[:1].islower() or block.endswith((",", "-", *_SOFT_HYPHENS))
