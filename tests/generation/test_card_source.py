"""A card as the source of another."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from cardforge_desktop.cards.formats import read_file
from cardforge_desktop.cards.macros import substitute
from cardforge_desktop.cards.model import Card
from cardforge_desktop.generation.card_source import card_text, source_of_card
from cardforge_desktop.generation.subjects import character_of
from cardforge_desktop.sources.model import SourceError
from tests.generation.orders import order
from tests.support.cards import WHOLE_CARD, cards


def test_the_texts_come_in_reading_order_with_the_name_for_its_macro() -> None:
    assert card_text(WHOLE_CARD) == (
        "# Mirela Vântu\n\n## Description\n\nA lighthouse keeper. 漢字 🜁\n\n"
        "## Personality\n\npatient, dry\n\n## Scenario\n\n{{user}} comes ashore in a storm.\n\n"
        "## Greeting\n\n*Mirela Vântu lifts the lamp.* “You are late.”\n\n"
        "## Another greeting\n\nBack again?\n\n## Another greeting\n\nMind the step.\n\n"
        "## Another greeting\n\nAll of you?\n\n"
        "## Example messages\n\n{{user}}: Who are you?\nMirela Vântu: The light.\n\n"
        "## Lamp\n\nThe lamp burns whale oil."
    )


def test_entries_that_are_off_and_decorators_are_no_source() -> None:
    card = Card.model_validate(
        {
            "name": "Bo",
            "character_book": {
                "entries": [
                    {"keys": ["sea"], "content": "@@depth 4\nThe sea is near."},
                    {"keys": ["moon"], "content": "The moon is far.", "enabled": False},
                    {"keys": [], "content": "Nothing wakes it."},
                ]
            },
        }
    )
    assert card_text(card) == "# Bo\n\n## sea\n\nThe sea is near.\n\n## From the book\n\nNothing wakes it."


def test_a_source_says_what_was_mended_in_the_file() -> None:
    card = {"name": "Bo", "description": "Keeps bees.", "tags": "bees"}
    value = {"spec": "chara_card_v2", "spec_version": "2.0", "data": {**card, "character_book": None}}
    source = source_of_card(read_file(json.dumps(value).encode(), "bo.json"), "bo.json")
    assert (source.name, source.kind, source.title) == ("bo.json", "card", "Bo")
    assert [section.heading for section in source.sections] == ["Bo", "Description"]
    assert any("tags" in warning for warning in source.warnings)


def test_a_card_names_who_a_card_made_of_it_is_about_and_a_lorebook_does_not() -> None:
    texts = {
        "description": "Anna Berg keeps bees with Zoë. Anna Berg is kind.",
        "first_mes": "Anna Berg waves.",
    }
    value = {"spec": "chara_card_v2", "spec_version": "2.0", "data": {"name": "Ζωή 幽霊 “Q”", **texts}}
    source = source_of_card(read_file(json.dumps(value).encode(), "zoe.json"), "zoe.json")
    assert character_of(replace(order(), source=source)).name == "Ζωή 幽霊 “Q”"
    entries = [{"keys": ["bees"], "content": "Anna Berg keeps bees. Anna Berg is kind.", "extensions": {}}]
    book = {"spec": "lorebook_v3", "data": {"name": "The Coast", "entries": entries, "extensions": {}}}
    source = source_of_card(read_file(json.dumps(book).encode(), "coast.json"), "coast.json")
    assert source.title == ""
    assert character_of(replace(order(), source=source)).name == "Anna Berg"


def test_a_card_without_a_word_is_no_source() -> None:
    value = {"spec": "chara_card_v2", "spec_version": "2.0", "data": {"name": " "}}
    with pytest.raises(SourceError) as caught:
        source_of_card(read_file(json.dumps(value).encode(), "bo.json"), "bo.json")
    assert caught.value.code == "SOURCE_EMPTY"
    assert caught.value.message.startswith("bo.json: ")


@given(cards())
def test_any_card_tells_each_of_its_fields(card: Card) -> None:
    told, named = card_text(card), {"char": card.name or card.nickname}
    for text in (card.description, card.personality, card.first_mes, *card.alternate_greetings):
        assert substitute(text, named if named["char"] else {}).strip() in told
