"""The actions of ``cardforge books`` by name; what they do is in modules of their own."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from types import MappingProxyType

from cardforge_desktop.cli.books import copies, files, reading, test

ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = MappingProxyType(
    {
        "list": reading.list_books,
        "show": reading.show_book,
        "search": reading.search_books,
        "test": test.test_book,
        "import": files.import_books,
        "export": files.export_books,
        "put": copies.put_book,
    }
)
