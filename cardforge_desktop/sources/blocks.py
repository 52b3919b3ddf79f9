"""Paragraphs, headings, list items and rows put together to text, in the shape `html_text` gives it."""

from collections.abc import Iterable
from pathlib import Path

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.model import SourceError

LONGEST_TEXT = 20_000_000  # characters; a long novel has a million
_DEEPEST_INDENT = 10
_DEEPEST_HEADING = 6


def text_too_long(path: Path) -> SourceError:
    """The error for a document with more text than `LONGEST_TEXT`."""
    return SourceError.of(
        ErrorCode.SOURCE_TOO_LARGE,
        path,
        f"it has more than {LONGEST_TEXT // 1_000_000} million characters. Split it into several files.",
    )


class Blocks:
    """The blocks of a document, in order; empty ones are passed over.

    Attributes:
        first_heading: words of the first heading of the first level, "".
    """

    def __init__(self, path: Path) -> None:
        self.first_heading = ""
        self._path = path
        self._pieces: list[str] = []
        self._kind = ""
        self._length = 0

    def paragraph(self, text: str) -> None:
        """Words that stand by themselves."""
        self._add("paragraph", "", text)

    def heading(self, text: str, level: int) -> None:
        """A heading, on one line."""
        words = " ".join(text.split())
        level = min(max(level, 1), _DEEPEST_HEADING)
        if level == 1 and not self.first_heading:
            self.first_heading = words
        self._add("heading", "#" * level + " ", words)

    def item(self, text: str, depth: int, marker: str) -> None:
        """An item of a list `depth` lists inside others; marker ``-`` or ``3.``."""
        indent = "  " * min(max(depth, 0), _DEEPEST_INDENT)
        self._add("item", f"{indent}{marker} ", text)

    def row(self, cells: Iterable[str]) -> None:
        """A row of a table, on one line."""
        words = [" ".join(cell.split()) for cell in cells]
        self._add("row", "", " | ".join(words) if any(words) else "")

    def text(self) -> str:
        """All blocks, divided by empty lines; items and rows follow each other without one."""
        return "".join(self._pieces)

    def _add(self, kind: str, prefix: str, text: str) -> None:
        words = text.strip()
        if not words:
            return
        self._length += len(prefix) + len(words) + 2
        if self._length > LONGEST_TEXT:
            raise text_too_long(self._path)
        tight = kind == self._kind and kind in ("item", "row")
        if self._pieces:
            self._pieces.append("\n" if tight else "\n\n")
        self._pieces.append(prefix + words)
        self._kind = kind
