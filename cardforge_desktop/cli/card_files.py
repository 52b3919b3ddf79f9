"""The card files that a command was given: files by name, and those found in folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.errors import CardForgeError

if TYPE_CHECKING:
    from cardforge_desktop.tokens import NamedTokenizer

_NOTHING_THERE = frozenset({"CARD_MISSING", "CARD_UNKNOWN_FORMAT", "CARD_WITHOUT_BOOK"})


class UsageError(CardForgeError):
    """A command was called wrongly. Codes: USAGE_NO_SUCH_FILE, USAGE_NO_CARDS, USAGE_OPTION."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file; `named`: a person named it, so that it has to be a card. In folders others may lie about."""

    path: Path
    named: bool

    def is_passed_over(self, error: CardForgeError) -> bool:
        """Whether `error` says that a file in a folder holds no card, or not the book, that is looked for."""
        return not self.named and error.code in _NOTHING_THERE


def find_inputs(paths: Iterable[Path]) -> list[Input]:
    """Files as named, folders walked in natural order; a file that is reached twice comes once.

    Raises:
        UsageError: one of them is not there, or none of them may be a card.
    """
    named = list(paths)
    missing = [path for path in named if not os.path.lexists(path)]
    if missing:
        shown = ", ".join(map(str, missing))
        raise UsageError("USAGE_NO_SUCH_FILE", f"no such file or folder: {shown}", {"files": shown})
    found: dict[str, Input] = {}
    for one in _walked(named):
        found.setdefault(os.path.realpath(one.path), one)
    if not found:
        shown = ", ".join(map(str, named))
        raise UsageError("USAGE_NO_CARDS", f"there is no card file in {shown}", {"folders": shown})
    return list(found.values())


def tokenizer_called(name: str) -> NamedTokenizer:
    """The tokenizer of that name.

    Raises:
        UsageError: there is none; lists those there are.
    """
    from cardforge_desktop.tokens import TOKENIZERS

    if name not in TOKENIZERS:
        known = ", ".join(TOKENIZERS)
        raise UsageError("USAGE_OPTION", f"there is no tokenizer “{name}”. Known ones: {known}.")
    return TOKENIZERS[name]


def error_report(error: CardForgeError) -> dict[str, object]:
    """The error as the commands' JSON has it."""
    return {"code": error.code, "message": error.message, "details": error.details}


def _walked(paths: Iterable[Path]) -> Iterator[Input]:
    from cardforge_desktop.cards.formats.headers import card_files

    for path in paths:
        if path.is_dir():
            yield from (Input(file, named=False) for file in card_files(path))
        else:
            yield Input(path, named=True)
