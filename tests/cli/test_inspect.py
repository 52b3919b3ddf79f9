"""``cardforge inspect``: everything, for people and programs, and nothing that a terminal would obey."""

import base64
import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import Asset, BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.tokens import token_budget
from cardforge_desktop.cli.card_report import card_report
from cardforge_desktop.cli.card_text import card_lines
from cardforge_desktop.tokens import CL100K, O200K, TOKENIZERS
from tests.cards.readers import png_chunks
from tests.cli.conftest import Call
from tests.cli.files import HOSTILE, has_controls, write_book, write_card
from tests.support.app import cardforge
from tests.support.cards import WHOLE_CARD, cards


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(*chunks: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80" * 3) * 2)
    parts = (_chunk(b"IHDR", header), *chunks, _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _inspected(call: Call, *arguments: str | Path) -> dict[str, Any]:
    ended = call("inspect", *arguments, "--json")
    assert ended.code == 0, ended.err
    (file,) = json.loads(ended.out)["files"]
    return file


def test_the_json_holds_every_field_and_where_the_card_lies(call: Call, tmp_path: Path) -> None:
    path = write_card(tmp_path / "a.png", format_name="tavernai")
    report = _inspected(call, "a.png")
    assert report["card"] == fields_of(WHOLE_CARD)
    assert (report["container"], report["spec"], report["holds"]) == ("png", "v3", "card")
    assert report["bytes"] == path.stat().st_size
    assert report["unknown_fields"] == [
        "x_mood",
        "character_book.x_shelf",
        "character_book.entries[0].x_colour",
        "assets[0].x_crop",
        "beside_data.create_date",
    ]
    chunks = png_chunks(path.read_bytes())
    assert [(one["type"].encode(), one["bytes"]) for one in report["chunks"]] == [
        (kind, len(data)) for kind, data in chunks
    ]
    assert [one["keyword"] for one in report["chunks"] if "keyword" in one] == ["chara", "ccv3"]
    assert (report["picture"]["width"], report["picture"]["height"]) == (400, 600)
    assert "losses" not in report


def test_tokens_are_counted_by_the_tokenizer_asked_for(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "a.json")
    for name, vocabulary in (("o200k", O200K), ("cl100k", CL100K)):
        report = _inspected(call, "a.json", "--tokenizer", name)
        budget = token_budget(WHOLE_CARD, vocabulary.count)
        tokens = report["tokens"]
        assert report["tokenizer"] == {"name": name, "exact": True}
        assert (tokens["permanent"], tokens["temporary"]) == (budget.permanent, budget.temporary)
        assert (tokens["total"], tokens["book"]) == (budget.total, budget.book)
        assert tokens["fields"]["description"] == vocabulary.count(WHOLE_CARD.description)
        assert tokens["fields"]["alternate_greetings[1]"] == vocabulary.count("Mind the step.")
        entry = WHOLE_CARD.character_book.entries[0]
        assert tokens["fields"]["character_book.entries[0].content"] == vocabulary.count(entry.content)
    assert ", an estimate" in call("inspect", "a.json", "--tokenizer", "claude").out


def test_the_text_says_all_of_it(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "a.png", format_name="tavernai")
    ended = call("inspect", "a.png")
    assert ended.code == 0
    lines = ended.out.splitlines()
    for value in _leaves(fields_of(WHOLE_CARD)):
        for line in str(value).splitlines():
            assert any(line in shown for shown in lines), line
    for name in (
        *fields_of(WHOLE_CARD),
        "selective",
        "use_regex",
        "x_colour",
        "depth_prompt",
        "useProbability",
    ):
        assert name in ended.out
    budget = token_budget(WHOLE_CARD, O200K.count)
    counts = f"{budget.permanent} permanent + {budget.temporary} temporary = {budget.total}"
    assert counts in ended.out
    assert "tEXt “ccv3”" in ended.out
    assert "400 × 600" in ended.out


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [] if value is None or isinstance(value, bool) else [value]


def test_long_texts_are_shortened_only_when_asked(call: Call, tmp_path: Path) -> None:
    description = " ".join(f"word{number}" for number in range(900))
    write_card(tmp_path / "a.json", Card(name="A", description=description))
    assert description in call("inspect", "a.json").out
    brief = call("inspect", "a.json", "--brief").out
    assert "word899" not in brief
    assert f"({len(description):,} characters)" in brief


def test_assets_and_files_are_listed_with_their_sizes(call: Call, tmp_path: Path) -> None:
    card = Card(
        name="A",
        assets=[
            Asset(type="emotion", uri="embeded://assets/emotion/images/glad.png", name="glad", ext="png")
        ],
    )
    files = {"assets/emotion/images/glad.png": b"12345", "module.risum": bytes(70)}
    (tmp_path / "a.charx").write_bytes(FORMATS["charx"].write(CardPackage(card, None, files)))
    report = _inspected(call, "a.charx")
    assert report["container"] == "charx"
    assert {file["path"]: file["bytes"] for file in report["files"]} == {
        name: len(content) for name, content in files.items()
    }
    assert "chunks" not in report
    assert "module.risum  70 bytes" in call("inspect", "a.charx").out


def test_a_picture_of_another_kind_is_measured(call: Call, tmp_path: Path) -> None:
    from PIL import Image

    charx = FORMATS["charx"].write(CardPackage(Card(name="A")))
    Image.new("RGB", (7, 5)).save(tmp_path / "a.jpeg", "JPEG")
    (tmp_path / "a.jpeg").write_bytes((tmp_path / "a.jpeg").read_bytes() + charx)
    picture = _inspected(call, "a.jpeg")["picture"]
    assert (picture["kind"], picture["width"], picture["height"]) == ("jpeg", 7, 5)


def test_losses_of_every_format_come_when_asked_for(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "a.png", Card(name="A"), "tavernai")
    losses = _inspected(call, "a.png", "--losses")["losses"]
    assert set(losses) == set(FORMATS)
    assert losses["tavernai"] == losses["charx"] == []
    assert [loss["field"] for loss in losses["v2"]] == ["picture"]
    assert losses["worldinfo"]["error"]["code"] == "CARD_WITHOUT_BOOK"
    text = call("inspect", "a.png", "--losses").out
    assert "charx holds all of it" in text
    assert "worldinfo can't be written" in text
    assert "v2 can't keep as it is:\n    picture: " in text


def test_a_lorebook_alone_shows_its_book_only(call: Call, tmp_path: Path) -> None:
    write_book(tmp_path / "coast.json")
    report = _inspected(call, "coast.json", "--losses")
    assert (report["holds"], report["spec"]) == ("book", "lorebook")
    assert list(report["card"]) == ["character_book"]
    assert report["losses"]["worldinfo"] == report["losses"]["lorebook"] == []
    assert "error" in report["losses"]["charx"]
    text = call("inspect", "coast.json").out
    assert text.startswith("coast.json: The Coast\n")
    assert "a lorebook without a character" in text
    assert "first_mes" not in text


def test_wild_chunks_and_mended_fields_are_told(call: Call, tmp_path: Path) -> None:
    wild = {"name": "A", "description": 7, "first_mes": None, "alternate_greetings": "Hi"}
    text = b"chara\0" + base64.b64encode(json.dumps(wild).encode())
    (tmp_path / "a.png").write_bytes(_png(_chunk(b"tEXt", b"Software\0x"), _chunk(b"tEXt", text)) + b"tail")
    report = _inspected(call, "a.png")
    assert [chunk["type"] for chunk in report["chunks"]] == ["IHDR", "tEXt", "tEXt", "IDAT", "IEND"]
    assert (report["picture"]["width"], report["picture"]["height"]) == (3, 2)
    assert report["card"]["description"] == "7"
    assert any("description" in warning for warning in report["warnings"])
    assert any("4 bytes after the end" in warning for warning in report["warnings"])
    assert all(warning in call("inspect", "a.png").out for warning in report["warnings"])


def test_nothing_in_a_card_reaches_the_terminal_raw(call: Call, tmp_path: Path) -> None:
    entry = BookEntry(id=0, keys=[HOSTILE], content=HOSTILE, extensions={HOSTILE: HOSTILE}, comment=HOSTILE)
    card = Card.model_validate(
        {"name": HOSTILE, "description": HOSTILE, "extensions": {HOSTILE: [HOSTILE]}, HOSTILE: HOSTILE,
         "tags": [HOSTILE], "character_book": CharacterBook(name=HOSTILE, entries=[entry])}
    )  # fmt: skip
    write_card(tmp_path / "a\x1b[2J.json", card)
    write_card(tmp_path / "b.png", card, "tavernai")
    for arguments in (["b.png"], ["b.png", "--json"], ["b.png", "--losses"], ["."], [".", "--json"]):
        ended = call("inspect", *arguments)
        assert ended.code == 0, ended.err
        assert not has_controls(ended.out + ended.err), arguments
    whole = fields_of(card)
    del whole["beside_data"]
    assert _inspected(call, "b.png")["card"] == whole, "and yet programs get all of it"
    assert "\\x1b[31mred" in call("inspect", "b.png").out


def test_half_characters_crash_nothing(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"spec": "chara_card_v2", "data": {"name": "A\\ud800", "extensions": {"\\udfff": "\\ud83d"}}}',
        encoding="utf-8",
    )
    assert call("inspect", "a.json").code == 0
    report = _inspected(call, "a.json")
    json.dumps(report, ensure_ascii=False).encode()
    assert report["card"]["name"] == "A\ufffd"


def test_a_folder_is_a_table_of_its_cards(call: Call, tmp_path: Path) -> None:
    for name in ("page 10", "page 2"):
        write_card(tmp_path / "in" / f"{name}.json", Card(name=f"N {name}", description="漢字 " * 9))
    write_card(tmp_path / "in" / "sub" / "a.png", format_name="tavernai")
    write_book(tmp_path / "in" / "coast.json")
    (tmp_path / "in" / "list.json").write_text("[1]", encoding="utf-8")
    ended = call("inspect", "in")
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    rows = [line.split("  ")[0] for line in lines]
    assert rows == ["FILE", "coast.json", "page 2.json", "page 10.json", str(Path("sub", "a.png"))]
    budget = token_budget(WHOLE_CARD, O200K.count)
    assert lines[-1].split()[-2:] == [str(budget.permanent), str(budget.total)]
    assert "The Coast" in lines[1]
    assert "1 other file without a card" in ended.err
    files = json.loads(call("inspect", "in", "--json").out)["files"]
    assert [file["name"] for file in files] == ["The Coast", "N page 2", "N page 10", WHOLE_CARD.name]
    assert files[-1]["tokens"] == {"permanent": budget.permanent, "total": budget.total}


def test_a_broken_file_is_told_and_the_others_shown(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "in" / "good.json", Card(name="Good one"))
    (tmp_path / "in" / "cut.json").write_text('{"spec"', encoding="utf-8")
    for arguments in (["in/cut.json", "in/good.json"], ["in"]):
        ended = call("inspect", *arguments)
        assert ended.code == 1
        assert "failed: cut.json" in ended.err
        assert "Good one" in ended.out
        files = json.loads(call("inspect", *arguments, "--json").out)["files"]
        broken = next(file for file in files if file["file"].endswith("cut.json"))
        assert broken["error"]["code"] == "CARD_DAMAGED"


def test_a_long_name_leaves_the_table_readable(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "in" / "a.json", Card(name="漢" * 300, first_mes="Hi"))
    lines = call("inspect", "in").out.splitlines()
    assert f"{'漢' * 29}…" in lines[1]
    assert max(map(len, lines)) < 120
    assert json.loads(call("inspect", "in", "--json").out)["files"][0]["name"] == "漢" * 300


@pytest.mark.parametrize("command", [["inspect"], ["lint"], ["convert", "--format", "v3", "--out", "out"]])
def test_what_may_not_be_opened_is_told(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """Root may open everything, so that the system's answers are put in."""
    locked = write_card(tmp_path / "locked" / "a.json")
    status = Path.stat

    def hidden(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.name == locked.name:
            raise PermissionError(13, "Permission denied")
        return status(path, follow_symlinks=follow_symlinks)

    with monkeypatch.context() as system:
        system.setattr(Path, "stat", hidden)
        ended = call(*command, locked)
    assert ended.code == 1
    assert "failed: a.json" in ended.err
    assert "Permission denied" in ended.err
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).name != "locked")
    ended = call(*command, "locked")
    assert ended.code == 2
    assert "not permitted to open locked" in ended.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["missing.png"], "missing.png"), (["a.json", "--tokenizer", "gpt2"], "o200k"), ([], "FILE")],
)
def test_wrong_use_says_what_and_exits_with_2(
    call: Call, tmp_path: Path, arguments: list[str], words: str
) -> None:
    write_card(tmp_path / "a.json")
    ended = call("inspect", *arguments)
    assert ended.code == 2
    assert words in ended.err


@given(card=cards())
def test_any_card_becomes_clean_lines_and_clean_json(card: Card, tmp_path: Path) -> None:
    path = write_card(tmp_path / "any.json", card)
    report = card_report(path, TOKENIZERS["o200k"], losses=False)
    assert json.loads(json.dumps(report)) == report
    assert report["card"]["extensions"] == fields_of(card)["extensions"]
    for brief, width in ((False, None), (True, 50)):
        assert not has_controls("\n".join(card_lines(report, brief=brief, width=width)))


def test_as_a_process_it_prints_utf8_wherever_it_is(tmp_path: Path) -> None:
    write_card(tmp_path / "a.json")
    ended = cardforge("inspect", "a.json", "--json", cwd=tmp_path, LC_ALL="C", PYTHONIOENCODING="ascii")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["files"][0]["card"]["description"] == WHOLE_CARD.description
