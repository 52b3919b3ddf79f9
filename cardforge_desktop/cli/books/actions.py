"""The actions of ``cardforge books`` by name; what they do is in modules of their own."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from types import MappingProxyType

from cardforge_desktop.cli.books import reading

ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = MappingProxyType(
    {"list": reading.list_books, "show": reading.show_book}
)
