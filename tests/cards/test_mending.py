"""Cards as they are found in the wild, written by hand in the shape each was seen in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.formats import CardFormatError, read_file
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.model import Card
from tests.cards.schemas import validator
from tests.support.cards import WHOLE_CARD


def read(data: dict, **beside):
    value = {"spec": "chara_card_v2", "spec_version": "2.0", "data": data, **beside}
    return read_file(json.dumps(value).encode(), "wild.json")


def mended(**data):
    found = read({"name": "Ada", **data})
    return found.package.card, found.warnings


@pytest.mark.parametrize(
    ("field", "wild", "becomes", "warning"),
    [
        ("description", None, "", "description was null and is now empty."),
        ("description", 7, "7", "description was no text but a number."),
        ("description", ["a", "b"], "a\nb", "description was a list and is now one text."),
        ("description", {"a": 1}, "", "description was no text and is left out."),
        ("alternate_greetings", None, [], "alternate_greetings was null and is now empty."),
        ("alternate_greetings", "A, b", ["A, b"], "alternate_greetings was one text and is now a list."),
        ("source", ["Hi", None, 5], ["Hi", "5"], "source[1] was no text and is left out."),
        ("tags", "elf, sea", ["elf", "sea"], "tags was one text and is now a list."),
        ("tags", {}, [], "tags was no list and is left out."),
        ("extensions", None, {}, "extensions was no object and is now empty."),
        ("extensions", [], {}, "extensions was no object and is now empty."),
        ("character_book", None, None, "character_book was null and is left out."),
        ("character_book", [1], None, "character_book was no book and is left out."),
        ("nickname", None, None, "nickname was null and is left out."),
        ("creation_date", "1700000000", 1700000000, "creation_date was a number written as text."),
        ("creation_date", "NaN", None, "creation_date was no number and is left out."),
        ("creation_date", True, None, "creation_date was no number and is left out."),
        ("assets", {"a": 1}, [], "assets was no list and is now empty."),
        ("creator_notes_multilingual", [], None, "creator_notes_multilingual was no object and is left out."),
    ],
)  # fmt: skip
def test_fields_of_a_wrong_type_are_mended_with_a_warning(field, wild, becomes, warning):
    card, warnings = mended(**{field: wild})
    assert getattr(card, field) == becomes
    assert warnings[0] == warning


@pytest.mark.parametrize(
    ("field", "wild", "becomes"),
    [
        ("keys", "lamp, oil", ["lamp", "oil"]),
        ("keys", None, []),
        ("enabled", "false", False),
        ("enabled", 1, True),
        ("enabled", None, True),
        ("case_sensitive", None, None),
        ("insertion_order", "50", 50),
        ("insertion_order", "1.5", 1.5),
        ("position", "before_char", "before_char"),
        ("position", 1, "after_char"),
        ("position", "at the top", None),
        ("id", 4.0, 4),
        ("id", [], None),
        ("secondary_keys", None, None),
    ],
)
def test_entries_are_mended_likewise(field, wild, becomes):
    card, _ = mended(character_book={"entries": [{"keys": ["lamp"], "content": "x", field: wild}]})
    assert getattr(card.character_book.entries[0], field) == becomes


def test_sillytaverns_depth_position_is_kept_where_sillytavern_looks_for_it():
    card, _ = mended(character_book={"entries": [{"keys": ["lamp"], "content": "x", "position": 4}]})
    entry = card.character_book.entries[0]
    assert (entry.position, entry.extensions) == ("after_char", {"position": 4})


def test_entries_of_world_info_among_others_are_read_as_such():
    ours = {"keys": ["oil"], "key": "kept as it is", "content": "b"}
    off = {"disable": True, "order": 77, "probability": 40, "depth": 3, "uid": 12, "comment": "Lamp"}
    theirs = {"key": "lamp, wick", "keysecondary": ["night"], "content": "a", **off}
    empty = {"keys": [], "key": ["sea"], "content": "c"}
    card, warnings = mended(character_book={"entries": [theirs, ours, empty]})
    first, second, third = card.character_book.entries
    assert (first.keys, first.secondary_keys, first.id) == (["lamp", "wick"], ["night"], 12)
    assert (first.enabled, first.insertion_order, first.comment) == (False, 77, "Lamp")
    assert first.extensions.items() >= {"probability": 40, "depth": 3}.items()
    assert (second.keys, second.model_extra) == (["oil"], {"key": "kept as it is"})
    assert (third.keys, third.enabled, third.content) == (["sea"], True, "c")
    assert warnings[0].startswith("character_book.entries[0] was an entry of world info")


def test_a_book_without_extensions_and_with_numbered_entries_is_read():
    card, warnings = mended(character_book={"entries": {"0": {"keys": ["a"], "content": "x"}}})
    assert [entry.content for entry in card.character_book.entries] == ["x"]
    assert card.character_book.extensions == {}
    assert warnings == ("character_book.entries were numbered and are now a list.",)


def test_the_same_thing_in_many_entries_is_said_once():
    entries = [{"keys": None, "content": "x"} for _ in range(20_000)]
    card, warnings = mended(character_book={"entries": entries})
    assert len(card.character_book.entries) == 20_000
    assert warnings == (
        "character_book.entries[0].keys was null and is now empty (and in 19,999 more places).",
    )


def test_many_different_things_are_counted_not_listed():
    notes = Notes()
    for number in range(50):
        notes.add(f"extensions.x{number}", "was null")
    assert len(notes.warnings()) == 20
    assert notes.warnings()[-1] == "31 other things were mended."


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_json_number_becomes_null(constant):
    found = read_file(f'{{"name": "Ada", "extensions": {{"x": {constant}}}}}'.encode(), "nan.json")
    assert found.package.card.extensions == {"x": None}
    assert constant in found.warnings[0]


def test_a_card_that_is_not_utf8_is_read_as_windows_wrote_it():
    found = read_file('{"name": "Zoë", "description": "“dry”"}'.encode("cp1252"), "zoe.json")
    assert (found.package.card.name, found.package.card.description) == ("Zoë", "“dry”")
    assert "Windows-1252" in found.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_other_encodings_of_json_are_read(encoding):
    assert read_file('{"name": "Zoë"}'.encode(encoding), "zoe.json").package.card.name == "Zoë"


def test_a_flat_card_with_v2s_fields_but_no_spec_is_read_whole():
    flat = {"name": "Ada", "first_mes": "Hi", "tags": ["x"], "character_book": {"entries": []}, "mood": 1}
    found = read_file(json.dumps(flat).encode(), "flat.json")
    assert found.package.card.character_book is not None
    assert found.package.card.model_extra == {"mood": 1}


def test_an_undamaged_card_needs_no_warning():
    value = {
        "spec": "chara_card_v3",
        "data": WHOLE_CARD.model_dump(mode="json", exclude={"beside_data"}, exclude_none=True),
    }
    assert read_file(json.dumps(value).encode(), "whole.json").warnings == ()


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from([*Card.model_fields, "entries", "keys", "content", "x"])
_wild = st.recursive(
    st.dictionaries(_names, _junk, max_size=6),
    lambda inner: st.dictionaries(_names, st.one_of(_junk, inner, st.lists(inner, max_size=3)), max_size=6),
    max_leaves=6,
)


@given(_wild)
def test_whatever_stands_in_data_becomes_a_card_that_is_written_strictly(data):
    from cardforge_desktop.cards.formats import v2, v3

    value = {"spec": "chara_card_v2", "data": data}
    try:
        card = read_file(json.dumps(value).encode("utf-8", "surrogatepass"), "junk.json").package.card
    except CardFormatError as error:
        pytest.fail(f"{data}: {error.message}")
    validator("v2", open_to_unknown=True).validate(v2.write(card))
    validator("v3", open_to_unknown=True).validate(v3.write(card))


def _of_entries(count: int) -> dict[str, dict]:
    entry = {"keys": ["lamp"], "content": "Oil."}
    world = {str(uid): {"uid": uid, "key": ["lamp"], "content": "Oil."} for uid in range(count)}
    return {
        "in a card": {"spec": "chara_card_v2", "data": {"character_book": {"entries": [entry] * count}}},
        "lorebook": {"spec": "lorebook_v3", "data": {"entries": [entry] * count}},
        "world info": {"entries": world},
        "in a card as world info": {"name": "Ada", "character_book": {"entries": world}},
        "RisuAI": {"type": "risu", "data": [{"key": "lamp", "content": "Oil."}] * count},
    }


@pytest.mark.parametrize("shape", _of_entries(1))
def test_large_books_are_read_and_larger_ones_than_any_refused(shape):
    large = read_file(json.dumps(_of_entries(20_000)[shape]).encode(), "large.json").package.card
    assert len(large.character_book.entries) == 20_000
    with pytest.raises(CardFormatError, match="has 50,001 entries") as caught:
        read_file(json.dumps(_of_entries(50_001)[shape]).encode(), "huge.json")
    assert caught.value.code == "CARD_TOO_LARGE"
