"""``cardforge books list`` and ``show``."""

from __future__ import annotations

import argparse

from cardforge_desktop.books.report import book_report, entry_report, summary_report
from cardforge_desktop.books.search import EntryQuery
from cardforge_desktop.cards.book_fields import category_of
from cardforge_desktop.cli.books.find import books_workspace, found_entry
from cardforge_desktop.cli.books.text import book_table, described, entry_lines, entry_table
from cardforge_desktop.cli.terminal import print_json


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
