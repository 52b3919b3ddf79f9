"""`cardforge books`, called in this process on a real store."""

import json
from pathlib import Path
from typing import Any

from cardforge_desktop.books.model import SetHead
from cardforge_desktop.cards.book_fields import with_category, with_tags
from cardforge_desktop.cards.formats import BOOK_FORMATS, json_file
from cardforge_desktop.cards.importing import NamedBytes
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
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
        BookEntry(
            keys=["Bell"],
            content="It rings\x1b[2J by itself.",
            enabled=False,
            priority=10**400,
            constant=True,
            case_sensitive=True,
            position="after_char",
            extensions={"position": 4, "depth": 2, "role": "?"},
        ),
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
    mirela = call("books", "show", tarn, "--entry", "2")
    assert '  extensions: {"cardforge": {"category": "People"}}\n' in mirela.out
    assert "  flags: constant, case_sensitive\n" in bell.out
    assert "  position: At depth 2 as system\n" in bell.out  # not V3's nearest place
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


def test_entries_are_found_in_one_book_or_in_all(call: Call) -> None:
    _store(_TARN, book_of("Lamp", name="Harbour"))
    found = call("books", "search", "lam")
    assert (found.code, found.err) == (0, "")
    name, keys, text = found.out.split("\n\n")[0].splitlines()
    assert (name.split()[0], keys, text) == ("Lamp", "  keys: Lamp", "  About Lamp.")
    assert "Mirela  [People]  Old Tarn" in found.out
    hits = json.loads(call("books", "search", "lamp", "--category", "People", "--json").out)
    assert [(hit["book"]["name"], hit["entry"]["name"], hit["matches"][0]["text"]) for hit in hits] == [
        ("Old Tarn", "Mirela", "lamp"),
    ]  # fmt: skip
    assert call("books", "search", "lamp", "--book", "harbour", "--limit", "1").out.count("keys:") == 1
    assert call("books", "search", "lam", "lamp").out == call("books", "search", "lam lamp").out != ""
    nothing = call("books", "search", "zebra", "--json")
    assert (nothing.code, nothing.out, nothing.err) == (1, "[]\n", "No entry has “zebra”.\n")
    assert call("books", "search", "lamp", "--limit", "0").code == 2


def test_books_go_out_and_come_back_as_they_were(call: Call, tmp_path: Path) -> None:
    tarn, harbour = _store(with_tags(_TARN, ["lake"]), book_of("Lamp", name="Harbour"))
    told = call("books", "export", "old tarn", harbour, "--format", "worldinfo", "--out", "out")
    assert (told.code, told.out.splitlines()) == (0, ["out/Old Tarn.json", "out/Harbour.json"])
    assert "note: Old Tarn: character_book.scan_depth has no effect" in told.err
    with open_workspace() as workspace:
        before = workspace.books.whole(tarn)
        workspace.books.delete([tarn, harbour])
    (tmp_path / "out" / "bad.json").write_text("{")
    taken = call("books", "import", "out")
    assert (taken.code, [line.split("  ")[0] for line in taken.out.splitlines()]) == (
        1, ["Harbour.json: “Harbour”, 1 entry", "Old Tarn.json: “Old Tarn”, 3 entries"],
    )  # fmt: skip
    assert "bad.json" in taken.err
    with open_workspace() as workspace:
        after = workspace.books.whole(workspace.books.by_name("Old Tarn").id)
    assert [entry.content for entry in after.entries] == [entry.content for entry in before.entries]
    assert (after.extensions, after.scan_depth) == (before.extensions, 4)
    again = call("books", "import", "out/Harbour.json", "--json")
    assert (again.code, json.loads(again.out)[0]["status"]) == (0, "duplicate")
    out = call("books", "export", "Harbour", "--format", "book", "--out", "-")
    assert json.loads(out.out)["entries"][0]["name"] == "Lamp"
    assert call("books", "export", "Harbour", "--out", "out/Harbour.json").code == 2  # it is there
    assert call("books", "export", "Harbour", "--out", "out/Harbour.json", "--overwrite").code == 0
    for wrong in (["export"], ["export", "--all", "Harbour"], ["export", "--all", "--out", "out/one.json"]):
        assert call("books", *wrong).code == 2
    (tmp_path / "mirela.json").write_bytes(json_file.write_v3(CardPackage(Card(name="Mirela"))))
    assert "mirela.json is a card without a lorebook" in call("books", "import", "mirela.json").err
    assert call("books", "import", "nowhere.json").code == 2


def test_a_file_goes_into_a_book_after_its_difference(call: Call, tmp_path: Path) -> None:
    (tarn,) = _store(_TARN)
    new = book_of("Mirela", "Harbour", name="Else")
    (tmp_path / "new.json").write_bytes(BOOK_FORMATS["book"].write(CardPackage(Card(character_book=new))))
    shown = call("books", "import", "new.json", "--into", tarn, "--replace", "--dry-run")
    assert (shown.code, "- She keeps the lamp." in shown.out, "+ About Mirela." in shown.out) == (
        0,
        True,
        True,
    )
    assert shown.err.endswith("Nothing was changed (--dry-run).\n")
    merged = call("books", "import", "new.json", "--into", tarn, "--merge")
    assert merged.err == "“Old Tarn” has 4 entries now.\n" or "5 entries" in merged.err
    assert "She keeps the lamp." in call("books", "show", tarn, "--entry", "2").out
    replaced = call("books", "import", "new.json", "--into", tarn, "--replace", "--json")
    assert json.loads(replaced.out)["book"]["metadata"]["total_entries"] == 2
    again = call("books", "import", "new.json", "--into", tarn, "--replace")
    assert (again.out, again.err) == ("", "Nothing changes: “Old Tarn” has all of it already.\n")
    assert call("books", "import", "new.json", "--into", tarn).code == 2
    assert call("books", "import", "new.json", "--merge").code == 2


def test_a_book_is_put_into_cards(call: Call) -> None:
    (tarn,) = _store(_TARN)
    with open_workspace() as workspace:
        sources = [
            NamedBytes(f"{name}.json", json_file.write_v3(CardPackage(Card(name=name, character_book=book))))
            for name, book in (
                ("Mirela", None),
                ("Voss", book_of("Lamp")),
                ("Twin", None),
                ("twin", book_of()),
            )
        ]
        ids = [item.card_id for item in workspace.card_imports.take(sources).items]
    dry = call("books", "put", tarn, "mirela", "Voss", "--dry-run")
    assert (dry.code, dry.out.count("--- "), "content: A black lake." in dry.out) == (0, 2, True)
    done = call("books", "put", tarn, "mirela", ids[1])
    assert (done.code, done.err) == (0, "Mirela has it now.\nVoss has it now.\n")
    report = json.loads(call("books", "put", tarn, "Voss", "--json").out)
    assert [(item["card"], item["changes"], item["status"]) for item in report] == [("Voss", False, "same")]
    with open_workspace() as workspace:
        workspace.books.change([SetHead(tarn, CharacterBook(name="Mere"))])
    assert "used by 2 cards, 2 behind" in call("books", "list").out
    assert call("books", "put", tarn, "--behind").err == "Mirela has it now.\nVoss has it now.\n"
    assert call("books", "put", tarn, "--behind").err == "No copy of “Mere” is behind.\n"
    twins = call("books", "put", tarn, "Twin")
    assert (twins.code, twins.err.count("card_")) == (2, 2)
    assert call("books", "put", tarn, "Nobody").code == 2
    assert call("books", "put", tarn).code == 2
