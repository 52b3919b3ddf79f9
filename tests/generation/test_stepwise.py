"""Cards by the shipped model: complete, grounded, not looping, its own words for every source."""

from __future__ import annotations

import re

import pytest

from cardforge_desktop.generation import recipes
from cardforge_desktop.generation.checks import (
    example_problem,
    loops,
    repetition,
    speaks_for_user,
    strangers,
    support,
    vocabulary,
)
from cardforge_desktop.generation.sentences import split_sentences, words
from cardforge_desktop.sources.model import SourceText
from tests.generation.conftest import RealModel
from tests.generation.sources import BEEKEEPER, SOURCES, example

pytestmark = pytest.mark.timeout(600)

PROSE = ("description", "personality", "scenario", "first_mes")
REQUIRED = ("name", *PROSE, "mes_example")
#: Kinds written by the model in every run; the shipped examples stand for long sources.
KINDS = ("smith", "german", "diary", "one line")


def _sentences(card: object) -> set[str]:
    """Sentences of prose in a card, without the frame of the examples."""
    text = "\n".join(getattr(card, name) for name in (*PROSE, "mes_example", "creator_notes"))
    lines = re.sub(r"<START>|\{\{(?:user|char)\}\}:|[*\"]", " ", text).splitlines()
    return {
        sentence.strip().lower()
        for line in lines
        for sentence in split_sentences(line.strip())
        if sentence.strip()
    }


def _sound(card: object, source: SourceText) -> None:
    """Every claim that holds for any source."""
    told = f"{source.name} {source.title} {source.text}"
    for name in REQUIRED:
        assert getattr(card, name).strip(), name
        assert not loops(re.sub(r"<START>", "", getattr(card, name))), name
        assert repetition(getattr(card, name)) <= 0.2, name
    for name in PROSE:
        assert not strangers(getattr(card, name), vocabulary(told)), name
    assert not speaks_for_user(card.first_mes)
    assert example_problem(card.mes_example) == ""
    copied = {word.lower() for name in PROSE for word in words(getattr(card, name))} & recipes.EXAMPLE_WORDS
    assert copied <= {word.lower() for word in words(told)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_source_gives_a_sound_card(real_model: RealModel, kind: str) -> None:
    source, name, facts = SOURCES[kind]
    draft, _, _ = real_model.draft(source)
    _sound(draft.card, source)
    assert name in draft.card.name
    told = " ".join(_sentences(draft.card))
    assert sum(fact.lower() in told for fact in facts) >= 0.6 * len(facts), told


def test_a_chapter_long_story_gives_a_sound_card_about_its_main_character(real_model: RealModel) -> None:
    source = example("the-long-way-over-karsk.txt")
    draft, _, asked = real_model.draft(source)
    _sound(draft.card, source)
    assert draft.card.name == "Ilka Dravin"
    assert "goatskin" in draft.card.description
    assert support(draft.card.description, source.text) > 0.9
    assert len(asked) < 60


def test_other_facts_in_the_source_are_other_facts_in_the_card(real_model: RealModel) -> None:
    smith = real_model.draft(SOURCES["smith"][0])[0].card
    keeper = real_model.draft(SourceText("smith.txt", "text", BEEKEEPER))[0].card
    assert ("Borin" in smith.name, "Dela" in keeper.name) == (True, True)
    one, other = " ".join(_sentences(smith)), " ".join(_sentences(keeper))
    assert "blacksmith" in one
    assert "beekeeper" in other
    for word in ("borin", "blacksmith", "kharum"):
        assert word not in other
    for word in ("dela", "beekeeper", "telle"):
        assert word not in one


def test_no_sentence_stands_in_the_cards_of_two_sources(real_model: RealModel) -> None:
    sources = [SOURCES[kind][0] for kind in KINDS] + [example("the-long-way-over-karsk.txt")]
    cards = [_sentences(real_model.draft(source)[0].card) for source in sources]
    shown = {answer.lower() for _, answer in (*recipes._AS_SPOKEN, *recipes._QUESTIONS)}
    for number, one in enumerate(cards):
        assert not one & shown
        for other in cards[number + 1 :]:
            assert not one & other


def test_the_book_tells_of_the_names_in_the_source(real_model: RealModel) -> None:
    source = example("mirela.md")
    draft, watch, _ = real_model.draft(source, include_book=True)
    _sound(draft.card, source)
    assert draft.card.extensions == {"cardforge": {"world": "Gannet Rock"}}
    book = draft.card.character_book
    assert book is not None
    assert len(book.entries) >= 2
    for entry in book.entries:
        assert entry.keys
        assert all(key in source.text for key in entry.keys)
        assert support(entry.content, source.text) > 0.7
    shown = {name for name, _, _ in watch.fields}
    assert set(REQUIRED) <= shown
