"""Halves of UTF-16 surrogate pairs: JSON can spell them, UTF-8 (files, requests, the store) can't."""

from __future__ import annotations


def without_surrogates(text: str) -> str:
    """The text with lone halves as U+FFFD; two that belong together become their one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
