"""``cardforge convert``: names, losses told first, nothing overwritten, one bad file alone."""

import io
import json
import signal
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from cardforge_desktop.cards.formats import FORMATS, read_path
from cardforge_desktop.cards.formats.png_chunks import SIGNATURE
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from tests.cards.readers import as_agnai, as_sillytavern, as_strict_v1
from tests.cli.conftest import Call
from tests.cli.files import HOSTILE, has_controls, write_book, write_card
from tests.support.app import cardforge, command, variables
from tests.support.cards import WHOLE_CARD


def test_a_card_keeps_the_name_of_its_file_and_everything_in_it(call: Call, tmp_path: Path) -> None:
    source = write_card(tmp_path / "Mirela (old).json")
    ended = call("convert", source, "--format", "charx", "--format", "tavernai", "--out", "out")
    assert ended.code == 0, ended.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "Mirela (old).charx",
        "Mirela (old).png",
    ]
    assert read_path(tmp_path / "out" / "Mirela (old).charx").package.card == WHOLE_CARD
    png = (tmp_path / "out" / "Mirela (old).png").read_bytes()
    assert as_sillytavern(png)["data"]["description"] == WHOLE_CARD.description
    assert as_agnai(png)["extensions"] == WHOLE_CARD.extensions
    with Image.open(io.BytesIO(png)) as drawn:
        assert drawn.size == (400, 600), "a card without a picture gets a drawn one"
    assert f"{source} → {Path('out', 'Mirela (old).png')}" in ended.out
    assert "2 files written" in ended.err


def test_the_picture_goes_along(call: Call, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 45), "teal").save(buffer, "PNG")
    write_card(tmp_path / "a.png", format_name="tavernai", picture=buffer.getvalue())
    assert call("convert", "a.png", "--format", "tavernai-v2", "--out", "out").code == 0
    with Image.open(tmp_path / "out" / "a.png") as made:
        assert made.size == (30, 45)
        assert "ccv3" not in made.text
    assert as_agnai((tmp_path / "out" / "a.png").read_bytes())["name"] == WHOLE_CARD.name


def test_what_is_lost_is_said_before_anything_is_written(call: Call, tmp_path: Path) -> None:
    entries = [BookEntry(keys=["a"], content=f"@@depth {n}\nText") for n in range(9)]
    card = WHOLE_CARD.model_copy(update={"character_book": CharacterBook(entries=entries)})
    write_card(tmp_path / "a.png", card, "tavernai")
    ended = call("convert", "a.png", "--format", "v2", "--out", "out")
    assert ended.code == 0
    told = ended.err.splitlines()
    assert told[0].startswith("a.png: v2 can't keep ")
    assert any("picture" in line for line in told)
    assert any("and 6 more" in line and "decorator" in line for line in told)
    assert len(told) <= 8
    (tmp_path / "blocked").write_text("a file", encoding="utf-8")
    failed = call("convert", "a.png", "--format", "v2", "--out", "blocked")
    assert failed.code == 1
    assert failed.err.index("can't keep") < failed.err.index("failed:"), "said although nothing was written"


def test_every_reason_is_told_rather_than_that_there_is_one_more(call: Call, tmp_path: Path) -> None:
    book = CharacterBook(scan_depth=3, description="d", entries=[BookEntry(keys=["a, b"], priority=1)])
    write_card(tmp_path / "a.json", Card(name="A", character_book=book), "v3")
    told = call("convert", "a.json", "--format", "worldinfo", "--out", "out").err
    assert "comma" in told
    assert "other reasons" not in told


def test_strict_writes_only_what_loses_nothing(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "a.png", format_name="tavernai")
    ended = call(
        "convert", "a.png", "--format", "v2", "--format", "charx", "--out", "out", "--strict", "--json"
    )
    assert ended.code == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.charx"]
    report = json.loads(ended.out)
    v2, charx = report["files"][0]["outputs"]
    assert (v2["path"], v2["error"]["code"]) == (None, "CARD_UNWRITABLE")
    assert [loss["field"] for loss in v2["losses"]] == ["picture"]
    assert charx == {"format": "charx", "path": str(Path("out", "a.charx")), "losses": [], "error": None}
    assert (report["written"], report["failed"]) == (1, 1)


def test_nothing_is_ever_overwritten(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "in" / "a.json")
    write_card(tmp_path / "in" / "sub" / "a.json", Card(name="Other"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "A.charx").write_bytes(b"mine")
    (tmp_path / "out" / "a.charx").write_bytes(b"mine too")
    assert call("convert", "in", "--format", "charx", "--out", "out").code == 0
    assert (tmp_path / "out" / "a.charx").read_bytes() == b"mine too"
    assert read_path(tmp_path / "out" / "a_2.charx").package.card == WHOLE_CARD
    assert read_path(tmp_path / "out" / "a_3.charx").package.card.name == "Other"
    assert call("convert", "in/a.json", "--format", "v3", "--out", "in").code == 0
    assert {path.name for path in (tmp_path / "in").iterdir()} == {"a.json", "a_2.json", "sub"}
    assert not list(tmp_path.rglob("*.tmp"))


def test_formats_with_one_extension_are_told_apart(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "a.json")
    assert call("convert", "a.json", "--format", "v2", "--format", "json", "--out", "out").code == 0
    v2, both = (
        json.loads((tmp_path / "out" / f"a_{name}.json").read_text("utf-8")) for name in ("v2", "json")
    )
    assert set(v2) - {"create_date"} == {"spec", "spec_version", "data"}
    assert as_strict_v1(both)[0] == WHOLE_CARD.name


def test_folders_come_in_natural_order_under_names_of_a_pattern(call: Call, tmp_path: Path) -> None:
    for name in ("page 10", "page 2"):
        write_card(tmp_path / "in" / f"{name}.json", Card(name=name))
    ended = call(
        "convert", "in", "--format", "v2", "--out", "out", "--pattern", "{index}-{character_name}", "--json"
    )
    assert ended.code == 0
    names = [Path(file["outputs"][0]["path"]).name for file in json.loads(ended.out)["files"]]
    assert names == ["001-page_2.json", "002-page_10.json"]


def test_a_bad_file_fails_alone_and_files_that_are_no_cards_are_passed_over(
    call: Call, tmp_path: Path
) -> None:
    write_card(tmp_path / "in" / "good.json")
    (tmp_path / "in" / "cut.json").write_text('{"spec": "chara_card_v2", "data": {', encoding="utf-8")
    (tmp_path / "in" / "list.json").write_text('{"scores": [1]}', encoding="utf-8")
    Image.new("RGB", (9, 9)).save(tmp_path / "in" / "photo.png")
    ended = call("convert", "in", "--format", "v2", "--out", "out", "--json")
    assert ended.code == 1
    files = {Path(file["source"]).name: file for file in json.loads(ended.out)["files"]}
    assert {name: file["status"] for name, file in files.items()} == {
        "cut.json": "failed", "good.json": "done", "list.json": "skipped", "photo.png": "skipped",
    }  # fmt: skip
    assert files["cut.json"]["error"]["code"] == "CARD_DAMAGED"
    assert "failed: cut.json" in ended.err
    assert "photo" not in ended.err
    named = call("convert", "in/photo.png", "--format", "v2", "--out", "out")
    assert named.code == 1
    assert "photo.png" in named.err, "a file that somebody names has to be a card"


def test_a_lorebook_becomes_books_and_is_refused_where_a_character_is_needed(
    call: Call, tmp_path: Path
) -> None:
    write_book(tmp_path / "coast.json")
    arguments = [part for name in ("worldinfo", "lorebook", "json") for part in ("--format", name)]
    ended = call("convert", "coast.json", *arguments, "--out", "out", "--strict")
    assert ended.code == 0, ended.err
    world = json.loads((tmp_path / "out" / "coast_worldinfo.json").read_text("utf-8"))
    assert world["entries"]["0"]["key"] == ["lamp"]
    for name in ("lorebook", "json"):
        back = read_path(tmp_path / "out" / f"coast_{name}.json")
        assert (back.holds, back.package.card.character_book.name) == ("book", "The Coast")
    for name in ("v2", "tavernai", "charx"):
        refused = call("convert", "coast.json", "--format", name, "--out", "refused")
        assert refused.code == 1
        assert "coast.json: this is a lorebook without a character" in refused.err
        assert "worldinfo" in refused.err
    assert not (tmp_path / "refused").exists()
    named = call("convert", "coast.json", "--format", "json", "--out", "out", "--pattern", "{character_name}")
    assert named.code == 0
    assert (tmp_path / "out" / "the_coast.json").is_file()


def test_a_card_without_a_book_is_no_lorebook(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "a.json", Card(name="A"))
    ended = call("convert", "a.json", "--format", "worldinfo", "--format", "v2", "--out", "out", "--json")
    assert ended.code == 1
    world, v2 = json.loads(ended.out)["files"][0]["outputs"]
    assert world["error"]["code"] == "CARD_WITHOUT_BOOK"
    assert v2["path"]


def test_from_a_folder_books_are_taken_where_there_are_some(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "in" / "without.json", Card(name="A"))
    write_card(tmp_path / "in" / "with.json")
    ended = call("convert", "in", "--format", "worldinfo", "--out", "out")
    assert ended.code == 0, ended.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["with.json"]
    assert "1 file written, 1 file passed over" in ended.err
    book = {"spec": "lorebook_v3", "data": {"name": "Coast", "entries": [], "extensions": {}}}
    (tmp_path / "in" / "book.json").write_text(json.dumps(book))
    cards = call("convert", "in", "--format", "charx", "--out", "cards")
    assert (cards.code, "1 file passed over" in cards.err) == (0, True)
    (tmp_path / "in" / "book.json").unlink()
    both = call("convert", "in", "--format", "worldinfo", "--format", "charx", "--out", "both")
    assert both.code == 0
    assert {path.name for path in (tmp_path / "both").iterdir()} == {
        "with.json",
        "with.charx",
        "without.charx",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.png", "--format", "v2", "--out", "out"], "missing.png"),
        (["a.json", "--format", "docx", "--out", "out"], "docx"),
        (["a.json", "--format", "docx", "--out", "out"], "tavernai"),
        (["a.json", "--format", "v2", "--out", "out", "--pattern", "{colour}"], "{colour}"),
        (["empty", "--format", "v2", "--out", "out"], "empty"),
        (["a.json", "--format", "v2"], "--out"),
        (["a.json", "--out", "out"], "--format"),
    ],
)
def test_wrong_use_says_what_writes_nothing_and_exits_with_2(
    call: Call, tmp_path: Path, arguments: list[str], words: str
) -> None:
    write_card(tmp_path / "a.json")
    (tmp_path / "empty").mkdir()
    ended = call("convert", *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert not (tmp_path / "out").exists()


def test_the_help_names_every_format(call: Call) -> None:
    shown = " ".join(call("convert", "--help").out.split())
    assert all(f" {name}," in shown or f" {name};" in shown for name in FORMATS)


def test_nothing_in_a_name_reaches_the_terminal_raw(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "ev\x1b[31mil.json", Card(name=HOSTILE))
    for more in ([], ["--json"]):
        ended = call("convert", tmp_path, "--format", "v2", "--format", "charx", "--out", "out", *more)
        assert ended.code == 0
        assert not has_controls(ended.out + ended.err)
    assert json.loads(ended.out)["files"][0]["name"] == HOSTILE
    assert not has_controls("".join(path.name for path in (tmp_path / "out").iterdir()))


def test_as_a_process_it_converts_and_stays_light(tmp_path: Path) -> None:
    write_card(tmp_path / "a.json")
    ended = cardforge("convert", "a.json", "--format", "tavernai", "--out", "out", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "out" / "a.png").read_bytes().startswith(SIGNATURE)


def test_interrupted_exits_with_130_and_leaves_whole_files_only(tmp_path: Path) -> None:
    entries = [BookEntry(id=n, keys=["a"], content="Text") for n in range(1_000)]
    slow = Card(name="A", character_book=CharacterBook(entries=entries))
    content = write_card(tmp_path / "in" / "0.json", slow).read_bytes()
    for number in range(1, 80):
        (tmp_path / "in" / f"{number}.json").write_bytes(content)
    with subprocess.Popen(
        command("convert", "in", "--format", "charx", "--out", "out", "--json"),
        cwd=tmp_path, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        out = tmp_path / "out"
        while process.poll() is None and not (out.exists() and any(out.glob("*.charx"))):
            pass
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    report = json.loads(output)
    assert report["interrupted"] is True
    written = {Path(file["outputs"][0]["path"]).name for file in report["files"]}
    there = {path.name for path in out.iterdir()}
    assert written <= there
    assert len(there) < 80
    assert all(len(read_path(out / name).package.card.character_book.entries) == 1_000 for name in there)
