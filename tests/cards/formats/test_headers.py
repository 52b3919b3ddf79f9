"""What a list says of card files is what reading them whole says, for a fraction of the bytes."""

import base64
import json
import os
import struct
import sys
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import assume, given

from cardforge_desktop.cards.formats import FORMATS, LARGEST_FILE, png_chunks, read_path
from cardforge_desktop.cards.formats.headers import CardHeader, card_files, list_folder, read_header
from cardforge_desktop.cards.formats.png_chunks import Chunk
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.tokens import token_budget
from tests.cards.library import PICTURE
from tests.support.cards import WHOLE_CARD, cards

LARGE = LARGEST_FILE - 1024 * 1024


def card_text(spec: str = "chara_card_v2", **fields: object) -> bytes:
    return base64.b64encode(json.dumps({"spec": spec, "data": fields}).encode())


def in_picture(*texts: Chunk) -> bytes:
    """A picture with these text chunks at its end."""
    chunks = png_chunks.split(PICTURE)
    return png_chunks.join([*chunks[:-1], *texts, chunks[-1]])


def in_file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def read_traced(path: Path) -> tuple[CardHeader, int]:
    """The header of a file, and the memory at its peak meanwhile, in bytes."""
    tracemalloc.start()
    try:
        return read_header(path), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "markdown"])
@given(card=cards())
def test_a_header_says_what_reading_the_whole_file_says(name: str, card: Card, tmp_path: Path) -> None:
    kind = FORMATS[name]
    assume(kind.fits(CardPackage(card)))
    path = in_file(tmp_path, f"card.{kind.extension}", kind.write(CardPackage(card, PICTURE)))
    whole = read_path(path)
    book = whole.package.card.character_book
    title = book.name or "" if whole.holds == "book" else whole.package.card.name
    tokens = token_budget(whole.package.card, len)
    header = read_header(path, len)
    assert header == CardHeader(
        path,
        title,
        whole.spec,
        whole.container,
        whole.holds,
        tokens.permanent,
        tokens.total,
    )
    assert (read_header(path).permanent_tokens, read_header(path).total_tokens) == (None, None)


@pytest.mark.parametrize(
    ("texts", "name", "spec"),
    [
        ([Chunk(b"tEXt", b"CHARA\0" + card_text(name="Ada"))], "Ada", "v2"),
        ([Chunk(b"zTXt", b"ccv3\0\0" + zlib.compress(card_text("chara_card_v3", name="Eve")))], "Eve", "v3"),
        ([Chunk(b"iTXt", b"chara\0\0\0\0\0" + base64.b64decode(card_text(name="Ada")))], "Ada", "v2"),
        (
            [
                Chunk(b"tEXt", b"chara\0" + card_text(name="Old")),
                Chunk(b"tEXt", b"ccv3\0" + card_text("chara_card_v3", name="New")),
            ],
            "New",
            "v3",
        ),
        (
            [
                Chunk(b"tEXt", b"ccv3\0***"),
                Chunk(b"tEXt", b"chara\0" + card_text(name=12, character_book=[])),
            ],
            "12",
            "v2",
        ),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_the_card_is_found_in_every_kind_of_text(
    tmp_path: Path, texts: list[Chunk], name: str, spec: str
) -> None:
    header = read_header(in_file(tmp_path, "card.png", in_picture(*texts)))
    assert (header.name, header.spec, header.container, header.problem) == (name, spec, "png", None)


def test_a_picture_without_a_card_is_known_as_one_by_its_chunks(tmp_path: Path) -> None:
    path = in_file(tmp_path, "large.png", PICTURE[:-12])
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.write(struct.pack(">I4s", LARGE, b"IDAT"))
        file.seek(LARGE + 4, os.SEEK_CUR)
        file.write(PICTURE[-12:])
    header, memory = read_traced(path)
    assert header.problem.code == "CARD_MISSING"
    assert memory < 1_000_000


def test_neither_pixels_nor_assets_of_a_png_are_read(tmp_path: Path) -> None:
    card = Chunk(b"tEXt", b"chara\0" + card_text(name="Ada"))
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.write(png_chunks.SIGNATURE)
        for kind, keyword in ((b"IDAT", b""), (b"tEXt", b"chara-ext-asset_:0\0")):
            file.write(struct.pack(">I4s", LARGE // 2, kind) + keyword)
            file.seek(LARGE // 2 - len(keyword) + 4, os.SEEK_CUR)  # a hole: the disk holds nothing of it
        file.write(png_chunks.join([card])[8:])
    header, memory = read_traced(path)
    assert (header.name, header.problem) == ("Ada", None)
    assert memory < 1_000_000


def test_of_an_archive_only_the_card_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.charx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("card.json", base64.b64decode(card_text(name="Ada")))
        archive.writestr("assets/other/film.mp4", bytes(LARGE // 10))
    header, memory = read_traced(path)
    assert (header.name, header.problem) == ("Ada", None)
    assert memory < 1_000_000


def test_what_cannot_be_read_says_why_and_keeps_no_other_out(tmp_path: Path) -> None:
    in_file(tmp_path, "1.png", b"\x89PNG\r\n\x1a\n")
    in_file(tmp_path, "2.png", PICTURE)
    in_file(tmp_path, "3.json", b'{"name": ')
    in_file(tmp_path, "4.charx", b"PK\3\4")
    in_file(tmp_path, "5.png", b"")
    in_file(tmp_path, "6.png", in_picture(Chunk(b"tEXt", b"ccv3\0rcc||abc")))
    in_file(tmp_path, "7.json", FORMATS["v2"].write(CardPackage(WHOLE_CARD)))
    found = list(list_folder(tmp_path))
    assert [header.path.name[:1] for header in found] == [*"1234567"]
    assert [header.problem.code if header.problem else "" for header in found] == [
        "CARD_DAMAGED",
        "CARD_MISSING",
        "CARD_DAMAGED",
        "CARD_DAMAGED",
        "CARD_UNKNOWN_FORMAT",
        "CARD_ENCRYPTED",
        "",
    ]
    assert all(header.problem.message.startswith(f"{header.path.name}: ") for header in found[:-1])
    assert found[-1].name == WHOLE_CARD.name


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    assert read_header(tmp_path / "gone.png").problem.code == "CARD_UNREADABLE"
    assert read_header(tmp_path).problem.code == "CARD_UNREADABLE"
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.png")  # opening it would wait for ever
        assert read_header(tmp_path / "pipe.png").problem.code == "CARD_UNREADABLE"


def test_files_of_a_folder_come_in_natural_order(tmp_path: Path) -> None:
    for name in ("b/2.json", "b/.hidden.png", ".hidden/1.png", "10.PNG", "9.charx", "notes.txt", "a/x.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = [path.relative_to(tmp_path).as_posix() for path in card_files(tmp_path)]
    assert found == ["9.charx", "10.PNG", "a/x.yaml", "b/2.json"]
    assert list(card_files(tmp_path / "gone")) == []
