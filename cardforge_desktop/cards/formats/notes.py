"""What a lenient reader mended, told to the person in few sentences."""

import re

_INDEX = re.compile(r"\[\d+\]")
_MOST = 20


class Notes:
    """Collects what was mended while one file is read; the same thing in a thousand entries is said once."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], str] = {}
        self._more: dict[tuple[str, str], int] = {}

    def add(self, place: str, what: str) -> None:
        """Note that something at `place` (``character_book.entries[3].keys``) was mended.

        `what` goes on after the place: “was null and is now empty”.
        """
        key = (_INDEX.sub("[]", place), what)
        if key in self._first:
            self._more[key] = self._more.get(key, 0) + 1
        elif len(self._first) < 1000:
            self._first[key] = place

    def warnings(self) -> tuple[str, ...]:
        """Sentences in the order of the places, at most `_MOST` and how many there are besides."""
        sentences = [self._sentence(key) for key in self._first]
        if len(sentences) <= _MOST:
            return tuple(sentences)
        rest = len(sentences) - _MOST + 1
        return (*sentences[: _MOST - 1], f"{rest} other things were mended.")

    def _sentence(self, key: tuple[str, str]) -> str:
        more = self._more.get(key, 0)
        besides = (
            f" (and in {more:,} more places)" if more > 1 else " (and in one more place)" if more else ""
        )
        place = self._first[key]
        return f"{place} {key[1]}{besides}." if place else f"{key[1]}{besides}."
