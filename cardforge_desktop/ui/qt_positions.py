"""Where something stands in a text: Qt counts units of UTF-16 (an emoji takes two), Python counts signs."""

from __future__ import annotations

_UTF16 = "utf-16-le"


def units(text: str) -> int:
    """How long Qt takes a text to be."""
    return len(text) if text.isascii() else len(text.encode(_UTF16, "surrogatepass")) // 2


def signs(text: str, count: int) -> int:
    """How many signs of a text so many units at its beginning are."""
    if text.isascii():
        return count
    return len(text.encode(_UTF16, "surrogatepass")[: count * 2].decode(_UTF16, "ignore"))
