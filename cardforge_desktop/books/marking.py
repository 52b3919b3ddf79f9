"""Which parts of a shown text a search found. Pure."""

from __future__ import annotations

from cardforge_desktop.books.query import typed_as


def marks(text: str, typed: str) -> tuple[tuple[int, int], ...]:
    """Spans of `text` that `typed` found, in their order, none of them touching another."""
    spans = []
    plain = text.casefold()
    if len(plain) != len(text):
        return ()
    for term in typed_as(typed).terms:
        at = plain.find(term.text)
        while at >= 0:
            spans.append((at, at + len(term.text)))
            at = plain.find(term.text, at + len(term.text))
    return _joined(spans)


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
