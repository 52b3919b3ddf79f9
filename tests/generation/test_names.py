"""Who a source is about, found without any model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.generation.names import main_character
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.sources.reader import from_text
from tests.generation.sources import DIALOGUE, SOURCES, example


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_the_main_character_of_every_kind_of_source(kind: str) -> None:
    source, expected, _ = SOURCES[kind]
    assert expected in main_character(source).name


@pytest.mark.parametrize(
    ("name", "expected", "pronoun"),
    [("mirela.md", "Mirela Voss", "she"), ("the-long-way-over-karsk.txt", "Ilka Dravin", "she")],
)
def test_the_main_character_of_the_examples(name: str, expected: str, pronoun: str) -> None:
    found = main_character(example(name))
    assert (found.name, found.pronoun) == (expected, pronoun)


@given(
    st.sampled_from(["Nadia", "Oskar", "Zofia", "Birk", "Émilie"]),
    st.sampled_from(["Quill", "Harrow", "Ødegaard"]),
)
def test_the_name_follows_the_text(first: str, last: str) -> None:
    text = (
        f"{first} {last} was born in Harbour Lane. {first} is the daughter of Marcus, the baker of "
        f"Tolm. Every day "
        f"Marcus bakes. {first}'s hands are always cold, and {last} is a name that Tolm remembers. "
        f"{first} hates bread."
    )
    assert main_character(SourceText("notes.txt", "text", text)).name == f"{first} {last}"


def test_titles_are_left_off_and_shorten_nothing() -> None:
    found = main_character(SOURCES["pilot"][0])
    assert (found.name, found.short) == ("Yara Okonjo", "Yara")


def test_who_tells_a_diary_and_who_only_speaks_in_a_script() -> None:
    assert main_character(SOURCES["diary"][0]).narrates
    assert not main_character(SourceText("theatre.txt", "text", DIALOGUE)).narrates


def test_a_wiki_title_decides_between_people() -> None:
    text = "Ana Reyes said no. Ana left. Ana was gone. Bruno Katz was told. Bruno asked why."
    assert (
        main_character(SourceText("x.html", "html", text, "Bruno Katz – Harbour Wiki")).name == "Bruno Katz"
    )


@pytest.mark.parametrize(
    ("file", "title", "name"),
    [
        ("the_grey_one.txt", "", "The Grey One"),
        ("a.txt", "Winter Queen", "Winter Queen"),
        ("雪.txt", "", "雪"),
    ],
)
def test_without_a_name_the_title_or_the_file_gives_one(file: str, title: str, name: str) -> None:
    found = main_character(SourceText(file, "text", "it lives in the snow and it is always hungry.", title))
    assert (found.name, found.found) == (name, False)


@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_has_a_name(text: str, title: str) -> None:
    assert main_character(SourceText("any.txt", "text", text, title)).name.strip()


@pytest.mark.parametrize("name", ["Finn O'Brien", "Finn O’Brien", "Charles D'Artagnan"])
def test_an_apostrophe_is_part_of_a_name(name: str) -> None:
    source = from_text(
        "note.md",
        f"# {name}\n\n{name} is a lanky smuggler. He runs the ship Gilded Hen out of Port Sallow. "
        f"{name} lies to customs men. Port Sallow is a harbour town.\n",
    )
    assert main_character(source).name == name
