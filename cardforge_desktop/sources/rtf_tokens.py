"""The pieces of an RTF document: braces, control words and text. No step takes longer than it reads."""

import re
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.model import SourceError

# Some six seconds. A million words in Word's own wordy RTF have two million.
MOST_TOKENS = 8_000_000
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)",
    re.DOTALL,
)
# All up to the next brace or the next bytes that are no RTF.
_PASSED_OVER = re.compile(rb"(?:[^\\{}]++|\\(?!bin[0-9]).)*+", re.DOTALL)
_BINARY = re.compile(rb"\\bin([0-9]{1,10}) ?")


class TokenKind(IntEnum):
    """What a token is: the group of the pattern that found it."""

    WORD = 1
    WORD_WITH_NUMBER = 2
    BYTE = 3
    SYMBOL = 4
    BRACE = 5
    TEXT = 6


class Tokens:
    """The tokens of a document from `start` on.

    Attributes:
        is_cut: whether the document ended inside a group that was passed over.
    """

    def __init__(self, path: Path, data: bytes, start: int) -> None:
        self.is_cut = False
        self._path = path
        self._data = data
        self._position = start
        self._count = 0

    def __iter__(self) -> Iterator[tuple[int, bytes, int]]:
        """(`TokenKind`, its bytes without marks, its number).

        Raises:
            SourceError: SOURCE_TOO_LARGE.
        """
        while found := _TOKEN.search(self._data, self._position):
            self._position = found.end()
            self._spend()
            kind = found.lastindex or TokenKind.WORD
            if kind == TokenKind.WORD_WITH_NUMBER:
                yield TokenKind.WORD, found[1], int(found[2])
            else:
                yield kind, found[kind], -1

    def comes(self, words: tuple[bytes, ...]) -> bool:
        """Whether one of these control words is next."""
        return self._data.startswith(words, self._position)

    def pass_over(self, count: int) -> None:
        """Leave out bytes that are no RTF."""
        self._position = min(self._position + max(count, 0), len(self._data))

    def rest_of_group(self, most: int = 0) -> bytes:
        """Go to the brace that ends the group; returns at most `most` of the bytes passed over.

        Raises:
            SourceError: SOURCE_TOO_LARGE.
        """
        start, depth = self._position, 1
        while True:
            self._spend()
            passed = _PASSED_OVER.match(self._data, self._position)
            self._position = passed.end() if passed else self._position
            following = self._data[self._position : self._position + 1]
            depth += {b"{": 1, b"}": -1}.get(following, 0)
            if depth == 0:
                break
            if following in (b"{", b"}"):
                self._position += 1
            elif binary := _BINARY.match(self._data, self._position):
                self._position = min(binary.end() + int(binary[1]), len(self._data))
            else:
                self._position = len(self._data)
                self.is_cut = True
                break
        return self._data[start : min(self._position, start + most)]

    def _spend(self) -> None:
        self._count += 1
        if self._count > MOST_TOKENS:
            raise SourceError.of(
                ErrorCode.SOURCE_TOO_LARGE,
                self._path,
                f"it has more than {MOST_TOKENS // 1_000_000} million pieces of text and formatting."
                " Split it into several files.",
            )
