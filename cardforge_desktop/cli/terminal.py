"""Texts from card files made fit for a terminal: none of their control characters reaches it."""

import argparse
import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any, TextIO

#: What moves a cursor, rings, recolours or turns the direction of writing; and halves of characters.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ENDS = re.compile("[\n\t]")
_USUAL_WIDTH = 80
_ESCAPES = {"\n": "\\n", "\t": "\\t"}


def visible(text: str) -> str:
    """`text` with control characters written out (``\\x1b``); line ends and tabs stay."""
    return _UNFIT.sub(lambda found: _written_out(found.group()), text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """`text` as `visible` gives it, line ends and tabs written out as well."""
    return _ENDS.sub(lambda found: _ESCAPES[found.group()], visible(text))


def say(text: str = "") -> None:
    """Print to people, who see it even where standard output goes to a program."""
    print(visible(text), file=sys.stderr, flush=True)


def print_to_nobody() -> None:
    """Let standard output go nowhere, once its reader went away (`cardforge … | head`)."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


class LastLine:
    """The last line of the terminal, written over and over; nothing is shown where standard error is none.

    No control sequences are needed: a carriage return and blanks do on every terminal.
    """

    def __init__(self) -> None:
        self._wanted = self._shown = ""
        self.is_seen = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Put `text` there, as much of it as fits."""
        if not self.is_seen or text == self._wanted:
            return
        self._wanted = text
        # A terminal that nobody told its size says 0 (a container's, a script's).
        wide = os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH
        # The last column stays free: many terminals begin a new line when it is written to.
        text = shortened(one_line(text), wide - 1)
        blanks = " " * max(0, width(self._shown) - width(text))
        print(f"\r{text}{blanks}", end="" if text else "\r", file=sys.stderr, flush=True)
        self._shown = text

    def print(self, lines: Sequence[str], stream: TextIO) -> None:
        """Print `lines` for good, above it."""
        wanted = self._wanted
        self.show("")
        print("\n".join(map(one_line, lines)), file=stream, flush=True)
        self.show(wanted)


def print_json(value: Any) -> None:
    """Print a JSON value, complete; what a terminal may not get is escaped as JSON has it."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    print(_UNFIT.sub(lambda found: f"\\u{ord(found.group()):04x}", text), flush=True)


def whole_number(text: str) -> int:
    """The number in an option's value.

    Raises:
        ArgumentTypeError: it is none, in words that a person understands.
    """
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from error


def terminal_width() -> int | None:
    """Columns of the terminal that standard output is; None where it is a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def shortened(text: str, most: int) -> str:
    """`text`, or as much of it as fits into `most` columns, with … behind."""
    if width(text) <= most:
        return text
    if most <= 0:
        return ""
    while width(text) >= most:
        text = text[:-1] if len(text) <= most else text[:most]
    return f"{text}…"


def counted(number: int, noun: str) -> str:
    """``1 file``, ``1,200 files``; for nouns that take an s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def columns(rows: Sequence[tuple[str, ...]], right: frozenset[int] = frozenset()) -> list[str]:
    """The cells of `rows` one below the other; columns in `right` are set to the right, as numbers are."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_cells(row, widths, right)).rstrip() for row in rows]


def width(text: str) -> int:
    """Columns of a terminal that `text` fills: two for a Chinese character, none for an accent."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def _cells(row: tuple[str, ...], widths: list[int], right: frozenset[int]) -> list[str]:
    blanks = [" " * (widest - width(cell)) for cell, widest in zip(row, widths, strict=True)]
    return [
        blank + cell if at in right else cell + blank
        for at, (cell, blank) in enumerate(zip(row, blanks, strict=True))
    ]


def _written_out(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
