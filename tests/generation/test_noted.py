"""World and class: what a model answers, what a source says, and what counts as no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.engines.base import Traits
from cardforge_desktop.generation.facts import read_facts
from cardforge_desktop.generation.names import main_character
from cardforge_desktop.generation.noted import noted, read_off, stated
from cardforge_desktop.generation.writer import write_card
from cardforge_desktop.sources.model import SourceText
from tests.generation.orders import Script, Watched, card, order
from tests.generation.sources import SOURCES, example


def told(text: str) -> dict[str, str]:
    source = SourceText("x.txt", "text", text)
    return read_off(read_facts(source, main_character(source), ["description"]))


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "  ",
        "unknown",
        "Unknown.",
        "None",
        '"none"',
        "N/A",
        "n.a.",
        "(not specified)",
        "NULL",
        "-",
        "不明",
    ],
)
def test_an_answer_that_says_nothing_is_absent(answer: str) -> None:
    assert stated(answer) == ""
    assert noted({"world": answer, "class": "Wizard"}) == {"class": "Wizard"}


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (" Middle-earth ", "Middle-earth"),
        ("“The Drowned\nCity”.", "The Drowned City"),
        ("Nonesuch", "Nonesuch"),
        ("word " * 40, "word word word word word word word word word word word word"),
        ("x" * 90, "x" * 60),
    ],
)
def test_an_answer_is_kept_in_a_few_words(answer: str, kept: str) -> None:
    assert stated(answer) == kept


@given(st.text(max_size=200))
def test_an_answer_is_short_and_the_same_when_read_again(answer: str) -> None:
    once = stated(answer)
    assert len(once) <= 60
    assert stated(once) == once


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Gandalf the Grey is a wizard of Middle-earth. He walks the roads in Middle-earth and smokes.",
            {"world": "Middle-earth", "class": "wizard"},
        ),
        (
            "Anna Weld is a tall, grumpy harbour pilot in Sorrel. Anna Weld likes tea. Anna never swims.",
            {"world": "Sorrel", "class": "harbour pilot"},
        ),
        ("Anna Weld is a patient woman. She was an old friend of Tom. Anna Weld likes tea and rain.", {}),
        ("Anna Weld lost her boat in the Long War. Anna Weld likes tea and rain. Anna never swims.", {}),
        (
            "Konrad Weiß war Uhrmacher. Er lebte in Eile und in Freude. Konrad Weiß liebt seine Uhren sehr.",
            {},
        ),
    ],
)
def test_world_and_class_are_read_off_the_source(text: str, found: dict[str, str]) -> None:
    assert told(text) == found


def test_the_shipped_examples_and_every_kind_of_source_say_where_they_play() -> None:
    def of(source: SourceText) -> dict[str, str]:
        return read_off(read_facts(source, main_character(source), ["description"]))

    assert of(example("mirela.md")) == {"world": "Gannet Rock"}
    assert of(SOURCES["smith"][0]) == {"class": "dwarf blacksmith"}
    assert of(SOURCES["german"][0]) == {}


def test_both_ways_of_writing_keep_them_under_our_own_name_and_never_where_a_lorebook_is_linked() -> None:
    whole = write_card(order(), Script([card()]), Watched()).card
    assert whole.extensions == {"cardforge": {"world": "Gannet Rock", "class": "keeper"}}
    script = Script(["Mirela Voss keeps the lighthouse on Gannet Rock."])
    stepwise = write_card(order(traits=Traits(stepwise=True)), script, Watched()).card
    assert stepwise.extensions == {"cardforge": {"world": "Gannet Rock"}}
    assert not any("world" in step or "class" in step for step, _ in script.asked), "it costs no call"


def test_an_update_keeps_those_the_card_has() -> None:
    kept = write_card(order(), Script([card()]), Watched()).card
    script = Script([card(world="Elsewhere", **{"class": "pirate"})])
    update = replace(order(), target=kept, fields=("description",))
    changed = write_card(update, script, Watched()).card
    assert changed.extensions == kept.extensions
