"""The whole card in one answer: what is accepted, mended, asked again, and how it fails."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from jsonschema import Draft202012Validator

from cardforge_desktop.engines.base import Traits
from cardforge_desktop.generation.checks import speaks_for_user
from cardforge_desktop.generation.model import GenerationError
from cardforge_desktop.generation.schema import card_schema
from cardforge_desktop.generation.writer import write_card
from tests.generation.orders import GREETING, SOURCE, Script, Watched, card, order


def _write(*answers: object, **settings: object) -> tuple[object, Script, Watched]:
    ask, watch = Script(answers), Watched()  # type: ignore[arg-type]
    return write_card(order(**settings), ask, watch), ask, watch  # type: ignore[arg-type]


def _fails(code: str, *answers: object) -> tuple[GenerationError, Script]:
    ask = Script(answers)  # type: ignore[arg-type]
    with pytest.raises(GenerationError) as caught:
        write_card(order(), ask, Watched())
    assert caught.value.code == code
    return caught.value, ask


def test_a_good_answer_takes_one_call_and_every_field_arrives() -> None:
    draft, ask, _ = _write(card())
    made = draft.card
    assert [step for step, _ in ask.asked] == ["card"]
    assert (made.name, made.first_mes) == ("Mirela Voss", GREETING)
    assert made.tags == ["sea", "lighthouse"]
    assert made.extensions == {"cardforge": {"world": "Gannet Rock", "class": "keeper"}}
    assert made.system_prompt == made.post_history_instructions == ""


def test_unknown_world_and_class_are_absent() -> None:
    draft, _, _ = _write(card(world="unknown", **{"class": "N/A"}))
    assert draft.card.extensions == {}


def test_book_keys_occur_in_the_source_and_ids_are_unique() -> None:
    draft, _, _ = _write(card())
    book = draft.card.character_book
    assert [entry.name for entry in book.entries] == ["Gannet Rock"]
    assert book.entries[0].keys == ["Gannet Rock"]
    assert len({entry.id for entry in book.entries}) == len(book.entries)
    assert "Mirela Voss" in book.name


def test_without_book_the_schema_has_none_and_an_unasked_one_is_dropped() -> None:
    draft, ask, _ = _write(card(), include_book=False)
    assert draft.card.character_book is None
    assert "book" not in ask.asked[0][1].schema["properties"]


def test_the_schema_admits_the_good_card_and_bounds_every_string_and_list() -> None:
    schema = card_schema(order())
    Draft202012Validator(schema).validate(card())
    pending = [schema]
    while pending:
        part = pending.pop()
        assert part["type"] != "string" or "maxLength" in part or "enum" in part
        assert part["type"] != "array" or "maxItems" in part
        pending += [*part.get("properties", {}).values(), *([part["items"]] if "items" in part else [])]


def test_the_prompt_holds_source_instructions_and_literal_macros() -> None:
    _, ask, _ = _write(card(), text=SOURCE + "\n\nA note about {fields} and {{user}}.")
    told = " ".join(message.content for message in ask.asked[0][1].messages)
    assert "A note about {fields} and {{user}}." in told
    assert "Never write what {{user}} says" in told
    assert ask.asked[0][1].messages[0].role == "system"


@pytest.mark.parametrize(
    "wrapped",
    [
        "<think>The reader wants {a card}.</think>\n" + json.dumps(card()),
        "no opening mark</think>" + json.dumps(card()),
        "Here you are:\n```json\n" + json.dumps(card(), indent=1) + "\n```\nEnjoy!",
        json.dumps({"spec": "chara_card_v2", "data": card()}),
        json.dumps({"card": json.dumps(card())}),
        json.dumps(card()).replace('"tags"', '\n"tags"')[:-1] + ",}",
        json.dumps(
            {("first_message" if key == "first_mes" else key): value for key, value in card().items()}
        ),
        json.dumps(
            card(alternate_greetings=json.dumps(card()["alternate_greetings"]), tags="sea, lighthouse")
        ),
        json.dumps(card(book={"entries": {"0": card()["book"][0] | {"keys": "Gannet Rock, rock"}}})),
    ],
    ids=[
        "thoughts",
        "cut thoughts",
        "fence",
        "v2",
        "nested string",
        "comma",
        "other name",
        "lists as text",
        "world",
    ],
)
def test_one_call_is_enough_for_answers_in_other_shapes(wrapped: str) -> None:
    draft, ask, _ = _write(wrapped)
    assert len(ask.asked) == 1
    assert draft.card.first_mes == GREETING
    assert draft.card.tags == ["sea", "lighthouse"]
    assert draft.card.alternate_greetings == card()["alternate_greetings"]
    assert draft.card.character_book.entries[0].keys[0] == "Gannet Rock"


def test_fields_nested_too_deep_do_not_keep_the_others_from_being_mended() -> None:
    def deep(levels: int) -> str:
        return '{"a":' * levels + "1" + "}" * levels

    spoiled = json.dumps(card(world="W", book="B", mes_example="none")).replace('"W"', deep(900))
    spoiled = spoiled.replace('"B"', f'[{{"name": "Rock", "keys": ["Gannet Rock"], "content": {deep(900)}}}]')
    draft, ask, _ = _write(spoiled, card())
    assert draft.card.mes_example == card()["mes_example"]
    assert [step for step, _ in ask.asked] == ["card", "fields:1"]


def test_garbage_is_asked_again_with_what_was_wrong_then_accepted() -> None:
    draft, ask, watch = _write("I had a lovely day.", card())
    assert draft.card.name == "Mirela Voss"
    second = ask.asked[1][1].messages
    assert second[-2].content == "I had a lovely day."
    assert "can't be used" in second[-1].content
    assert "repairing" in watch.stages


def test_garbage_for_ever_fails_after_three_asks_and_keeps_the_raw_answer() -> None:
    error, ask = _fails("INVALID_ANSWER", "first", "second", "third")
    assert len(ask.asked) == 3
    assert error.details["raw_answer"] == "third"


def test_the_wrong_schema_is_garbage_too() -> None:
    error, ask = _fails("INVALID_ANSWER", {"recipe": "soup", "serves": 4})
    assert len(ask.asked) == 3
    assert "description" in error.message
    assert "soup" in error.details["raw_answer"]


def test_a_cut_answer_gets_more_room_once() -> None:
    half = json.dumps(card())[:300]
    draft, ask, _ = _write((half, "length"), card())
    assert draft.card.first_mes == GREETING
    assert ask.asked[1][1].max_tokens == 2 * ask.asked[0][1].max_tokens
    error, again = _fails("ANSWER_TRUNCATED", (half, "length"))
    assert len(again.asked) == 2
    assert error.details["raw_answer"] == half


def test_an_empty_answer_is_asked_again_then_fails() -> None:
    draft, _, _ = _write("", card())
    assert draft.card.name == "Mirela Voss"
    _, ask = _fails("EMPTY_ANSWER", "  \n", "<think>hm</think>", "")
    assert len(ask.asked) == 3


@pytest.mark.parametrize("answer", [("", "refusal"), ("I'm sorry, but I can't help with that.", "stop")])
def test_a_refusal_fails_at_once(answer: tuple[str, str]) -> None:
    _, ask = _fails("REFUSED", answer)
    assert len(ask.asked) == 1


def test_a_greeting_that_speaks_for_user_is_written_again_alone() -> None:
    bad = GREETING + ' {{user}} smiles. "I am lost," you say.'
    draft, ask, _ = _write(card(first_mes=bad), {"first_mes": GREETING})
    assert draft.card.first_mes == GREETING
    assert list(ask.asked[1][1].schema["properties"]) == ["first_mes"]
    assert "{{user}} smiles" in ask.asked[1][1].messages[-1].content


def test_a_greeting_that_never_stops_speaking_for_user_is_cut() -> None:
    bad = GREETING + " {{user}} nods slowly."
    draft, ask, _ = _write(card(first_mes=bad), {"first_mes": bad})
    assert len(ask.asked) == 3
    assert draft.card.first_mes == GREETING
    assert any("{{user}}" in warning for warning in draft.warnings)


def test_names_before_colons_become_macros_and_blocks_get_their_start() -> None:
    told = (
        "user: Are you alone out here?\nMirela: I have the lamp, the lamp has me, and that is company enough."
    )
    draft, ask, _ = _write(card(mes_example=told))
    assert (
        draft.card.mes_example
        == f"<START>\n{{{{user}}}}: Are you alone out here?\n{{{{char}}}}: {told.partition('Mirela: ')[2]}"
    )
    assert len(ask.asked) == 1


def test_an_empty_required_field_is_asked_for_alone_and_fails_if_it_stays_empty() -> None:
    draft, ask, _ = _write(card(scenario=""), {"scenario": card()["scenario"]})
    assert draft.card.scenario == card()["scenario"]
    assert list(ask.asked[1][1].schema["properties"]) == ["scenario"]
    error, _ = _fails("INVALID_ANSWER", card(scenario=""), {"scenario": ""})
    assert "scenario" in error.message


def test_a_looping_field_is_asked_for_again() -> None:
    loop = "She looks at the sea and waits for him. " * 8
    draft, ask, _ = _write(card(personality=loop), {"personality": card()["personality"]})
    assert draft.card.personality == card()["personality"]
    assert "repeats itself" in ask.asked[1][1].messages[-1].content


def test_fields_grow_in_the_preview_while_json_streams() -> None:
    _, _, watch = _write(card())
    seen = [text for name, text, _ in watch.fields if name == "description"]
    assert len(seen) > 3
    assert all(later.startswith(earlier) for earlier, later in pairwise(seen))
    assert seen[-1] == card()["description"]
    fractions = [fraction for _, _, fraction in watch.fields]
    assert all(0 <= fraction <= 1 for fraction in fractions)


def test_a_source_beyond_the_context_is_noted_part_by_part() -> None:
    long = "\n\n".join(
        f"Mirela Voss counts wave number {number} at Gannet Rock." * 4 for number in range(400)
    )
    notes = "Mirela Voss keeps the lighthouse on Gannet Rock and counts waves."
    traits = Traits(context_tokens=12_000)
    parts = 0

    def ask(step: str, prompt: object, on_text: object) -> object:
        nonlocal parts
        parts += step.startswith("notes:")
        told = sum(len(message.content) // 4 for message in prompt.messages)  # type: ignore[attr-defined]
        total = told + prompt.max_tokens  # type: ignore[attr-defined]
        assert total <= traits.context_tokens
        answer = notes if step.startswith("notes:") else card()
        return Script([answer])(step, prompt, on_text)  # type: ignore[arg-type]

    draft = write_card(order(long, traits=traits), ask, Watched())  # type: ignore[arg-type]
    assert parts > 1
    assert draft.card.name == "Mirela Voss"
    assert any("notes" in warning for warning in draft.warnings)


def test_a_context_too_small_for_the_profile_says_so() -> None:
    with pytest.raises(GenerationError) as caught:
        write_card(order(SOURCE * 40, traits=Traits(context_tokens=2_000)), Script(["x"]), Watched())
    assert caught.value.code == "SOURCE_TOO_LONG"
    assert "context" in caught.value.message


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ('*She pours.* "What do you want?"', False),
        ("A stranger stands before you. The rain has not stopped.", False),
        ('"You say that often," she says.', False),
        ("{{user}}: hello", True),
        ("You nod and feel a chill.", True),
        ("{{user}} quickly replies with a grin.", True),
    ],
)
def test_speaking_for_user_is_told_from_speaking_to(text: str, speaks: bool) -> None:
    assert bool(speaks_for_user(text)) is speaks


def test_a_source_of_one_word_is_refused_before_anything_is_asked() -> None:
    from cardforge_desktop.generation.model import GenerationError

    def ask(*_):
        pytest.fail("a call was made")

    with pytest.raises(GenerationError) as raised:
        write_card(order("short"), ask, Watched())
    assert raised.value.code == "SOURCE_TOO_SHORT"


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("{{user}} walks in and sits down.", True),
        ("You look up, startled.", True),
        ("{{user}}'s heart races.", True),
        ("{{user}} follows her.", True),
        ("She smiles at {{user}}.", False),
        ('*She waits.* "You look cold, {{user}}."', False),
        ("{{user}} is new here.", False),
    ],
)
def test_acting_for_the_user_is_told_from_speaking_to_them(text: str, speaks: bool) -> None:
    assert bool(speaks_for_user(text)) is speaks
