import base64
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cardforge_desktop.cards import formats
from cardforge_desktop.cards.formats import FORMATS, CardFormatError, png_chunks, read_card
from cardforge_desktop.cards.formats.png_chunks import Chunk
from cardforge_desktop.cards.model import Card
from tests.cards import readers
from tests.cards.schemas import validator
from tests.cards.test_json_files import without_readying
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
FILE = FORMATS["tavernai"].write(WHOLE_CARD, PICTURE)


def test_the_card_stands_right_behind_the_pixels_and_before_any_other_text():
    written = FORMATS["tavernai"].write(WHOLE_CARD, annotated_picture())
    kinds = [kind for kind, _ in readers.png_chunks(written)]
    last_pixels = len(kinds) - 1 - kinds[::-1].index(b"IDAT")
    assert kinds[last_pixels + 1 : last_pixels + 3] == [b"tEXt", b"tEXt"]
    assert [keyword for keyword, _ in readers.texts(written)] == ["chara", "ccv3", "Software"]


def test_pixels_and_all_other_chunks_stay_byte_for_byte():
    before = readers.png_chunks(annotated_picture())
    after = readers.png_chunks(FORMATS["tavernai"].write(WHOLE_CARD, annotated_picture()))

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
    assert FORMATS["tavernai"].write(other, FILE) == FORMATS["tavernai"].write(other, PICTURE)
    assert read_card(FORMATS["tavernai"].write(other, FILE), "ada.png") == other


@given(cards())
def test_sillytavern_agnai_and_strict_v1_readers_find_the_card(card):
    file = FORMATS["tavernai"].write(card, PICTURE)
    validator("v3", open_to_unknown=True).validate(readers.as_sillytavern(file))
    assert readers.as_sillytavern(file)["data"]["first_mes"] == card.first_mes
    assert readers.as_agnai(file)["first_mes"] == card.first_mes
    both = json.loads(base64.b64decode(readers.texts(file)[0][1]))
    assert readers.as_strict_v1(both)[0] == card.name
    assert both == json.loads(FORMATS["json"].write(card, b""))


@given(cards(unknown=False))
def test_the_v3_chunk_is_strict(card):
    validator("v3").validate(readers.as_sillytavern(FORMATS["tavernai"].write(card, PICTURE)))


@given(cards(decorators=True))
def test_a_card_comes_back_whole(card):
    file = FORMATS["tavernai"].write(card, PICTURE)
    back = read_card(file, "card.png")
    assert without_readying(back) == without_readying(card)
    assert FORMATS["tavernai"].write(back, PICTURE) == file


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
        (FILE[:-1], "CARD_DAMAGED", "cut off at byte"),
        (FILE[: len(FILE) // 2], "CARD_DAMAGED", "cut off at byte"),
        (FILE[:8], "CARD_DAMAGED", "cut off at byte 8"),
        (FILE[:50] + bytes([FILE[50] ^ 1]) + FILE[51:], "CARD_DAMAGED", "checksum"),
        (png_chunks.SIGNATURE + b"\xff\xff\xff\xffIHDR" + bytes(40), "CARD_DAMAGED", "cut off"),
        (png_chunks.join([Chunk(b"IEND", b"")]), "CARD_DAMAGED", "header"),
        (
            png_chunks.join([Chunk(b"IHDR", bytes(13)), Chunk(b"IEND", b"")]),
            "CARD_DAMAGED",
            "no picture data",
        ),
    ],
)
def test_a_damaged_png_says_so(data, code, part):
    with pytest.raises(CardFormatError) as caught:
        read_card(data, "mirela.png")
    assert caught.value.code == code
    assert caught.value.message.startswith("mirela.png: ")
    assert part in caught.value.message


def test_broken_base64_says_so():
    chunks = png_chunks.split(PICTURE)
    file = png_chunks.join([*chunks[:-1], Chunk(b"tEXt", b"chara\0****"), chunks[-1]])
    with pytest.raises(CardFormatError, match="broken base64"):
        read_card(file, "mirela.png")


def test_an_avatar_that_is_no_png_is_refused():
    with pytest.raises(CardFormatError) as caught:
        FORMATS["tavernai"].write(WHOLE_CARD, b"\xff\xd8\xff\xe0 jpeg")
    assert caught.value.code == "AVATAR_NOT_PNG"


def test_a_file_beyond_the_limit_is_not_looked_at(monkeypatch):
    monkeypatch.setattr(formats, "LARGEST_FILE", len(FILE) - 1)
    with pytest.raises(CardFormatError) as caught:
        read_card(FILE, "mirela.png")
    assert caught.value.code == "CARD_TOO_LARGE"


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_no_altered_byte_goes_unnoticed(position, change):
    altered = bytearray(FILE)
    altered[position] ^= change
    with pytest.raises(CardFormatError):
        read_card(bytes(altered), "mirela.png")


def test_bytes_behind_the_end_are_no_part_of_the_picture():
    assert FORMATS["tavernai"].write(WHOLE_CARD, PICTURE + b"PK zip") == FILE
    assert read_card(FILE + b"trailing", "mirela.png") == WHOLE_CARD
