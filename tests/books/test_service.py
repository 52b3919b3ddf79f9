"""Books by themselves: kept whole, changed in steps that can be taken back, never over somebody else's."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardforge_desktop.books.errors import BookError
from cardforge_desktop.books.model import EntryState, Place, Put, Remove, SetHead
from cardforge_desktop.books.placing import places_between
from cardforge_desktop.cards.book_fields import with_category, with_tags, with_version
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Kind
from cardforge_desktop.store.database import Store
from tests.books.shelves import Shelf, book_of, check_indexes, entry_of, put

#: A field of everything, unknown ones too, with what SQLite's text can't hold.
WHOLE = CharacterBook.model_validate(
    {
        "name": "Old Tarn",
        "description": "The town.\ud800",
        "scan_depth": 7,
        "token_budget": 10**400,
        "recursive_scanning": False,
        "extensions": {"other": {"a": None}, "cardforge": {"tags": ["town"], "version": "2.1"}},
        "unknown_of_book": [1, {"two": None}],
        "entries": [
            {
                "keys": ["Lantern Guild", "/guild(s)?/i"],
                "content": "@@depth 4\nMoneylenders.",
                "extensions": {"selectiveLogic": 3, "probability": 40, "cardforge": {"category": "Factions"}},
                "enabled": False,
                "insertion_order": 10**400,
                "use_regex": True,
                "case_sensitive": None,
                "constant": True,
                "selective": True,
                "secondary_keys": [],
                "position": "after_char",
                "priority": 1.5,
                "id": "seven",
                "name": "The Guild\udfff",
                "comment": "",
                "unknown": {"deep": [None, True]},
            },
            {"keys": [], "content": ""},
        ],
    }
)


def test_a_book_is_kept_whole(shelf: Shelf) -> None:
    """Unset fields stay unset, unknown ones stay."""
    made = shelf.books.create(WHOLE)
    kept = shelf.books.whole(made.id)
    assert kept == WHOLE
    assert kept.model_dump(exclude_unset=True) == WHOLE.model_dump(exclude_unset=True)
    assert (made.version, made.tags, made.entries) == ("2.1", ("town",), 2)


def test_a_book_is_counted(shelf: Shelf) -> None:
    made = shelf.book("Guild", "Quay")
    entries = shelf.books.entries(made.id)
    assert made.entries == 2
    assert made.tokens == sum(entry.tokens for entry in entries) > 0
    shelf.books.change([Remove(made.id, (entries[0].id,))])
    after = shelf.books.book(made.id).summary
    assert (after.entries, after.tokens) == (1, entries[1].tokens)
    assert after.revision > made.revision


def test_names_of_books_are_their_own(shelf: Shelf) -> None:
    """SillyTavern overwrites equal names; the book in a card takes part."""
    shelf.card(book=book_of("Guild", name="Old Tarn"))
    shelf.books.books()
    names = [shelf.book(name="old tarn").name, shelf.book(name="Old Tarn").name, shelf.book(name="").name]
    assert names == ["old tarn 2", "Old Tarn 3", "Unnamed book"]
    long = [shelf.book(name="N" * 1_000).name for _ in range(2)]  # of which the beginning is compared
    assert long == ["N" * 1_000, "N" * 100 + " 2"]


def test_every_change_can_be_taken_back(shelf: Shelf) -> None:
    made = shelf.book("Guild", "Quay", "Warden")
    before = shelf.books.whole(made.id)
    ids = shelf.ids(made.id)
    head = with_tags(with_version(CharacterBook(name="Renamed", description="New."), "3"), ["a"])
    change = shelf.books.change(
        [
            Put(made.id, (EntryState(ids["Quay"], with_category(entry_of("Pier"), "Places")),)),
            put(made.id, [entry_of("Tower")]),
            Remove(made.id, (ids["Guild"],)),
            Place(made.id, shelf.books.places_after(made.id, [ids["Warden"]], None)),
            SetHead(made.id, head),
        ]
    )
    assert shelf.titles(made.id) == ["Warden", "Pier", "Tower"]
    assert shelf.books.book(made.id).summary.tags == ("a",)
    again = shelf.books.change(change.undo)
    assert shelf.books.whole(made.id) == before
    assert shelf.ids(made.id) == ids
    shelf.books.change(again.undo)
    assert shelf.titles(made.id) == ["Warden", "Pier", "Tower"]


def test_entries_move_between_books_and_back(shelf: Shelf) -> None:
    tarn, marsh = shelf.book("Guild", "Quay"), shelf.book("Reeds", name="Marsh")
    guild = shelf.books.entries(tarn.id)[0]
    places = shelf.books.places_after(marsh.id, [guild.id], None)
    change = shelf.books.change([Put(marsh.id, (EntryState(guild.id, guild.entry, places[guild.id]),))])
    assert (shelf.titles(tarn.id), shelf.titles(marsh.id)) == (["Quay"], ["Guild", "Reeds"])
    assert {book.name: book.entries for book in shelf.books.books()} == {"Marsh": 2, "Old Tarn": 1}
    assert change.revisions.keys() == {tarn.id, marsh.id}
    shelf.books.change(change.undo)
    assert (shelf.titles(tarn.id), shelf.titles(marsh.id)) == (["Guild", "Quay"], ["Reeds"])


def test_nobody_writes_over_what_they_did_not_know(shelf: Shelf) -> None:
    made = shelf.book("Guild")
    entry = shelf.books.entries(made.id)[0]
    mine = Put(made.id, (EntryState(entry.id, entry_of("Mine")),))
    first = shelf.books.change([Put(made.id, (EntryState(entry.id, entry_of("Theirs")),))])
    with pytest.raises(BookError) as caught:
        shelf.books.change([mine, put(made.id, [entry_of("More")])], {entry.id: entry.version})
    assert caught.value.code is ErrorCode.BOOK_CHANGED
    assert shelf.titles(made.id) == ["Theirs"]
    shelf.books.change([mine], first.versions)
    assert shelf.titles(made.id) == ["Mine"]


def test_a_step_that_fails_takes_all_back(shelf: Shelf) -> None:
    made = shelf.book("Guild")
    with pytest.raises(BookError) as caught:
        shelf.books.change([put(made.id, [entry_of("Quay")]), put("book_gone", [entry_of("Tower")])])
    assert caught.value.code is ErrorCode.BOOK_NOT_FOUND
    assert shelf.titles(made.id) == ["Guild"]


def test_a_deleted_book_comes_back(shelf: Shelf) -> None:
    made = shelf.book("Guild")
    shelf.books.delete([made.id])
    assert shelf.books.books() == ()
    with pytest.raises(BookError):
        shelf.books.whole(made.id)
    shelf.books.undelete([made.id])
    assert shelf.titles(made.id) == ["Guild"]
    assert shelf.told[-1].kind is Kind.BOOK
    shelf.books.delete([made.id])
    shelf.book("Quay")  # has the name now
    shelf.books.undelete([made.id])
    assert {each.name for each in shelf.books.books()} == {"Old Tarn", "Old Tarn 2"}
    assert shelf.books.whole(made.id).name == "Old Tarn 2"


def test_a_book_that_is_being_forgotten_does_not_come_back_in_part(shelf: Shelf) -> None:
    made = shelf.book("Guild")
    shelf.books.delete([made.id])
    with shelf.store.write() as session:
        session.connection().exec_driver_sql("UPDATE book SET deleted_at = '2020-01-01 00:00:00.000000'")
    shelf.books.undelete([made.id])
    assert shelf.books.books() == ()


def test_a_book_is_found_by_name_and_id(shelf: Shelf) -> None:
    made = shelf.book(name="Old Tarn")
    assert shelf.books.by_name(" old tarn").id == shelf.books.by_name(made.id).id == made.id
    with pytest.raises(BookError, match="There are: Old Tarn"):
        shelf.books.by_name("Marsh")


def test_what_is_read_on_its_own_is_noted(shelf: Shelf) -> None:
    made = shelf.book("Guild")
    (entry,) = shelf.books.entries(made.id)
    assert entry.accessed_at is None
    shelf.books.entry(entry.id)
    assert shelf.books.entries(made.id)[0].accessed_at is not None
    shelf.books.change([Remove(made.id, (entry.id,))])
    with pytest.raises(BookError):
        shelf.books.entry(entry.id)


@given(st.data())
def test_places_put_entries_where_they_are_wanted(data: st.DataObject) -> None:
    names = [f"e{number}" for number in range(data.draw(st.integers(0, 8)))]
    gaps = data.draw(st.lists(st.integers(1, 4), min_size=len(names), max_size=len(names)))
    order = [(name, sum(gaps[: at + 1])) for at, name in enumerate(names)]
    ids = data.draw(st.permutations([*names, "new1", "new2"]))[: data.draw(st.integers(1, len(names) + 2))]
    after = data.draw(st.sampled_from([None, *names]))
    places = {**dict(order), **places_between(order, ids, after)}
    got = sorted(places, key=places.__getitem__)
    assert len(set(places.values())) == len(places)
    stay = [name for name in names if name not in ids]
    assert [name for name in got if name in stay] == stay
    at = 0
    if after is not None:
        at = len([name for name in names[: names.index(after) + 1] if name not in ids])
    assert got[at : at + len(ids)] == list(ids)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_ENTRIES = st.builds(
    lambda fields, unknown: BookEntry.model_validate({**unknown, **fields}),
    st.fixed_dictionaries(
        {"keys": st.lists(st.text(max_size=6), max_size=3), "content": st.text(max_size=20)},
        optional={"name": st.none() | st.text(max_size=6), "extensions": st.dictionaries(st.text(), _JSON)},
    ),
    st.dictionaries(st.sampled_from(["x_one", "x_two"]), _JSON),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(_ENTRIES, max_size=4))
def test_any_book_comes_back_as_it_was(shelf: Shelf, entries: list[BookEntry]) -> None:
    made = shelf.books.create(CharacterBook(name="Any", entries=entries))
    kept = shelf.books.whole(made.id).entries
    assert json.dumps([fields_of(entry) for entry in kept]) == json.dumps([fields_of(e) for e in entries])


def test_the_index_follows_every_change(shelf: Shelf) -> None:
    made = shelf.book("Guild", "Quay")
    ids = shelf.ids(made.id)
    shelf.books.change([Put(made.id, (EntryState(ids["Guild"], entry_of("Émile")),))])
    shelf.books.change([Remove(made.id, (ids["Quay"],))])
    assert _found(shelf.store, "emile") == [ids["Guild"]]
    assert _found(shelf.store, "guild") == _found(shelf.store, "quay") == []
    shelf.books.delete([made.id])
    with shelf.store.write() as session:
        session.connection().exec_driver_sql("DELETE FROM book")
    check_indexes(shelf.store)


def _found(store: Store, word: str) -> list[str]:
    with store.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT id FROM book_entry JOIN book_search ON book_search.rowid = number "
            "WHERE book_search MATCH ?",
            (word,),
        )
        return [row[0] for row in rows]
