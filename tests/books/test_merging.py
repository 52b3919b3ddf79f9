"""Books brought together: what is one thing, what is new of it, and that nothing anybody wrote changes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge_desktop.books.called import Names, called, same
from cardforge_desktop.books.merging import LONGEST, merged
from cardforge_desktop.cards.book_fields import title_of, with_category, with_made
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from tests.support.cards import books


def entry(name: str, content: str = "", *keys: str, category: str = "", made: bool = False) -> BookEntry:
    found = BookEntry(name=name, content=content, keys=list(keys or [name]))
    found = with_category(found, category) if category else found
    return with_made(found) if made else found


def same_thing(one: BookEntry, other: BookEntry, others: Iterable[BookEntry] = ()) -> bool:
    return same(called(one), called(other), map(called, others))


def book(*entries: BookEntry) -> CharacterBook:
    return CharacterBook(name="Brenn", entries=list(entries))


ONE_THING = [
    ("Lady Seraphina", "Seraphina"),
    ("The Lantern Guild", "lantern guild"),
    ("Lantern Guild", "LANTERN GUILD"),
    ("Café Noir", "cafe noir"),
    ("L'Ordre Noir", "Ordre noir"),
    ("Der Weiße Turm", "Weisser Turm".replace("Weisser", "Weisse")),
    ("Order of the Moon", "Order of Moon"),
    ("Señora Ibáñez", "Ibanez"),
    ("Captain Anna Voss", "Dr Anna Voss"),
    ("Anna", "Anna Voss"),
    ("Tobin’s", "Tobin"),
    ("龙门", "龙门"),
    ("Brenn (2)", "Brenn"),
    ("Lord Commander Hale", "Hale"),
    ("Mme. Dupont", "Dupont"),
]
TWO_THINGS = [
    ("Old Tarn", "Tarn River"),
    ("Tarn", "Tarn River"),
    ("Guild", "Lantern Guild"),
    ("Lord Voss", "Lady Voss"),
    ("Anna", "Anna and Bert"),
    ("Anna", "Ring of Anna"),
    ("Anna", "Annabel"),
    ("Anna", "Anna's Ring"),
    ("coin", "silver coin"),
    ("Queen Street", "Street"),
    ("St. Mary", "Mary"),
    ("Saint Mary", "Mary"),
    ("King Aldric", "Queen Aldric"),
    ("Station Nine", "Station Ten"),
    ("Night Watcher", "Night Watchers"),
    ("", ""),
]


def test_what_is_one_thing_and_what_is_not() -> None:
    for one, other in ONE_THING:
        assert same_thing(entry(one), entry(other)), (one, other)
        assert same_thing(entry(other), entry(one)), (other, one)
    for one, other in TWO_THINGS:
        assert not same_thing(entry(one), entry(other)), (one, other)
        assert not same_thing(entry(other), entry(one)), (other, one)


def test_a_part_of_a_name_is_enough_only_where_nothing_else_has_it() -> None:
    anna, voss, weiss = entry("Anna"), entry("Anna Voss"), entry("Anna Weiss")
    assert same_thing(anna, voss, [anna, voss, entry("Tobin Weiss")])
    assert not same_thing(anna, voss, [anna, voss, weiss])
    assert not same_thing(entry("Anna", "", "Anna", "Anna Voss"), weiss)


def test_keys_say_what_names_do_not() -> None:
    tarn, river = (
        entry("Old Tarn", "", "Old Tarn", "Tarn River"),
        entry("Tarn River", "", "Tarn River", "Old Tarn"),
    )
    assert same_thing(tarn, river)
    assert same_thing(entry("Tarn"), entry("Tarn River", "", "Tarn River", "Tarn"))
    assert not same_thing(entry("Ilka"), entry("Lantern Guild", "", "Lantern Guild", "Ilka"))
    assert same_thing(BookEntry(comment="The keeper", keys=["Tobin"]), entry("Tobin"))


def test_a_person_is_no_place_whatever_they_are_called() -> None:
    assert not same_thing(entry("Tarn", category="People"), entry("Tarn", category="Places"))
    # Unless a small model put it there: it takes “Ilka was born by Old Tarn” for a person.
    assert same_thing(entry("Old Tarn", category="People"), entry("Old Tarn", category="Places"))
    assert same_thing(entry("Tarn", category="Objects"), entry("Tarn", category="Places"))


def test_new_things_get_ids_and_orders_of_their_own() -> None:
    known = entry("Brenn", "A port.").model_copy(update={"id": 7, "insertion_order": 100})
    found = merged(book(known), book(entry("Ilka", "She leads."), entry("Tarn", "A river.")))
    assert [(each.name, each.id, each.insertion_order) for each in found.added] == [
        ("Ilka", 8, 110),
        ("Tarn", 9, 120),
    ]
    assert found.book.entries == [known, *found.added]
    assert found.book.name == "Brenn"
    assert found.changed


def test_what_cardforge_wrote_grows_by_what_is_new() -> None:
    known = entry("Lantern Guild", "They light the harbour at dusk.", "Lantern Guild", made=True)
    again = entry(
        "the Lantern Guild",
        "The guild lights the harbour at dusk. Ilka Brandt leads them since the flood.",
        *("lantern guild", "the guild"),
        made=True,
    )
    found = merged(book(known), book(again))
    ((before, after),) = [(each.before, each.after) for each in found.extended]
    assert before is known
    assert after.content == "They light the harbour at dusk. Ilka Brandt leads them since the flood."
    assert after.keys == ["Lantern Guild", "the guild"]
    third = merged(found.book, book(entry("Lantern Guild", "They mint lanterns of green glass.", made=True)))
    assert third.extended, "what it wrote itself may grow again"


def test_what_somebody_changed_is_left_alone_and_what_is_new_stands_beside_it() -> None:
    written = entry("Lantern Guild", "They light the harbour.", made=True)
    for changed in (
        written.model_copy(update={"content": "They snuff the harbour."}),
        written.model_copy(update={"keys": ["Lantern Guild", "lamps"]}),
        entry("Lantern Guild", "Mine."),
    ):
        new = entry("Lantern Guild", "Ilka Brandt leads them since the flood.", made=True)
        found = merged(book(changed), book(new))
        assert found.book.entries[0] == changed
        assert [each.content for each in found.added] == [new.content]
        more = entry("Lantern Guild", "Their oath is sworn upon green glass.", made=True)
        after = merged(found.book, book(more))
        assert not after.added, "one beside the person's is enough"
        assert after.book.entries[1].content == f"{new.content} {more.content}"


def test_what_is_told_already_is_skipped_and_said_so() -> None:
    known = entry("Brenn", "Brenn is an old harbour town on the river Tarn.")
    found = merged(book(known), book(entry("Brenn", "An old harbour town on the Tarn river.")))
    assert not found.changed
    assert found.book.entries == [known]
    assert [(each.entry.name, each.known) for each in found.skipped] == [("Brenn", known)]


def test_a_books_own_entry_is_not_lost_where_the_other_has_one_by_cardforge() -> None:
    made = entry("Brenn", "A port.", made=True)
    mine = entry("Brenn", "It burned twice and nobody says by whom.")
    found = merged(book(made), book(mine))
    assert [each.content for each in found.book.entries] == [made.content, mine.content]


def test_what_is_there_word_for_word_is_not_added_again() -> None:
    """Also where the text has no word that could be compared."""
    known = book(entry("Rune", "x", "/(rune/"), entry("Sign", "—"), entry("Empty"))
    assert merged(known, known).book == known


def test_an_entry_does_not_grow_without_end() -> None:
    found = book(entry("Brenn", "A port.", made=True))
    for number in range(100):
        told = f"Chronicle{number} mentions warehouse{number} beside lighthouse{number}."
        found = merged(found, book(entry("Brenn", told, made=True))).book
    assert len(found.entries) == 1
    assert LONGEST - 100 < len(found.entries[0].content) <= LONGEST


def test_keys_that_are_another_entrys_name_are_not_taken_over() -> None:
    known = book(entry("Lantern Guild", "Lamps.", made=True), entry("Ilka", "A pilot.", made=True))
    new = entry("Lantern Guild", "Ilka leads them now.", "Lantern Guild", "Ilka", "lamplighters", made=True)
    assert merged(known, book(new)).book.entries[0].keys == ["Lantern Guild", "lamplighters"]


@pytest.mark.parametrize("made", [True, False])
@settings(max_examples=60, deadline=None)
@given(first=books(), second=books())
def test_no_entry_is_lost_or_changed_and_ids_are_unique(
    made: bool, first: CharacterBook, second: CharacterBook
) -> None:
    if made:
        second = second.model_copy(update={"entries": [with_made(each) for each in second.entries]})
    found = merged(first, second)
    assert found.book.entries[: len(first.entries)] == first.entries
    assert found.book.model_copy(update={"entries": first.entries}) == first
    ids = [each.id for each in found.added]
    assert len({*ids}) == len(ids)
    assert not {str(each) for each in ids} & {str(each.id) for each in first.entries}


_WORDS = ["Anna", "Voss", "Weiss", "Lady", "The", "Tarn", "River", "Guild", "anna", "of", "Old"]
_names = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_made = st.builds(
    lambda name, keys, told, category: entry(name, ". ".join(told), *keys, category=category, made=True),
    _names,
    st.lists(_names, max_size=3),
    st.lists(
        st.sampled_from(["Alpha rises", "Bravo falls", "Delta sleeps"]), min_size=1, max_size=3, unique=True
    ),
    st.sampled_from(["", "People", "Places", "Factions"]),
)
_made_books = st.lists(_made, max_size=6).map(lambda entries: book(*entries))


@given(_made_books)
def test_names_are_found_by_all_that_decides_what_is_one_thing(some: CharacterBook) -> None:
    """Beside those that may be meant, every rival that makes a short form say nothing."""
    names = [called(each) for each in some.entries]
    found = Names(names)
    for name in names:
        near = found.near(name)
        rivals = [names[at] for at in near]
        for at, other in enumerate(names):
            assert same(name, other, names) == (at in near and same(name, other, rivals))


@settings(max_examples=200, deadline=None)
@given(_made_books, _made_books)
def test_nothing_stands_in_a_book_twice_and_doing_it_again_does_nothing(
    first: CharacterBook, second: CharacterBook
) -> None:
    start = merged(book(), first).book
    found = merged(start, second)
    for at, after in enumerate(found.book.entries):
        assert not any(same_thing(after, each, found.book.entries) for each in found.book.entries[:at])
    for before, after in zip(start.entries, found.book.entries, strict=False):
        assert after.content.startswith(before.content)
        assert after.keys[: len(before.keys)] == before.keys
        assert title_of(after) == title_of(before)
    assert not merged(found.book, second).changed
