"""A terminal of a given width, and what stands on it."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
import unicodedata
from typing import Self, TextIO


class Screen:
    """A real pseudo-terminal; `stream` writes to it."""

    def __init__(self, columns: int = 60) -> None:
        self._reader, self._writer = os.openpty()
        fcntl.ioctl(self._writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._columns = columns
        self.stream: TextIO = os.fdopen(self._writer, "w", encoding="utf-8")
        self.written = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        os.close(self._reader)

    def lines(self) -> list[str]:
        """What a person sees by now, from top to bottom, without blanks at the ends of lines."""
        self._read()
        lines: list[list[str]] = [[]]
        column = 0
        for character in self.written:
            if character == "\n":
                lines.append([])
                column = 0
            elif character == "\r":
                column = 0
            else:
                assert character.isprintable(), f"a terminal would obey {character!r}"
                line = lines[-1]
                cells = [character, *[""] * (unicodedata.east_asian_width(character) in "WF")]
                assert column + len(cells) <= self._columns, "the line ran over the edge"
                line += [" "] * (column - len(line))
                line[column : column + len(cells)] = cells
                column += len(cells)
        return ["".join(line).rstrip() for line in lines]

    def text(self) -> str:
        """All that was written by now, as it was written."""
        self._read()
        return self.written

    def _read(self) -> None:
        """All that was written; its end is told from what comes by a mark."""
        self.stream.write("\0")
        self.stream.flush()
        data = b""
        while not data.endswith(b"\0"):
            data += os.read(self._reader, 65_536)
        self.written += data[:-1].decode().replace("\r\n", "\n")
