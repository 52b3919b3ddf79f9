"""docs/local-api.md tells every path and every field, and none that is not there."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

from starlette.routing import Route

from cardforge_desktop.api.entry_queries import MOST, USUAL
from cardforge_desktop.api.server import make_app
from cardforge_desktop.books.report import book_report, entry_report
from cardforge_desktop.books.search import EntrySort, State
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.workspace import Workspace
from tests.support.app import ROOT

TEXT = (ROOT / "docs" / "local-api.md").read_text("utf-8")
BOOKS = TEXT.partition("## Books")[2]


def test_every_path_is_told(workspace: Workspace) -> None:
    with ThreadPoolExecutor() as pool:
        routes = [route for route in make_app(workspace, pool).routes if isinstance(route, Route)]
    there = {
        (method, re.sub(r"\{\w+\}", "{}", route.path))
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }
    told = re.findall(r"`(GET|POST|PUT|DELETE) (/api/v2/[^`]*)`", TEXT)
    assert {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in told} == there


def test_every_field_and_every_choice_of_books_is_told(workspace: Workspace) -> None:
    made = workspace.books.create(CharacterBook(name="Tarn", entries=[BookEntry(keys=["a"])]))
    (entry,) = workspace.books.entries(made.id)
    book = book_report(workspace.books.book(made.id), [entry])
    told = set(re.findall(r"`(\w+)`", BOOKS))
    for report in (book, book["metadata"], entry_report(entry), entry_report(entry)["metadata"]):
        assert report.keys() <= told
    for choice in (*get_args(State), *get_args(EntrySort)):
        assert re.search(rf"\b{choice}\b", BOOKS), choice
    assert f"{USUAL} from the beginning" in BOOKS
    assert f"{MOST:,} at once" in BOOKS
