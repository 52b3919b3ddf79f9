"""The card files that a command was given: files by name, and those found in folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.errors import CardForgeError, ErrorCode

if TYPE_CHECKING:
    from cardforge_desktop.tokens import NamedTokenizer

_NOTHING_THERE = frozenset(
    {
        ErrorCode.CARD_MISSING,
        ErrorCode.CARD_UNKNOWN_FORMAT,
        ErrorCode.CARD_WITHOUT_BOOK,
        ErrorCode.BOOK_WITHOUT_CARD,
    }
)


class UsageError(CardForgeError):
    """A command was called wrongly.

    Codes: USAGE_NO_SUCH_FILE, USAGE_NO_CARDS, USAGE_NOT_PERMITTED, USAGE_OPTION.
    """


@dataclass(frozen=True, slots=True)
class Input:
    """One file; `named`: a person named it, so that it has to be a card. In folders others may lie about."""

    path: Path
    named: bool

    def is_passed_over(self, error: CardForgeError) -> bool:
        """Whether `error` says that a file in a folder does not hold the card or book that is looked for."""
        return not self.named and error.code in _NOTHING_THERE


def find_inputs(paths: Iterable[Path]) -> list[Input]:
    """Files as named, folders walked in natural order; a file that is reached twice comes once.

    Raises:
        UsageError: one of them is not there or a folder that can't be opened, or none of them may be a card.
    """
    named = list(paths)
    check_there(named)
    found: dict[str, Input] = {}
    for one in _walked(named):
        found.setdefault(os.path.realpath(one.path), one)
    if not found:
        shown = ", ".join(map(str, named))
        raise UsageError(ErrorCode.USAGE_NO_CARDS, f"there is no card file in {shown}", {"folders": shown})
    return list(found.values())


def check_there(paths: Iterable[Path]) -> None:
    """Refuse paths where nothing is, and folders that may not be opened: they would seem empty.

    A file that may not be read, or that a locked folder hides, is told by whoever reads it.

    Raises:
        UsageError: USAGE_NO_SUCH_FILE, USAGE_NOT_PERMITTED.
    """
    missing, locked = [], []
    for path in paths:
        try:
            path.lstat()
        except PermissionError:
            continue
        except (OSError, ValueError):
            missing.append(path)
        if is_folder(path) and not os.access(path, os.R_OK | os.X_OK):
            locked.append(path)
    if missing:
        shown = ", ".join(map(str, missing))
        raise UsageError(ErrorCode.USAGE_NO_SUCH_FILE, f"no such file or folder: {shown}", {"files": shown})
    if locked:
        shown = ", ".join(map(str, locked))
        raise UsageError(
            ErrorCode.USAGE_NOT_PERMITTED, f"you are not permitted to open {shown}", {"folders": shown}
        )


def is_folder(path: Path) -> bool:
    """Whether a folder is there; False for what a locked folder hides, where ``Path.is_dir`` raises."""
    with suppress(OSError):
        return path.is_dir()
    return False


def tokenizer_called(name: str) -> NamedTokenizer:
    """The tokenizer of that name.

    Raises:
        UsageError: there is none; lists those there are.
    """
    from cardforge_desktop.tokens import TOKENIZERS

    if name not in TOKENIZERS:
        known = ", ".join(TOKENIZERS)
        raise UsageError(ErrorCode.USAGE_OPTION, f"there is no tokenizer “{name}”. Known ones: {known}.")
    return TOKENIZERS[name]


def error_report(error: CardForgeError) -> dict[str, object]:
    """The error as the commands' JSON has it."""
    return {"code": error.code, "message": error.message, "details": error.details}


def _walked(paths: Iterable[Path]) -> Iterator[Input]:
    from cardforge_desktop.cards.formats.headers import card_files

    for path in paths:
        if is_folder(path):
            yield from (Input(file, named=False) for file in card_files(path))
        else:
            yield Input(path, named=True)
