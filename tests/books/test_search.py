"""Entries are found by name, keys and content, filtered and ordered by all that is known."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.books.errors import BookError
from cardforge_desktop.books.marking import marks
from cardforge_desktop.books.model import BookSummary, EntryState, Place, Put, Remove
from cardforge_desktop.books.search import BookSearch, EntryQuery
from cardforge_desktop.cards.book_fields import with_category
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.errors import ErrorCode
from tests.books.shelves import Shelf, check_indexes, entry_of, put


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """One store for the tests that only look for what they put into a book of their own."""
    shelf = Shelf(tmp_path_factory.mktemp("store"))
    yield shelf
    shelf.store.close()


def found(shelf: Shelf, book_id: str, text: str = "", **query: object) -> list[str]:
    """The names, in their order; whatever is asked, the first rows and all numbers agree."""
    search = BookSearch(shelf.store)
    wanted = EntryQuery(book_id, text, **query)  # type: ignore[arg-type]
    numbers = search.numbers(wanted)
    page = search.page(wanted, 100)
    assert [line.number for line in page.lines] == list(numbers)
    assert page.is_all
    for limit in (1, 2, 3):
        part = search.page(wanted, limit)
        assert part.lines == page.lines[:limit]
        assert part.is_all == (len(numbers) <= limit)
    sizes = dict(search.counts(wanted).categories)
    if wanted.category is None:
        assert sum(sizes.values()) == search.counts(wanted).total == len(numbers)
    else:
        assert sizes.get(wanted.category, 0) == len(numbers)
    return [line.name for line in page.lines]


def book_with(shelf: Shelf, *entries: BookEntry, name: str = "Roads") -> BookSummary:
    return shelf.books.create(CharacterBook(name=name, entries=list(entries)))


def test_every_word_is_found_by_its_beginning(library: Shelf) -> None:
    book = library.book("Lantern Guild", "Old lantern", "Guild of Salt")
    assert found(library, book.id, "lant guil") == ["Lantern Guild"]
    assert found(library, book.id, "guil lant") == ["Lantern Guild"]
    assert found(library, book.id, "antern") == []
    assert found(library, book.id, "GUIL") == ["Guild of Salt", "Lantern Guild"]
    assert found(library, book.id, "lantern salt") == []


def test_words_in_quotes_stand_side_by_side(library: Shelf) -> None:
    book = library.book("The old lantern", "A lantern, old", "The Old Lanterns")
    for typed in ('"old lantern"', "“old lantern”", "„Old Lantern“", "«old lantern»"):
        assert found(library, book.id, typed) == ["The old lantern"]
    half = ["The old lantern", "The Old Lanterns"]
    for typed in ('"old lantern', '"old lan', '"old l'):
        assert found(library, book.id, typed) == half
    assert found(library, book.id, '"lantern old" a') == ["A lantern, old"]
    assert found(library, book.id, '"') == found(library, book.id, '""') == found(library, book.id)


def test_a_line_shows_where_it_was_found(library: Shelf) -> None:
    """What stands deep in a content or is a late key is in sight, and marked, in the list too."""
    deep = "Nobody goes there after dark. " * 30
    keys = ["door", "debt", "páinted flame"]
    street = f"@@depth 4\n{deep}Die Straße der Fischer. Ein Salzweg führt hinab.{deep}"
    book = book_with(
        library,
        entry_of("Street", 1, street).model_copy(update={"keys": keys}),
        entry_of("Salz", 2, f"{deep}salzig"),
        entry_of("Broken", 3, f"{deep}salzlos \ud800"),
    )
    search = BookSearch(library.store)

    def line(typed: str, name: str = "Street"):
        numbers = search.numbers(EntryQuery(book.id, typed))
        page = search.page(EntryQuery(book.id, typed), 9).lines
        assert page == search.lines(numbers, typed)
        return next(line for line in page if line.name == name)

    for typed in ("salz", "SALZWEG", "fuhrt hin"):
        excerpt = line(typed).excerpt
        assert excerpt.startswith("…Ein Salzweg"), typed
        assert marks(excerpt, typed)[0][0] < 40
    assert line("strasse").excerpt.startswith("…Die Straße")
    assert line("salz nobody").excerpt.startswith("…Ein Salzweg"), "what the beginning does not show"
    assert line("nobody").excerpt == line("").excerpt == deep[:240], "the beginning shows it"
    assert line("street").excerpt == line("").excerpt, "the name shows it"
    assert line("salz", "Salz").excerpt.startswith("Nobody")
    assert line("salz", "Broken").excerpt.endswith("salzlos ?")
    assert line("painted").keys == ("páinted flame", "door", "debt")
    assert line("painted").excerpt.startswith("Nobody")
    assert line("").keys == tuple(keys)
    assert line("door").excerpt.startswith("Nobody")
    [hit] = search.everywhere("salzweg", 9)
    assert hit.line.excerpt.startswith("…Ein Salzweg")


def test_the_best_finds_come_first(library: Shelf) -> None:
    book = book_with(
        library,
        entry_of("Content", 1, "The salt road."),
        entry_of("Keyed", 2).model_copy(update={"keys": ["salt"]}),
        entry_of("Old Salt", 3),
        entry_of("Saltworks", 4),
        entry_of("Secondary", 5).model_copy(update={"secondary_keys": ["salt"]}),
        entry_of("Sált", 6),
        entry_of("Salt road", 7),
        entry_of("Titled", 8).model_copy(update={"comment": "salt"}),
    )
    names = ["Sált", "Salt road", "Saltworks", "Old Salt", "Titled", "Keyed", "Secondary", "Content"]
    assert found(library, book.id, "salt") == names
    assert found(library, book.id, "salt", descending=True) == names
    assert found(library, book.id, '"salt"') == [name for name in names if name != "Saltworks"]
    assert found(library, book.id, "road salt") == ["Salt road", "Content"]
    assert found(library, book.id, "salt", sort="name") == [
        *("Content", "Keyed", "Old Salt", "Sált", "Salt road", "Saltworks", "Secondary", "Titled")
    ]


def test_names_that_are_keys_or_comments_count_as_names(library: Shelf) -> None:
    book = book_with(
        library,
        BookEntry(name="Tower", keys=["lamp"]),
        BookEntry(keys=["Lamp"]),
        BookEntry(comment="The lamp", keys=["x"]),
    )
    assert found(library, book.id, "lamp") == ["Lamp", "The lamp", "Tower"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(
            ("elan", "Élan"),
            ("ÉLAN", "Élan"),
            ("E\u0301lan", "Élan"),
            ("STRASSE", "Straße"),
            ("straß", "Straße"),
        ),
        *(("istan", "İstanbul"), ("kadin", "Kadın"), ("file", "ﬁles"), ("υμνος", "Ύμνος"), ("елка", "Ёлка")),
        *(
            ("灯台", "霧島の灯台守"),
            ("島の", "霧島の灯台守"),
            ("지기", "등대지기의"),
            ("ประภา", "คนเฝ้าประภาคาร"),
        ),
        *(("foo-b", "foo-bar"), ("c+", "C++"), ("★", "★★"), ("🗡", "🗡 Blade"), ("b2", "b2")),
    ],
)
def test_case_accents_and_scripts(library: Shelf, typed: str, name: str) -> None:
    book = library.book(
        *("Élan", "Straße", "İstanbul", "Kadın", "ﬁles", "Ύμνος", "Ёлка", "霧島の灯台守", "등대지기의"),
        *("คนเฝ้าประภาคาร", "foo-bar", "C++", "★★", "🗡 Blade", "b2"),
    )
    assert found(library, book.id, typed) == [name]
    assert marks(name, typed)


def test_signs_and_words_of_fts5_mean_nothing(library: Shelf) -> None:
    book = library.book("Lamp AND oil", "Lamp oil", "not near or")
    assert found(library, book.id, "lamp AND") == ["Lamp AND oil"]
    assert found(library, book.id, "NOT NEAR OR") == ["not near or"]
    for typed in (
        "lamp *",
        "lamp -",
        "-lamp",
        "name:lamp",
        "lamp:",
        "(lamp",
        "lamp ^",
        "+lamp",
        "lamp {}",
        "b1",
    ):
        found(library, book.id, typed)
    assert found(library, book.id, "lamp - oil *") == ["Lamp AND oil", "Lamp oil"]
    assert found(library, book.id, "about:enabled") == found(library, book.id, "enabled") == []


@given(
    typed=st.one_of(st.text(max_size=12), st.text('"*:^()+-{}“” AND OR NOT NEAR\0 a漢\ud800', max_size=12))
)
def test_nothing_that_can_be_typed_breaks_the_search(library: Shelf, typed: str) -> None:
    books = library.books.books()
    book_id = books[0].id if books else library.book("a").id
    found(library, book_id, typed)
    BookSearch(library.store).everywhere(typed, 5)


@given(word=st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=6))
def test_what_is_found_is_marked_and_nothing_else(library: Shelf, word: str) -> None:
    text = f"before {word} behind"
    book = book_with(library, BookEntry(name="x", content=text))
    for typed in (word, word.upper(), word[:1], f"{word} behind", f'"{word} beh', "efore", "nothing"):
        assert bool(found(library, book.id, typed)) == bool(marks(text, typed)), typed
    library.books.delete([book.id])


def test_filters_combine_with_each_other_and_the_text(library: Shelf) -> None:
    def entry(name: str, category: str, **fields: object) -> BookEntry:
        made = BookEntry(name=name, keys=["lamp"]).model_copy(update=fields)
        return with_category(made, category)

    book = book_with(
        library,
        entry("Harbour", "Places"),
        entry("Lower harbour", "places", enabled=False),
        entry("Lamp", "", constant=True, keys=[]),
        entry("Keeper", "", selective=True, secondary_keys=["oil"]),
        entry("Rule", "Places & more", keys=["/lamp(s)?/i"]),
        entry("Old rule", "Places", use_regex=True, enabled=False),
        entry("Blank", "Places", keys=[" "]),
    )
    assert found(library, book.id, category="Places") == ["Harbour", "Old rule", "Blank"]
    assert found(library, book.id, category="") == ["Lamp", "Keeper"]
    assert found(library, book.id, category="Nothing") == []
    assert found(library, book.id, "lamp", category="Places") == ["Harbour", "Old rule"]
    assert found(library, book.id, "harb", category="places") == ["Lower harbour"]
    states = {
        "disabled": ["Lower harbour", "Old rule"],
        "constant": ["Lamp"],
        "keyed": ["Harbour", "Lower harbour", "Keeper", "Rule", "Old rule"],
        "selective": ["Keeper"],
        "regex": ["Rule", "Old rule"],
        "no_keys": ["Lamp", "Blank"],
    }
    for state, names in states.items():
        assert found(library, book.id, states=frozenset({state})) == names
    assert len(found(library, book.id, states=frozenset({"enabled"}))) == 5
    both = frozenset({"disabled", "regex"})
    assert found(library, book.id, "old", states=both, category="Places", sort="name") == ["Old rule"]
    assert found(library, book.id, states=both, category="") == []
    counts = BookSearch(library.store).counts(EntryQuery(book.id, "lamp", category="places"))
    assert counts.total == 6
    assert counts.categories == (("", 2), ("Places", 2), ("places", 1), ("Places & more", 1))


def test_every_order_and_its_reverse(library: Shelf) -> None:
    rows = (("b", 3, 20, 5), ("Á", 1, 10, None), ("c", 2, 30, 1), ("a", 4, 10, 9))
    entries = [
        BookEntry(name=name, content="word " * words, insertion_order=order, priority=priority)
        for name, words, order, priority in rows
    ]
    book = book_with(library, *(with_category(each, each.name or "") for each in entries))
    ids = library.ids(book.id)
    library.books.change([put_again(library, book.id, "c")])
    library.books.change([Place(book.id, {ids["a"]: -5})])
    orders = {
        "place": ["a", "b", "Á", "c"],
        "name": ["a", "Á", "b", "c"],
        "tokens": ["Á", "c", "b", "a"],
        "order": ["a", "Á", "b", "c"],
        "priority": ["Á", "c", "b", "a"],
        "edited": ["a", "b", "Á", "c"],
        "category": ["a", "b", "c", "Á"],
    }
    for sort, names in orders.items():
        assert found(library, book.id, sort=sort) == names, sort
        assert found(library, book.id, sort=sort, descending=True) == names[::-1], sort
        if sort != "place":
            assert found(library, book.id, "word", sort=sort) == names, sort


def put_again(shelf: Shelf, book_id: str, name: str) -> Put:
    (entry,) = (each for each in shelf.books.entries(book_id) if each.entry.name == name)
    return Put(book_id, (EntryState(entry.id, entry.entry.model_copy(update={"selective": True})),))


def test_lists_follow_what_changes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    book, other = shelf.book("Lamp"), shelf.book("Tower", name="Other")
    step = put(book.id, [entry_of("Lighthouse"), entry_of("Mast")])
    change = shelf.books.change([step])
    assert found(shelf, book.id, "light") == ["Lighthouse"]
    lighthouse = step.entries[0]
    renamed = lighthouse.entry.model_copy(update={"name": "Beacon", "keys": ["b"], "content": "c"})
    put_so = [Put(book.id, (EntryState(lighthouse.id, renamed),))]
    shelf.books.change(put_so)
    assert found(shelf, book.id, "light") == []
    assert found(shelf, book.id, "beac") == ["Beacon"]
    moved = Put(other.id, put_so[0].entries)
    shelf.books.change([moved])
    assert found(shelf, book.id, "beac") == []
    assert found(shelf, other.id, "beac") == ["Beacon"]
    shelf.books.change([Remove(other.id, (lighthouse.id,))])
    assert found(shelf, other.id, "beac") == []
    shelf.books.change([moved])
    assert found(shelf, other.id, "beac") == ["Beacon"]
    search = BookSearch(shelf.store)
    assert [hit.book_id for hit in search.everywhere("beac", 9)] == [other.id]
    shelf.books.change(change.undo)
    shelf.books.delete([other.id])
    assert search.everywhere("beac", 9) == ()
    with pytest.raises(BookError) as error:
        search.page(EntryQuery(other.id), 5)
    assert error.value.code == ErrorCode.BOOK_NOT_FOUND
    shelf.books.undelete([other.id])
    assert len(search.everywhere("beac", 9)) == 1
    check_indexes(shelf.store)
    with shelf.store.write() as session:
        session.connection().exec_driver_sql("DELETE FROM book")
    assert search.everywhere("beac", 9) == ()
    check_indexes(shelf.store)
    shelf.store.close()


def test_a_large_book_is_stored_in_parts_and_forgotten_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("service.AT_ONCE", "storing.AT_ONCE", "storing._REMOVED_AT_ONCE"):
        monkeypatch.setattr(f"cardforge_desktop.books.{place}", 2)
    shelf = Shelf(tmp_path)
    book = shelf.book("a1", "a2", "a3", "a4", "a5")
    assert (book.name, book.entries, len(shelf.told)) == ("Old Tarn", 5, 1)
    assert found(shelf, book.id, "a") == shelf.titles(book.id) == ["a1", "a2", "a3", "a4", "a5"]
    check_indexes(shelf.store)
    shelf.books.delete([book.id])
    shelf.books.purge()
    shelf.books.undelete([book.id])
    assert len(found(shelf, book.id)) == 5  # 30 days are not over
    shelf.books.delete([book.id])
    with shelf.store.write() as session:
        session.connection().exec_driver_sql("UPDATE book SET deleted_at = '2020-01-01 00:00:00.000000'")
    shelf.books.purge()
    with shelf.store.read() as session:
        for table in ("book", "book_entry", "book_entry_text"):
            assert session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0
    check_indexes(shelf.store)
    shelf.store.close()


def test_entries_are_found_in_all_books(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.books.create(
        CharacterBook(name="Roads", entries=[entry_of("Road", 1, "salt"), entry_of("Old salt")])
    )
    shelf.card("Mirela", CharacterBook(name="Sea", entries=[entry_of("Salt"), entry_of("Wave")]))
    shelf.books.books()
    search = BookSearch(shelf.store)
    hits = [(hit.book_name, hit.card_name, hit.line.name) for hit in search.everywhere("salt", 9)]
    assert hits == [("Sea", "Mirela", "Salt"), ("Roads", "", "Old salt"), ("Roads", "", "Road")]
    assert [hit.line.name for hit in search.everywhere("salt", 1)] == ["Salt"]
    assert search.everywhere(" ", 9) == search.everywhere('"', 9) == ()
    assert search.everywhere("☂", 9) == ()
    shelf.store.close()


def test_numbers_ids_and_lines_go_together(library: Shelf) -> None:
    book = library.book("Ann", "Bert", "Cleo")
    search, ids = BookSearch(library.store), library.ids(book.id)
    numbers = search.numbers_of(book.id, [ids["Cleo"], "entry_none", ids["Ann"]])
    assert search.ids([*numbers, -1]) == (ids["Cleo"], ids["Ann"])
    assert [line.name for line in search.lines([-1, *numbers])] == ["Cleo", "Ann"]
    assert search.beginning_with(book.id, "BE") == set(search.numbers_of(book.id, [ids["Bert"]]))
    assert search.beginning_with(book.id, "") == set()


def test_the_index_is_one_part_again_after_many_changes(shelf: Shelf) -> None:
    made = shelf.books.create(
        CharacterBook(
            name="Lamps", entries=[BookEntry(keys=[f"lamp {at}"], content="oil") for at in range(300)]
        )
    )
    entries = shelf.books.entries(made.id)
    for word in ("wick", "wax", "flame"):
        states = [EntryState(at.id, at.entry.model_copy(update={"content": word})) for at in entries]
        shelf.books.change([Put(made.id, tuple(states))])
    assert _parts(shelf) > 1
    for _ in range(2):
        shelf.books.purge()
        assert _parts(shelf) == 1
    search = BookSearch(shelf.store)
    found = {word: len(search.numbers(EntryQuery(made.id, word))) for word in ("oil", "wick", "flame")}
    assert found == {"oil": 0, "wick": 0, "flame": 300}


def _parts(shelf: Shelf) -> int:
    with shelf.store.read() as session:
        ask = "SELECT count(DISTINCT segid) FROM {}_idx"
        indexes = ("book_search", "book_search_names")
        told = [session.connection().exec_driver_sql(ask.format(index)) for index in indexes]
        return max(int(each.scalar_one()) for each in told)


def test_a_category_that_is_no_unicode_is_found_as_it_is_listed(library: Shelf) -> None:
    odd = with_category(BookEntry(keys=["lamp"], content="", name="Lamp"), "Odd\ud800")
    book = library.books.create(CharacterBook(name="Odd", entries=[odd]))
    ((listed, _),) = BookSearch(library.store).counts(EntryQuery(book.id)).categories
    assert found(library, book.id, category=listed) == ["Lamp"]
