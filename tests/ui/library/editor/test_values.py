"""Values that are no prose: what is shown is what is there, and what cannot be read changes nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge_desktop.cards.model import Asset, BookEntry, Card
from cardforge_desktop.cards.package import CardPackage, embedded_path
from cardforge_desktop.ui.library.editor import asset_changes, pages
from cardforge_desktop.ui.library.editor.sections.other import with_unknown
from cardforge_desktop.ui.widgets.json_field import json_object, json_text
from cardforge_desktop.ui.widgets.value_fields import number_of
from tests.support import cards as some

_CHARACTERS = st.characters(categories=("L", "N", "P", "S", "Z", "C"))
_JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(_CHARACTERS, max_size=12),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(_CHARACTERS, max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(_CHARACTERS, max_size=6), _JSON, max_size=4))
def test_an_object_is_the_same_after_it_was_shown_as_text(value):
    assert json_object(json_text(value)) == value


@given(st.dictionaries(st.text(_CHARACTERS, max_size=6), _JSON, max_size=4))
def test_the_text_of_an_object_holds_nothing_that_a_text_field_loses(value):
    text = json_text(value)
    assert text.encode("utf-8").decode("utf-8") == text
    assert not set(text) & {"\u2028", "\u2029", "\x85", "\0"}


@pytest.mark.parametrize("text", ["", "[]", "1", "{", '{"a": Infinity}', "[" * 100_000])
def test_what_is_no_object_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        json_object(text)


@pytest.mark.parametrize(
    ("text", "value"), [("4", 4), ("-2", -2), ("0.5", 0.5), ("1,5", 1.5), ("1e3", 1000.0)]
)
def test_whole_numbers_stay_whole(text, value):
    assert number_of(text) == value
    assert type(number_of(text)) is type(value)


@pytest.mark.parametrize("text", ["four", "nan", "inf", "1e999", "--1"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        number_of(text)


@given(some.cards(), st.dictionaries(st.sampled_from(["x_a", "x_b"]), _JSON, max_size=2))
def test_unknown_fields_are_exchanged_and_the_known_ones_stay(card, unknown):
    changed = with_unknown(card, unknown)
    assert (changed.model_extra or {}) == unknown
    assert changed.model_fields_set - set(unknown) == card.model_fields_set - set(card.model_extra or {})
    for name in Card.model_fields:
        assert getattr(changed, name) == getattr(card, name)


@settings(max_examples=12)
@given(card=some.cards())
def test_showing_any_card_on_every_page_changes_nothing(bench, card):
    session = bench.editor.session
    session.put(replace(session.package, card=card), "")
    package = session.package
    for spec in pages.specs():
        bench.section(spec.key)
        if spec.key == "book" and card.character_book is not None:
            for at in range(len(card.character_book.entries)):
                bench.editor.section("book").choose(at)
    assert session.package is package
    assert session.card.model_dump() == card.model_dump()


_FILES = st.dictionaries(
    st.sampled_from(["assets/main.png", "assets/a.png", "b.ogg"]), st.binary(max_size=4), max_size=3
)


def _package(assets: list[Asset], files: dict[str, bytes]) -> CardPackage:
    return CardPackage(Card(name="Tam", assets=assets or None), None, files)


@given(st.lists(some.assets(), max_size=4), _FILES, st.data())
def test_an_asset_taken_out_takes_its_file_only_where_no_other_has_it(assets, files, data):
    if not assets:
        return
    at = data.draw(st.integers(0, len(assets) - 1))
    made = asset_changes.without_asset(_package(assets, files), at)
    left = list(made.card.assets or ())
    assert left == [asset for number, asset in enumerate(assets) if number != at]
    used = {embedded_path(asset.uri) for asset in left}
    gone = embedded_path(assets[at].uri)
    assert made.files == {path: data for path, data in files.items() if path != gone or path in used}


@given(st.lists(some.assets(), min_size=1, max_size=4), st.data())
def test_exactly_one_icon_is_the_main_one(assets, data):
    at = data.draw(st.integers(0, len(assets) - 1))
    made = list(asset_changes.with_main_icon(_package(assets, {}), at).card.assets or ())
    assert [number for number, each in enumerate(made) if each.type == "icon" and each.name == "main"] == [at]
    assert len(made) == len(assets)


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4))
def test_added_files_never_take_each_others_place(names):
    package = _package([], {})
    for number, name in enumerate(names):
        package = asset_changes.with_asset(package, f"{name}.png".replace("/", "_"), bytes([number]))
    paths = [embedded_path(asset.uri) for asset in package.card.assets or ()]
    assert [package.files[path] for path in paths if path is not None] == [
        bytes([number]) for number in range(len(names))
    ]
    assert all(path is not None and path.isascii() for path in paths)


def test_an_entry_keeps_its_unknown_fields_when_others_are_exchanged():
    entry = BookEntry.model_validate({"keys": ["a"], "content": "b", "x": 1})
    changed = with_unknown(entry, {"y": [None]})
    assert changed.model_extra == {"y": [None]}
    assert changed.keys == ["a"]
