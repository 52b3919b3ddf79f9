"""Counts the tokens of texts that come again and again while one of them is written on."""

from __future__ import annotations

from cardforge_desktop.tokens import Tokenizer

#: Characters that are counted in one go; a longer text is counted in pieces, to a token or so for each.
_IN_ONE_GO = 40_000
#: Characters of all texts whose counts are remembered.
_MOST = 20_000_000


class Counter:
    """Remembers what it counted. Thread-safe. Slow for new texts: never on the window's thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[Tokenizer, str], int] = {}
        self._characters = 0

    def count(self, tokenizer: Tokenizer, text: str, within: str = "") -> int:
        """Tokens of a text.

        Args:
            within: a long text that may stand in this one, and does not change when this one does.
        """
        known = self._known.get((tokenizer, text))
        if known is not None:
            return known
        if len(text) <= _IN_ONE_GO:
            return self._remember(tokenizer, text, tokenizer.count(text))
        if len(within) > _IN_ONE_GO and len(text) > len(within):
            before, found, behind = text.partition(within)
            if found:
                return sum(self.count(tokenizer, part, within) for part in (before, found, behind))
        # In pieces: a megabyte in one go would keep the window's thread waiting meanwhile.
        pieces = (text[at : at + _IN_ONE_GO] for at in range(0, len(text), _IN_ONE_GO))
        return self._remember(tokenizer, text, sum(tokenizer.count(piece) for piece in pieces))

    def _remember(self, tokenizer: Tokenizer, text: str, tokens: int) -> int:
        if self._characters > _MOST:
            self._known, self._characters = {}, 0
        self._known[tokenizer, text] = tokens
        self._characters += len(text)
        return tokens
