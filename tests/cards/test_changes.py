"""Every difference between two states of a card is told once, readable, and nothing else is."""

from hypothesis import given

from cardforge_desktop.cards.changes import FieldChange, changes
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from tests.support.cards import WHOLE_CARD, cards


def _told(old: Card, new: Card) -> list[tuple[str, str, str]]:
    return [(change.field, change.old, change.new) for change in changes(old, new)]


def _with_entries(*entries: BookEntry) -> Card:
    return Card(character_book=CharacterBook(entries=list(entries)))


def test_a_text_that_changed():
    new = WHOLE_CARD.model_copy(update={"scenario": "A calm day."})
    assert changes(WHOLE_CARD, new) == (FieldChange("scenario", WHOLE_CARD.scenario, "A calm day."),)


def test_values_deep_in_the_card_are_told_by_their_path():
    old = Card.model_validate(
        {"extensions": {"depth_prompt": {"depth": 4, "prompt": "a"}}, "x_mood": [1, {"a": None}]}
    )
    new = Card.model_validate(
        {
            "extensions": {"depth_prompt": {"depth": 2, "prompt": "a"}},
            "x_mood": [1, {"a": True}],
            "beside_data": {"b": 1},
        }
    )
    assert _told(old, new) == [
        ("extensions.depth_prompt.depth", "4", "2"),
        ("beside_data.b", "", "1"),
        ("x_mood[1].a", "null", "true"),
    ]


def test_greetings_are_followed_when_one_is_put_before_them():
    old = Card(alternate_greetings=["One", "Two", "Three"])
    new = Card(alternate_greetings=["Zero", "One", "Two!", "Three"])
    assert _told(old, new) == [
        ("alternate_greetings[0]", "", "Zero"),
        ("alternate_greetings[2]", "Two", "Two!"),
    ]


def test_tags_and_keys_are_read_as_one_list():
    old = Card(tags=["sea", "storm"])
    assert _told(old, Card(tags=["sea", "storm", "OC"])) == [("tags", "sea\nstorm", "sea\nstorm\nOC")]


def test_an_entry_is_recognised_by_its_name_though_others_came_and_went():
    lamp, oil, rope = (
        BookEntry(name=name, keys=[name], content=f"A {name}.", id=at)
        for at, name in enumerate(("lamp", "oil", "rope"))
    )
    brighter = lamp.model_copy(update={"content": "A bright lamp.", "id": 5, "enabled": False})
    told = _told(
        _with_entries(lamp, oil, rope),
        _with_entries(BookEntry(keys=["gull"], content="A gull."), brighter, rope),
    )
    assert told == [
        ("character_book.entries[0]", "", "keys: gull\ncontent: A gull."),
        ("character_book.entries[1].content", "A lamp.", "A bright lamp."),
        ("character_book.entries[1].enabled", "true", "false"),
        ("character_book.entries[1].id", "0", "5"),
        ("character_book.entries[1]", "keys: oil\ncontent: A oil.\nid: 1\nname: oil", ""),
    ]


def test_a_book_that_was_put_in_is_told_entry_by_entry():
    told = _told(Card(), _with_entries(BookEntry(keys=["a", "b"], content="Two\nlines")))
    assert told == [("character_book.entries[0]", "", "keys:\na\nb\ncontent:\nTwo\nlines")]
    assert _told(Card(), Card(character_book=CharacterBook())) == [("character_book", "", "{}")]


def test_entries_with_nothing_in_common_are_two():
    old, new = (
        Card(character_book=CharacterBook(entries=[BookEntry(name=name, keys=[name], content=f"Of {name}.")]))
        for name in ("Boat", "Tarn")
    )
    gone, came = changes(old, new)
    assert (gone.field, gone.new, came.field, came.old) == (
        "character_book.entries[0]",
        "",
        "character_book.entries[0]",
        "",
    )
    assert "Of Boat." in gone.old
    assert "Of Tarn." in came.new


def test_values_that_read_the_same_are_told_in_json():
    assert _told(Card(), Card(nickname="")) == [("nickname", "", '""')]
    assert _told(Card.model_validate({"x": 1}), Card.model_validate({"x": "1"})) == [("x", "1", '"1"')]
    assert _told(Card.model_validate({"x": 1}), Card.model_validate({"x": True})) == [("x", "1", "true")]
    assert _told(Card(), Card(assets=[])) == [("assets", "", "[]")]


def test_the_order_of_fields_is_no_difference():
    old = Card.model_validate({"extensions": {"a": 1, "b": 2}})
    assert changes(old, Card.model_validate({"extensions": {"b": 2, "a": 1}})) == ()


@given(cards(), cards())
def test_nothing_is_told_of_equal_cards_and_something_of_different_ones(old, new):
    assert changes(old, old.model_copy(deep=True)) == ()
    if old.model_dump_json(exclude_none=True) != new.model_dump_json(exclude_none=True):
        told = changes(old, new)
        assert all(change.old != change.new for change in told)
        assert len(told) == len(changes(new, old))


def test_a_book_of_twenty_thousand_entries_takes_seconds():
    entries = [BookEntry(keys=[f"key {at}"], content=f"Content {at}", id=at) for at in range(20_000)]
    changed = [
        entry.model_copy(update={"content": "x"}) if at % 2 else entry for at, entry in enumerate(entries)
    ]
    assert len(changes(_with_entries(*entries), _with_entries(*changed))) == 10_000
