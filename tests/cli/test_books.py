"""`cardforge books`, called in this process on a real store."""

import json
from typing import Any

from cardforge_desktop.cards.book_fields import with_category, with_tags
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from tests.books.shelves import book_of, entry_of
from tests.cli.conftest import Call
from tests.support.app import open_workspace

_TARN = CharacterBook(
    name="Old Tarn",
    description="The lake and who lives there.",
    scan_depth=4,
    entries=[
        with_category(entry_of("Old Tarn", 1, "A black lake."), "Places"),
        with_category(entry_of("Mirela", 2, "She keeps the lamp."), "People"),
        BookEntry(keys=["Bell"], content="It rings\x1b[2J by itself.", enabled=False, priority=10**400),
    ],
)


def _store(*books: CharacterBook) -> list[str]:
    with open_workspace() as workspace:
        return [workspace.books.create(book).id for book in books]


def test_books_are_listed_and_shown(call: Call) -> None:
    (tarn, _) = _store(with_tags(_TARN, ["lake"]), book_of("Voss", name="Harbour"))
    told = call("books", "list")
    heading, first, second = told.out.splitlines()
    assert (told.code, told.err, heading.split()[:3]) == (0, "", ["NAME", "ENTRIES", "TOKENS"])
    assert (first.split()[0], second.split()[:3], second.split()[-1]) == (
        "Harbour",
        ["Old", "Tarn", "3"],
        tarn,
    )
    listed: list[dict[str, Any]] = json.loads(call("books", "list", "--json").out)
    assert [(book["name"], book["metadata"]["total_entries"]) for book in listed] == [
        ("Harbour", 1), ("Old Tarn", 3),
    ]  # fmt: skip
    shown = call("books", "show", "old tarn").out
    for words in ("3 entries", "tags: lake", "scan depth 4", "categories: (none) 1, People 1, Places 1"):
        assert words in shown
    assert "The lake and who lives there." in shown
    assert [line.split("  ")[0] for line in shown.splitlines()[-3:]] == ["Old Tarn", "Mirela", "Bell"]
    assert "disabled" in shown.splitlines()[-1]


def test_one_entry_or_one_category_is_shown(call: Call) -> None:
    (tarn,) = _store(_TARN)
    bell = call("books", "show", tarn, "--entry", "bell")
    assert (bell.code, bell.err) == (0, "")
    assert "It rings\\x1b[2J by itself." in bell.out  # no control character reaches the terminal
    found = json.loads(call("books", "show", tarn, "--entry", "2", "--json").out)
    assert (found["name"], found["category"], found["keywords"]) == ("Mirela", "People", ["Mirela"])
    assert json.loads(call("books", "show", tarn, "--entry", found["id"], "--json").out)["export_id"] == 2
    places = json.loads(call("books", "show", tarn, "--category", "Places", "--json").out)
    assert [entry["name"] for entry in places["entries"]] == ["Old Tarn"]
    assert call("books", "show", tarn, "--category", "").out.splitlines()[-1].startswith("Bell")


def test_what_is_not_there_is_said(call: Call) -> None:
    (tarn,) = _store(CharacterBook(name="Tarn", entries=[entry_of("Bell", 1), entry_of("Bell", 2)]))
    no_book = call("books", "show", "Harbour")
    assert (no_book.code, no_book.err) == (
        2, "cardforge: There is no book named “Harbour”. There are: Tarn.\n",
    )  # fmt: skip
    no_entry = call("books", "show", tarn, "--entry", "Lamp", "--json")
    assert (no_entry.code, json.loads(no_entry.out)["error"]["code"]) == (2, "BOOK_ENTRY_NOT_FOUND")
    several = call("books", "show", tarn, "--entry", "Bell")
    assert (several.code, several.err.count("entry_")) == (2, 2)
