"""``cardforge books import`` and ``export``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cardforge_desktop.books.exchange import TakenBook, WrittenBook
from cardforge_desktop.books.model import BookSummary
from cardforge_desktop.books.report import summary_report
from cardforge_desktop.cards.formats import BOOK_FORMATS, LARGEST_FILE
from cardforge_desktop.cards.importing import NamedBytes, Source
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cli.books.find import books_workspace
from cardforge_desktop.cli.books.text import change_lines
from cardforge_desktop.cli.card_files import UsageError, check_there, is_folder
from cardforge_desktop.cli.painting import Paint, has_colours
from cardforge_desktop.cli.profiles.find import STDIN, read_bytes
from cardforge_desktop.cli.terminal import counted, one_line, print_json, say
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.workspace import Workspace

_STDOUT = "-"
_SOME_FAILED = 1
_STDIN_NAME = "standard input"


# In


def import_books(arguments: argparse.Namespace) -> int:
    """Take books from files, or one into a book that is there."""
    if arguments.into is not None:
        return _import_into(arguments)
    if arguments.how is not None or arguments.dry_run:
        raise UsageError(ErrorCode.USAGE_OPTION, "--merge, --replace and --dry-run need --into BOOK.")
    sources = _sources(arguments.files)
    named = {source.name for source in sources if not (isinstance(source, Path) and is_folder(source))}
    with books_workspace() as workspace:
        items = workspace.book_files.take(sources).items
    # A folder of cards may well have some without a book.
    told = [item for item in items if item.status != "empty" or item.name in named]
    if arguments.json:
        print_json([_taken_report(item) for item in told])
    else:
        _tell_taken(told)
    if not told:
        say("There is no lorebook and no card in what was named.")
    return _SOME_FAILED if not told or any(item.status in ("failed", "empty") for item in told) else 0


def _sources(files: Sequence[str]) -> list[Source]:
    if files.count(STDIN) > 1:
        raise UsageError(ErrorCode.USAGE_OPTION, "standard input (-) can be read only once.")
    check_there([Path(file) for file in files if file != STDIN])
    return [
        NamedBytes(_STDIN_NAME, read_bytes(STDIN, LARGEST_FILE)) if file == STDIN else Path(file)
        for file in files
    ]


def _tell_taken(items: Sequence[TakenBook]) -> None:
    for item in items:
        for warning in item.warnings:
            say(one_line(f"{item.name}: {warning}"))
        if item.status == "added":
            entries = "1 entry" if item.entries == 1 else f"{item.entries:,} entries"
            print(one_line(f"{item.name}: “{item.book_name}”, {entries}  ({item.book_id})"))
            if item.message:
                say(one_line(f"note: {item.message}"))
        elif item.status == "duplicate":
            say(one_line(item.message))
        else:
            say(one_line(f"cardforge: {item.message}"))


def _taken_report(item: TakenBook) -> dict[str, Any]:
    report = asdict(item)
    del report["source"], report["beside"]
    return {**report, "file": report.pop("name")}


def _import_into(arguments: argparse.Namespace) -> int:
    sources = _sources(arguments.files)
    if len(sources) > 1 or (isinstance(sources[0], Path) and is_folder(sources[0])):
        raise UsageError(ErrorCode.USAGE_OPTION, "--into takes one file at a time.")
    if arguments.how is None:
        raise UsageError(ErrorCode.USAGE_OPTION, "--into needs --merge or --replace.")
    with books_workspace() as workspace:
        summary = workspace.books.by_name(arguments.into)
        book, warnings = workspace.book_files.read(sources[0])
        becoming = workspace.book_files.into(summary.id, book, arguments.how)
        for warning in warnings:
            say(one_line(f"{sources[0].name}: {warning}"))
        if not arguments.json:
            before, after = Card(character_book=becoming.before), Card(character_book=becoming.after)
            for line in change_lines(before, after, Paint(colours=has_colours())):
                print(line)
        if becoming.steps and not arguments.dry_run:
            workspace.books.change(becoming.steps, becoming.expected)
        summary = workspace.books.book(summary.id).summary
    if arguments.json:
        print_json(
            {"changed": bool(becoming.steps), "dry_run": arguments.dry_run, "book": summary_report(summary)}
        )
    elif not becoming.steps:
        say(one_line(f"Nothing changes: “{summary.name}” has all of it already."))
    elif arguments.dry_run:
        say("Nothing was changed (--dry-run).")
    else:
        say(one_line(f"“{summary.name}” has {summary.entries:,} entries now."))
    return 0


# Out


def export_books(arguments: argparse.Namespace) -> int:
    """Write books to files, or one to standard output."""
    with books_workspace() as workspace:
        books = _chosen(workspace, arguments)
        for book in books:
            whose = f"{book.name}: " if len(books) > 1 else ""
            for loss in workspace.book_files.losses([book.id], arguments.format):
                say(one_line(f"note: {whose}{loss.field} {loss.reason}."))
        if arguments.out == _STDOUT:
            if len(books) > 1:
                raise UsageError(ErrorCode.USAGE_OPTION, "only one book fits on standard output.")
            print(workspace.book_files.content(books[0].id, arguments.format).decode(), end="", flush=True)
            return 0
        written = _written(workspace, books, arguments)
    if arguments.json:
        print_json([_written_report(item) for item in written])
    for item in written:
        if item.status == "failed":
            say(one_line(f"cardforge: {item.message}"))
        elif not arguments.json:
            print(one_line(str(item.path)))
    failed = [item for item in written if item.status == "failed"]
    if failed:
        say(f"{counted(len(failed), 'book')} of {len(written):,} could not be written.")
    return _SOME_FAILED if failed else 0


def _chosen(workspace: Workspace, arguments: argparse.Namespace) -> list[BookSummary]:
    if arguments.all == bool(arguments.books):
        raise UsageError(ErrorCode.USAGE_OPTION, "name the books to export, or write --all.")
    if arguments.all:
        return [book for book in workspace.books.books() if not book.card_id]
    chosen = [workspace.books.by_name(name) for name in arguments.books]
    return list({book.id: book for book in chosen}.values())


def _written(
    workspace: Workspace, books: Sequence[BookSummary], arguments: argparse.Namespace
) -> tuple[WrittenBook, ...]:
    out = Path(arguments.out or ".")
    is_new = not os.path.lexists(out)
    ending = f".{BOOK_FORMATS[arguments.format].extension}"
    if is_folder(out) or (is_new and (out.suffix.lower() != ending or arguments.out[-1] in "/\\")):
        ids = [book.id for book in books]
        return workspace.book_files.write(ids, out, arguments.format, overwrite=arguments.overwrite)
    if len(books) > 1:
        raise UsageError(ErrorCode.USAGE_OPTION, f"{out} is one file: name one book, or a folder.")
    if not is_new and not arguments.overwrite and not out.is_dir():
        raise UsageError(
            ErrorCode.USAGE_OPTION, f"{out} is there already. Write to another file, or add --overwrite."
        )
    return (
        workspace.book_files.write_file(books[0].id, out, arguments.format, overwrite=arguments.overwrite),
    )


def _written_report(item: WrittenBook) -> dict[str, Any]:
    report = asdict(item)
    return {**report, "path": None if item.path is None else str(item.path)}
