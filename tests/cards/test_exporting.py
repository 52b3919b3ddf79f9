"""Files of cards: written beside what is there, renewed only where nobody else had a hand in them."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cardforge_desktop.cards.exporting import ExportOrder, ExportReport, export, not_fitting
from cardforge_desktop.cards.formats import read_file
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import LibraryError
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.naming import NameRules, NamingError
from tests.cards.library import Shelf, shelf_in
from tests.support.cards import WHOLE_CARD


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with shelf_in(tmp_path) as shelf:
        yield shelf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


def paths(report: ExportReport) -> list[Path | None]:
    assert {item.status for item in report.items} == {"written"}
    return [item.path for item in report.items]


def exported(shelf: Shelf, folder: Path) -> tuple[str, Path, Path]:
    """A card with a JSON and a PNG file."""
    card_id = shelf.add(Card(name="Ann"))
    json_path, png_path = paths(
        shelf.files.export([card_id], ["json", "tavernai"], folder, "{character_name}")
    )
    assert json_path is not None
    assert png_path is not None
    return card_id, json_path, png_path


def edit(shelf: Shelf, card_id: str, description: str) -> None:
    stored = shelf.library.card(card_id)
    card = stored.card.model_copy(update={"description": description})
    shelf.library.save(card_id, CardPackage(card, None, stored.files), stored.version)


def states(shelf: Shelf, card_id: str) -> dict[str, str]:
    return {file.format: file.state for file in shelf.files.state(card_id)}


def description(path: Path) -> str:
    return read_file(path.read_bytes(), path.name).package.card.description


def test_cards_are_written_whole_under_free_names_and_remembered(shelf: Shelf, folder: Path) -> None:
    first, second = shelf.add(WHOLE_CARD), shelf.add(WHOLE_CARD.model_copy(update={"character_book": None}))
    heard: list[Changed] = []
    shelf.hub.changed.connect(heard.append)
    report = shelf.files.export([first, second], ["json", "tavernai"], folder, "{index}_{character_name}")
    assert [path.name for path in paths(report) if path] == [
        *("001_mirela_vântu.json", "001_mirela_vântu.png"),
        *("002_mirela_vântu.json", "002_mirela_vântu.png"),
    ]
    assert heard == [Changed(Kind.CARD, frozenset({first, second}))]
    png = read_file((folder / "001_mirela_vântu.png").read_bytes(), "png").package
    assert png.card == shelf.library.card(first).card
    assert states(shelf, first) == {"json": "current", "tavernai": "current"}
    again = paths(shelf.files.export([first], ["json"], folder, "{index}_{character_name}"))
    assert again == [folder / "001_mirela_vântu_2.json"]
    assert len(shelf.files.state(first)) == 3


def test_copies_are_not_remembered(shelf: Shelf, folder: Path) -> None:
    card_id = shelf.add(Card(name="Ann"))
    shelf.files.export([card_id], ["tavernai"], folder, "", record=False)
    assert len(list(folder.iterdir())) == 1
    assert shelf.library.card(card_id).summary.files == ()


def test_one_card_that_fails_does_not_stop_the_others(shelf: Shelf, folder: Path) -> None:
    broken = shelf.add(Card(name="Ann"), b"no picture at all")
    good = shelf.add(Card(name="Ben"))
    report = shelf.files.export([broken, "card_gone", good], ["json", "tavernai"], folder, "{character_name}")
    found = [(item.card_id, item.format, item.status) for item in report.items]
    assert found == [
        (broken, "tavernai", "failed"),
        (broken, "json", "written"),
        ("card_gone", "json", "failed"),
        ("card_gone", "tavernai", "failed"),
        (good, "json", "written"),
        (good, "tavernai", "written"),
    ]
    assert all(item.message for item in report.failed)
    assert len(report.failed) == 3


def test_a_folder_that_is_a_file_fails_each_card_with_the_way_out(shelf: Shelf, folder: Path) -> None:
    folder.write_text("")
    report = shelf.files.export([shelf.add(Card(name="Ann"))], ["json"], folder, "")
    assert "Choose another" in report.items[0].message


def test_a_pattern_that_can_not_be_used_is_refused_at_once(shelf: Shelf, folder: Path) -> None:
    with pytest.raises(NamingError):
        shelf.files.export([shelf.add(Card(name="Ann"))], ["json"], folder, "{nme}")
    assert not folder.exists()


def test_after_an_edit_untouched_files_are_renewed_in_place(shelf: Shelf, folder: Path) -> None:
    card_id, json_path, png_path = exported(shelf, folder)
    json_path.chmod(0o600)
    edit(shelf, card_id, "edited")
    assert states(shelf, card_id) == {"json": "outdated", "tavernai": "outdated"}
    assert shelf.library.card(card_id).summary.out_of_date
    assert paths(shelf.files.re_export(card_id)) == [json_path, png_path]
    assert (description(json_path), description(png_path)) == ("edited", "edited")
    assert states(shelf, card_id) == {"json": "current", "tavernai": "current"}
    assert not shelf.library.card(card_id).summary.out_of_date
    assert sorted(folder.iterdir()) == [json_path, png_path]
    assert os.name != "posix" or json_path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_somebody_changed_stays_and_the_report_says_so(shelf: Shelf, folder: Path) -> None:
    card_id, json_path, png_path = exported(shelf, folder)
    json_path.write_text("mine")
    edit(shelf, card_id, "edited")
    assert states(shelf, card_id) == {"json": "changed", "tavernai": "outdated"}
    report = shelf.files.re_export(card_id)
    assert [(item.format, item.status) for item in report.items] == [
        ("json", "kept"),
        ("tavernai", "written"),
    ]
    assert json_path.name in report.items[0].message
    assert json_path.read_text() == "mine"
    assert description(png_path) == "edited"


def test_a_new_file_takes_the_place_of_one_that_somebody_changed(shelf: Shelf, folder: Path) -> None:
    card_id, json_path, png_path = exported(shelf, folder)
    json_path.write_text("mine")
    edit(shelf, card_id, "edited")
    shelf.files.re_export(card_id)
    assert shelf.library.card(card_id).summary.out_of_date
    (item,) = shelf.files.export([card_id], ["json"], folder, "{character_name}").items
    files = dict(shelf.library.card(card_id).summary.files)
    assert files == {"json": item.path, "tavernai": png_path}
    assert item.path != json_path
    assert json_path.read_text() == "mine"
    assert not shelf.library.card(card_id).summary.out_of_date


def test_files_that_are_gone_are_written_again_and_current_ones_left(shelf: Shelf, folder: Path) -> None:
    card_id, json_path, png_path = exported(shelf, folder)
    json_path.unlink()
    before = png_path.stat().st_mtime_ns
    assert states(shelf, card_id) == {"json": "missing", "tavernai": "current"}
    report = shelf.files.re_export(card_id)
    assert [(item.status, item.path, item.message) for item in report.items] == [
        ("written", json_path, ""),
        ("kept", png_path, ""),
    ]
    assert description(json_path) == ""
    assert png_path.stat().st_mtime_ns == before


def test_what_took_a_files_place_is_no_file_of_ours(shelf: Shelf, folder: Path, tmp_path: Path) -> None:
    card_id, json_path, png_path = exported(shelf, folder)
    content = json_path.read_bytes()
    (tmp_path / "elsewhere.json").write_bytes(content)
    json_path.unlink()
    json_path.symlink_to(tmp_path / "elsewhere.json")
    png_path.unlink()
    png_path.mkdir()
    edit(shelf, card_id, "edited")
    assert states(shelf, card_id) == {"json": "changed", "tavernai": "changed"}
    assert {item.status for item in shelf.files.re_export(card_id).items} == {"kept"}
    assert (tmp_path / "elsewhere.json").read_bytes() == content


def test_a_file_that_can_not_be_renewed_is_reported(shelf: Shelf, folder: Path) -> None:
    card_id, json_path, _ = exported(shelf, folder)
    shelf.sql("UPDATE card_file SET format = 'from-tomorrow' WHERE path = :path", path=str(json_path))
    edit(shelf, card_id, "edited")
    failed = shelf.files.re_export(card_id).failed
    assert [(item.format, item.path) for item in failed] == [("from-tomorrow", json_path)]
    assert "from-tomorrow" in failed[0].message


def test_what_a_format_can_not_hold_is_said_before(shelf: Shelf) -> None:
    card_id = shelf.add(Card(name="Ann"))
    losses = shelf.files.losses(card_id, ["v2", "tavernai"])
    assert [loss.field for loss in losses["v2"]] == ["picture"]
    assert losses["tavernai"] == ()
    with pytest.raises(LibraryError):
        shelf.files.losses("card_gone", ["v2"])


def test_json_of_an_export_is_json(shelf: Shelf, folder: Path) -> None:
    _, json_path, _ = exported(shelf, folder)
    assert json.loads(json_path.read_text(encoding="utf-8"))["data"]["name"] == "Ann"


def test_a_lorebook_of_a_card_without_a_book_is_left_out_and_named(folder: Path) -> None:
    card, moment = Card(name="Ann"), datetime(2026, 11, 26, tzinfo=UTC)
    order = ExportOrder(folder, "{character_name}", ("worldinfo", "json", "lorebook"), moment)
    assert [path.name for path, _ in export(CardPackage(card), order).values()] == ["ann.json"]
    assert export(CardPackage(card), ExportOrder(folder, "{index}", ("lorebook",), moment)) == {}
    assert not_fitting(CardPackage(card), order.formats) == (
        "No file was written as SillyTavern world info (JSON): the card has no character book.",
        "No file was written as V3 lorebook (JSON): the card has no character book.",
    )
    assert not_fitting(CardPackage(WHOLE_CARD), order.formats) == ()
    written = export(CardPackage(WHOLE_CARD), order)
    assert [path.name for path, _ in written.values()] == [
        "mirela_vântu_worldinfo.json",
        "mirela_vântu_json.json",
        "mirela_vântu_lorebook.json",
    ]


def test_an_export_of_books_alone_reports_the_cards_that_have_none(shelf: Shelf, folder: Path) -> None:
    with_book, without = shelf.add(WHOLE_CARD), shelf.add(Card(name="Ann"))
    report = shelf.files.export([with_book, without], ["worldinfo"], folder, "{character_name}")
    assert [(item.card_id, item.status) for item in report.items] == [
        (with_book, "written"),
        (without, "failed"),
    ]
    assert "the card has no character book" in report.items[1].message


def test_an_export_follows_the_rules_for_names(shelf: Shelf, folder: Path) -> None:
    card_id = shelf.add(Card(name="Ann of the Green Hill, the first of her name"))
    rules = NameRules(sanitise=False, max_bytes=24)
    report = shelf.files.export([card_id], ["json"], folder, "{character_name}", rules=rules)
    assert paths(report) == [folder / "Ann of the Green Hill, t.json"]
