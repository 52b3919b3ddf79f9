"""Books from files and into files, on a real store and a real disk."""

import json
from pathlib import Path

import pytest

from cardforge_desktop.books.exchange import BookFiles
from cardforge_desktop.cards.book_fields import category_of, tags_of, version_of, with_category, with_tags
from cardforge_desktop.cards.book_fields import with_version as versioned
from cardforge_desktop.cards.formats import BOOK_FORMATS, FORMATS
from cardforge_desktop.cards.importing import NamedBytes
from cardforge_desktop.cards.model import Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import CardForgeError, ErrorCode
from tests.books.shelves import Shelf, book_of, entry_of
from tests.cards.wild import make


@pytest.fixture
def files(shelf: Shelf) -> BookFiles:
    """Reads and writes for the shelf."""
    return BookFiles(shelf.store, shelf.books)


def _whole(name: str = "Old Tarn") -> CharacterBook:
    """A book with everything that no format but ours has a field for."""
    entries = [with_category(entry_of("Old Tarn", 1), "Places"), entry_of("Mirela", 2)]
    book = CharacterBook(name=name, description="A lake.", scan_depth=3, entries=entries)
    return versioned(with_tags(book, ["lake", "north"]), "1.2")


def _card(name: str, book: CharacterBook | None, format_name: str = "v3") -> bytes:
    return FORMATS[format_name].write(CardPackage(Card(name=name, character_book=book), make.png()))


def _written(book: CharacterBook, format_name: str) -> bytes:
    return BOOK_FORMATS[format_name].write(CardPackage(Card(character_book=book)))


def test_every_kind_of_file_becomes_the_book_in_it(shelf: Shelf, files: BookFiles, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    for name in BOOK_FORMATS:
        (folder / f"{name}.json").write_bytes(_written(_whole(f"Book {name}"), name))
    for name in ("json", "v2", "tavernai", "charx"):
        extension = FORMATS[name].extension
        card = _card("Mirela", _whole(f"Card {name}"), name)
        (folder / "deep" / f"{name}.{extension}").write_bytes(card)
    seen: list[tuple[int, int]] = []
    report = files.take([folder], lambda done, all_files: seen.append((done, all_files)))
    assert {(item.status, item.entries, item.warnings) for item in report.items} == {("added", 2, ())}
    assert seen == [(at, 7) for at in range(1, 8)]
    books = {book.name: book for book in shelf.books.books()}
    assert sorted(books) == sorted(
        [
            *(f"Book {name}" for name in BOOK_FORMATS),
            *(f"Card {name}" for name in ("json", "v2", "tavernai", "charx")),
        ]
    )
    for name, summary in books.items():
        book = shelf.books.whole(summary.id)
        assert (tags_of(book), version_of(book), book.description, book.scan_depth) == (
            ("lake", "north"), "1.2", "A lake.", 3,
        ), name  # fmt: skip
        assert [(category_of(entry), entry.name) for entry in book.entries] == [
            ("Places", "Old Tarn"), ("", "Mirela"),
        ]  # fmt: skip
    again = files.take([folder])
    assert {item.status for item in again.items} == {"duplicate"}
    assert [item.book_id for item in again.items] == [item.book_id for item in report.items]
    assert len(shelf.books.books()) == 7


def test_books_of_other_apps_are_taken(shelf: Shelf, files: BookFiles) -> None:
    risu = {"key": "lake, tarn", "content": "Black.", "comment": "Tarn"}
    agnai = {"name": "Tarn", "entry": "Black.", "keywords": ["lake"]}
    novel = {"text": "Black.", "keys": ["lake"], "displayName": "Tarn"}
    foreign = {
        "risu.json": {"type": "risu", "ver": 1, "data": [risu]},
        "agnai.json": {"kind": "memory", "name": "Coast", "entries": [agnai]},
        "novel.lorebook": {"lorebookVersion": 4, "entries": [novel]},
    }
    sources = [NamedBytes(name, json.dumps(value).encode()) for name, value in foreign.items()]
    report = files.take(sources)
    assert [(item.status, item.book_name, item.entries) for item in report.items] == [
        ("added", "risu", 1), ("added", "Coast", 1), ("added", "novel", 1),
    ]  # fmt: skip
    for item in report.items:
        (entry,) = shelf.books.whole(item.book_id).entries
        assert (entry.keys[0], entry.content) == ("lake", "Black.")


def test_a_bad_file_keeps_none_of_the_others_out(shelf: Shelf, files: BookFiles, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_bytes(b'{"entries": [{"keys": ["a"], "content":')
    (tmp_path / "deep.json").write_bytes(b'{"entries":' * 50_000)
    (tmp_path / "huge.json").write_text(
        json.dumps({"entries": {str(at): {"key": []} for at in range(50_001)}})
    )
    (tmp_path / "lake.json").write_bytes(_written(_whole(""), "worldinfo"))
    (tmp_path / "mirela.json").write_bytes(_card("Mirela", None))
    (tmp_path / "voss.json").write_bytes(_card("Voss", _whole("")))
    missing = tmp_path / "missing.json"
    report = files.take([*sorted(tmp_path.glob("*.json")), missing])
    told = {item.name: item for item in report.items}
    assert {name: item.status for name, item in told.items()} == {
        "broken.json": "failed", "deep.json": "failed", "huge.json": "failed", "lake.json": "added",
        "mirela.json": "empty", "missing.json": "failed", "voss.json": "added",
    }  # fmt: skip
    assert told["mirela.json"].message == "mirela.json is a card without a lorebook."
    assert "50,001 entries" in told["huge.json"].message
    assert all(name in item.message for name, item in told.items() if item.status == "failed")
    # A book without a name is called as SillyTavern would call it.
    assert {book.name for book in shelf.books.books()} == {"lake", "Voss's Lorebook"}


def test_an_equal_name_is_told_and_another_given(shelf: Shelf, files: BookFiles) -> None:
    shelf.book("Bell")
    other = NamedBytes("tarn.json", _written(_whole(), "lorebook"))
    (item,) = files.take([other]).items
    assert (item.status, item.book_name) == ("added", "Old Tarn 2")
    assert item.message == "It is called “Old Tarn 2”, since there is another book “Old Tarn”."
    (again,) = files.take([other]).items
    assert (again.status, again.book_id) == ("duplicate", item.book_id)
    renamed = NamedBytes("tarn.json", _written(_whole("Mere"), "lorebook"))
    assert files.take([renamed]).items[0].status == "added"  # the same entries as a book of another name


def test_names_are_unique_on_the_disk_and_in_the_files(
    shelf: Shelf, files: BookFiles, tmp_path: Path
) -> None:
    own = shelf.book("Bell", name="Old Tarn").id
    shelf.card(book=book_of("Lamp", name="old tarn"))
    in_card = next(book.id for book in shelf.books.books() if book.card_id)
    folder = tmp_path / "out"
    folder.mkdir()
    theirs = folder / "Old Tarn.json"
    theirs.write_text("not ours")
    for name in BOOK_FORMATS:
        written = files.write([own, in_card], folder / name, name)
        assert [(item.status, item.name, item.path) for item in written] == [
            ("written", "Old Tarn", folder / name / "Old Tarn.json"),
            ("written", "old tarn 2", folder / name / "old tarn 2.json"),
        ]
        assert [item.status for item in files.write([own, in_card], folder / name, name)] == ["kept", "kept"]
    (first,) = files.write([own], folder, "lorebook")
    assert (first.name, first.path, theirs.read_text()) == (
        "Old Tarn 2",
        folder / "Old Tarn 2.json",
        "not ours",
    )
    assert json.loads((folder / "Old Tarn 2.json").read_text())["data"]["name"] == "Old Tarn 2"
    (over,) = files.write([own], folder, "lorebook", overwrite=True)
    assert (over.path, json.loads(theirs.read_text())["data"]["name"]) == (theirs, "Old Tarn")


def test_hostile_names_stay_in_the_folder(shelf: Shelf, files: BookFiles, tmp_path: Path) -> None:
    names = ["../../etc/passwd", "CON", "a" * 400, "..", "é\u202egnp.exe", "霧" * 200]
    ids = [shelf.book("Bell", name=name).id for name in names]
    written = files.write(ids, tmp_path / "out", "book")
    assert [item.status for item in written] == ["written"] * len(names)
    paths = [item.path for item in written if item.path is not None]
    assert {path.parent for path in paths} == {tmp_path / "out"}
    assert all(len(path.name.encode()) < 200 and "\u202e" not in path.name for path in paths)


def test_a_chosen_file_is_never_replaced_unasked(shelf: Shelf, files: BookFiles, tmp_path: Path) -> None:
    book = shelf.book("Bell").id
    path = tmp_path / "tarn.json"
    path.write_text("theirs")
    with pytest.raises(CardForgeError) as refused:
        files.write_file(book, path, "worldinfo")
    assert (refused.value.code, path.read_text()) == (ErrorCode.FILES_NO_NAME_FREE, "theirs")
    assert files.write_file(book, path, "worldinfo", overwrite=True).status == "written"
    assert files.write_file(book, path, "worldinfo").status == "kept"
    assert path.read_bytes() == files.content(book, "worldinfo")
    (failed,) = files.write([book], path, "book")  # a file where the folder should be
    assert (failed.status, failed.path) == ("failed", None)
    assert str(path) in failed.message
    (gone,) = files.write(["book_none"], tmp_path, "book")
    assert (gone.status, "no longer there" in gone.message) == ("failed", True)


def test_what_a_format_loses_is_said_before(shelf: Shelf, files: BookFiles) -> None:
    book = shelf.books.create(_whole()).id
    world = {loss.field for loss in files.losses([book], "worldinfo")}
    assert world == {"character_book.scan_depth", "character_book.description"}
    assert files.losses([book], "lorebook") == files.losses([book], "book") == ()


def test_a_file_comes_into_a_book_that_is_there(shelf: Shelf, files: BookFiles) -> None:
    book = shelf.book("Tarn", "Bell", "Lamp").id
    before, ids = shelf.books.whole(book), shelf.ids(book)
    new = book_of("Lamp", "Harbour", "Tarn", name="Another")
    new.entries[2] = entry_of("Tarn", 3, "Told anew.")
    new = new.model_copy(update={"scan_depth": 7})
    merge = files.into(book, new, "merge")
    assert [entry.name for entry in merge.after.entries][:3] == ["Tarn", "Bell", "Lamp"]
    assert merge.after.entries[:3] == before.entries
    change = shelf.books.change(merge.steps, merge.expected)
    assert shelf.books.whole(book) == merge.after
    shelf.books.change(change.undo)
    replace = files.into(book, new, "replace")
    change = shelf.books.change(replace.steps, replace.expected)
    assert shelf.books.whole(book) == replace.after
    assert (replace.after.name, replace.after.scan_depth) == ("Old Tarn", 7)
    after = shelf.ids(book)
    assert list(after) == ["Lamp", "Harbour", "Tarn"]
    assert {name: after[name] for name in ("Lamp", "Tarn")} == {name: ids[name] for name in ("Lamp", "Tarn")}
    assert files.into(book, replace.after, "replace").steps == ()
    shelf.books.change(change.undo)
    assert shelf.books.whole(book) == before
    assert shelf.ids(book) == ids
