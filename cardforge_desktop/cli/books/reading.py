"""``cardforge books list``, ``show`` and ``search``."""

from __future__ import annotations

import argparse

from cardforge_desktop.books.report import book_report, entry_report, found_report, summary_report
from cardforge_desktop.books.search import EntryQuery, Hit
from cardforge_desktop.cards.book_fields import category_of
from cardforge_desktop.cli.books.find import books_workspace, found_entry
from cardforge_desktop.cli.books.text import book_table, described, entry_lines, entry_table, hit_lines
from cardforge_desktop.cli.painting import Paint, has_colours
from cardforge_desktop.cli.terminal import one_line, print_json, say
from cardforge_desktop.workspace import Workspace

_NOTHING_FOUND = 1
_ALL = 100_000


def list_books(arguments: argparse.Namespace) -> int:
    """A line for each book."""
    with books_workspace() as workspace:
        books = workspace.books.books()
    if arguments.json:
        print_json([summary_report(book) for book in books])
        return 0
    for line in book_table(books):
        print(line)
    return 0


def show_book(arguments: argparse.Namespace) -> int:
    """A book with its entries, or one entry in full."""
    with books_workspace() as workspace:
        summary = workspace.books.by_name(arguments.book)
        if arguments.entry is not None:
            entry = found_entry(workspace, summary, arguments.entry)
            if arguments.json:
                print_json(entry_report(entry))
            else:
                print(*entry_lines(entry), sep="\n")
            return 0
        book = workspace.books.book(summary.id)
        if arguments.json:
            entries = workspace.books.entries(book.id)
            wanted = arguments.category
            print_json(
                book_report(
                    book, (each for each in entries if wanted is None or category_of(each.entry) == wanted)
                )
            )
            return 0
        query = EntryQuery(book.id, category=arguments.category)
        lines = workspace.book_search.lines(workspace.book_search.numbers(query))
        counts = workspace.book_search.counts(query)
    print(*described(book, counts), *entry_table(lines), sep="\n")
    return 0


def search_books(arguments: argparse.Namespace) -> int:
    """Entries that were found, with the words that found them."""
    typed = " ".join(arguments.words)
    with books_workspace() as workspace:
        found = _found(workspace, typed, arguments)
        whole = {entry.id: entry for entry in workspace.books.some_entries([hit.line.id for hit in found])}
    entries = [(hit, whole[hit.line.id]) for hit in found if hit.line.id in whole]
    if arguments.json:
        print_json(
            [
                {"book": {"id": hit.book_id, "name": hit.book_name}, **found_report(entry, typed)}
                for hit, entry in entries
            ]
        )
    elif entries:
        paint = Paint(colours=has_colours())
        print("\n\n".join("\n".join(hit_lines(hit, entry, typed, paint)) for hit, entry in entries))
    if not entries:
        say(one_line(f"No entry has “{typed[:100]}”."))
    return 0 if entries else _NOTHING_FOUND


def _found(workspace: Workspace, typed: str, arguments: argparse.Namespace) -> list[Hit]:
    search, limit, category = workspace.book_search, arguments.limit, arguments.category
    if arguments.book is None:
        workspace.books.books()  # takes in what cards brought
        hits = search.everywhere(typed, limit if category is None else _ALL)
        return [hit for hit in hits if category is None or hit.line.category == category][:limit]
    book = workspace.books.by_name(arguments.book)
    page = search.page(EntryQuery(book.id, typed, category), limit)
    return [Hit(book.id, book.name, book.card_name, line) for line in page.lines]
