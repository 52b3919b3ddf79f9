"""``cardforge convert``: card files of any format into others, without the window and its store."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.cli.card_files import Input, UsageError, error_report, find_inputs
from cardforge_desktop.cli.interrupts import INTERRUPTED
from cardforge_desktop.cli.name_options import add_name_options, rules_of
from cardforge_desktop.cli.terminal import counted, one_line, print_json, say
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.naming import DEFAULT_RULES, NameRules, check_pattern, file_names, names_after

if TYPE_CHECKING:
    from cardforge_desktop.cards.formats import CardFile
    from cardforge_desktop.cli.card_writing import Names, Output

_MOST_WARNINGS = 3


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of one file. `skipped`: it lay in a folder and holds no card, or no book to write.

    `facts` are what the report says of the card; the card itself, with its picture, is let go.
    """

    source: Path
    facts: Mapping[str, object] = field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    error: CardForgeError | None = None
    skipped: bool = False

    @property
    def is_done(self) -> bool:
        return self.skipped or (self.error is None and all(output.path for output in self.outputs))


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "convert",
        help="turn card files into other formats",
        description="Turn card files into other formats. What a format can't hold is said before it is "
        "written; no file is ever overwritten.",
    )
    parser.add_argument("inputs", nargs="+", type=Path, metavar="IN", help="a card file or a folder of them")
    parser.add_argument(
        "--format",
        dest="formats",
        action="append",
        required=True,
        metavar="FORMAT",
        help="json, v2, v3, tavernai, tavernai-v2, charx, worldinfo, lorebook, markdown; may be repeated",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the new files")
    parser.add_argument(
        "--pattern",
        help="file names: default, detailed, versioned, batch or a template (default: the input's own name)",
    )
    add_name_options(parser, f"sanitized where --pattern is given, {DEFAULT_RULES.max_bytes} bytes")
    parser.add_argument("--strict", action="store_true", help="write no file that would lose something")
    parser.add_argument("--json", action="store_true", help="print a report as JSON when it ends")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Convert one file after the other; one that fails does not stop the rest."""
    formats = _checked_formats(arguments.formats)
    if arguments.pattern is not None:
        check_pattern(arguments.pattern)
    inputs = find_inputs(arguments.inputs)
    results: list[_Result] = []
    interrupted = False
    try:
        for index, one in enumerate(inputs, 1):
            results.append(_convert(one, index, formats, arguments))
            _tell(results[-1], quiet=arguments.json)
    except KeyboardInterrupt:
        interrupted = True
    if arguments.json:
        print_json(_report(results, interrupted))
    else:
        _tell_end(results)
    if interrupted:
        return INTERRUPTED
    return 0 if any(result.outputs for result in results) and all(r.is_done for r in results) else 1


def _checked_formats(names: list[str]) -> tuple[str, ...]:
    from cardforge_desktop.cards.formats import FORMATS

    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        known = ", ".join(FORMATS)
        raise UsageError(ErrorCode.USAGE_OPTION, f"there is no format “{unknown[0]}”. Known ones: {known}.")
    return tuple(dict.fromkeys(names))


def _convert(one: Input, index: int, formats: tuple[str, ...], arguments: argparse.Namespace) -> _Result:
    from cardforge_desktop.cards.formats import read_path
    from cardforge_desktop.cli.card_writing import write_files

    try:
        file = read_path(one.path)
    except CardForgeError as error:
        return _Result(one.path, error=error, skipped=one.is_passed_over(error))
    _tell_warnings(one.path, file)
    rules = rules_of(arguments, DEFAULT_RULES) or DEFAULT_RULES
    names = _names(one.path, file, index, arguments.pattern, rules)
    outputs = write_files(file, one.path, formats, arguments.out, names, strict=arguments.strict)
    done = [output for output in outputs if output.error is None or not one.is_passed_over(output.error)]
    if not done:
        return _Result(one.path, _facts(file), error=outputs[0].error, skipped=True)
    return _Result(one.path, _facts(file), tuple(done))


def _names(source: Path, file: CardFile, index: int, pattern: str | None, rules: NameRules) -> Names:
    """How the files of one card are called: as the pattern says, else as the file it came in."""
    from cardforge_desktop.cards.naming import name_values

    card = file.package.card.model_copy(update={"name": _name(file) or source.stem})
    values = name_values(card, datetime.now(UTC), index=index)

    def names(extensions: Mapping[str, str], number: int) -> Mapping[str, str]:
        if pattern is None:
            return names_after(source.stem, extensions, number, rules)
        return file_names(pattern, values, extensions, number, rules)

    return names


def _name(file: CardFile) -> str:
    """Of the character, or of the lorebook alone."""
    book = file.package.card.character_book
    return (book.name or "") if file.holds == "book" and book is not None else file.package.card.name


def _facts(file: CardFile) -> Mapping[str, object]:
    return {
        "name": _name(file),
        "spec": file.spec,
        "container": file.container,
        "holds": file.holds,
        "warnings": list(file.warnings),
    }


def _tell_warnings(source: Path, file: CardFile) -> None:
    """Say what was mended when the file was read."""
    for warning in file.warnings[:_MOST_WARNINGS]:
        say(one_line(f"note: {source.name}: {warning}"))
    more = len(file.warnings) - _MOST_WARNINGS
    if more > 0:
        say(one_line(f"note: {source.name}: {counted(more, 'more note')}, see `cardforge inspect`"))


def _tell(result: _Result, *, quiet: bool) -> None:
    """A line for each file; what went wrong, and notes, beside standard output."""
    if result.error is not None:
        if not result.skipped:
            say(f"failed: {one_line(result.error.message)}")
        return
    for output in result.outputs:
        if output.error is not None:
            say(f"failed: {one_line(output.error.message)}")
        elif not quiet:
            print(one_line(f"{result.source} → {output.path}"), flush=True)


def _tell_end(results: list[_Result]) -> None:
    written, failed = _counts(results)
    skipped = sum(1 for result in results if result.skipped)
    parts = [f"{counted(written, 'file')} written"]
    parts += [f"{failed:,} failed"] if failed else []
    parts += (
        [f"{counted(skipped, 'file')} passed over, without the card or book asked for"] if skipped else []
    )
    say(f"{', '.join(parts)}.")


def _counts(results: list[_Result]) -> tuple[int, int]:
    """Files that were written, and those that could not be read or written."""
    outputs = [output for result in results for output in result.outputs]
    written = sum(1 for output in outputs if output.path)
    unread = sum(1 for result in results if result.error is not None and not result.skipped)
    return written, len(outputs) - written + unread


def _report(results: list[_Result], interrupted: bool) -> dict[str, object]:
    written, failed = _counts(results)
    files = [_file_report(result) for result in results]
    return {"written": written, "failed": failed, "interrupted": interrupted, "files": files}


def _file_report(result: _Result) -> dict[str, object]:
    report: dict[str, object] = {
        "source": str(result.source),
        "status": "skipped" if result.skipped else "done" if result.is_done else "failed",
    }
    if result.error is not None:
        return {**report, "error": error_report(result.error)}
    return {**report, **result.facts, "outputs": [output.report() for output in result.outputs]}
