"""What a card is called and whom it tells of, and what a small model may not turn people into."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.engines.base import Prompt
from cardforge_desktop.generation.checks import vocabulary
from cardforge_desktop.generation.facts import PROSE, read_facts, with_name
from cardforge_desktop.generation.groups import parts_of
from cardforge_desktop.generation.model import Answer
from cardforge_desktop.generation.names import Character, main_character, people
from cardforge_desktop.generation.retelling import Pen, Spot, as_spoken, retell
from cardforge_desktop.generation.subjects import story_name
from cardforge_desktop.sources.model import SourceText
from tests.generation.orders import Watched
from tests.generation.sources import DIALOGUE, ENSEMBLE, GERMAN, SMITH

_TEXTS = st.lists(
    st.sampled_from(
        ["Ilka", "Ilka Dravin", "the", "of", "in Karsk", "sat", "she", "said", ".", "\n\n", '"', ":"]
    )
    | st.text(max_size=12),
    max_size=60,
).map(" ".join)


def _source(text: str, name: str = "notes.txt", title: str = "") -> SourceText:
    return SourceText(name, "text", text, title)


def test_a_story_is_called_by_its_title_unless_that_is_a_person() -> None:
    for title, name, called in (
        ("The Singing Gallery", "smith.txt", "The Singing Gallery"),
        ("The Singing Gallery – a wiki", "smith.txt", "The Singing Gallery"),
        ("Borin Axebeard", "smith.txt", "Kharum"),
        ("Borin", "the-lowest_gallery.md", "The Lowest Gallery"),
        ("Borin and the Elves", "smith.txt", "Borin and the Elves"),
    ):
        source = _source(SMITH, name, title)
        assert story_name(source, main_character(source)) == called


def test_a_person_in_no_place_still_lends_no_name_alone() -> None:
    source = _source("Hobart is a grumpy innkeeper. Hobart hides an egg.", "hobart.txt", "Hobart")
    assert story_name(source, main_character(source)) == "The World of Hobart"


@given(_TEXTS, st.text(max_size=20), st.text(max_size=30))
def test_any_source_has_a_story_of_some_name_and_at_least_one_person(
    text: str, name: str, title: str
) -> None:
    source = _source(text, name, title)
    group = people(source, 4)
    assert group[0] == main_character(source)
    assert 1 <= len(group) <= 4
    called = story_name(source, group[0])
    assert called.strip()
    assert called != group[0].name or not group[0].found
    facts = read_facts(source, group[0], PROSE)
    for part in parts_of(source, facts, group[1:]):
        assert len(part.told) == len(part.named)


def test_the_people_of_a_group_are_those_the_source_is_about() -> None:
    assert [one.name for one in people(_source(DIALOGUE), 4)] == ["Nadia", "Felix"]
    assert [one.short for one in people(_source(ENSEMBLE), 4)] == ["Priya", "Pike"]
    assert [one.short for one in people(_source(GERMAN), 4)] == ["Konrad", "Grete"]
    assert [one.name for one in people(_source(SMITH), 4)] == ["Borin Axebeard"]


def test_a_sentence_that_stands_alone_names_the_character() -> None:
    source = _source(SMITH)
    facts = read_facts(source, main_character(source), PROSE)
    bald = next(text for text in facts.about if "ninety" in text)
    assert with_name(facts, bald).startswith("Borin is ninety")
    for untouched in ("She hates elves.", "Borin says that he hates elves."):
        assert with_name(facts, untouched) == untouched


def _pen(notes: str, answer: str) -> Pen:
    def ask(step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
        return Answer(answer, "stop")

    return Pen(ask, Watched(), Character("Oskar Brandt", "Oskar", "he"), vocabulary(notes), 1)


def _retold(notes: str, answer: str, before: str = "") -> str:
    return retell(_pen(notes, answer), Spot("book:Lene", "character_book", before), (notes,))


def test_nobody_is_turned_into_a_woman_or_a_thing() -> None:
    notes = "Oskar keeps a second chair that nobody has used since his wife Lene died."
    assert _retold(notes, "She keeps a second chair that nobody has used since her wife Lene died.") == ""
    assert _retold(notes, "The Oskar keeps a second chair that nobody has used since his wife died.") == ""
    assert _retold(notes, notes) == notes
    assert _retold(notes, f'The original note is: "{notes}"') == ""


def test_a_pronoun_has_to_fit_the_note_it_tells_of_not_just_any() -> None:
    two = ("The mule breathed on his hat.", "Ilka said nothing for a time.")
    pen = _pen(" ".join(two), f"{two[0]} He said nothing for a time.")
    pen.character = Character("Ilka Dravin", "Ilka", "she")
    assert retell(pen, Spot("description:1", "description"), two) == two[0]


def test_nobody_is_married_to_somebody_else_in_their_own_words() -> None:
    fact = "Oskar keeps a second chair that nobody has used since his wife Lene died."
    spot = Spot("mes_example", "mes_example")
    turned = "I keep a second chair that nobody has used since her wife Lene died."
    assert as_spoken(_pen(fact, turned), spot, fact) == ""
    said = turned.replace("her", "my")
    assert as_spoken(_pen(fact, said), spot, fact) == said


def test_a_sentence_that_only_shares_a_name_with_what_stands_before_is_kept() -> None:
    """`Lene Brandt:` before her part is no sentence that tells of her already."""
    text = "Lene drew the first chart of the tubes."
    assert _retold(text, text, "He waits. Lene?") == text
