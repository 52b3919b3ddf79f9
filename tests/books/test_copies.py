"""Copies of a book in cards: how they are put, seen to differ, renewed, taken back, let go."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.books.copies import CardCopies, CardCopy
from cardforge_desktop.books.difference import Difference, difference
from cardforge_desktop.books.model import BookSummary, EntryState, Put, SetHead
from cardforge_desktop.books.taking_back import taken_back
from cardforge_desktop.cards.formats import world_info
from cardforge_desktop.cards.formats.books import for_v3
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.errors import CardForgeError
from tests.books.shelves import Shelf, book_of, entry_of, put


@pytest.fixture
def copies(shelf: Shelf) -> CardCopies:
    """Those of the shelf."""
    return CardCopies(shelf.store, shelf.books, shelf.library)


def _titles(shelf: Shelf, card_id: str) -> list[str]:
    book = shelf.library.card(card_id).card.character_book
    return [] if book is None else [entry.name or "" for entry in book.entries]


def _edit(shelf: Shelf, card_id: str, book: CharacterBook | None) -> None:
    """What the editor of cards does."""
    stored = shelf.library.card(card_id)
    card = stored.card.model_copy(update={"character_book": book})
    shelf.library.save(card_id, replace(stored.package, card=card), stored.version)


def _own(shelf: Shelf) -> list[tuple[str, int]]:
    """The books in cards as the list has them: the card's name, how many entries."""
    return [(book.card_name, book.entries) for book in shelf.books.books() if book.card_id]


def _summary(shelf: Shelf, book_id: str) -> BookSummary:
    return next(book for book in shelf.books.books() if book.id == book_id)


def test_a_book_is_put_into_cards_and_kept_up_to_date(shelf: Shelf, copies: CardCopies) -> None:
    book = shelf.book("Tarn", "Bell").id
    bare, full = shelf.card("Mirela"), shelf.card("Voss", book_of("Lamp", name="Voss's own"))
    assert _own(shelf) == [("Voss", 1)]
    proposals = [copies.proposal(book, card.summary.id, "replace") for card in (bare, full)]
    assert all(proposal.changes for proposal in proposals)
    assert [entry.name for entry in (proposals[1].before.character_book or CharacterBook()).entries] == [
        "Lamp"
    ]
    assert _titles(shelf, full.summary.id) == ["Lamp"]  # seen only
    shelf.told.clear()
    items = copies.put(book, {each.card_id: each.version for each in proposals}, "replace")
    assert [(item.card_name, item.status) for item in items] == [("Mirela", "put"), ("Voss", "put")]
    assert {change.ids for change in shelf.told} == {
        frozenset({book}),
        frozenset({bare.summary.id, full.summary.id}),
    }
    assert (_titles(shelf, bare.summary.id), _titles(shelf, full.summary.id), _own(shelf)) == (
        ["Tarn", "Bell"],
    ) * 2 + ([],)
    assert {copies.in_card(card.summary.id) for card in (bare, full)} == {book}
    same = (CardCopy(bare.summary.id, "Mirela", "same"), CardCopy(full.summary.id, "Voss", "same"))
    assert copies.of_book(book) == same

    shelf.books.change([put(book, [entry_of("Harbour", 3)])])
    assert [copy.state for copy in copies.of_book(book)] == ["behind", "behind"]
    assert (_summary(shelf, book).cards, _summary(shelf, book).behind) == (2, 2)
    version = shelf.library.card(bare.summary.id).version
    copies.put(book, {bare.summary.id: version}, "replace")
    assert [copy.state for copy in copies.of_book(book)] == ["same", "behind"]
    assert _titles(shelf, bare.summary.id)[-1] == "Harbour"
    (again,) = copies.put(book, {bare.summary.id: version + 1}, "replace")
    assert (again.status, again.undo) == ("same", None)


def test_a_card_that_was_changed_since_it_was_looked_at_is_left_alone(
    shelf: Shelf, copies: CardCopies
) -> None:
    book = shelf.book("Tarn").id
    one, other = shelf.card("Mirela"), shelf.card("Voss")
    versions = {
        card.summary.id: copies.proposal(book, card.summary.id, "replace").version for card in (one, other)
    }
    _edit(shelf, one.summary.id, book_of("Lamp"))
    items = copies.put(book, {**versions, "card_none": 1}, "replace")
    assert [item.status for item in items] == ["failed", "put", "failed"]
    assert "changed elsewhere" in items[0].message
    assert (_titles(shelf, one.summary.id), _titles(shelf, other.summary.id)) == (["Lamp"], ["Tarn"])
    with pytest.raises(CardForgeError):
        copies.put("book_none", versions, "replace")


def test_a_merge_keeps_the_cards_own_entries_and_makes_no_copy(shelf: Shelf, copies: CardCopies) -> None:
    book = shelf.books.create(
        CharacterBook(name="Old Tarn", entries=[entry_of("Lamp", 1, "Theirs."), entry_of("Tarn", 2)])
    ).id
    card = shelf.card("Mirela", CharacterBook(name="Own", entries=[entry_of("Lamp", 1, "Mine.")]))
    bare = shelf.card("Voss")
    own = next(each for each in shelf.books.books() if each.card_id)
    (lamp,) = shelf.books.entries(own.id)
    copies.put(book, {card.summary.id: 1, bare.summary.id: 1}, "merge")
    merged = shelf.library.card(card.summary.id).card.character_book or CharacterBook()
    assert (merged.name, merged.entries[0].content, merged.entries[-1].name) == ("Own", "Mine.", "Tarn")
    assert [copy.card_name for copy in copies.of_book(book)] == ["Voss"]  # who had none has the book itself
    assert _own(shelf) == [("Mirela", len(merged.entries))]
    assert shelf.books.entries(own.id)[0].id == lamp.id
    assert copies.in_card(card.summary.id) == own.id


def test_putting_is_taken_back_with_all_that_was_noted(shelf: Shelf, copies: CardCopies) -> None:
    first, second = shelf.book("Tarn").id, shelf.book("Bell", name="Bells").id
    bare, own = shelf.card("Mirela"), shelf.card("Voss", book_of("Lamp"))
    copied = shelf.card("Ana")
    copies.put(first, {copied.summary.id: 1}, "replace")
    shelf.books.books()
    items = copies.put(second, {bare.summary.id: 1, own.summary.id: 1, copied.summary.id: 2}, "replace")
    assert [copy.card_name for copy in copies.of_book(second)] == ["Ana", "Mirela", "Voss"]
    _edit(shelf, bare.summary.id, book_of("Mine"))
    done = copies.undo(second, items)
    assert [item.status for item in done] == ["failed", "put", "put"]  # the first was changed since
    assert _titles(shelf, bare.summary.id) == ["Mine"]
    assert (_titles(shelf, own.summary.id), _titles(shelf, copied.summary.id), _own(shelf)) == (
        ["Lamp"],
        ["Tarn"],
        [("Voss", 1)],
    )
    assert [copy.state for copy in copies.of_book(first)] == ["same"]
    assert [(copy.card_name, copy.state) for copy in copies.of_book(second)] == [("Mirela", "changed")]


def test_what_was_changed_in_a_card_comes_back_into_the_book(shelf: Shelf, copies: CardCopies) -> None:
    book = shelf.book("Tarn", "Bell", "Lamp").id
    card = shelf.card("Mirela")
    copies.put(book, {card.summary.id: 1}, "replace")
    copy = shelf.library.card(card.summary.id).card.character_book or CharacterBook()
    tarn, bell, lamp = copy.entries
    edited = [
        tarn.model_copy(update={"content": "Black and deep."}),
        lamp.model_copy(update={"content": "Changed in the card."}),
        entry_of("Harbour", 9),
    ]
    _edit(shelf, card.summary.id, copy.model_copy(update={"entries": edited, "name": "Another name"}))
    ids = shelf.ids(book)
    ours = lamp.model_copy(update={"content": "Changed in the book."})
    shelf.books.change([Put(book, (EntryState(ids["Lamp"], ours),))])
    assert [(each.state, each.behind) for each in copies.of_book(book)] == [("changed", True)]
    proposal = copies.back(book, card.summary.id)
    contents = [(entry.name, entry.content) for entry in proposal.after.entries]
    assert contents == [
        ("Tarn", "Black and deep."),
        ("Bell", "About Bell."),  # taken out of the card, not of the book
        ("Lamp", "Changed in the book."),
        ("Harbour", "About Harbour."),
        ("Lamp", "Changed in the card."),
    ]
    assert bell in proposal.before.entries
    assert set(proposal.expected) == {ids["Tarn"]}
    change = shelf.books.change(proposal.steps, proposal.expected)
    assert shelf.ids(book)["Tarn"] == ids["Tarn"]
    assert [entry.entry.content for entry in shelf.books.entries(book)] == [text for _, text in contents]
    assert len({str(entry.entry.id) for entry in shelf.books.entries(book)}) == 5
    shelf.books.change(change.undo)
    assert shelf.titles(book) == ["Tarn", "Bell", "Lamp"]


def test_where_the_history_is_gone_only_what_is_new_is_added(shelf: Shelf, copies: CardCopies) -> None:
    book = shelf.book("Tarn").id
    card = shelf.card("Mirela", CharacterBook(entries=[entry_of("Tarn", 1, "Else."), entry_of("Bell", 2)]))
    after = copies.back(book, card.summary.id).after
    assert (after.entries[0].content, after.entries[-1].name) == ("About Tarn.", "Bell")


def test_a_copy_that_is_let_go_is_the_cards_own(shelf: Shelf, copies: CardCopies) -> None:
    book = shelf.book("Tarn", "Bell").id
    cards = [shelf.card(name) for name in ("Mirela", "Voss")]
    copies.put(book, {card.summary.id: 1 for card in cards}, "replace")
    copies.detach(book, [cards[0].summary.id])
    assert (_own(shelf), [copy.card_name for copy in copies.of_book(book)]) == ([("Mirela", 2)], ["Voss"])
    # So are those of a deleted book, until it is back.
    shelf.books.delete([book])
    assert sorted(_own(shelf)) == [("Mirela", 2), ("Voss", 2)]
    shelf.books.undelete([book])
    assert (_own(shelf), _summary(shelf, book).cards) == ([("Mirela", 2)], 1)


def test_a_cards_own_deleted_book_does_not_come_back_over_a_copy(shelf: Shelf, copies: CardCopies) -> None:
    card, book = shelf.card(book=book_of("Lamp", name="Own")), shelf.book("Tarn").id
    own = next(each.id for each in shelf.books.books() if each.card_id)
    shelf.books.delete([own])
    copies.put(book, {card.summary.id: shelf.library.card(card.summary.id).version}, "replace")
    shelf.books.undelete([own])
    assert _titles(shelf, card.summary.id) == ["Tarn"]
    assert (_summary(shelf, own).card_id, shelf.titles(own), _own(shelf)) == ("", ["Lamp"], [])


def test_another_head_of_the_book_makes_copies_old_too(shelf: Shelf, copies: CardCopies) -> None:
    book = shelf.book("Tarn").id
    card = shelf.card()
    copies.put(book, {card.summary.id: 1}, "replace")
    shelf.books.change([SetHead(book, CharacterBook(name="Mere", scan_depth=9))])
    copies.put(book, {card.summary.id: 2}, "replace")
    found = shelf.library.card(card.summary.id).card.character_book
    assert found is not None
    assert (found.name, found.scan_depth, copies.of_book(book)[0].state) == ("Mere", 9, "same")


_entries = st.lists(
    st.builds(
        entry_of, st.sampled_from(["Tarn", "Bell", "Lamp"]), st.just(1), st.sampled_from(["One.", "Two."])
    ),
    max_size=4,
)


@given(book=_entries, copy=_entries, base=_entries | st.none())
def test_nothing_of_a_book_is_lost_by_taking_back(
    book: list[BookEntry], copy: list[BookEntry], base: list[BookEntry] | None
) -> None:
    copied = None if base is None else CharacterBook(entries=base)
    before = CharacterBook(name="Tarn", entries=book)
    after = taken_back(before, CharacterBook(name="Else", entries=copy), copied)
    assert after.name == "Tarn"
    assert len(after.entries) >= len(book)
    known = {entry.content for entry in (base or [])}
    for entry, now in zip(book, after.entries, strict=False):
        assert entry == now or (base is not None and entry.content in known and now in copy)
    untouched = taken_back(before, CharacterBook(entries=base or []), copied)
    assert untouched.entries[: len(book)] == book


def test_differences_are_counted_as_people_see_them() -> None:
    before = book_of("Sol", "Rhea", "Lamp")
    sol, rhea, lamp = before.entries
    rhea_now, mere = rhea.model_copy(update={"content": "Old now."}), entry_of("Mere", 1)
    after = before.model_copy(update={"entries": [rhea_now, sol, mere]})
    found = difference(before, after)
    assert found == Difference(added=1, changed=1, removed=1, others=True), "Lamp went, whatever its number"
    assert difference(before, before).empty
    # As SillyTavern's own files and cards have them: nothing anybody wrote differs.
    by_sillytavern = world_info.read(json.loads(world_info.write(for_v3(before))), Notes())
    assert difference(before, CharacterBook.model_validate(by_sillytavern)).empty
    assert difference(before, for_v3(before)).empty
    assert difference(None, before) + difference(before, None) == Difference(3, 0, 3, others=True)
    assert lamp not in after.entries
