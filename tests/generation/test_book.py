"""Entries of a book: what kind of thing each is about, by which keys, and none twice."""

from __future__ import annotations

from dataclasses import replace

from cardforge_desktop.cards.book_fields import category_of, is_as_made, title_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.generation.book import book_of, keys_in_text
from cardforge_desktop.generation.categories import category_of_name, category_of_thing, category_said
from cardforge_desktop.generation.known import chosen_entries, known_task
from cardforge_desktop.generation.names import NamedThing, named_things
from cardforge_desktop.generation.prompts import card_prompt
from cardforge_desktop.generation.sentences import read_sentences
from tests.generation.orders import order

TEXT = (
    "Lady Seraphina rules Brenn. Seraphina fears the Lantern Guild. The Moon Door is a mirror of glass. "
    "In Brenn they still speak of the Night of Ash. The man at the gate is called Tobin."
)


def test_names_tell_what_they_name() -> None:
    for name, category in {
        "Lantern Guild": "Factions",
        "House Voss": "Factions",
        "Voss House": "Places",
        "Order of the Moon": "Factions",
        "Ordre Noir": "Factions",
        "Lake Tarn": "Places",
        "Tarn River": "Places",
        "Night of Ash": "Events",
        "Night Watch": "Factions",
        "Ring of Anna": "Objects",
        "Anna Underwood": "",
        "Brenn": "",
    }.items():
        assert category_of_name(name) == category, name


def _category(name: str, text: str, *, english: bool = True) -> str:
    sentences = read_sentences(text)
    thing = next(each for each in named_things(sentences) if each.name == name)
    return category_of_thing(thing, [each.text for each in sentences if name in each.text], english=english)


def test_sentences_tell_where_a_name_does_not() -> None:
    assert _category("Brenn", "We met in Brenn. From Brenn the road goes on.") == "Places"
    assert _category("Tobin Hale", "We saw Tobin Hale. Tobin Hale said nothing.") == "People"
    assert _category("Moon Door", "We saw the Moon Door. The Moon Door is a mirror of glass.") == "Objects"
    assert _category("Blue Smoke", "They gave us Blue Smoke and Blue Smoke again.") == ""
    thing = NamedThing("Glockenturm", count=2, article=2)
    assert category_of_thing(thing, [], english=False) == "Places"


def test_what_a_model_calls_a_category_is_read_with_patience() -> None:
    said = [category_said(text) for text in ("People", "character", " Location ", "OTHER", "", "mood")]
    assert said == ["People", "People", "Places", "", None, None]


def test_one_thing_gets_one_entry_with_all_its_keys() -> None:
    book = book_of(
        "Mirela",
        [
            {
                "name": "Lady Seraphina",
                "category": "People",
                "keys": ["Lady Seraphina"],
                "content": "She rules.",
            },
            {"name": "Seraphina", "keys": ["Seraphina"], "content": "She fears the lamplighters."},
            {"name": "the Lantern Guild", "keys": ["Lantern Guild", "the man"], "content": "Lamplighters."},
            {"name": "Atlantis", "keys": ["Atlantis"], "content": "Not in the source."},
        ],
        TEXT,
        8,
    )
    assert [(each.name, category_of(each), each.keys) for each in book.entries] == [
        ("Lady Seraphina", "People", ["Lady Seraphina", "Seraphina"]),
        ("the Lantern Guild", "Factions", ["the Lantern Guild", "Lantern Guild"]),
    ]
    assert book.entries[0].content == "She rules. She fears the lamplighters."
    assert [each.id for each in book.entries] == [1, 2]
    assert all(map(is_as_made, book.entries))


def test_words_that_every_chat_is_full_of_are_no_keys() -> None:
    assert keys_in_text(["the man", "he", "Tobin", "Night of Ash, Brenn", "who"], TEXT) == [
        *("Tobin", "Night of Ash", "Brenn"),
    ]


def _entry(name: str, **own: object) -> BookEntry:
    return BookEntry(name=name, keys=[name], content=f"{name} is told of.", **own)


def test_what_a_source_wakes_of_a_shared_book_is_told_under_a_cap() -> None:
    book = CharacterBook(
        entries=[
            _entry("Brenn", priority=1),
            _entry("Lantern Guild", priority=5),
            _entry("Atlantis"),
            _entry("Law", constant=True),
            _entry("Seraphina", enabled=False),
            BookEntry(name="Empty", keys=["Brenn"], content="@@depth 4\n"),
        ]
    )
    found = chosen_entries(book, TEXT, 1_000, len)
    assert [title_of(each) for each in found] == ["Law", "Lantern Guild", "Brenn"]
    few = chosen_entries(book, TEXT, 65, len)
    assert [title_of(each) for each in few] == ["Law", "Brenn"], "what is too long is passed over"


def test_a_model_is_told_what_is_known_and_what_not_to_write_again() -> None:
    plain = order()
    told = replace(plain, known=(_entry("Brenn"),))
    prompt = card_prompt(told, "The source.").messages[-1].content
    assert "<known>\nBrenn: Brenn is told of.\n</known>" in prompt
    assert "Write book entries only" in prompt
    assert known_task(plain) == ""
    assert "Write book entries" not in known_task(replace(told, include_book=False))
