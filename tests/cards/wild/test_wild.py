"""What is read of cards that our writer did not make, and what the person is told about them."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cardforge_desktop.cards.formats import FORMATS, CardFormatError, read_file, read_path
from cardforge_desktop.cards.formats.objects import fields_of
from tests.cards.wild import make

FOLDER = Path(__file__).parent / "files"
PICTURE = make.png()

#: Of a file: container, spec, fields that are not as in `make.MIRELA`, and the warnings in order.
CARDS: dict[str, tuple[str, str, dict[str, Any], list[str]]] = {
    "v1.json": ("json", "v1", {"metadata.tool.name": "AICharED"}, []),
    "v2.json": ("json", "v2", {"tags": ["sea"], "alternate_greetings": ["Back again?"]}, []),
    "v3.json": ("json", "v3", {"nickname": "Mira", "source": ["https://example.org/mirela"]}, []),
    "flat_v2.json": (
        "json",
        "v1",
        {"tags": ["sea"], "mood": 1, "character_book.entries.0.content": "Whale oil."},
        [],
    ),
    "data_without_spec.json": (
        "json",
        "v2",
        {"tags": ["sea"]},
        ["The card does not say which spec it keeps to; it is read as V2."],
    ),
    "sillytavern.json": (
        "json",
        "v3",
        {
            "extensions.depth_prompt.depth": 4,
            "beside_data.create_date": "2026-11-23@10h00m00s",
            "beside_data.chat": "Mirela - 2026-11-23",
        },
        [],
    ),
    "book_null.json": (
        "json",
        "v2",
        {"character_book": None, "extensions": {}},
        ["extensions was no object and is now empty.", "character_book was null and is left out."],
    ),
    "greetings_text.json": (
        "json",
        "v2",
        {"alternate_greetings": ["Back again?"], "tags": ["sea", "OC"]},
        [
            "alternate_greetings was one text and is now a list.",
            "tags was one text and is now a list.",
        ],
    ),
    "numbers_as_texts.json": (
        "json",
        "v3",
        {
            "creation_date": 1763000000,
            "character_book.scan_depth": 4,
            "character_book.recursive_scanning": True,
            "character_book.entries.0.insertion_order": 10,
            "character_book.entries.0.priority": 1.5,
            "character_book.entries.0.enabled": False,
            "character_book.entries.0.id": "3",
        },
        [
            "creation_date was a number written as text.",
            "character_book.scan_depth was a number written as text.",
            "character_book.token_budget was a number written as text.",
            "character_book.recursive_scanning was no true or false but a text or a number.",
            "character_book.entries[0].enabled was no true or false but a text or a number.",
            "character_book.entries[0].insertion_order was a number written as text.",
            "character_book.entries[0].priority was a number written as text.",
        ],
    ),
    "texts_as_numbers.json": (
        "json",
        "v2",
        {"character_version": "2", "creator": "", "scenario": "A\nstorm."},
        [
            "scenario was a list and is now one text.",
            "creator was null and is now empty.",
            "character_version was no text but a number.",
        ],
    ),
    "nulls.json": (
        "json",
        "v2",
        {"tags": [], "alternate_greetings": [], "description": "", "creator_notes": ""},
        [
            "description was null and is now empty.",
            "creator_notes was null and is now empty.",
            "alternate_greetings was null and is now empty.",
            "tags was null and is now empty.",
        ],
    ),
    "spec_version_number.json": ("json", "v3", {}, []),
    "newer_version.json": (
        "json",
        "v3",
        {},
        ["The card is of version 3.1 of its spec, newer than CardForge knows."],
    ),
    "v4.json": (
        "json",
        "v3",
        {"aura": "blue"},
        ["The card says it is chara_card_v4, newer than V3; it is read as V3."],
    ),
    "bom.json": ("json", "v2", {"name": "Zoë"}, []),
    "utf16.json": ("json", "v2", {"name": "Zoë"}, []),
    "cp1252.json": (
        "json",
        "v2",
        {"name": "Zoë"},
        ["The text was not UTF-8 (byte 69) and is read as Windows-1252."],
    ),
    "not_a_number.json": (
        "json",
        "v2",
        {"extensions": {"speed": None, "far": None}},
        [
            "The value NaN, which is no JSON, became null.",
            "The value Infinity, which is no JSON, became null.",
        ],
    ),
    "half_character.json": (
        "json",
        "v2",
        {"creator": "me \ufffd"},
        ["Half characters (lone surrogates), which no file can hold, became �."],
    ),
    "php.json": (
        "json",
        "v2",
        {"extensions": {}, "character_book": None},
        ["extensions was no object and is now empty.", "character_book was no book and is left out."],
    ),
    "book_without_extensions.json": (
        "json",
        "v2",
        {
            "character_book.extensions": {},
            "character_book.entries.1.keys": ["sea"],
            "character_book.entries.1.enabled": True,
        },
        [],
    ),
    "ids.json": (
        "json",
        "v2",
        {f"character_book.entries.{at}.id": id_ for at, id_ in enumerate((1, 1, None, -1, "lamp", 2, None))},
        ["character_book.entries[2].id was null and is left out."],
    ),
    "numbered_entries.json": (
        "json",
        "v2",
        {
            "character_book.entries.1.keys": ["sea", "salt"],
            "character_book.entries.1.position": "after_char",
            "character_book.entries.1.extensions": {"position": 4},
        },
        [
            "character_book.entries were numbered and are now a list.",
            "character_book.entries[1].keys was one text and is now a list.",
            "character_book.entries[1].position was SillyTavern's number and is now a word.",
        ],
    ),
    "world_info_inside.json": (
        "json",
        "v2",
        {
            "character_book.entries.0.keys": ["lamp", "/light(house)?/i"],
            "character_book.entries.0.enabled": False,
        },
        ["character_book was of another shape (worldinfo) and is now a character book."],
    ),
    "entry_nulls.json": (
        "json",
        "v2",
        {"character_book.name": None, "character_book.entries.0.keys": [], "character_book.entries.0.id": 0},
        [
            "character_book.name was null and is left out.",
            "character_book.entries held something that is no object; it is left out.",
            "character_book.entries[0].keys was null and is now empty.",
            "character_book.entries[0].case_sensitive was null and is left out.",
            "character_book.entries[0].secondary_keys was null and is left out.",
            "character_book.entries[0].name was null and is left out.",
        ],
    ),
    "v2.png": ("png", "v2", {}, []),
    "v1.png": ("png", "v1", {}, []),
    "before_pixels.png": ("png", "v2", {}, []),
    "ztxt.png": ("png", "v2", {}, []),
    "itxt.png": ("png", "v2", {}, []),
    "itxt_packed.png": ("png", "v3", {}, []),
    "raw_json.png": ("png", "v2", {"name": "Zoë"}, []),
    "after_end.png": ("png", "v2", {}, ["64 bytes after the end of the picture are left out."]),
    "v3_in_chara.png": ("png", "v3", {"nickname": "Mira"}, []),
    "both.png": (
        "png",
        "v3",
        {"nickname": "Mira"},
        ["The picture holds another card in its “chara” text, which differs in name."],
    ),
    "two_cards.png": (
        "png",
        "v2",
        {},
        ["The picture holds another card in its “chara” text, which differs in name."],
    ),
    "upper_case.png": (
        "png",
        "v3",
        {},
        ["The picture holds another card in its “chara” text, which differs in name."],
    ),
    "broken_v3.png": (
        "png",
        "v2",
        {},
        ["A card in the picture is broken; its “chara” is read instead."],
    ),
    "wrong_checksum.png": (
        "png",
        "v2",
        {},
        ["The picture is damaged: the checksum of its 'IDAT' part at byte 33 is wrong."],
    ),
    "unpadded.png": ("png", "v2", {"creator": "x"}, []),
    "risu_assets.png": ("png", "v3", {"assets.0.uri": "__asset:0", "assets.1.name": "sea"}, []),
    "other_texts.png": ("png", "v2", {}, []),
    "cut_off.png": ("png", "v2", {}, ["The picture is cut off at byte 712 and is left out."]),
    "embeded.charx": ("charx", "v3", {"assets.0.name": "main"}, []),
    "embedded.charx": ("charx", "v3", {"assets.0.name": "main"}, []),
    "old_uri.charx": ("charx", "v3", {"assets.0.name": "main"}, []),
    "default_icon.charx": ("charx", "v3", {"assets.0.uri": "ccdefault:"}, []),
    "v2.charx": ("charx", "v2", {}, []),
    "behind_jpeg.jpg": ("charx", "v3", {}, []),
    "behind_jpeg_with_icon.jpg": ("charx", "v3", {}, []),
    "behind_png.png": ("charx", "v3", {}, []),
    "chunk_and_zip.png": ("png", "v2", {}, ["620 bytes after the end of the picture are left out."]),
    "slip.charx": (
        "charx",
        "v3",
        {},
        [
            "The file '../evil.txt' in the zip had a path that leads outside and is left out.",
            "The file '/abs.txt' in the zip had a path that leads outside and is left out.",
        ],
    ),
    "v2.yaml": (
        "yaml",
        "v2",
        {
            **dict.fromkeys(("description", "personality", "scenario", "mes_example"), ""),
            "first_mes": "No",
            "character_version": "1.10",
            "tags": ["sea", "yes"],
            "alternate_greetings": ["sea", "yes"],
        },
        [],
    ),
}
#: Characters of apps with fields of their own: the app, and what the card's fields are.
CHARACTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "pygmalion.json": (
        "pygmalion",
        {
            "name": "Mirela",
            "description": "A lighthouse keeper.",
            "scenario": "A storm.",
            "first_mes": "*{{char}} lifts the lamp.*",
            "mes_example": "You: Who?\nMirela: The light.",
        },
    ),
    "text_generation_webui.yaml": (
        "text-generation",
        {
            "name": "Mirela",
            "description": "Mirela's Persona: A lighthouse keeper.\n2026-11-23\n",
            "first_mes": "*{{char}} lifts the lamp.*\n\nNo",
        },
    ),
    "agnai.json": (
        "agnai",
        {
            "name": "Mirela",
            "description": "A lighthouse keeper.",
            "first_mes": "*{{char}} lifts the lamp.*",
            "mes_example": "{{user}}: Who?",
        },
    ),
    "risu.json": ("risu", {"name": "Mirela", "description": "A lighthouse keeper.", "first_mes": "Hm."}),
    "character_ai.json": ("character.ai", {"name": "Mirela", "first_mes": "Hm."}),
}
#: Books alone: the shape, and the fields of the first entry.
BOOKS: dict[str, tuple[str, dict[str, Any]]] = {
    "world_info.json": ("worldinfo", {"keys": ["lamp", "/light(house)?/i"], "insertion_order": 250}),
    "world_info.png": ("worldinfo", {"secondary_keys": ["oil"], "comment": "The lamp", "enabled": False}),
    "lorebook_v3.json": ("lorebook", {"keys": ["lamp"], "insertion_order": 10}),
    "book.json": ("lorebook", {"keys": ["lamp"], "insertion_order": 10}),
    "risu_lorebook.json": ("risu", {"keys": ["lamp", "light"], "name": "The lamp"}),
    "agnai_memory.json": ("agnai", {"keys": ["lamp"], "insertion_order": 2, "priority": 10}),
    "novelai.lorebook": ("novelai", {"keys": ["lamp"], "name": "Lamp"}),
}
NO_CARDS = {
    "plain.png": ("CARD_MISSING", "this picture has no character card in it"),
    "plain.jpg": ("CARD_UNKNOWN_FORMAT", "this is no character card"),
    "other.zip": ("CARD_MISSING", "there is no card.json at its root"),
}
#: Picture and other files of what has more than a card.
PICTURES: dict[str, tuple[bytes | None, dict[str, bytes]]] = {
    "before_pixels.png": (PICTURE, {}),
    "other_texts.png": (make.png(make.chunk(b"tEXt", b"Software\0Painter")), {}),
    "cut_off.png": (None, {}),
    "risu_assets.png": (PICTURE, {"0": PICTURE, "1": b"ID3 the sea"}),
    "embeded.charx": (PICTURE, {"assets/icon/images/main.png": PICTURE}),
    "embedded.charx": (PICTURE, {"assets/icon/images/main.png": PICTURE}),
    "old_uri.charx": (PICTURE, {"assets/icon/images/main.png": PICTURE}),
    "default_icon.charx": (None, {"module.risum": b"\x6f\0"}),
    "behind_jpeg.jpg": (make.JPEG, {}),
    "behind_jpeg_with_icon.jpg": (PICTURE, {"assets/icon/images/main.png": PICTURE}),
    "behind_png.png": (PICTURE, {}),
    "slip.charx": (PICTURE, {"assets/icon/images/main.png": PICTURE}),
    "v2.charx": (None, {}),
}


def at(fields: Any, path: str) -> Any:
    """What stands at ``character_book.entries.0.keys``, None where nothing does."""
    for part in path.split("."):
        fields = fields[int(part)] if isinstance(fields, list) else (fields or {}).get(part)
    return fields


def test_no_file_is_forgotten() -> None:
    named = {*CARDS, *CHARACTERS, *BOOKS, *NO_CARDS}
    assert {path.name for path in FOLDER.iterdir()} == named
    assert not CARDS.keys() & {*CHARACTERS, *BOOKS, *NO_CARDS}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_read_with_its_warnings(name: str) -> None:
    container, spec, differing, warnings = CARDS[name]
    found = read_path(FOLDER / name)
    assert (found.container, found.spec, found.holds) == (container, spec, "card")
    assert list(found.warnings) == warnings
    fields = fields_of(found.package.card)
    expected = {**make.MIRELA, **differing}
    assert {path: at(fields, path) for path in expected} == expected


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_character_of_another_app_becomes_a_card(name: str) -> None:
    app, expected = CHARACTERS[name]
    found = read_path(FOLDER / name)
    assert (found.spec, found.holds, found.warnings) == (app, "card", ())
    fields = fields_of(found.package.card)
    assert {path: fields[path] for path in expected} == expected


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_alone_is_read_as_one(name: str) -> None:
    shape, expected = BOOKS[name]
    found = read_path(FOLDER / name)
    assert (found.spec, found.holds, found.warnings) == (shape, "book", ())
    book = found.package.card.character_book
    assert book is not None
    assert book.entries[0].content == "Whale oil."
    fields = fields_of(book.entries[0])
    assert {path: fields[path] for path in expected} == expected
    assert found.package.card == type(found.package.card)(character_book=book)


@pytest.mark.parametrize("name", NO_CARDS)
def test_what_is_no_card_says_so(name: str) -> None:
    code, part = NO_CARDS[name]
    with pytest.raises(CardFormatError, match=re.escape(part)) as caught:
        read_path(FOLDER / name)
    assert caught.value.code == code


@pytest.mark.parametrize("name", PICTURES)
def test_picture_and_files_come_along(name: str) -> None:
    found = read_path(FOLDER / name)
    assert (found.package.picture, dict(found.package.files)) == PICTURES[name]


@pytest.mark.parametrize("name", [*CARDS, *CHARACTERS])
@pytest.mark.parametrize("format_name", ["json", "v2", "v3", "tavernai", "tavernai-v2", "charx"])
def test_what_was_read_is_written_clean(name: str, format_name: str) -> None:
    """Written once, it is read without a warning, and written again it is the same file."""
    package = read_path(FOLDER / name).package
    if package.picture == make.JPEG:  # no pixels in it
        package = replace(package, picture=PICTURE)
    written = FORMATS[format_name].write(package)
    back = read_file(written, "card")
    assert back.warnings == ()
    assert FORMATS[format_name].write(back.package) == written


def test_sillytaverns_book_goes_through_us_unchanged() -> None:
    package = read_path(FOLDER / "world_info.json").package
    written = json.loads(FORMATS["worldinfo"].write(package))
    for uid, entry in make.world_info()["entries"].items():
        # Fields of newer versions are added with what SillyTavern takes for absent ones.
        assert {name: written["entries"][uid][name] for name in entry} == entry
