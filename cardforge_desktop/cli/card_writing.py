"""Cards written to new files: what would be lost is told first, and nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cardforge_desktop.cards.formats import FORMATS, CardFile, CardFormatError, Format, Loss
from cardforge_desktop.cli.terminal import counted, one_line, say
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.store.files import write_new_files

#: Names of the set of files for a number from 1: format → extension, number → format → name.
Names = Callable[[Mapping[str, str], int], Mapping[str, str]]

#: What a lorebook without a character becomes when JSON is asked for.
_BOOK_JSON = "lorebook"
_MOST_REASONS = 4
_MOST_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Output:
    """What became of a card in one format.

    Attributes:
        path: of the new file; None where none was written.
        losses: what of the card is not in the file, or would not be.
        error: why there is no file.
    """

    format: str
    path: Path | None = None
    losses: tuple[Loss, ...] = ()
    error: CardForgeError | None = None

    def report(self) -> dict[str, object]:
        """As the commands' JSON has it."""
        return {
            "format": self.format,
            "path": None if self.path is None else str(self.path),
            "losses": [{"field": loss.field, "reason": loss.reason} for loss in self.losses],
            "error": None if self.error is None else {"code": self.error.code, "message": self.error.message},
        }


def write_files(
    file: CardFile, source: Path, formats: tuple[str, ...], folder: Path, names: Names, *, strict: bool
) -> list[Output]:
    """Write what is in `file` in each of `formats`; what can't be written is told in its output.

    Args:
        strict: a file that would lose something is not written.
    """
    outputs: dict[str, Output] = {}
    contents: dict[str, bytes] = {}
    for name in formats:
        try:
            losses = losses_in(name, file)
            outputs[name] = Output(name, losses=losses)
            _tell_losses(source, name, losses)
            if strict and losses:
                raise CardFormatError(
                    ErrorCode.CARD_UNWRITABLE, f"not written as {name}, since something would be lost."
                )
            contents[name] = format_for(name, file).write(file.package)
        except CardFormatError as error:
            losses = outputs[name].losses if name in outputs else ()
            outputs[name] = Output(name, losses=losses, error=error.in_file(source.name))
    for name, output in _placed(contents, folder, names).items():
        outputs[name] = Output(name, output.path, outputs[name].losses, output.error)
    return list(outputs.values())


def _placed(contents: Mapping[str, bytes], folder: Path, names: Names) -> dict[str, Output]:
    if not contents:
        return {}
    extensions = {name: FORMATS[name].extension for name in contents}
    try:
        paths = write_new_files(folder, contents, lambda number: names(extensions, number))
    except CardForgeError as error:
        return {name: Output(name, error=error) for name in contents}
    return {name: Output(name, path) for name, path in paths.items()}


def format_for(name: str, file: CardFile) -> Format:
    """What is written when `name` is asked for.

    Raises:
        CardFormatError: BOOK_WITHOUT_CARD: it has no place for what the file holds.
    """
    known = FORMATS[_BOOK_JSON if name == "json" and file.holds == "book" else name]
    if file.holds == "book" and known.holds == "card":
        for_books = ", ".join(["json", *(other.name for other in FORMATS.values() if other.holds == "book")])
        raise CardFormatError(
            ErrorCode.BOOK_WITHOUT_CARD,
            f"this is a lorebook without a character, and {name} is for characters. "
            f"Choose one of: {for_books}.",
        )
    return known


def losses_in(name: str, file: CardFile) -> tuple[Loss, ...]:
    """What of `file` the format can't keep.

    Raises:
        CardFormatError: as `format_for`; or the card can't be written at all.
    """
    losses = format_for(name, file).losses(file.package)
    # Of a lorebook alone there is no character to lose.
    return tuple(loss for loss in losses if file.holds == "card" or loss.field != "card")


def own_format(file: CardFile) -> str:
    """The format nearest to the one that `file` came in; ``json`` for those that are only read."""
    if file.holds == "book":
        return file.spec if file.spec in FORMATS else _BOOK_JSON
    if file.container in ("png", "charx"):
        return {"png": "tavernai", "charx": "charx"}[file.container]
    return file.spec if file.spec in ("v2", "v3") else "json"


def _tell_losses(source: Path, name: str, losses: tuple[Loss, ...]) -> None:
    """Say in few lines what would be lost."""
    if not losses:
        return
    say(one_line(f"{source.name}: {name} can't keep {counted(len(losses), 'thing')} as it is:"))
    fields: dict[str, list[str]] = {}
    for loss in losses:
        fields.setdefault(loss.reason, []).append(loss.field)
    shown = len(fields) if len(fields) <= _MOST_REASONS + 1 else _MOST_REASONS
    for reason, places in list(fields.items())[:shown]:
        more = f" and {len(places) - _MOST_FIELDS:,} more" if len(places) > _MOST_FIELDS else ""
        say(one_line(f"    {', '.join(places[:_MOST_FIELDS])}{more}: {reason}"))
    if len(fields) > shown:
        say(f"    … and more for {len(fields) - shown:,} other reasons (--json lists all).")
