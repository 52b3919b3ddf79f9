"""A profile's words as a model gets them: every setting once, in a sentence or where a template has it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardforge_desktop.cards.model import Card
from cardforge_desktop.engines.base import Sampling
from cardforge_desktop.generation.model import GenerationError, Order
from cardforge_desktop.generation.prompts import card_prompt, notes_prompt
from cardforge_desktop.generation.schema import card_schema
from cardforge_desktop.generation.writer import write_card
from cardforge_desktop.profiles.model import FIELD_NAMES, ProfileConfig, ProfilePrompts, ProfileType
from cardforge_desktop.profiles.templates import OF_TASK, filled, known_placeholders, placeholders_in
from tests.generation.orders import SOURCE, Script, Watched, card, order

SAMPLING = {"temperature": 0.7, "top_p": 0.9, "top_k": 40, "min_p": 0.05, "seed": 3}


def _order(
    type_: ProfileType = "character", prompts: dict[str, Any] | None = None, name: str = "", **config: Any
) -> Order:
    wish = order()
    told = wish.profile.prompts.model_dump() | (prompts or {})
    set_ = wish.profile.config.model_dump() | config
    profile = wish.profile.model_copy(
        update={
            "type": type_,
            "config": ProfileConfig.model_validate(set_),
            "prompts": ProfilePrompts.model_validate(told),
        }
    )
    return Order(wish.source, profile, wish.traits, wish.count_tokens, character_name=name)


def _told(wish: Order) -> str:
    return "\n\n".join(message.content for message in card_prompt(wish, wish.source.text).messages)


def _line(wish: Order, field: str) -> str:
    return next(line for line in _told(wish).splitlines() if line.startswith(f"- {field}:"))


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"language": "Scots"}, "Write in Scots."),
        ({}, "Write in the language of the source."),
        ({"point_of_view": "second"}, "Tell the narration of the messages in the second person."),
        ({"tense": "past"}, "Tell the narration of the messages in the past tense."),
        (
            {"point_of_view": "third", "tense": "present"},
            "Tell the narration of the messages in the third person, present tense.",
        ),
        ({"style": " terse, wry. "}, "Write in this style: terse, wry."),
        ({"content_rating": "everyone"}, "Keep it suitable for everyone:"),
        ({"content_rating": "teen"}, "Keep it suitable for teenagers:"),
        ({"content_rating": "mature"}, "It is for adults:"),
    ],
)
def test_a_setting_no_template_names_is_told_once_in_a_sentence(
    config: dict[str, Any], sentence: str
) -> None:
    assert _told(_order(**config)).count(sentence) == 1
    if config:
        assert sentence not in _told(_order())


@pytest.mark.parametrize(
    ("placeholder", "config", "value", "sentence"),
    [
        ("language", {"language": "Scots"}, "Scots", "Write in Scots"),
        ("language", {}, "the language of the source", "Write in the language"),
        ("point_of_view", {"point_of_view": "first"}, "first person", "Tell the narration"),
        ("tense", {"tense": "past"}, "past tense", "Tell the narration"),
        ("style", {"style": "terse"}, "terse", "Write in this style"),
        ("content_rating", {"content_rating": "teen"}, "suitable for teenagers", "Keep it suitable"),
    ],
)
def test_a_setting_that_a_template_names_stands_there_alone(
    placeholder: str, config: dict[str, Any], value: str, sentence: str
) -> None:
    told = _told(_order(prompts={"system": f"<<{{{placeholder}}}>> and <<{{{placeholder}}}>>"}, **config))
    assert told.count(f"<<{value}>>") == 2
    assert sentence not in told


def test_of_a_lorebook_the_entries_have_a_tense() -> None:
    told = _told(_order("lorebook", tense="present"))
    assert "Write the entries in the present tense." in told
    assert "messages" not in told.partition("</source>")[2]


def test_of_point_of_view_and_tense_the_one_that_is_named_is_left_out_of_the_sentence() -> None:
    told = _told(_order(prompts={"system": "In the {tense}."}, tense="past", point_of_view="first"))
    assert "In the past tense." in told
    assert "Tell the narration of the messages in the first person." in told


def test_lengths_stand_in_the_lines_of_the_fields() -> None:
    fields = dict.fromkeys(FIELD_NAMES, "") | {
        "description": "In {words} words, {words}!",
        "scenario": "{max_tokens} at most.",
        "alternate_greetings": "{greetings} others.",
    }
    plans = {
        "description": {"words": 200, "max_tokens": 500},
        "personality": {"words": 90, "max_tokens": 150},
        "scenario": {"words": 40, "max_tokens": 99},
        "alternate_greetings": {"words": 120, "max_tokens": 300},
    }
    wish = _order(prompts={"fields": fields}, fields=plans, greetings=3)
    assert _line(wish, "description") == "- description: In 200 words, 200! At most 500 tokens."
    assert _line(wish, "personality") == "- personality: About 90 words. At most 150 tokens."
    assert _line(wish, "scenario") == "- scenario: 99 at most. About 40 words."
    alternates = _line(wish, "alternate_greetings")
    assert (
        alternates
        == "- alternate_greetings: a list. 3 others. About 120 words each. At most 300 tokens each."
    )


def test_words_that_are_asked_for_and_set_nowhere_follow_from_the_limit() -> None:
    fields = dict.fromkeys(FIELD_NAMES, "") | {"description": "About {words} words."}
    wish = _order(prompts={"fields": fields}, fields={"description": {"max_tokens": 500}})
    assert _line(wish, "description").startswith("- description: About 300 words. At most")


def test_the_size_of_the_book_is_told_once() -> None:
    book = {"include": True, "max_entries": 5, "max_tokens": 77}
    plain = _line(_order(prompts={"book": "Of the places."}, book=book), "book")
    assert "up to 5 objects" in plain
    assert plain.endswith("Of the places. At most 77 tokens for each content.")
    named = _line(_order(prompts={"book": "{max_entries} of {max_tokens}."}, book=book), "book")
    assert named == (
        "- book: a list of objects with name, category, keys and content. category is one of Places, "
        "People, Factions, Objects, Events or Other, in English. 5 of 77."
    )


def test_examples_stand_where_they_are_named_or_at_the_end_of_the_system_words() -> None:
    prompts = {"system": "You write.", "examples": "Like {style} rain, {{char}}."}
    system = card_prompt(_order(prompts=prompts, style="slow"), SOURCE).messages[0].content
    assert system.startswith("You write.\n\nExamples")
    assert system.endswith("Like slow rain, {{char}}.")
    named = _order(prompts={**prompts, "system": "So: {examples} So!"}, style="slow")
    assert card_prompt(named, SOURCE).messages[0].content == "So: Like slow rain, {{char}}. So!"
    assert "Examples" not in _told(_order(prompts={"system": "You write."}))


def test_source_and_fields_are_never_left_out() -> None:
    wish = _order(prompts={"system": "", "task": "Write."})
    (message,) = card_prompt(wish, SOURCE).messages
    assert message.role == "user"
    assert f'<source name="mirela.md">\n{SOURCE}\n</source>' in message.content
    assert "- first_mes: " in message.content
    assert _told(_order()).count(SOURCE) == 1


def test_the_character_is_the_one_who_is_wished_for() -> None:
    prompts = {"task": "Of {character}: {source} {fields}"}
    assert "Of Tobin: " in _told(_order(prompts=prompts, name="Tobin"))
    assert "Of the source's main character: " in _told(_order(prompts=prompts))


def test_every_prompt_has_the_sampling_and_notes_are_taken_coolly() -> None:
    wish = _order(sampling=SAMPLING)
    script = Script(["garbage", card(scenario=""), {"scenario": card()["scenario"]}])
    write_card(wish, script, Watched())
    assert [step for step, _ in script.asked] == ["card", "card:2", "fields:1"]
    assert {prompt.sampling for _, prompt in script.asked} == {Sampling(**SAMPLING)}
    notes = notes_prompt(wish, "part", 1, 2).sampling
    assert (notes.temperature, notes.top_p) == (0.3, 0.9)
    assert notes_prompt(_order(sampling={}), "part", 1, 2).sampling.temperature is None


@given(
    template=st.lists(st.sampled_from([*(f"{{{name}}}" for name in OF_TASK), " and ", "{{user}}", "{x}"])),
    value=st.sampled_from(["{source}", "{fields}", "{{char}}", "{style} {", "plain", "{{{name}}}"]),
)
@example(template=["{source}", "{source}"], value="{source}{style}")
def test_no_brace_of_a_value_is_taken_for_a_placeholder(template: list[str], value: str) -> None:
    text = "".join(template)
    named = [each.name for each in placeholders_in(text)]
    values = dict.fromkeys(OF_TASK, value)
    assert filled(text, values) == "".join(
        value if part.strip("{}") in OF_TASK and part[0] == "{" else part for part in template
    )
    assert [name for name in named if name != "x"] == [
        part.strip("{}") for part in template if part.strip("{}") in OF_TASK
    ]
    wish = _order(prompts={"task": text + " {fields}", "system": "S"}, style=value)
    told = card_prompt(wish, value + SOURCE).messages[-1].content
    assert told.count(value + SOURCE) >= 1


def test_every_known_placeholder_has_a_value_at_every_place() -> None:
    def all_of(path: str) -> str:
        return "/".join(f"{{{name}}}" for name in known_placeholders(path))

    prompts = {name: all_of(f"prompts.{name}") for name in ("system", "task", "book", "examples")}
    fields = {name: all_of(f"prompts.fields.{name}") for name in FIELD_NAMES}
    told = _told(_order(prompts={**prompts, "fields": fields}))
    assert not re.search(r"(?<!\{)\{\w+\}(?!\})", told)


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("character", ("world", "class", "description")),
        ("scenario", ("world", "class", "description")),
        ("group", ("world", "class", "description")),
        ("lorebook", ("name", "book")),
    ],
)
def test_each_type_asks_for_its_own(type_: ProfileType, names: tuple[str, ...]) -> None:
    wish = _order(type_, name="Karsk")
    asked = set(card_schema(wish)["properties"])
    assert set(names) <= asked
    assert type_ != "lorebook" or asked == set(names)
    told = _told(wish)
    assert "exactly “Karsk”" in told
    assert ("{{char}}'s trade" in told) == (type_ == "character")
    assert all(f"- {name}: " in told for name in names)


def test_a_lorebook_is_a_name_and_a_book_of_that_name() -> None:
    answer = {"name": "The Skerries", "book": card()["book"]}
    script = Script([answer])
    made = write_card(_order("lorebook"), script, Watched()).card
    assert len(script.asked) == 1
    assert (made.name, made.description, made.first_mes) == ("The Skerries", "", "")
    assert made.character_book is not None
    assert made.character_book.name == "The Skerries"
    assert [entry.name for entry in made.character_book.entries] == ["Gannet Rock"]


def test_a_lorebook_without_an_entry_is_asked_for_again_and_fails() -> None:
    useless = {"name": "Atlantis", "book": [{"name": "Atlantis", "keys": ["Atlantis"], "content": "Gone."}]}
    script = Script([useless, {"name": "The Skerries", "book": card()["book"]}])
    assert write_card(_order("lorebook"), script, Watched()).card.name == "The Skerries"
    assert "no book entry" in script.asked[1][1].messages[-1].content
    assert "Write the whole lorebook again" in script.asked[1][1].messages[-1].content
    with pytest.raises(GenerationError) as caught:
        write_card(_order("lorebook"), Script([useless]), Watched())
    assert caught.value.code == "INVALID_ANSWER"


def test_a_lorebook_whose_book_is_switched_off_is_nothing_to_write() -> None:
    wish = _order("lorebook")
    for target in (None, Card(name="Mirela")):
        off = replace(wish, include_book=False, target=target)
        with pytest.raises(GenerationError) as caught:
            write_card(off, Script(["never asked"]), Watched())
        assert caught.value.code == "NOTHING_TO_WRITE"
        assert "book is switched off" in caught.value.message


def test_a_lorebook_written_for_a_card_renames_nothing() -> None:
    wish = _order("lorebook")
    target = Card(name="Mirela", description="A keeper.", first_mes="Hello.")
    update = Order(wish.source, wish.profile, wish.traits, wish.count_tokens, target=target)
    script = Script([{"name": "The Skerries", "book": card()["book"]}])
    made = write_card(update, script, Watched()).card
    assert set(card_schema(update)["properties"]) == {"book"}
    assert (made.name, made.description) == ("Mirela", "A keeper.")
    assert made.character_book is not None
    assert made.character_book.name == "Mirela's Lorebook"
