import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.formats import FORMATS, CardFormatError, read_file, v3
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from tests.cards.readers import as_strict_v1, sillytavern_world
from tests.cards.schemas import validator
from tests.support.cards import WHOLE_CARD, books, cards


def read_card(data: bytes, name: str) -> Card:
    return read_file(data, name).package.card


def written(name: str, card: Card) -> dict:
    return json.loads(FORMATS[name].write(CardPackage(card)).decode("utf-8"))


def card_with(*entries: BookEntry) -> Card:
    return Card(name="Ada", character_book=CharacterBook(entries=list(entries)))


def written_entries(name: str, *entries: BookEntry) -> list[dict]:
    return written(name, card_with(*entries))["data"]["character_book"]["entries"]


def without_readying(card: Card) -> Card:
    """`card` without what writing may add for the sake of readers."""
    if card.character_book is None:
        return card
    entries = [
        entry.model_copy(
            update={
                "id": None,
                "comment": entry.comment or entry.name or None,
                "extensions": {**entry.extensions, "case_sensitive": entry.case_sensitive},
            }
        )
        for entry in card.character_book.entries
    ]
    return card.model_copy(
        update={"character_book": card.character_book.model_copy(update={"entries": entries})}
    )


@given(cards(v3=False, unknown=False))
def test_v2_files_keep_to_the_strict_schema(card):
    validator("v2").validate(written("v2", card))


@given(cards(decorators=True))
def test_v2_files_of_any_card_keep_to_the_schema_beside_unknown_fields(card):
    validator("v2", open_to_unknown=True).validate(written("v2", card))


@given(cards(unknown=False, decorators=True))
def test_v3_objects_keep_to_the_strict_schema(card):
    validator("v3").validate(v3.write(card))


@given(cards())
def test_json_files_serve_v1_and_v2_readers_at_once(card):
    value = written("json", card)
    validator("v1", open_to_unknown=True).validate(value)
    validator("v2", open_to_unknown=True).validate(value)
    assert as_strict_v1(value) == as_strict_v1(value["data"])


@pytest.mark.parametrize("name", ["json", "v2", "v3"])
@given(card=cards())
def test_a_card_comes_back_whole(name, card):
    file = FORMATS[name].write(CardPackage(card))
    back = read_card(file, "card.json")
    assert without_readying(back) == without_readying(card)
    assert FORMATS[name].write(CardPackage(back)) == file


@given(cards(decorators=True))
def test_a_v3_object_comes_back_whole(card):
    back = read_card(json.dumps(v3.write(card)).encode(), "card.json")
    assert without_readying(back) == without_readying(card)
    assert v3.write(back) == v3.write(card)


@pytest.mark.parametrize("name", ["json", "v2", "v3"])
def test_a_card_with_every_field_comes_back_equal(name):
    assert read_card(FORMATS[name].write(CardPackage(WHOLE_CARD)), "mirela.json") == WHOLE_CARD


def test_the_schemas_refuse_what_strict_readers_refuse():
    for damage in ({"tags": None}, {"character_book": None}, {"extensions": None}, {"first_mes": None}):
        value = written("v2", WHOLE_CARD)
        value["data"] |= damage
        assert list(validator("v2", open_to_unknown=True).iter_errors(value))


@given(books())
def test_no_entry_of_a_book_vanishes_in_sillytavern(book):
    value = written("v2", Card(character_book=book))["data"]["character_book"]
    assert len(sillytavern_world(value)) == len(book.entries)


def test_entries_keep_the_ids_they_can_keep():
    entries = [BookEntry(id=identity) for identity in (2, None, 2, "lamp", 0)]
    assert [entry["id"] for entry in written_entries("v2", *entries)] == [2, 1, 3, 4, 0]
    whole = v3.write(card_with(*entries))["data"]["character_book"]["entries"]
    assert [entry["id"] for entry in whole] == [2, 1, 3, "lamp", 0]


def test_titles_and_case_stand_where_sillytavern_looks():
    lamp, comment_of_its_own = written_entries(
        "v2",
        BookEntry(name="Lamp", case_sensitive=True, extensions={"probability": 50}),
        BookEntry(name="Oil", comment="checked"),
    )
    assert lamp["comment"] == "Lamp"
    assert lamp["extensions"] == {"probability": 50, "case_sensitive": True}
    assert comment_of_its_own["comment"] == "checked"
    assert comment_of_its_own["extensions"] == {}


@pytest.mark.parametrize(
    ("content", "in_v2"),
    [
        ("@@depth 4\n@@@role user\n@@activate\n\nThe lamp burns.", "The lamp burns."),
        ("\n@@depth 4\n\nThe lamp\n@@burns", "The lamp\n@@burns"),
        ("@@constant", ""),
        ("@@ is no decorator", "@@ is no decorator"),
        ("\nplain text stays as it is\n", "\nplain text stays as it is\n"),
    ],
)
def test_decorators_stay_in_v3_and_never_reach_the_prompt_of_a_v2_reader(content, in_v2):
    card = card_with(BookEntry(content=content))
    assert written_entries("v2", BookEntry(content=content))[0]["content"] == in_v2
    assert v3.write(card)["data"]["character_book"]["entries"][0]["content"] == content


def test_lone_surrogates_are_replaced_and_halves_joined():
    card = Card(name="a\ud83d", description="\ud83d\ude00", extensions={"k\udc00": ["\udfff"]})
    data = written("v2", card)["data"]
    assert (data["name"], data["description"]) == ("a\ufffd", "😀")
    assert data["extensions"] == {"k\ufffd": ["\ufffd"]}
    assert read_card(b'{"name": "a\\ud83d", "description": "\\ud83d\\ude00"}', "a.json").name == "a\ufffd"


def test_a_flat_v1_card_is_read_with_what_else_is_in_it():
    card = read_card(b'\xef\xbb\xbf {"name": "Ada", "first_mes": "Hi", "tags": ["x"], "mood": 1}', "ada.json")
    assert (card.name, card.first_mes, card.tags, card.model_extra) == ("Ada", "Hi", ["x"], {"mood": 1})


def test_a_card_of_a_later_spec_is_read():
    value = v3.write(WHOLE_CARD) | {"spec": "chara_card_v4", "spec_version": "4.0"}
    assert read_card(json.dumps(value).encode(), "m.json") == WHOLE_CARD


def test_a_value_json_has_no_form_for_is_an_error_not_a_broken_file():
    card = Card(extensions={"speed": float("nan")})
    with pytest.raises(CardFormatError) as caught:
        FORMATS["json"].write(CardPackage(card))
    assert caught.value.code == "CARD_UNWRITABLE"


@pytest.mark.parametrize(
    ("data", "code", "part"),
    [
        (b"", "CARD_UNKNOWN_FORMAT", "the file is empty"),
        (b"MZ\0\0", "CARD_UNKNOWN_FORMAT", "neither a PNG, a CHARX, a JSON object nor YAML"),
        (b"{}", "CARD_UNKNOWN_FORMAT", "neither V1's fields"),
        (b'{"spec": "chara_card_v2"}', "CARD_UNKNOWN_FORMAT", "neither V1's fields"),
        (b'{"name": "A"', "CARD_DAMAGED", "line 1, column"),
        (b'{"name": "A", "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "CARD_DAMAGED", "nested too deep"),
        (b'{"name": "A", "x": ' + b"[" * 120 + b"]" * 120 + b"}", "CARD_DAMAGED", "nested too deep"),
        (b'{"name": "A", "x": ' + b"9" * 5000 + b"}", "CARD_DAMAGED", "broken"),
        (
            b'{"name": "A", "x": [' + b"[]," * 1_000_000 + b"[]]}",
            "CARD_TOO_LARGE",
            "more than 1,500,000 values",
        ),
        (b'{"name": "' + b"A" * (33 << 20) + b'"}', "CARD_TOO_LARGE", "33 MB of JSON"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_file_that_is_no_card_says_why(data, code, part):
    with pytest.raises(CardFormatError) as caught:
        read_card(data, "mirela.json")
    assert caught.value.code == code
    assert caught.value.message.startswith("mirela.json: ")
    assert part in caught.value.message


def test_blanks_before_the_card_are_stepped_over():
    assert read_card(b" \r\n" * 100 + b'{"name": "Mirela", "first_mes": "Hi"}', "a.json").name == "Mirela"


@given(st.binary(max_size=60) | st.binary(max_size=60).map(b"{".__add__))
def test_arbitrary_bytes_are_no_card_and_say_so(data):
    with pytest.raises(CardFormatError, match=r"^x: "):
        read_card(data, "x")


def test_the_registry_can_not_be_changed():
    with pytest.raises(TypeError):
        FORMATS["mine"] = FORMATS["v2"]
    assert [(name, format_.name, format_.extension) for name, format_ in FORMATS.items()] == [
        ("json", "json", "json"),
        ("v2", "v2", "json"),
        ("v3", "v3", "json"),
        ("tavernai", "tavernai", "png"),
        ("tavernai-v2", "tavernai-v2", "png"),
        ("charx", "charx", "charx"),
        ("worldinfo", "worldinfo", "json"),
        ("lorebook", "lorebook", "json"),
        ("markdown", "markdown", "md"),
    ]
