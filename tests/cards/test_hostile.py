"""Files made to break a reader end in a clear error or a warning: never a crash, a hang, or 512 MB."""

import base64
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from cardforge_desktop.cards.avatar import AvatarError, thumbnail
from cardforge_desktop.cards.formats import FORMATS, CardFormatError, png_chunks, read_file, read_path
from cardforge_desktop.cards.formats.png_chunks import Chunk
from cardforge_desktop.cards.importing import NamedBytes
from cardforge_desktop.cards.package import CardPackage
from tests.cards.library import PICTURE, shelf_in
from tests.support.cards import WHOLE_CARD

MB = 1024 * 1024
CARD = b'{"spec": "chara_card_v2", "data": {"name": "Ada"}}'
CARD_TEXT = b"chara\0" + base64.b64encode(CARD)
PNG = FORMATS["tavernai"].write(CardPackage(WHOLE_CARD, PICTURE))


def refused(data: bytes, name: str = "ada.bin") -> CardFormatError:
    with pytest.raises(CardFormatError) as caught:
        read_file(data, name)
    assert caught.value.message.startswith(f"{name}: ")
    return caught.value


def with_x(value: bytes) -> bytes:
    """A card with this in its extensions."""
    return b'{"spec": "chara_card_v2", "data": {"name": "Ada", "extensions": {"x": ' + value + b"}}}"


def inflating(unit: bytes, size: int) -> bytes:
    """`size` bytes of `unit`, compressed."""
    stream = zlib.compressobj(1)
    piece = unit * (MB // len(unit))
    return b"".join(stream.compress(piece) for _ in range(size // len(piece))) + stream.flush()


def in_png(*texts: tuple[bytes, bytes]) -> bytes:
    chunks = png_chunks.split(PICTURE)
    return png_chunks.join([*chunks[:-1], *(Chunk(*text) for text in texts), chunks[-1]])


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def asset_bombs() -> bytes:
    bomb = inflating(b"A", 44 * MB)
    texts = [(b"zTXt", b"chara-ext-asset_:%d\0\0" % at + bomb) for at in range(16)]
    return in_png((b"tEXt", CARD_TEXT), *texts)


#: What is read with a bound on memory: name of the file → its bytes, and how the answer begins.
WORST: Mapping[str, tuple[Callable[[], bytes], str]] = MappingProxyType(
    {
        "inflates.png": (
            lambda: in_png((b"zTXt", b"chara\0\0" + inflating(b"\0", 256 * MB))),
            "CARD_TOO_LARGE: inflates.png: ",
        ),
        "words.png": (
            lambda: in_png((b"iTXt", b"chara\0\1\0\0\0" + inflating(b"ab ", 47 * MB))),
            "CARD_DAMAGED: words.png: ",
        ),
        "bombs.png": (
            lambda: in_png(*[(b"zTXt", b"chara\0\0" + inflating(b" ", 47 * MB))] * 30),
            "CARD_DAMAGED: bombs.png: ",
        ),
        "assets.png": (asset_bombs, "CARD_TOO_LARGE: assets.png: "),
        "chunks.png": (lambda: in_png(*[(b"tEXt", b"")] * 90_000, (b"tEXt", CARD_TEXT)), "read: Ada"),
        "deep.json": (lambda: with_x(b"[" * 100_000 + b"]" * 100_000), "CARD_DAMAGED: deep.json: "),
        "names.json": (
            lambda: with_x(b"{%s}" % b",".join(b'"k%d":1' % at for at in range(1_400_000))),
            "read: Ada",
        ),
        "objects.json": (lambda: with_x(b'[{"a":1}%s]' % (b',{"a":1}' * 740_000)), "read: Ada"),
        "assets.json": (
            lambda: b'{"spec":"chara_card_v3","data":{"name":"A","assets":[{}%s]}}' % (b",{}" * 700_000),
            "CARD_TOO_LARGE: assets.json: ",
        ),
        "aliases.yaml": (
            lambda: (
                b"name: Ada\na0: &a0 [x]\n"
                + b"".join(b"a%d: &a%d [%s]\n" % (at + 1, at + 1, b"*a%d," % at * 9) for at in range(20))
            ),
            "CARD_TOO_LARGE: aliases.yaml: ",
        ),
        "deep.yaml": (lambda: b"name: " + b"[" * 100_000, "CARD_DAMAGED: deep.yaml: "),
        "card.charx": (
            lambda: zipped(("card.json", bytes(60 * MB))),
            "CARD_TOO_LARGE: card.charx: ",
        ),
        "bomb.charx": (
            lambda: zipped(("card.json", CARD), ("assets/other/a.bin", bytes(300 * MB))),
            "CARD_TOO_LARGE: bomb.charx: ",
        ),
    }
)


def test_the_worst_files_take_neither_the_memory_nor_the_day(tmp_path: Path) -> None:
    if sys.platform == "win32":  # no way there to bound a process by itself: only that they are refused
        for name, (data, answer) in WORST.items():
            if not answer.startswith("read"):
                assert refused(data(), name).code == answer.partition(":")[0]
        return
    for name, (data, _) in WORST.items():
        (tmp_path / name).write_bytes(data())
    paths = [str(tmp_path / name) for name in WORST]
    child = subprocess.run(
        [sys.executable, "-m", "tests.cards.hostile_child", *paths],
        capture_output=True,
        check=True,
        timeout=150,
    )
    reports = [json.loads(line) for line in child.stdout.splitlines()]
    assert [report["name"] for report in reports] == list(WORST)
    for report in reports:
        assert report["status"] == 0, report
        assert report["said"].startswith(WORST[report["name"]][1]), report
        assert report["bytes"] < 512 * MB, report
        assert report["seconds"] < 20, report


@pytest.mark.parametrize("name", ["ada.png", "ada.json", "ada.charx", "ada.yaml"])
def test_half_a_gigabyte_is_refused_unread(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.touch()
    os.truncate(path, 500 * MB)  # a hole: the disk holds nothing of it
    with pytest.raises(CardFormatError, match=rf"^{name}: 500 MB are more") as caught:
        read_path(path)
    assert caught.value.code == "CARD_TOO_LARGE"


@pytest.mark.parametrize(
    "head", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b'{"name": "', b"\xff\xd8\xff", b"name: [["]
)
def test_ten_bytes_are_refused(head: bytes) -> None:
    assert refused(head.ljust(10)[:10]).code in ("CARD_DAMAGED", "CARD_UNKNOWN_FORMAT")


def places_in(png: bytes) -> list[int]:
    """A place inside each part of each chunk, and each end."""
    places, at = [3, 8], 8
    for chunk in png_chunks.split(png):
        body = at + 8
        places += [at + 2, at + 4, at + 6, body, body + len(chunk.data) // 2, body + len(chunk.data) + 2]
        at = body + len(chunk.data) + 4
        places.append(at)
    return places[:-1]


@pytest.mark.parametrize("place", places_in(PNG))
def test_a_png_cut_anywhere_is_refused_or_said_to_be_cut(place: int) -> None:
    try:
        found = read_file(PNG[:place], "ada.png")
    except CardFormatError as error:
        refusal = error
    else:
        assert found.package.picture is None
        assert any("is cut off at byte" in warning for warning in found.warnings)
        return
    assert refusal.code in ("CARD_DAMAGED", "CARD_UNKNOWN_FORMAT")
    assert refusal.message.startswith("ada.png: ")


@pytest.mark.parametrize("kind", [b"IHDR", b"IDAT", b"tEXt", b"IEND"])
def test_a_wrong_checksum_is_said(kind: bytes) -> None:
    at = PNG.index(kind)
    (length,) = struct.unpack(">I", PNG[at - 4 : at])
    end = at + 4 + length
    altered = PNG[:end] + bytes([PNG[end] ^ 1]) + PNG[end + 1 :]
    found = read_file(altered, "ada.png")
    assert found.package.card == WHOLE_CARD
    assert any(f"checksum of its {kind.decode()!r} part" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("value", "becomes", "warning"),
    [
        (b"NaN", None, "NaN"),
        (b"-Infinity", None, "-Infinity"),
        (b"1e999", None, "1e999"),
        (b'"\\ud800"', "\ufffd", "lone surrogates"),
        (b'{"a": 1, "a": 2}', {"a": 2}, "a stood there twice; the last is kept."),
    ],
)
def test_what_json_has_not_is_mended_and_said(value: bytes, becomes: object, warning: str) -> None:
    found = read_file(with_x(value), "ada.json")
    assert found.package.card.extensions == {"x": becomes}
    assert len(found.warnings) == 1
    assert warning in found.warnings[0]


def test_a_number_of_a_hundred_thousand_digits_is_named_as_such() -> None:
    found = refused(with_x(b"9" * 100_000))
    assert found.code == "CARD_DAMAGED"
    assert "a number of thousands of digits" in found.message


@pytest.mark.parametrize(
    "shape", [b'{"name": "Ada", "x": %s}', b'{"entries": {"0": {"key": [], "x": %s}}}', CARD]
)
@pytest.mark.parametrize("depth", [90, 98, 99, 100, 110, 117, 118, 119, 120])
def test_whatever_depth_is_read_is_read_again(shape: bytes, depth: int) -> None:
    deep = b"[" * depth + b"]" * depth
    data = with_x(deep) if shape is CARD else shape % deep
    try:
        card = read_file(data, "ada.json").package
    except CardFormatError as error:
        refusal = error
    else:
        for name in ("json", "v3"):
            assert read_file(FORMATS[name].write(card), "again.json").warnings == ()
        return
    assert refusal.code == "CARD_DAMAGED"
    assert "nested too deep" in refusal.message


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\0\0\xfe\xff", "utf-32-be"),
    ],
)
def test_yaml_whose_bytes_are_no_text_is_refused(mark: bytes, codec: str) -> None:
    assert read_file(mark + "name: Ada\n".encode(codec), "ada.yaml").package.card.name == "Ada"
    assert refused(mark + "name: Ada\n".encode(codec) + b"\xd8").code == "CARD_DAMAGED"


def test_a_tag_of_yaml_makes_no_object() -> None:
    found = read_file(b"name: Ada\nfirst_mes: !!python/object/apply:os.system ['false']\n", "ada.yaml")
    assert found.package.card.name == "Ada"
    assert found.warnings


@pytest.mark.parametrize("path", ["../x.png", "/x.png", "C:\\x.png", "a\\..\\x.png", "a/../../x.png"])
def test_paths_of_an_archive_lead_nowhere_outside(path: str) -> None:
    found = read_file(zipped(("card.json", CARD), (path, b"x")), "ada.charx")
    assert found.package.files == {}
    assert any("leads outside" in warning for warning in found.warnings)


@pytest.mark.parametrize("size", [100_000, 2**31 - 1])
def test_a_picture_of_billions_of_pixels_is_never_unpacked(tmp_path: Path, size: int) -> None:
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = [Chunk(b"IHDR", header), Chunk(b"IDAT", inflating(b"\0", 10 * MB)), Chunk(b"tEXt", CARD_TEXT)]
    data = png_chunks.join([*chunks, Chunk(b"IEND", b"")])
    with shelf_in(tmp_path) as shelf:
        (item,) = shelf.imports.take([NamedBytes("ada.png", data)]).items
        assert item.status in ("added", "failed")
    with pytest.raises(AvatarError):
        thumbnail(data, 256)


def test_a_book_of_20000_entries_is_read_and_imported(tmp_path: Path) -> None:
    entry = {"keys": ["lamp", "light"], "content": "Whale oil burns. " * 20, "enabled": True}
    book = {"entries": [{**entry, "id": at, "insertion_order": at, "extensions": {}} for at in range(20_000)]}
    value = {"spec": "chara_card_v2", "data": {"name": "Ada", "character_book": book}}
    with shelf_in(tmp_path) as shelf:
        (item,) = shelf.imports.take([NamedBytes("ada.json", json.dumps(value).encode())]).items
        card = shelf.library.card(item.card_id).card
    assert card.character_book is not None
    assert len(card.character_book.entries) == 20_000


def test_bad_files_among_good_ones_leave_no_half_row(tmp_path: Path) -> None:
    bad = [PNG[: len(PNG) // 3], with_x(b"[" * 100_000), zipped(("x", b"")), b"name: [[", with_x(b"9" * 5000)]
    with shelf_in(tmp_path) as shelf:
        (good, *rest) = shelf.imports.take(
            [NamedBytes("good.json", CARD), *(NamedBytes(f"{at}.bin", data) for at, data in enumerate(bad))]
        ).items
        assert good.status == "added"
        assert [item.status for item in rest] == ["failed"] * len(bad)
        assert all(item.message.startswith(f"{at}.bin: ") for at, item in enumerate(rest))
        (count,) = shelf.sql("SELECT count(*) FROM card")[0]
        assert count == 1
        assert shelf.sql("PRAGMA integrity_check") == [("ok",)]
