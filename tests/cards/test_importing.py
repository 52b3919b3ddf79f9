"""Files into the library: known cards are told from new ones, and no bad file keeps the others out."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from cardforge_desktop.cards import importing
from cardforge_desktop.cards.avatar import draw_placeholder
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.importing import ImportItem, NamedBytes
from cardforge_desktop.cards.model import Asset, Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.search import CardQuery
from cardforge_desktop.events import Changed, Kind
from tests.cards.library import PICTURE, Shelf, shelf_in
from tests.support.cards import WHOLE_CARD, cards

V1 = {
    "name": "Ann",
    "description": "d",
    "personality": "",
    "scenario": "",
    "first_mes": "",
    "mes_example": "",
}
ON_LINUX = sys.platform == "linux"  # there names of files are bytes
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with shelf_in(tmp_path_factory.mktemp("store")) as shelf:
        yield shelf


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shelf]:
    with shelf_in(tmp_path) as shelf:
        yield shelf


def take(shelf: Shelf, data: bytes, name: str = "card") -> ImportItem:
    (item,) = shelf.imports.take([NamedBytes(name, data)]).items
    return item


def written(card: Card, format_name: str = "tavernai", picture: bytes = PICTURE, **files: bytes) -> bytes:
    return FORMATS[format_name].write(CardPackage(card, picture, files))


@given(card=cards(unknown=True))
def test_an_imported_card_is_as_it_was_and_known_from_then_on(shelf: Shelf, card: Card) -> None:
    item = take(shelf, written(card))
    assert item.status in ("added", "duplicate")  # the same example may come twice
    stored = shelf.library.card(item.card_id)
    assert written(stored.card, picture=stored.avatar) == written(card)
    assert stored.avatar == PICTURE
    again = take(shelf, written(stored.card))
    assert (again.status, again.card_id) == ("duplicate", item.card_id)


def test_an_imported_card_says_where_it_comes_from(empty: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "Ann.json"
    file.write_text(json.dumps(V1))
    heard: list[Changed] = []
    empty.hub.changed.connect(heard.append)
    (item,) = empty.imports.take([file]).items
    assert (item.name, item.status, item.source) == ("Ann.json", "added", file)
    stored = empty.library.card(item.card_id)
    assert (stored.summary.source, stored.summary.spec, stored.summary.imported) == ("Ann.json", "v1", True)
    assert stored.avatar == draw_placeholder("Ann")
    assert stored.summary.permanent_tokens == 2
    assert [revision.reason for revision in empty.library.revisions(item.card_id)] == ["imported"]
    assert [card.id for card in empty.search.cards(CardQuery(text="ann.json", format="v1"))] == [item.card_id]
    assert heard == [Changed(Kind.CARD, frozenset({item.card_id}))]


def test_what_was_mended_is_said(empty: Shelf) -> None:
    item = take(empty, json.dumps(V1 | {"tags": None, "alternate_greetings": "Hi"}).encode())
    assert item.status == "added"
    assert item.warnings


def test_a_card_of_the_library_that_was_exported_is_known_in_every_format_that_holds_it(empty: Shelf) -> None:
    card_id = empty.add(WHOLE_CARD)
    stored = empty.library.card(card_id)
    for name in ("tavernai", "v3"):
        item = take(empty, FORMATS[name].write(stored.package))
        assert (name, item.status, item.card_id) == (name, "duplicate", card_id)


def test_another_picture_or_another_asset_is_another_card(empty: Shelf) -> None:
    smile = Asset(type="emotion", uri="embeded://smile", name="smile", ext="webp")
    card = Card(name="Ann", assets=[smile])
    first = take(empty, written(card, smile=b"one"))
    assert take(empty, written(card, smile=b"one")).status == "duplicate"
    assert take(empty, written(card, smile=b"two")).status == "added"
    assert take(empty, written(card, picture=draw_placeholder("B"), smile=b"one")).status == "added"
    without_files = Card(name="Ann", assets=[smile.model_copy(update={"uri": "__asset:smile"})])
    again = take(empty, FORMATS["v3"].write(CardPackage(without_files)))
    assert (again.status, again.card_id) == ("duplicate", first.card_id)


def test_a_deleted_card_comes_back_with_its_history(empty: Shelf) -> None:
    card_id = empty.add(Card(name="Ann"))
    empty.library.delete([card_id])
    item = take(empty, written(Card(name="Ann")))
    assert (item.status, item.card_id) == ("added", card_id)
    assert "back" in item.message
    assert empty.library.card(card_id).version == 1
    assert take(empty, written(Card(name="Ann"))).status == "duplicate"


def test_a_card_of_the_first_version_is_known_too(empty: Shelf) -> None:
    card_id = empty.add(Card(name="Ann"))
    empty.sql("UPDATE card SET content_hash = ''")
    assert take(empty, written(Card(name="Ann"))).card_id == card_id


def test_a_picture_stays_byte_for_byte_however_large(empty: Shelf) -> None:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("1", (3000, 20)).save(buffer, "PNG")
    item = take(empty, written(Card(name="Ann"), picture=buffer.getvalue()))
    assert empty.library.card(item.card_id).avatar == buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (PICTURE, "picture"),
        (JPEG, "picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "picture"),
        (PICTURE[:60], "failed"),
        (b"", "failed"),
        (b"{", "failed"),
        (b"plain words", "failed"),
    ],
)
def test_what_is_no_card_is_told_apart(empty: Shelf, data: bytes, status: str) -> None:
    item = take(empty, data, "thing.bin")
    assert (item.status, item.card_id) == (status, "")
    assert "thing.bin" in item.message
    assert empty.library.cards() == ()


def test_folders_are_walked_in_natural_order_and_hidden_files_passed_over(
    empty: Shelf, tmp_path: Path
) -> None:
    folder = tmp_path / "cards"
    names = ("b10.JSON", "b2.json", "sub 2/c.json", "sub 10/d.json", ".hidden/e.json", ".f.json", "notes.txt")
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(V1 | {"name": name}))
    report = empty.imports.take([folder, folder / "b2.json", folder / "notes.txt"])
    assert [item.name for item in report.items] == ["b2.json", "b10.JSON", "c.json", "d.json", "notes.txt"]
    assert {item.status for item in report.items} == {"added"}


def test_one_bad_file_stops_nothing(empty: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.json", "b.json", "d.json"):
        (tmp_path / name).write_text("{" if name == "b.json" else json.dumps(V1 | {"name": name}))
    (tmp_path / "large.json").write_bytes(b"")
    os.truncate(tmp_path / "large.json", 500_000_000)  # a hole: it takes no space
    real = importing.read_path

    def failing(path: Path):
        if path.name == "a.json":
            raise RuntimeError("a mistake of ours")
        return real(path)

    monkeypatch.setattr(importing, "read_path", failing)
    paths = [tmp_path / name for name in ("a.json", "b.json", "c.json", "large.json", "d.json")]
    report = empty.imports.take(paths)
    assert [item.status for item in report.items] == ["failed"] * 4 + ["added"]
    assert all(path.name in item.message for path, item in zip(paths[:4], report.items, strict=False))


@pytest.mark.parametrize("name", ["ann-\ud800.json", *([os.fsdecode(b"ann-\xe9.json")] if ON_LINUX else [])])
def test_a_file_whose_name_is_no_text_is_taken(empty: Shelf, tmp_path: Path, name: str) -> None:
    source: Path | NamedBytes = NamedBytes(name, json.dumps(V1).encode())
    if ON_LINUX and "\ud800" not in name:
        source = tmp_path / name
        source.write_text(json.dumps(V1))
    (item,) = empty.imports.take([source]).items
    assert item.status == "added"
    assert empty.library.card(item.card_id).summary.source == item.name == "ann-?.json"


def test_progress_is_told_and_a_cancelled_import_keeps_what_it_has(empty: Shelf) -> None:
    cancelled = threading.Event()
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            cancelled.set()

    sources = [NamedBytes(f"{at}.json", json.dumps(V1 | {"name": str(at)}).encode()) for at in range(5)]
    report = empty.imports.take(sources, progress, cancelled)
    assert told == [(1, 5), (2, 5)]
    assert report.cancelled
    assert [item.name for item in report.items] == ["0.json", "1.json"]
    assert {card.name for card in empty.library.cards()} == {"0", "1"}
    assert not empty.imports.take([replace(sources[0], name="x")]).cancelled
