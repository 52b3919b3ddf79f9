import base64
import io
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cardforge_desktop.cards.formats import FORMATS, CardFormatError, png_chunks, read_file, reading
from cardforge_desktop.cards.formats.png_chunks import Chunk
from cardforge_desktop.cards.model import Asset, Card
from cardforge_desktop.cards.package import CardPackage
from tests.cards import readers
from tests.cards.schemas import validator
from tests.cards.test_json_files import read_card, without_readying
from tests.support.cards import WHOLE_CARD, cards


def picture(**options) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((8, 12)).save(buffer, "PNG", **options)
    return buffer.getvalue()


def annotated_picture() -> bytes:
    """With text of every kind, a profile, a resolution and two IDAT chunks."""
    notes = PngInfo()
    notes.add_text("Software", "Painter 3")
    notes.add_text("chara", "old")
    notes.add_text("ccv3", "old", zip=True)
    notes.add_itxt("Chara", "old")
    notes.add_text("chara-ext-asset_:0", "old")
    notes.add_text("Comment", "by hand", zip=True)
    notes.add(b"prVt", b"\1\2", after_idat=True)
    chunks = png_chunks.split(picture(pnginfo=notes, dpi=(72, 72), icc_profile=b"profile"))
    at = next(index for index, chunk in enumerate(chunks) if chunk.type == b"IDAT")
    pixels = chunks[at].data
    chunks[at : at + 1] = [Chunk(b"IDAT", pixels[:9]), Chunk(b"IDAT", pixels[9:])]
    return png_chunks.join(chunks)


PICTURE = picture()
FILE = FORMATS["tavernai"].write(CardPackage(WHOLE_CARD, PICTURE))


def test_the_card_stands_right_behind_the_pixels_and_before_any_other_text():
    written = FORMATS["tavernai"].write(CardPackage(WHOLE_CARD, annotated_picture()))
    kinds = [kind for kind, _ in readers.png_chunks(written)]
    last_pixels = len(kinds) - 1 - kinds[::-1].index(b"IDAT")
    assert kinds[last_pixels + 1 : last_pixels + 3] == [b"tEXt", b"tEXt"]
    assert [keyword for keyword, _ in readers.texts(written)] == ["chara", "ccv3", "Software"]


def test_pixels_and_all_other_chunks_stay_byte_for_byte():
    before = readers.png_chunks(annotated_picture())
    after = readers.png_chunks(FORMATS["tavernai"].write(CardPackage(WHOLE_CARD, annotated_picture())))

    def of_the_picture(chunks):
        return [chunk for chunk in chunks if chunk[0] not in (b"tEXt", b"iTXt") and b"ccv3" not in chunk[1]]

    assert of_the_picture(after) == of_the_picture(before)
    assert {kind for kind, _ in of_the_picture(after)} >= {b"iCCP", b"pHYs", b"zTXt", b"prVt", b"IDAT"}
    assert not any(kind == b"iTXt" for kind, _ in after)


def test_pillow_sees_the_same_picture_and_both_texts():
    with Image.open(io.BytesIO(FILE)) as image, Image.open(io.BytesIO(PICTURE)) as original:
        image.load()
        assert image.tobytes() == original.tobytes()
        assert list(image.text) == ["chara", "ccv3"]
        assert json.loads(base64.b64decode(image.text["ccv3"]))["data"]["name"] == WHOLE_CARD.name


def test_writing_again_replaces_the_card():
    other = Card(name="Ada")
    assert FORMATS["tavernai"].write(CardPackage(other, FILE)) == FORMATS["tavernai"].write(
        CardPackage(other, PICTURE)
    )
    assert read_card(FORMATS["tavernai"].write(CardPackage(other, FILE)), "ada.png") == other


@given(cards())
def test_sillytavern_agnai_and_strict_v1_readers_find_the_card(card):
    file = FORMATS["tavernai"].write(CardPackage(card, PICTURE))
    validator("v3", open_to_unknown=True).validate(readers.as_sillytavern(file))
    assert readers.as_sillytavern(file)["data"]["first_mes"] == card.first_mes
    assert readers.as_agnai(file)["first_mes"] == card.first_mes
    both = json.loads(base64.b64decode(readers.texts(file)[0][1]))
    assert readers.as_strict_v1(both)[0] == card.name
    assert both == json.loads(FORMATS["json"].write(CardPackage(card)))


@given(cards(unknown=False))
def test_the_v3_chunk_is_strict(card):
    validator("v3").validate(readers.as_sillytavern(FORMATS["tavernai"].write(CardPackage(card, PICTURE))))


@given(cards(decorators=True))
def test_a_card_comes_back_whole(card):
    file = FORMATS["tavernai"].write(CardPackage(card, PICTURE))
    back = read_card(file, "card.png")
    assert without_readying(back) == without_readying(card)
    assert FORMATS["tavernai"].write(CardPackage(back, PICTURE)) == file


def test_a_card_with_every_field_comes_back_equal():
    assert read_card(FILE, "mirela.png") == WHOLE_CARD


def test_a_v3_object_in_chara_is_read_whatever_the_keywords_case():
    chara = base64.b64encode(json.dumps({"spec": "chara_card_v3", "data": {"name": "Ada"}}).encode())
    chunks = png_chunks.split(PICTURE)
    file = png_chunks.join([*chunks[:-1], Chunk(b"tEXt", b"Chara\0" + chara), chunks[-1]])
    assert read_card(file, "ada.png").name == "Ada"


@pytest.mark.parametrize(
    ("data", "code", "part"),
    [
        (PICTURE, "CARD_MISSING", "no character card in it"),
        (FILE[:8], "CARD_DAMAGED", "cut off at byte 8"),
        (FILE[: len(FILE) // 4], "CARD_DAMAGED", "cut off at byte"),
        (png_chunks.SIGNATURE + b"\xff\xff\xff\xffIHDR" + bytes(40), "CARD_DAMAGED", "cut off"),
        (png_chunks.join([Chunk(b"IEND", b"")]), "CARD_MISSING", "no character card"),
        (png_chunks.SIGNATURE + (bytes(4) + b"noOP" + bytes(4)) * 100_001, "CARD_DAMAGED", "cut off"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_png_without_a_readable_card_says_so(data, code, part):
    with pytest.raises(CardFormatError) as caught:
        read_card(data, "mirela.png")
    assert caught.value.code == code
    assert caught.value.message.startswith("mirela.png: ")
    assert part in caught.value.message


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (FILE[:-1], "cut off at byte"),
        (FILE[:50] + bytes([FILE[50] ^ 1]) + FILE[51:], "checksum"),
        (png_chunks.join([Chunk(b"IEND", b"")]), "header"),
        (png_chunks.join([Chunk(b"IHDR", bytes(13)), Chunk(b"IEND", b"")]), "no picture data"),
    ],
)
def test_a_card_is_not_written_into_a_damaged_picture(data, part):
    with pytest.raises(CardFormatError, match=part):
        FORMATS["tavernai"].write(CardPackage(WHOLE_CARD, data))


def test_a_card_in_a_cut_off_picture_is_saved_without_the_picture():
    found = read_file(FILE[:-20], "mirela.png")
    assert found.package == CardPackage(WHOLE_CARD)
    assert "cut off" in found.warnings[0]


def in_picture(*texts: Chunk) -> bytes:
    """A picture of some other tool with these text chunks at its end."""
    chunks = png_chunks.split(PICTURE)
    return png_chunks.join([*chunks[:-1], *texts, chunks[-1]])


ADA = b'{"spec": "chara_card_v2", "spec_version": "2.0", "data": {"name": "Ada", "first_mes": "Hi"}}'
ADA_TEXT = base64.b64encode(ADA)


@pytest.mark.parametrize(
    "text",
    [
        Chunk(b"tEXt", b"chara\0" + ADA_TEXT),
        Chunk(b"tEXt", b"CCV3\0" + ADA_TEXT),
        Chunk(b"tEXt", b"chara\0" + ADA),
        Chunk(b"tEXt", b"chara\0" + b"\n".join([ADA_TEXT[:20], ADA_TEXT[20:]]) + b"\r\n"),
        Chunk(b"tEXt", b"chara\0" + base64.urlsafe_b64encode(ADA).rstrip(b"=")),
        Chunk(b"zTXt", b"chara\0\0" + zlib.compress(ADA_TEXT)),
        Chunk(b"zTXt", b"chara\0\0" + zlib.compress(ADA)),
        Chunk(b"iTXt", b"chara\0\0\0\0\0" + ADA_TEXT),
        Chunk(b"iTXt", b"chara\0\0\0en\0Karte\0" + ADA),
        Chunk(b"iTXt", b"chara\0\1\0\0\0" + zlib.compress(ADA)),
    ],
)
def test_a_card_is_found_in_every_kind_of_text_chunk(text):
    found = read_file(in_picture(text), "ada.png")
    assert (found.package.card, found.spec, found.warnings) == (Card(name="Ada", first_mes="Hi"), "v2", ())
    assert found.package.picture == PICTURE


def test_a_broken_v3_text_leaves_v2s():
    found = read_file(
        in_picture(Chunk(b"tEXt", b"ccv3\0***"), Chunk(b"tEXt", b"chara\0" + ADA_TEXT)), "ada.png"
    )
    assert found.package.card.name == "Ada"
    assert found.warnings == ("A card in the picture is broken; its “chara” is read instead.",)


def test_a_text_that_inflates_to_gigabytes_is_refused():
    stream = zlib.compressobj(9)
    bomb = b"".join(stream.compress(bytes(1 << 20)) for _ in range(200)) + stream.flush()
    with pytest.raises(CardFormatError) as caught:
        read_file(in_picture(Chunk(b"zTXt", b"chara\0\0" + bomb)), "bomb.png")
    assert caught.value.code == "CARD_TOO_LARGE"


def test_an_encrypted_card_of_risuai_is_named_as_such():
    with pytest.raises(CardFormatError, match="RisuAI encrypted this card"):
        read_file(in_picture(Chunk(b"tEXt", b"ccv3\0rcc||abc")), "secret.png")


def test_assets_travel_in_the_picture_and_are_named_as_v3_names_them():
    assets = [
        Asset(type="icon", uri="ccdefault:", name="main", ext="png"),
        Asset(type="emotion", uri="embeded://assets/emotion/images/joy.png", name="joy", ext="png"),
        Asset(type="x_voice", uri="embeded://assets/音声.ogg", name="voice", ext="ogg"),
    ]
    files = {"assets/emotion/images/joy.png": b"joy", "assets/音声.ogg": b"voice"}
    card = Card(name="Ada", assets=assets)
    file = FORMATS["tavernai"].write(CardPackage(card, PICTURE, files))
    assert [keyword for keyword, _ in readers.texts(file)] == [
        "chara",
        "ccv3",
        "chara-ext-asset_:assets/emotion/images/joy.png",
        "chara-ext-asset_:0",
    ]
    found = read_file(file, "ada.png")
    assert dict(found.package.files) == {"assets/emotion/images/joy.png": b"joy", "0": b"voice"}
    uris = [asset.uri for asset in found.package.card.assets]
    assert uris == ["ccdefault:", "__asset:assets/emotion/images/joy.png", "__asset:0"]
    assert read_file(FORMATS["tavernai"].write(found.package), "again.png") == found


def test_a_broken_asset_is_left_out_and_named():
    found = read_file(
        in_picture(Chunk(b"tEXt", b"chara\0" + ADA_TEXT), Chunk(b"tEXt", b"chara-ext-asset_:7\0***")), "a.png"
    )
    assert found.package.files == {}
    assert found.warnings == ("The asset “7” in the picture is broken and is left out.",)


def test_v2_only_has_one_text():
    file = FORMATS["tavernai-v2"].write(CardPackage(WHOLE_CARD, PICTURE))
    assert [keyword for keyword, _ in readers.texts(file)] == ["chara"]
    assert readers.as_agnai(file)["name"] == WHOLE_CARD.name


def test_a_card_without_a_picture_gets_a_drawn_one():
    written = FORMATS["tavernai"].write(CardPackage(WHOLE_CARD))
    assert read_card(written, "mirela.png") == WHOLE_CARD


def test_only_text_chunks_are_read_where_the_rest_is_not_wanted():
    chunks, whole = png_chunks.texts_in(io.BytesIO(FILE), lambda keyword: keyword in ("chara", "ccv3"))
    assert ([chunk.keyword for chunk in chunks], whole) == (["chara", "ccv3"], True)
    assert chunks == [chunk for chunk in png_chunks.split(FILE) if chunk.keyword in ("chara", "ccv3")]
    assert png_chunks.texts_in(io.BytesIO(FILE), lambda keyword: keyword == "ccv3") == (chunks[1:], True)
    for size in range(0, len(FILE), 97):
        found, whole = png_chunks.texts_in(io.BytesIO(FILE[:size]), bool)
        assert not whole
        assert len(found) <= 2


def test_broken_base64_says_so():
    chunks = png_chunks.split(PICTURE)
    file = png_chunks.join([*chunks[:-1], Chunk(b"tEXt", b"chara\0****"), chunks[-1]])
    with pytest.raises(CardFormatError, match="broken base64"):
        read_card(file, "mirela.png")


def test_an_avatar_that_is_no_png_is_refused():
    with pytest.raises(CardFormatError) as caught:
        FORMATS["tavernai"].write(CardPackage(WHOLE_CARD, b"\xff\xd8\xff\xe0 jpeg"))
    assert caught.value.code == "AVATAR_NOT_PNG"


def test_a_file_beyond_the_limit_is_not_looked_at(monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_FILE", len(FILE) - 1)
    with pytest.raises(CardFormatError) as caught:
        read_card(FILE, "mirela.png")
    assert caught.value.code == "CARD_TOO_LARGE"


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_no_altered_byte_goes_unnoticed(position, change):
    altered = bytearray(FILE)
    altered[position] ^= change
    try:
        found = read_file(bytes(altered), "mirela.png")
    except CardFormatError:
        return
    assert found.warnings


def test_bytes_behind_the_end_are_no_part_of_the_picture():
    assert FORMATS["tavernai"].write(CardPackage(WHOLE_CARD, PICTURE + b"PK zip")) == FILE
    found = read_file(FILE + b"trailing", "mirela.png")
    assert found.package.card == WHOLE_CARD
    assert found.warnings == ("8 bytes after the end of the picture are left out.",)
