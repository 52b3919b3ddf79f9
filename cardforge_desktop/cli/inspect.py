"""``cardforge inspect``: everything a card file holds, for people and as JSON."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardforge_desktop.cli.card_files import Input, error_report, find_inputs, is_folder, tokenizer_called
from cardforge_desktop.cli.terminal import (
    columns,
    counted,
    one_line,
    print_json,
    say,
    shortened,
    terminal_width,
)
from cardforge_desktop.errors import CardForgeError

if TYPE_CHECKING:
    from cardforge_desktop.cards.formats.headers import CardHeader
    from cardforge_desktop.tokens import NamedTokenizer


_WIDEST_NAME = 60  # columns of a table


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "inspect",
        help="show all that card files hold",
        description="Show all that card files hold. Of a folder: a line for each card in it.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a card file or a folder")
    parser.add_argument("--json", action="store_true", help="print all of it as JSON")
    parser.add_argument("--brief", action="store_true", help="shorten long texts")
    parser.add_argument("--losses", action="store_true", help="also what each format can't hold of the card")
    parser.add_argument(
        "--tokenizer",
        default="o200k",
        metavar="NAME",
        help="o200k (default) or cl100k, which count exactly, or claude, gemini, deepseek, other: estimates",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what the files hold; exit code 1 when one can't be read."""
    tokenizer = tokenizer_called(arguments.tokenizer)
    inputs = find_inputs(arguments.files)
    folders = [path for path in arguments.files if is_folder(path)]
    reports: list[dict[str, Any]] = []
    failed = False
    for at, one in enumerate(one for one in inputs if one.named):
        report = _report(one.path, tokenizer, arguments.losses)
        failed |= "error" in report
        if arguments.json:
            reports.append(report)
        elif "error" not in report:
            _print_card(report, arguments.brief, is_first=at == 0)
    listed = [one for one in inputs if not one.named]
    if listed:
        failed |= not _list(listed, tokenizer, folders, reports if arguments.json else None)
    if arguments.json:
        print_json({"files": reports})
    return 1 if failed else 0


def _report(path: Path, tokenizer: NamedTokenizer, losses: bool) -> dict[str, Any]:
    """All that is in one file; one that can't be read is told at once, and its report has an ``error``."""
    from cardforge_desktop.cli.card_report import card_report

    try:
        return card_report(path, tokenizer, losses=losses)
    except CardForgeError as error:
        say(f"failed: {one_line(error.message)}")
        return {"file": str(path), "error": error_report(error)}


def _print_card(report: dict[str, Any], brief: bool, *, is_first: bool) -> None:
    from cardforge_desktop.cli.card_text import card_lines

    if not is_first:
        print()
    for line in card_lines(report, brief=brief, width=terminal_width()):
        print(line)


def _list(
    inputs: list[Input],
    tokenizer: NamedTokenizer,
    folders: list[Path],
    reports: list[dict[str, Any]] | None,
) -> bool:
    """A line, or a small report, for each card in the folders; False when one can't be read."""
    from cardforge_desktop.cards.formats.headers import read_header

    headers = [read_header(one.path, tokenizer.tokenizer.count) for one in inputs]
    passed_over = {
        header.path
        for one, header in zip(inputs, headers, strict=True)
        if header.problem is not None and one.is_passed_over(header.problem)
    }
    cards = [header for header in headers if header.path not in passed_over]
    broken = [header for header in cards if header.problem is not None]
    if reports is not None:
        reports += [_header_report(header) for header in cards]
    else:
        root = folders[0] if len(folders) == 1 else None
        for line in _table([header for header in cards if header.problem is None], root):
            print(line)
    for header in broken:
        if header.problem is not None:
            say(f"failed: {one_line(header.problem.message)}")
    files = counted(len(cards) - len(broken), "card file")
    rest = f", {counted(len(passed_over), 'other file')} without a card" if passed_over else ""
    say(f"{files}{rest}. Tokens are counted with {tokenizer.tokenizer.name}.")
    return not broken


def _table(headers: list[CardHeader], root: Path | None) -> list[str]:
    if not headers:
        return []
    rows: list[tuple[str, ...]] = [("FILE", "NAME", "HOLDS", "SPEC", "IN", "PERMANENT", "TOTAL")]
    for header in headers:
        path = header.path if root is None else header.path.relative_to(root)
        counts = ("", "") if header.holds == "book" else _counts(header)
        cells = (
            str(path),
            shortened(one_line(header.name), _WIDEST_NAME),
            header.holds,
            header.spec,
            header.container,
            *counts,
        )
        rows.append(tuple(one_line(cell) for cell in cells))
    return columns(rows, right=frozenset({5, 6}))


def _counts(header: CardHeader) -> tuple[str, str]:
    counts = (header.permanent_tokens, header.total_tokens)
    first, second = ("" if count is None else f"{count:,}" for count in counts)
    return first, second


def _header_report(header: CardHeader) -> dict[str, Any]:
    if header.problem is not None:
        return {"file": str(header.path), "error": error_report(header.problem)}
    return {
        "file": str(header.path),
        "name": header.name,
        "holds": header.holds,
        "container": header.container,
        "spec": header.spec,
        "tokens": {"permanent": header.permanent_tokens, "total": header.total_tokens},
    }
