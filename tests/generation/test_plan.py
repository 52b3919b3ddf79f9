"""What a card will cost, told before Start, and how a long source is cut."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.engines.base import Traits
from cardforge_desktop.generation.plan import estimate, plan_source, split_text
from cardforge_desktop.generation.prompts import card_prompt
from cardforge_desktop.generation.schema import answer_tokens
from cardforge_desktop.generation.writer import write_card
from tests.generation.conftest import SMALL, RealModel
from tests.generation.orders import SOURCE, Script, Watched, card, order
from tests.generation.sources import SOURCES, example


def test_a_fitting_source_is_one_call_estimated_as_it_will_be_sent() -> None:
    wish = order()
    expected = estimate(wish)
    sent = sum(wish.count_tokens(message.content) for message in card_prompt(wish, SOURCE).messages)
    assert expected.calls == 1
    assert abs(expected.input_tokens - sent) < 0.05 * sent
    assert expected.output_tokens == answer_tokens(wish)
    assert plan_source(wish).whole


def test_a_book_costs_output_and_a_longer_source_costs_input() -> None:
    small, bare = estimate(order()), estimate(order(include_book=False))
    assert bare.output_tokens < small.output_tokens
    assert estimate(order(SOURCE * 3)).input_tokens > small.input_tokens


def test_a_source_that_is_named_twice_takes_twice_the_room() -> None:
    text = SOURCE * 160
    once, twice = order(text), order(text)
    prompts = twice.profile.prompts.model_copy(update={"task": "{source}\n\n{fields}\n\nOnce more: {source}"})
    twice = replace(twice, profile=twice.profile.model_copy(update={"prompts": prompts}))
    sent = sum(twice.count_tokens(message.content) for message in card_prompt(twice, text).messages)
    assert abs(estimate(twice).input_tokens - sent) < 0.05 * sent
    room = estimate(once).input_tokens + estimate(once).output_tokens + 2_000
    tight = Traits(context_tokens=room)
    assert plan_source(replace(once, traits=tight)).whole
    assert not plan_source(replace(twice, traits=tight)).whole


def test_a_source_that_fits_the_notes_but_not_the_card_is_noted() -> None:
    wish = order(SOURCE * 160, traits=Traits(context_tokens=10_000))
    plan = plan_source(wish)
    assert (len(plan.parts), plan.whole) == (1, False)
    assert estimate(wish).calls == 2
    script = Script(["Mirela keeps the lighthouse on Gannet Rock.", card()])
    write_card(wish, script, Watched())
    assert [step for step, _ in script.asked] == ["notes:1:1", "card"]
    for _, prompt in script.asked:
        sent = sum(wish.count_tokens(message.content) for message in prompt.messages)
        assert sent + prompt.max_tokens <= wish.traits.context_tokens


def test_a_source_beyond_the_context_counts_its_notes() -> None:
    wish = order(SOURCE * 400, traits=Traits(context_tokens=12_000))
    expected = estimate(wish)
    parts = len(plan_source(wish).parts)
    assert parts > 1
    assert abs(expected.calls - (parts + 1)) <= 1
    assert expected.input_tokens > wish.count_tokens(wish.source.text)


def test_the_small_model_is_estimated_within_half_and_twice(real_model: RealModel) -> None:
    source = SOURCES["german"][0]
    _, _, asked = real_model.draft(source)
    expected = estimate(order(source.text, source.name, traits=SMALL, include_book=False, greetings=0))
    assert len(asked) / 2 <= expected.calls <= len(asked) * 2


def test_a_novel_costs_the_small_model_no_more_calls_than_a_chapter() -> None:
    chapter = example("the-long-way-over-karsk.txt").text
    assert estimate(order(chapter, traits=SMALL)) == estimate(order(chapter * 30, traits=SMALL))


@given(st.lists(st.text(alphabet="abc .\n", max_size=300), max_size=12), st.integers(30, 200))
def test_parts_fit_their_room_and_lose_no_word(paragraphs: list[str], room: int) -> None:
    text = "\n\n".join(paragraphs)
    parts = split_text(order(), text, room)
    assert all(order().count_tokens(part) <= room + 2 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
