"""Answers in any state never raise anything but GenerationError."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from cardforge_desktop.generation.model import GenerationError
from cardforge_desktop.generation.parse import as_text, as_texts, entries_of, parse_answer, partial_fields
from cardforge_desktop.generation.writer import write_card
from tests.generation.orders import Script, Watched, card, order

_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
_WHOLE = json.dumps(card())


@given(st.text() | st.text(alphabet='{}[]",:\\ntrue0 <think>/`jso'))
@example('{"a":' * 5_000)
@example("[" * 100_000)
@example('{"a": "\\ud800"}')
@example("{'name': 1, name: }")
@example("\ufeff{}")
def test_any_text_parses_to_an_object_or_fails_in_our_words(text: str) -> None:
    try:
        found = parse_answer(text)
    except GenerationError as error:
        found = {"code": error.code, "raw": error.details["raw_answer"]}
        good = {"code": "EMPTY_ANSWER", "raw": text}, {"code": "INVALID_ANSWER", "raw": text}
    else:
        good = (found,)
    assert isinstance(found, dict)
    assert found in good
    assert all(isinstance(value, str) for value in partial_fields(text).values())


@given(st.integers(0, len(_WHOLE)))
def test_every_beginning_of_a_card_shows_beginnings_of_its_fields(end: int) -> None:
    for name, text in partial_fields(_WHOLE[:end]).items():
        assert as_text(card()[name]).startswith(text.strip()) or isinstance(card()[name], list)


@given(st.dictionaries(st.text(max_size=10), _JSON, max_size=5) | st.just(card()), st.data())
def test_a_card_with_any_values_in_its_fields_is_written_or_fails_in_our_words(
    more: dict[str, object], data: st.DataObject
) -> None:
    spoiled = card() | {
        name: data.draw(_JSON) for name in data.draw(st.sets(st.sampled_from(sorted(card()))))
    }
    try:
        made = write_card(order(), Script([json.dumps(spoiled | more)]), Watched()).card.model_dump()
    except GenerationError as error:
        made = {"error": error.details["raw_answer"]}
    required = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
    assert "error" in made or all(made[name] for name in required)


@given(_JSON)
def test_fields_of_any_shape_become_texts(value: object) -> None:
    assert isinstance(as_text(value), str)
    assert all(isinstance(text, str) and text for text in as_texts(value))
    assert all(set(entry) == {"name", "category", "keys", "content"} for entry in entries_of(value))


@given(st.text(alphabet=st.characters(categories=None)))
def test_a_field_is_text_that_every_file_can_hold(text: str) -> None:
    clean = as_text(text)
    clean.encode()
    assert not set(clean) & set(map(chr, [*range(9), *range(11, 32), 127]))


def test_halves_of_a_pair_spelled_side_by_side_are_one_character() -> None:
    assert as_text("\ud83d\ude00") == "\U0001f600"
    assert as_text("a\ud83dz") == "a\ufffdz"


def test_a_field_nested_without_end_is_text_as_far_as_anybody_reads() -> None:
    deep: object = "bottom"
    for _ in range(50_000):
        deep = {"a": [deep]}
    assert "bottom" not in as_text(["top", deep])
    assert as_text(["top", deep]).startswith("top")
    assert entries_of([{"name": deep, "keys": [deep], "content": "c"}])[0]["content"] == "c"
