"""What we write, read by somebody else's code: `tavern-card`, and Python's own zipfile for CHARX."""

import io
import json
import zipfile

import pytest
import tavern_card
from hypothesis import assume, given

from cardforge_desktop.cards.formats import FORMATS, read_file
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import Asset, Card
from cardforge_desktop.cards.package import CardPackage
from tests.cards.wild import make
from tests.support.cards import WHOLE_CARD, cards

PICTURE = make.png()
#: What that reader keeps of a card; it wants a name, and takes the blanks off it.
FIELDS = (
    *("description", "personality", "scenario", "first_mes", "mes_example"),
    *("creator_notes", "system_prompt", "post_history_instructions"),
    *("alternate_greetings", "tags", "creator", "character_version", "extensions"),
)


def read(name: str, file: bytes) -> dict:
    if name == "charx":
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            assert archive.testzip() is None
            return tavern_card.parse_card(archive.read("card.json"))
    return tavern_card.parse_png_card(file) if name.startswith("tavernai") else tavern_card.parse_card(file)


@pytest.mark.parametrize(
    ("name", "spec", "version"),
    [
        ("json", "chara_card_v2", "2.0"),
        ("v2", "chara_card_v2", "2.0"),
        ("v3", "chara_card_v3", "3.0"),
        ("tavernai", "chara_card_v3", "3.0"),
        ("tavernai-v2", "chara_card_v2", "2.0"),
        ("charx", "chara_card_v3", "3.0"),
    ],
)
@given(card=cards())
def test_tavern_card_reads_the_same_fields(name: str, spec: str, version: str, card: Card) -> None:
    assume(card.name.strip())
    found = read(name, FORMATS[name].write(CardPackage(card, PICTURE)))
    assert (found["spec"], found["spec_version"]) == (spec, version)
    data = found["data"]
    assert data["name"] == card.name.strip()
    assert {field: data[field] for field in FIELDS} == {field: getattr(card, field) for field in FIELDS}
    if card.character_book is None:
        assert data["character_book"] is None
    else:
        check_book(data["character_book"], card)


def check_book(book: dict, card: Card) -> None:
    """All of the book is there; what was added are numbers, titles and case."""
    expected = fields_of(card.character_book)
    entries = expected.pop("entries")
    assert {name: book[name] for name in expected} == expected
    assert len(book["entries"]) == len(entries) == len({str(entry["id"]) for entry in book["entries"]})
    for written, entry in zip(book["entries"], entries, strict=True):
        plain = {
            name: value for name, value in entry.items() if name not in ("id", "extensions", "use_regex")
        }
        assert {name: written[name] for name in plain} == plain
        assert written.get("use_regex", False) == entry["use_regex"]
        assert entry["extensions"].items() <= written["extensions"].items()


def test_what_tavern_card_writes_is_read_by_us() -> None:
    card = tavern_card.parse_card(FORMATS["v2"].write(CardPackage(WHOLE_CARD)))
    found = read_file(tavern_card.write_png_card(card, PICTURE), "mirela.png")
    assert (found.spec, found.package.picture, found.warnings) == ("v2", PICTURE, ())
    shared = {field: getattr(WHOLE_CARD, field) for field in ("name", *FIELDS, "character_book")}
    assert {field: getattr(found.package.card, field) for field in shared} == shared


def test_a_charx_is_a_plain_zip_with_what_its_card_names() -> None:
    assets = [
        Asset(type="icon", uri="ccdefault:", name="main", ext="png"),
        Asset(type="x_voice", uri="embedded://Stimme/Ä.ogg", name="voice", ext="ogg"),
    ]
    package = CardPackage(Card(name="Ada", assets=assets), PICTURE, {"Stimme/Ä.ogg": b"OggS"})
    with zipfile.ZipFile(io.BytesIO(FORMATS["charx"].write(package))) as archive:
        assert archive.namelist()[0] == "card.json"
        assert all(name.isascii() for name in archive.namelist())
        assert not any(info.flag_bits & 1 for info in archive.infolist())
        card = json.loads(archive.read("card.json"))
        contents = [archive.read(asset["uri"].removeprefix("embeded://")) for asset in card["data"]["assets"]]
    assert contents == [PICTURE, b"OggS"]
