"""The prompt of a card has SillyTavern's default order and its macros are filled in."""

import pytest
from hypothesis import given

from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.reader_prompt import reader_prompt
from tests.support.cards import WHOLE_CARD, cards


def _fields(card: Card, **options: object) -> list[str]:
    return [part.field for part in reader_prompt(card, **options)]


def _entry(key: str, **fields: object) -> BookEntry:
    return BookEntry.model_validate({"keys": [key], "content": f"About {key}.", **fields})


def test_everything_in_the_order_sillytavern_sends_it():
    card = Card(
        name="Mira",
        description="{{char}} keeps the lamp.",
        personality="dry",
        scenario="{{user}} lands.",
        first_mes="The storm brought you, {{user}}.",
        mes_example="<START>\n{{user}}: Hi\n{{char}}: Ho\n<START>\n{{char}}: Hm.",
        system_prompt="Be {{char}}. {{original}}",
        post_history_instructions="Stay brief.{{original}}",
        extensions={"depth_prompt": {"prompt": "{{char}} is tired.", "depth": 4, "role": "system"}},
        character_book=CharacterBook(
            entries=[
                _entry("storm", position="before_char"),
                _entry("gull", position="before_char"),
                _entry("always", constant=True, position="after_char"),
                _entry("Mira", extensions={"position": 4, "depth": 0, "role": 1}),
            ]
        ),
    )
    told = [(part.field, part.text, part.permanent) for part in reader_prompt(card, user="Ana")]
    assert told == [
        ("system_prompt", "Be Mira. Write Mira's next reply in a fictional chat between Mira and Ana.", True),
        ("character_book.entries[0].content", "About storm.", False),
        ("description", "Mira keeps the lamp.", True),
        ("personality", "dry", True),
        ("scenario", "Ana lands.", True),
        ("character_book.entries[2].content", "About always.", True),
        ("mes_example", "[Example Chat]\nAna: Hi\nMira: Ho", False),
        ("mes_example", "[Example Chat]\nMira: Hm.", False),
        ("", "[Start a new Chat]", True),
        ("extensions.depth_prompt.prompt", "Mira is tired.", True),
        ("first_mes", "The storm brought you, Ana.", False),
        ("character_book.entries[3].content", "About Mira.", False),
        ("post_history_instructions", "Stay brief.", True),
    ]


def test_an_empty_card_has_the_readers_own_words_only():
    assert [(part.field, part.text) for part in reader_prompt(Card(name="Mira"))] == [
        ("", "Write Mira's next reply in a fictional chat between Mira and User."),
        ("", "[Start a new Chat]"),
    ]


def test_the_nickname_stands_for_char():
    parts = reader_prompt(Card(name="Mirela Vântu", nickname="Mira", description="<BOT>"))
    assert next(part.text for part in parts if part.field == "description") == "Mira"


def test_the_chosen_greeting_is_sent_and_wakes_the_book():
    card = Card(
        first_mes="A gull.",
        alternate_greetings=["A storm."],
        character_book=CharacterBook(entries=[_entry("storm")]),
    )
    assert _fields(card) == ["", "", "first_mes"]
    assert _fields(card, greeting=1) == [
        "",
        "character_book.entries[0].content",
        "",
        "alternate_greetings[0]",
    ]
    with pytest.raises(IndexError):
        reader_prompt(card, greeting=2)


def test_entries_come_by_their_order_the_later_of_equal_ones_first():
    orders = [30, 10, 20, 10]
    book = CharacterBook(
        entries=[_entry(f"{at}", constant=True, insertion_order=order) for at, order in enumerate(orders)]
    )
    texts = [
        part.text
        for part in reader_prompt(Card(character_book=book))
        if part.field.startswith("character_book")
    ]
    assert texts == ["About 3.", "About 1.", "About 2.", "About 0."]


def test_depth_decides_what_comes_before_the_greeting():
    deep = [
        _entry(f"d{depth}", constant=True, extensions={"position": 4, "depth": depth})
        for depth in (0, 1, 2, 9)
    ]
    card = Card(first_mes="Hello.", character_book=CharacterBook(entries=deep))
    texts = [part.text for part in reader_prompt(card)][2:]
    assert texts == ["About d9.", "About d2.", "Hello.", "About d1.", "About d0."]


def test_entries_around_the_examples_are_examples():
    book = CharacterBook(
        entries=[
            _entry("a", constant=True, content="{{char}}: Top.", extensions={"position": 5}),
            _entry("b", constant=True, content="{{char}}: Bottom.", extensions={"position": 6}),
        ]
    )
    parts = reader_prompt(Card(name="M", mes_example="{{char}}: Middle.", character_book=book))
    assert [part.text for part in parts if part.text.startswith("[Example")] == [
        "[Example Chat]\nM: Top.",
        "[Example Chat]\nM: Middle.",
        "[Example Chat]\nM: Bottom.",
    ]


def test_decorators_are_not_sent():
    book = CharacterBook(entries=[_entry("a", constant=True, content="@@depth 4\nText.")])
    assert [part.text for part in reader_prompt(Card(character_book=book)) if part.field] == ["Text."]


def test_examples_without_a_speaker_are_not_sent_and_a_note_says_so():
    (part,) = [part for part in reader_prompt(Card(name="M", mes_example="<START>\nIt rains.")) if part.field]
    assert part.text == ""
    assert "{{char}}:" in part.note


def test_a_key_that_could_not_be_tried_is_told():
    book = CharacterBook(entries=[_entry("/(a+)+$/")])
    (part,) = [
        part for part in reader_prompt(Card(first_mes="a" * 3000 + "b", character_book=book)) if part.note
    ]
    assert part.field == "character_book.entries[0].keys"
    assert "/(a+)+$/" in part.note


def test_a_field_may_stand_in_another_one():
    card = Card(name="M", description="{{char}} is {{personality}}.", personality="as dry as {{user}}")
    parts = {part.field: part.text for part in reader_prompt(card)}
    assert parts["description"] == "M is as dry as User."


@given(cards(decorators=True))
def test_any_card_makes_a_prompt(card):
    parts = reader_prompt(card)
    assert all(part.text or part.note for part in parts)
    described = [part.text for part in parts if part.field == "description"]
    assert described == [] if not card.description.strip() else described != []


def test_notes_for_people_are_never_sent():
    assert all("Draft." not in part.text for part in reader_prompt(WHOLE_CARD))
