import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.field_paths import texts, value_at, with_value
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from tests.support.cards import WHOLE_CARD, cards

CARD = Card(
    name="Ada",
    alternate_greetings=["Hi", "Ho"],
    extensions={"depth_prompt": {"prompt": "x"}},
    character_book=CharacterBook(entries=[BookEntry(keys=["lamp", "oil"], content="It burns.")]),
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "Ada"),
        ("alternate_greetings[1]", "Ho"),
        ("character_book.entries[0].content", "It burns."),
        ("character_book.entries[0].keys[1]", "oil"),
        ("extensions.depth_prompt.prompt", "x"),
        ("nickname", None),
    ],
)
def test_a_path_leads_to_its_value_and_changes_nothing_else(path, value):
    assert value_at(CARD, path) == value
    changed = with_value(CARD, path, "new")
    assert value_at(changed, path) == "new"
    assert with_value(changed, path, value) == CARD


@pytest.mark.parametrize(
    "path", ["nobody", "alternate_greetings[2]", "name[0]", "character_book.entries[9].content"]
)
def test_a_place_that_is_not_there_is_an_error(path):
    with pytest.raises(LookupError):
        value_at(CARD, path)
    with pytest.raises(LookupError):
        with_value(CARD, path, "new")


@given(cards(), st.text(max_size=5))
def test_every_text_can_be_replaced_at_its_path(card, new):
    for path, text in texts(card):
        assert value_at(card, path) == text
        assert with_value(with_value(card, path, new), path, text) == card


def test_texts_come_in_the_order_of_the_editor():
    paths = [path for path, _ in texts(WHOLE_CARD)]
    assert paths.index("first_mes") < paths.index("alternate_greetings[0]") < paths.index("mes_example")
    assert any(path.startswith("character_book.entries[0]") for path in paths)
