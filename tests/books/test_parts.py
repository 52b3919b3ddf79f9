"""Large changes: others write in between, and what is refused or cancelled on the way is taken back."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from cardforge_desktop.books.errors import BookError, ChangeCancelledError
from cardforge_desktop.books.model import EntryState, Place, Put, Remove, SetHead, Step
from cardforge_desktop.books.parts import PART, Watch, in_parts, size
from cardforge_desktop.books.storing import AT_ONCE
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.errors import ErrorCode
from tests.books.shelves import Shelf, check_indexes, entry_of

SIZE = 2 * PART + 1


def _large(shelf: Shelf, entries: int = SIZE) -> str:
    made = [BookEntry(id=at, name=f"E{at}", keys=[f"E{at}"], content="Told.") for at in range(entries)]
    return shelf.books.create(CharacterBook(name="Large", entries=made)).id


def _edited(shelf: Shelf, book_id: str) -> tuple[Put, dict[str, int]]:
    """Every entry says something else, and one is new."""
    entries = shelf.books.entries(book_id)
    states = [
        EntryState(each.id, each.entry.model_copy(update={"content": "Told anew."})) for each in entries
    ]
    put = Put(book_id, (*states, EntryState("entry_new", entry_of("New"))))
    return put, {entry.id: entry.version for entry in entries}


def test_others_write_between_the_parts_and_undo_takes_all_back(shelf: Shelf) -> None:
    book_id = _large(shelf)
    before = shelf.books.whole(book_id)
    put, expected = _edited(shelf, book_id)
    order = [state.id for state in put.entries[:SIZE]]
    head = before.model_copy(update={"name": "Larger", "entries": []})
    place = Place(book_id, {each: -at for at, each in enumerate(order)})
    told: list[tuple[int, int]] = []

    def look(done: int, of: int) -> None:
        """What another process would see, and what a crash at this moment would leave."""
        told.append((done, of))
        with closing(sqlite3.connect(shelf.store.path, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            counts = "SELECT book.entries, (SELECT count(*) FROM book_entry) FROM book"
            assert len(set(other.execute(counts).fetchone())) == 1
            other.execute("COMMIT")
        check_indexes(shelf.store)

    steps: list[Step] = [put, place, SetHead(book_id, head), Remove(book_id, (order[0],))]
    change = shelf.books.change(steps, expected, Watch(look))
    whole = 2 * SIZE + 2
    assert told[0] == (PART, whole)
    assert told[-1] == (whole, whole)
    assert len(told) == -(-whole // PART)
    after = shelf.books.whole(book_id)
    assert after.name == "Larger"
    names = [*(f"E{at}" for at in range(SIZE - 1, 0, -1)), "New"]
    assert [entry.name for entry in after.entries] == names
    assert {entry.content for entry in after.entries} == {"Told anew.", "About New."}
    assert change.revisions == {book_id: shelf.books.book(book_id).summary.revision}
    again = shelf.books.change(change.undo, change.versions)
    assert shelf.books.whole(book_id) == before
    shelf.books.change(again.undo, again.versions)
    assert shelf.books.whole(book_id) == after


def test_what_is_refused_on_the_way_is_taken_back(shelf: Shelf) -> None:
    """Of what another process changed meanwhile nothing is written over: neither by the change nor back."""
    book_id = _large(shelf)
    put, expected = _edited(shelf, book_id)
    done, waiting = put.entries[0].id, put.entries[SIZE - 1].id
    theirs = Put(book_id, tuple(EntryState(each, entry_of("Theirs")) for each in (done, waiting)))

    def write(_done: int, _of: int) -> None:
        if "Theirs" not in shelf.titles(book_id):
            shelf.books.change([theirs])

    with pytest.raises(BookError) as caught:
        shelf.books.change([put], expected, Watch(write))
    assert caught.value.code is ErrorCode.BOOK_CHANGED
    entries = {entry.id: entry.entry for entry in shelf.books.entries(book_id)}
    assert "entry_new" not in entries
    assert entries[done].name == entries[waiting].name == "Theirs"
    assert {entry.content for entry in entries.values()} == {"Told.", "About Theirs."}
    assert len(entries) == SIZE
    with pytest.raises(BookError):  # at once: nobody is told of a first part
        shelf.books.change([put], expected, Watch(lambda *_: pytest.fail("a part was done")))


def test_a_cancelled_change_is_taken_back(shelf: Shelf) -> None:
    book_id = _large(shelf)
    before = shelf.books.whole(book_id)
    watch = Watch(lambda *_: watch.cancelled.set())
    ids = tuple(entry.id for entry in shelf.books.entries(book_id))
    put, expected = _edited(shelf, book_id)
    for step in (put, Remove(book_id, ids)):
        with pytest.raises(ChangeCancelledError) as caught:
            shelf.books.change([step], expected, watch)
        assert shelf.books.whole(book_id) == before
        expected |= caught.value.versions
        watch.cancelled.clear()
    shelf.books.change([put], expected)  # as nobody else wrote, the versions are known
    check_indexes(shelf.store)


def test_no_version_of_an_entry_comes_twice(shelf: Shelf) -> None:
    """Edited, taken away and brought back elsewhere, it is not what it was when it had its first version."""
    book_id = shelf.book("Guild").id
    (entry,) = shelf.books.entries(book_id)
    put = Put(book_id, (EntryState(entry.id, entry_of("Edited")),))
    seen = {entry.version, *shelf.books.change([put]).versions.values()}
    for _ in range(2):
        gone = shelf.books.change([Remove(book_id, (entry.id,))])
        (version,) = shelf.books.change(gone.undo).versions.values()
        assert version not in seen
        seen.add(version)
    with pytest.raises(BookError):
        shelf.books.change([put], {entry.id: entry.version})


def test_what_no_store_holds_is_told_by_entry_and_places_never_run_out(shelf: Shelf) -> None:
    book_id = shelf.book("Guild").id
    endless = entry_of("Quay").model_copy(update={"extensions": {"n": 10**5000}})
    with pytest.raises(BookError, match=r"“Quay”.*thousands of digits"):
        shelf.books.change(
            [Put(book_id, (EntryState("entry_1", entry_of("A")), EntryState("entry_2", endless)))]
        )
    shelf.books.change([Put(book_id, (EntryState("entry_3", entry_of("Last"), 2**63 - 1),))])
    for after in ("entry_3", None):
        places = shelf.books.places_after(book_id, ["entry_new"], after)
        assert max(map(abs, places.values())) < 2**60
    shelf.books.change([Put(book_id, (EntryState("entry_4", entry_of("End")),))])
    assert shelf.titles(book_id) == ["Guild", "Last", "End"]


def test_of_a_book_that_can_not_be_completed_nothing_is_left(shelf: Shelf) -> None:
    with shelf.store.write() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON book_entry WHEN new.name = 'E2000' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(DatabaseError):
        _large(shelf, AT_ONCE + 1)
    with shelf.store.read() as session:
        for table in ("book", "book_entry", "book_entry_text"):
            count = session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert count.scalar_one() == 0
    check_indexes(shelf.store)


_NAMES = st.lists(st.text(max_size=2), max_size=9).map(tuple)
_STEPS = st.one_of(
    _NAMES.map(lambda ids: Remove("b", ids)),
    _NAMES.map(lambda ids: Put("b", tuple(EntryState(each, BookEntry()) for each in ids))),
    _NAMES.map(lambda ids: Place("b", {each: at for at, each in enumerate(ids)})),
    st.just(SetHead("b", CharacterBook())),
)


@given(st.lists(_STEPS, max_size=5), st.integers(1, 5))
def test_parts_are_the_whole(steps: list[Step], most: int) -> None:
    parts = list(in_parts(steps, most))
    assert all(len(part) > 0 and size(part) <= most for part in parts)
    assert [each for part in parts for step in part for each in _told(step)] == [
        each for step in steps for each in _told(step)
    ]


def _told(step: Step) -> list[object]:
    match step:
        case Put():
            return [("put", state.id) for state in step.entries]
        case Remove():
            return [("remove", each) for each in step.ids]
        case Place():
            return [("place", *each) for each in step.places.items()]
        case _:
            return ["head"]
