import contextlib
import io
import json
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cardforge_desktop.cards.formats import charx, v2
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.png import write_png
from cardforge_desktop.cards.formats.reading import read_file
from cardforge_desktop.cards.model import Asset, Card
from cardforge_desktop.cards.package import CardPackage, embedded_path
from tests.support.cards import WHOLE_CARD, cards, texts

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR the picture"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF the picture\xff\xd9"
V3 = {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "Mirela"}}


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, content), made without our writer."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def with_card(*members, **options):
    return zipped(("card.json", json.dumps(V3)), *members, **options)


def read(data):
    notes = Notes()
    value, files = charx.read(data, notes)
    return value, files, notes.warnings()


def refused(data):
    with pytest.raises(CardFormatError) as caught:
        charx.read(data, Notes())
    return caught.value


def back(data):
    value, files = charx.read(data, Notes())
    return CardPackage(v2.read(value, Notes()), None, files)


def package(*assets, picture=None, files=()):
    return CardPackage(Card(name="Mirela", assets=list(assets) or None), picture, dict(files))


def icon(uri, name="main", ext="png"):
    return Asset(type="icon", uri=uri, name=name, ext=ext)


# Reading


def test_risuais_own_file_is_read_whole():
    """As RisuAI writes it: members streamed behind a JPEG, the card last, two icons named main."""
    card = {
        "spec": "chara_card_v3",
        "spec_version": "3.0",
        "data": {
            "name": "Mirela",
            "assets": [
                {"type": "icon", "uri": "embeded://assets/icon/image/a.png", "name": "main", "ext": "png"},
                {"type": "x-risu-asset", "uri": "embeded://assets/sea.mp3", "name": "sea", "ext": "mp3"},
            ],
            "extensions": {"risuai": {"viewScreen": "none", "vits": {}}},
        },
    }  # fmt: skip
    archive = zipped(
        ("x_meta/a.json", '{"type":"PNG"}'),
        ("assets/icon/image/a.png", PNG),
        ("assets/sea.mp3", b"ID3"),
        ("module.risum", b"\x6f\0\x01\x02"),
        ("card.json", json.dumps(card, indent=4)),
        method=zipfile.ZIP_STORED,
    )
    value, files, warnings = read(JPEG + archive)
    assert value == card
    assert files == {
        "x_meta/a.json": b'{"type":"PNG"}',
        "assets/icon/image/a.png": PNG,
        "assets/sea.mp3": b"ID3",
        "module.risum": b"\x6f\0\x01\x02",
    }
    assert warnings == ()
    assert charx.cover(JPEG + archive) == JPEG
    assert charx.cover(archive) is None


def test_what_is_a_charx_is_told_from_other_files():
    archive = with_card()
    assert charx.recognises(archive[:64], archive)
    assert charx.recognises(JPEG, JPEG + archive)
    assert charx.recognises(PNG[:16], PNG + archive)
    assert not charx.recognises(PNG[:16], PNG)
    assert not charx.recognises(PNG[:16], PNG + zipped(("holiday.txt", "sand")))
    assert not charx.recognises(PNG[:16], PNG + b"PK\x05\x06" + bytes(18))
    assert not charx.recognises(b"{", b'{"name": "PK"}')


@pytest.mark.parametrize(
    "path",
    [
        "../evil.png",
        "assets/../../evil.png",
        "/etc/passwd",
        "C:/evil.exe",
        "c:evil.exe",
        "assets\\icon\\a.png",
        "assets/..",
        "a\x01b",
    ],
)
def test_paths_that_lead_outside_are_left_out_with_a_note(path):
    info = zipfile.ZipInfo("placeholder")
    info.filename = path
    value, files, warnings = read(with_card((info, b"evil"), ("assets/a.png", PNG)))
    assert value == V3
    assert files == {"assets/a.png": PNG}
    assert len(warnings) == 1
    assert repr(path) in warnings[0]


def test_a_name_that_zipfile_would_cut_at_nul_is_left_out():
    data = with_card(("assets/evil.pngXtxt", b"evil")).replace(b"evil.pngXtxt", b"evil.png\0txt")
    value, files, warnings = read(data)
    assert (value, files) == (V3, {})
    assert "leads outside" in warnings[0]


def test_links_are_left_out_with_a_note():
    info = zipfile.ZipInfo("assets/icon.png")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    _, files, warnings = read(with_card((info, b"/etc/passwd")))
    assert files == {}
    assert "was a link" in warnings[0]


def test_folders_are_no_files_and_nested_zips_are_bytes():
    inner = with_card()
    _, files, warnings = read(with_card(("assets/", b""), ("more.zip", inner)))
    assert files == {"more.zip": inner}
    assert warnings == ()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_last_of_two_members_with_one_path_is_kept():
    _, files, warnings = read(with_card(("a.png", b"old"), ("a.png", b"new")))
    assert files == {"a.png": b"new"}
    assert "more than once" in warnings[0]


def test_unmarked_utf8_names_are_read_as_utf8():
    data = with_card(("assets/Vxxntu.png", PNG)).replace(b"Vxxntu", "Vântu".encode())
    _, files, _ = read(data)
    assert files == {"assets/Vântu.png": PNG}


def test_a_damaged_file_is_left_out_and_a_damaged_card_is_refused():
    data = zipped(("card.json", json.dumps(V3)), ("a.txt", "sea salt"), method=zipfile.ZIP_STORED)
    value, files, warnings = read(data.replace(b"sea salt", b"sea malt"))
    assert (value, files) == (V3, {})
    assert "damaged" in warnings[0]
    assert refused(data.replace(b"Mirela", b"Mirelo")).code == "CARD_DAMAGED"


def test_files_packed_in_ways_that_unpack_without_bounds_are_left_out():
    bomb = zipfile.ZipInfo("a.bin")
    bomb.compress_type = zipfile.ZIP_BZIP2
    _, files, warnings = read(with_card((bomb, bytes(50_000_000))))
    assert files == {}
    assert "damaged" in warnings[0]


def test_a_zip_without_a_card_says_so():
    error = refused(zipped(("holiday.txt", "sand")))
    assert error.code == "CARD_MISSING"
    assert "no card.json" in error.message
    assert refused(b"PK\x05\x06" + bytes(18)).code == "CARD_MISSING"


def test_an_encrypted_zip_is_refused():
    data = bytearray(with_card())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(data)).code == "CARD_ENCRYPTED"


def test_every_cut_of_a_file_is_refused_clearly():
    data = with_card(("a.png", PNG))
    for end in range(4, len(data)):
        assert refused(data[:end]).code == "CARD_DAMAGED"


def test_a_bomb_is_refused_before_it_fills_the_memory():
    data = with_card(*((f"{at}.bin", bytes(30_000_000)) for at in range(10)))
    tracemalloc.start()
    assert refused(data).code == "CARD_TOO_LARGE"
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_lying_sizes_do_not_hide_a_bomb(monkeypatch):
    monkeypatch.setattr(charx, "LARGEST_CONTENT", 4_000_000)
    content = bytes(20_000_000)
    data = with_card(("a.bin", content))
    small = data.replace(struct.pack("<I", len(content)), struct.pack("<I", 1000))
    assert small != data
    _, files, warnings = read(small)  # zipfile stops at the size the header gives, and finds the wrong sum
    assert files == {}
    assert "damaged" in warnings[0]


def overlapping_bomb(members):
    """Entries that share one kernel of packed bytes: each quotes the headers that follow it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packer.compress(bytes(1_000_000)) + packer.flush()
    crc = zlib.crc32(bytes(1_000_000))
    sizes = (crc, len(kernel), 1_000_000)
    names = [b"card.json"] + [b"%08d" % at for at in range(1, members)]
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, *sizes, len(names[0]), 0) + names[0]
    directory = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 33, *sizes, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in names
    )
    end = struct.pack(
        "<4s4H2IH", b"PK\5\6", 0, 0, *[min(members, 0xFFFF)] * 2, len(directory), len(local + kernel), 0
    )
    return local + kernel + directory + end


def test_overlapping_members_are_refused():
    error = refused(overlapping_bomb(200))
    assert error.code == "CARD_DAMAGED"
    assert "overlap" in error.message


@pytest.mark.timeout(60)  # else minutes or hours
def test_too_many_members_are_refused_fast():
    assert refused(overlapping_bomb(10_001)).code == "CARD_TOO_LARGE"
    assert refused(overlapping_bomb(400_000)).code == "CARD_TOO_LARGE"


@given(st.data())
def test_no_change_of_bytes_breaks_the_reader(data):
    file = bytearray(with_card(("assets/a.png", PNG), ("module.risum", b"o" * 50)))
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(4, len(file) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(CardFormatError):
        charx.read(bytes(file), Notes())
    charx.recognises(bytes(file[:64]), bytes(file))


# Writing


@given(
    cards(),
    st.one_of(st.none(), st.just(PNG)),
    st.dictionaries(
        st.one_of(st.just("assets/icon/images/a.png"), texts), st.binary(max_size=20), max_size=4
    ),
)
def test_written_files_are_zips_others_read_and_the_card_comes_back(card, picture, files):
    whole = CardPackage(card, picture, files)
    data = charx.write(whole)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "card.json"
        assert len(set(archive.namelist())) == len(archive.namelist())
    again = back(data)
    assert sorted(again.files.values()) == sorted(
        [*files.values(), *([PNG] if picture and len(again.files) > len(files) else [])]
    )
    assert charx.write(again) == data


def test_every_field_of_a_card_comes_back():
    data = charx.write(CardPackage(WHOLE_CARD, None, {}))
    assert back(data).card == WHOLE_CARD


def test_other_members_come_back_byte_for_byte_at_their_paths():
    files = {"module.risum": b"\x6f\0\x01", "x_meta/main.json": b'{"type":"PNG"}', "Vântu/ü.bin": b"\0\xff"}
    source = zipped(*files.items(), ("card.json", json.dumps(V3)))
    assert back(charx.write(back(source))).files == files


def test_the_same_package_gives_the_same_bytes(monkeypatch):
    whole = package(icon("ccdefault:"), picture=PNG, files={"b": b"2", "a": b"1"})
    first = charx.write(whole)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert charx.write(whole) == first


def test_the_picture_of_a_png_becomes_the_main_icon():
    for before in (package(picture=PNG), package(icon("ccdefault:"), picture=PNG)):
        after = back(charx.write(before))
        assert after.files == {"assets/icon/images/main.png": PNG}
        assert after.card.assets == [icon("embeded://assets/icon/images/main.png")]
        assert charx.losses(before) == ()


def test_a_picture_that_an_asset_carries_is_written_once():
    whole = package(icon("embeded://icons/a.png"), picture=PNG, files={"icons/a.png": PNG})
    assert back(charx.write(whole)).files == {"icons/a.png": PNG}


def test_a_picture_beside_an_icon_on_the_web_leaves_that_one_main():
    whole = package(icon("https://example.org/a.png"), picture=JPEG)
    after = back(charx.write(whole))
    assert after.card.assets == [
        icon("https://example.org/a.png"),
        icon("embeded://assets/icon/images/main.jpg", "picture", "jpg"),
    ]
    assert after.files == {"assets/icon/images/main.jpg": JPEG}


def test_a_picture_beside_the_main_icon_s_own_becomes_another_icon_and_is_told():
    whole = package(icon("embeded://a.png"), picture=PNG, files={"a.png": b"another"})
    assert [loss.field for loss in charx.losses(whole)] == ["picture"]
    after = back(charx.write(whole))
    path = "assets/icon/images/main.png"
    assert after.files == {"a.png": b"another", path: PNG}
    assert after.card.assets == [icon("embeded://a.png"), icon(f"embeded://{path}", "picture")]
    again = CardPackage(after.card, PNG, after.files)
    assert back(charx.write(again)).files == after.files, "it is not added a second time"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_main_icon_that_came_back_from_a_png_is_no_loss(kind):
    buffer = io.BytesIO()
    texts = PngInfo()
    texts.add_text("Software", "A painter")
    options = {"pnginfo": texts} if kind == "PNG" else {"lossless": True}
    Image.new("RGB", (3, 4), "teal").save(buffer, kind, **options)
    drawn = buffer.getvalue()
    card = package(icon("embeded://a.img"), picture=drawn, files={"a.img": drawn})
    from_png = read_file(write_png(card), "a.png").package
    assert from_png.picture != drawn
    assert charx.losses(from_png) == ()
    assert list(back(charx.write(from_png)).files.values()) == [drawn]


@pytest.mark.parametrize("uri", ["__asset:3", "embedded://3", "embeded://3", "EMBEDDED:///3"])
def test_every_way_to_name_a_file_becomes_v3s_own(uri):
    after = back(charx.write(package(icon(uri), files={"3": PNG})))
    assert after.card.assets == [icon("embeded://3")]
    assert after.files == {"3": PNG}


def test_files_with_unsafe_paths_move_where_v3_wants_them():
    files = {"../a.png": b"1", "Vântu.png": b"2", "card.json": b"3", "x\\y.mp3": b"4", "é.dat": b"5"}
    assets = [
        icon("embeded://../a.png"),
        Asset(type="emotion", uri="embeded://Vântu.png", name="Mirëla, glad", ext="png"),
        Asset(type="x_voice", uri="embeded://x\\y.mp3", name="漢字", ext="mp3"),
    ]
    after = back(charx.write(package(*assets, files=files)))
    assert after.files == {
        "assets/icon/images/main.png": b"1",
        "assets/emotion/images/Mirela_glad.png": b"2",
        "assets/other/other/card.json": b"3",
        "assets/x_voice/audio/y.mp3": b"4",
        "é.dat": b"5",  # no asset: some app looks for it there
    }
    assert [after.files[embedded_path(asset.uri)] for asset in after.card.assets] == [b"1", b"2", b"4"]


def test_moved_files_never_take_the_place_of_others():
    files = {"../a": b"1", "/a": b"2", "assets/icon/images/Main.png": b"3", "\x01": b"4", "\x02": b"5"}
    assets = [icon("embeded://../a"), Asset(type="icon", uri="__asset:/a", name="main", ext="png")]
    after = back(charx.write(package(*assets, files=files)))
    assert sorted(after.files.values()) == sorted(files.values())


def test_of_several_icons_exactly_one_is_named_main():
    def names(*before):
        whole = package(*(icon("https://example.org", name) for name in before))
        return [asset.name for asset in back(charx.write(whole)).card.assets]

    assert names("main", "main", "main_2", "main") == ["main", "main_3", "main_2", "main_4"]
    assert names("front", "back") == ["main", "back"]
    assert names("front") == ["front"]


def test_renamed_icons_are_told():
    whole = package(icon("ccdefault:", "front"), icon("ccdefault:", "back"))
    assert [loss.field for loss in charx.losses(whole)] == ["assets[0].name"]


@pytest.mark.timeout(60)  # else minutes or hours
def test_a_hundred_thousand_icons_named_main_take_no_hours():
    whole = package(*(icon("ccdefault:") for _ in range(100_000)))
    charx.write(whole)
