"""What is done to entries: many at once, split, merged, found and replaced."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.books import editing
from cardforge_desktop.books.editing import edits
from cardforge_desktop.books.editing.replacing import PatternError, Search
from cardforge_desktop.books.model import Entry, EntryState, Place, Put, Remove
from cardforge_desktop.cards.book_fields import category_of, title_of, with_category
from cardforge_desktop.cards.model import BookEntry
from tests.books.shelves import Shelf, book_of

_TIME = datetime(2026, 11, 26, tzinfo=UTC)
_WORDS = st.text("abcé Mill.,\n#`-", max_size=120)
_KEYS = st.lists(st.text("abcMill é", min_size=1, max_size=8), max_size=4)


def an_entry(number: int = 1, book_id: str = "book_1", **fields: Any) -> Entry:
    held = BookEntry.model_validate({"keys": ["Mill"], "content": "The mill.", "name": "Mill", **fields})
    return Entry(f"entry_{number}", book_id, number, 1, held, 3, _TIME, _TIME)


def made_of(steps: editing.Steps) -> list[BookEntry]:
    """The entries that steps put."""
    return [state.entry for step in steps if isinstance(step, Put) for state in step.entries]


_ENTRIES = st.builds(
    an_entry,
    content=_WORDS,
    keys=_KEYS,
    secondary_keys=_KEYS,
    enabled=st.booleans(),
    priority=st.none() | st.integers(-5, 5),
    extensions=st.dictionaries(st.sampled_from(("depth", "probability", "x")), st.integers(0, 9)),
    strange=st.lists(st.integers(), max_size=2),
)


# Many at once


@given(_ENTRIES)
def test_a_bulk_edit_changes_its_field_and_no_other(entry: Entry) -> None:
    """Unknown fields stay, and what is so already is not put."""
    edits_and_fields: list[tuple[edits.Edit, set[str]]] = [
        (edits.setting("category", "People"), {"extensions"}),
        (edits.setting("enabled", False), {"enabled"}),
        (edits.setting("constant", True), {"constant"}),
        (edits.setting("priority", 7), {"priority"}),
        (edits.raising("priority", 3), {"priority"}),
        (edits.raising("insertion_order", -3), {"insertion_order"}),
        (edits.setting("position", 4), {"position", "extensions"}),
        (edits.with_chance(40), {"extensions"}),
        (edits.setting("case_sensitive", True), {"case_sensitive", "extensions"}),
        (edits.setting("match_whole_words", False), {"extensions"}),
        (edits.adding_keys(["Tarn", "tarn"]), {"keys"}),
        (edits.dropping_keys(["mill"]), {"keys", "secondary_keys"}),
        (edits.with_trimmed_keys, {"keys", "secondary_keys"}),
    ]
    before = entry.entry.model_dump()
    for edit, fields in edits_and_fields:
        steps = editing.changed([entry], edit)
        for after in made_of(steps):
            dumped = after.model_dump()
            assert {name for name in dumped if dumped[name] != before[name]} <= fields
            assert dumped["strange"] == before["strange"]
            held = {**before["extensions"], **dumped["extensions"]}
            assert held == dumped["extensions"], "nothing of extensions is lost"
            again = an_entry(**after.model_dump(exclude_unset=True))
            if edit not in (edits_and_fields[4][0], edits_and_fields[5][0]):
                assert editing.changed([again], edit) == (), "done once is done"


def test_entries_of_two_books_are_changed_in_theirs() -> None:
    steps = editing.set_enabled([an_entry(1), an_entry(2, "book_2"), an_entry(3, enabled=False)], False)
    assert [(step.book_id, len(step.entries)) for step in steps if isinstance(step, Put)] == [
        ("book_1", 1),
        ("book_2", 1),
    ]
    assert editing.removed([an_entry(1), an_entry(2, "book_2")]) == (
        Remove("book_1", ("entry_1",)),
        Remove("book_2", ("entry_2",)),
    )


def test_toggling_several_makes_all_what_the_first_was_not() -> None:
    mixed = [an_entry(1, enabled=True), an_entry(2, enabled=False)]
    assert [entry.enabled for entry in made_of(editing.toggle_enabled(mixed))] == [False]
    assert editing.toggle_enabled(()) == ()


def test_the_order_is_numbered_as_the_entries_are_shown() -> None:
    shown = [an_entry(at, insertion_order=order) for at, order in enumerate((5, 20, 5))]
    steps = editing.number_order(shown)
    assert [entry.insertion_order for entry in made_of(steps)] == [10, 30]
    assert [entry.insertion_order for entry in made_of(editing.number_order(shown, 0, 2.5))] == [0, 2.5]
    huge = an_entry(insertion_order=1.7e308)
    assert editing.changed([huge], edits.raising("insertion_order", 1.7e308)) == ()
    far = an_entry(insertion_order=10**400)
    assert editing.changed([far], edits.raising("insertion_order", 0.5)) == ()


def test_a_category_is_renamed_where_it_stands() -> None:
    people, places = (
        Entry(f"e{at}", "b", at, 1, with_category(BookEntry(), name), 0, _TIME, _TIME)
        for at, name in enumerate(("People", "Places"))
    )
    steps = editing.rename_category([people, places], "People", "Folk")
    assert [category_of(entry) for entry in made_of(steps)] == ["Folk"]
    cleared = made_of(editing.set_category([people], ""))
    assert cleared[0].extensions == {}


def test_duplicates_get_free_titles_and_stand_where_they_are_told() -> None:
    one, two = an_entry(1, id=7, comment="Mill"), an_entry(2, name="Mill (2)", x_note={"a": 1})
    states = editing.duplicate([one, two], taken=["Mill (3)"])
    assert [title_of(state.entry) for state in states] == ["Mill (4)", "Mill (5)"]
    assert states[0].entry.comment == "Mill (4)"
    assert states[0].entry.id is None
    assert states[1].entry.model_extra == {"x_note": {"a": 1}}
    places = {states[0].id: 10, states[1].id: 20, "entry_1": 0}
    put, moved = editing.inserted("book_1", states, places)
    assert isinstance(put, Put)
    assert [state.place for state in put.entries] == [10, 20]
    assert moved == Place("book_1", {"entry_1": 0})


# Split and merge


def _bare(text: str) -> str:
    return "".join(text.split())


@given(_ENTRIES, st.integers(0, 130), st.integers(0, 130))
def test_split_then_merged_all_text_and_keys_are_there(entry: Entry, start: int, end: int) -> None:
    content = entry.entry.content
    ways = (
        editing.pieces_at(content, start, max(start, end)),
        editing.pieces_by_heading(content),
        editing.pieces_by_paragraph(content),
    )
    for pieces in ways:
        assert _bare("".join(pieces)) == _bare(content)
        if not pieces:
            continue
        states = editing.split(entry, pieces)
        assert states[0].id == entry.id
        assert len({state.id for state in states}) == len(pieces)
        assert {key for state in states for key in state.entry.keys} == set(entry.entry.keys)
        for state in states:
            same = {"extensions", "secondary_keys", "priority", "enabled", "strange"}
            assert state.entry.model_dump(include=same) == entry.entry.model_dump(include=same)
        parts = [_as_entry(state) for state in states]
        if len(set(pieces)) == len(pieces) > 1:
            merged = editing.merge(parts)
            assert _bare(merged.entry.content) == _bare(content)
            assert merged.lost == ()
            keys = {key.strip().casefold() for key in entry.entry.keys} - {""}
            assert {key.casefold() for key in merged.entry.keys} == keys


def _as_entry(state: EntryState) -> Entry:
    return Entry(state.id, "book_1", 0, 1, state.entry, 0, _TIME, _TIME)


def test_keys_go_with_the_text_they_occur_in() -> None:
    entry = an_entry(
        keys=["Mill", "/tarn\\b/i", "miller", "far away"],
        content="@@depth 4\n# The mill\nA mill.\n\n# The lake\nOld TARN lies deep.\n\n# Nothing\nNo word.",
        comment="Mill",
    )
    first, second, third = editing.split(entry, editing.pieces_by_heading(entry.entry.content))
    assert first.entry.keys == ["Mill", "miller", "far away"], "what occurs nowhere stays with the first"
    assert second.entry.keys == ["/tarn\\b/i"]
    assert third.entry.keys == entry.entry.keys, "what none of them wakes is still woken"
    assert [title_of(state.entry) for state in (first, second, third)] == ["Mill", "The lake", "Nothing"]
    assert [state.entry.comment for state in (first, second)] == ["Mill", "The lake"]
    assert all(state.entry.content.startswith("@@depth 4\n#") for state in (first, second, third))


def test_where_text_is_cut() -> None:
    text = "# Book\nIntro\n\n## One\na\n\n```\n# no heading\n\nb\n```\n## Two\nc"
    assert [piece.split("\n")[0] for piece in editing.pieces_by_heading(text)] == [
        "# Book",
        "## One",
        "## Two",
    ]
    assert editing.pieces_by_paragraph(text) == (
        "# Book\nIntro",
        "## One\na",
        "```\n# no heading\n\nb\n```\n## Two\nc",
    )
    assert editing.pieces_by_paragraph("# Head\n\nbelow\n\nmore") == ("# Head\n\nbelow", "more")
    assert editing.pieces_at("one two three", 4, 7) == ("one", "two", "three")
    assert editing.pieces_at("one two", 3) == ("one", "two")
    assert editing.pieces_at("@@depth 2\none two", 13) == ("one", "two"), "decorators are no text"
    assert editing.pieces_at("one", 0) == ("one",)
    parts = editing.split(an_entry(name="", keys=["Mill"], content="a\n\nb"), ("a", "b"))
    assert [title_of(state.entry) for state in parts] == ["Mill", "Mill (2)"]


def test_merging_keeps_the_first_and_says_what_differed() -> None:
    one = an_entry(1, keys=["Mill"], secondary_keys=["river"], selective=True, comment="Mill", priority=3)
    two = an_entry(
        2,
        name="Miller",
        keys=["mill", "Miller"],
        secondary_keys=["flour", "River"],
        selective=True,
        content="@@depth 2\nHe grinds.",
        extensions={"depth": 2, "cardforge": {"category": "People"}},
        priority=5,
        comment="ask Ann",
    )
    three = an_entry(3, content="The mill.", keys=["wheel"], secondary_keys=["x"], enabled=False)
    merged = editing.merge([one, two, three])
    assert merged.entry.content == "The mill.\n\nHe grinds."
    assert merged.entry.keys == ["Mill", "Miller", "wheel"]
    assert merged.entry.secondary_keys == ["river", "flour"], "another logic's keys would mean something else"
    assert merged.entry.priority == 3
    assert merged.entry.name == "Mill"
    told = ("category", "comment", "decorators", "enabled", "extensions.depth", "priority", "secondary_keys")
    assert merged.lost == told
    assert merged.steps == (
        Put("book_1", (EntryState("entry_1", merged.entry),)),
        Remove("book_1", ("entry_2", "entry_3")),
    )


# Find and replace


def test_replacing_is_shown_and_counted_before_it_is_done() -> None:
    entries = [
        an_entry(1, content="Mill and mill.\nwindmill", keys=["mill", "the mill"], comment="Mill"),
        an_entry(2, name="Lake", keys=["lake"], content="Nothing here."),
    ]
    replaced = editing.replace_text(entries, Search("mill", whole_words=True), "Tarn, $1 \\2")
    assert (replaced.places, replaced.entries) == (6, 1)
    (after,) = made_of(replaced.steps)
    assert after.content == "Tarn, $1 \\2 and Tarn, $1 \\2.\nwindmill"
    assert after.keys == ["Tarn", "$1 \\2", "the Tarn"], "a comma parts keys, none comes twice"
    assert after.name == after.comment == "Tarn, $1 \\2"
    shown = [each for each in replaced.shown if each.part == "content"][1]
    assert shown.before[slice(*shown.old)] == "mill"
    assert shown.after[slice(*shown.new)] == "Tarn, $1 \\2"
    assert "windmill" not in shown.before, "a line of it"
    only = editing.replace_text(entries, Search("mill", frozenset({"content"}), match_case=True), "x")
    assert [entry.content for entry in made_of(only.steps)] == ["Mill and x.\nwindx"]
    assert editing.replace_text(entries, Search(""), "x").steps == ()
    assert editing.replace_text(entries, Search("mill", match_case=True), "mill").places == 0


def test_expressions_have_groups_and_keys_stay_valid() -> None:
    entry = an_entry(
        content="Anna Voss, Bert Weiss", keys=["/(ann)a/i", "gone", "Bert"], secondary_keys=["Ann"]
    )
    swapped = editing.replace_text(
        [entry], Search(r"(\w+) (\w+)", frozenset({"content"}), is_pattern=True), r"$2\n\1 $$"
    )
    assert made_of(swapped.steps)[0].content == "Voss\nAnna $, Weiss\nBert $"
    broken = editing.replace_text([entry], Search(r"\)a|gone", frozenset({"keys"}), is_pattern=True), "")
    assert (broken.left, broken.places) == (1, 1)
    (after,) = made_of(broken.steps)
    assert after.keys == ["/(ann)a/i", "Bert"], "no key is broken or empty"
    assert after.secondary_keys == ["Ann"]


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [("(", "unreadable"), ("a)(b", "unreadable"), ("(?:a{9999}){9999}", "large"), ("x" * 3000, "large")],
)
def test_an_expression_that_cannot_be_is_refused(pattern: str, kind: str) -> None:
    with pytest.raises(PatternError) as caught:
        editing.replace_text([an_entry()], Search(pattern, is_pattern=True, whole_words=True), "")
    assert caught.value.kind == kind


def test_what_is_put_in_is_checked_too() -> None:
    with pytest.raises(PatternError, match="no group 2"):
        editing.replace_text([an_entry()], Search("(mill)", is_pattern=True), "$2")


def test_an_expression_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardforge_desktop.books.editing.replacing.SECONDS", 0.05)
    entry = an_entry(content="a" * 40 + "!")
    with pytest.raises(PatternError) as caught:
        editing.replace_text([entry], Search("(a|a|aa)+$", frozenset({"content"}), is_pattern=True), "")
    assert caught.value.kind == "slow"


@given(_WORDS, st.text(max_size=5), st.text(max_size=5))
def test_plain_text_is_replaced_as_python_does(content: str, old: str, new: str) -> None:
    replaced = editing.replace_text(
        [an_entry(content=content)], Search(old, frozenset({"content"}), match_case=True), new
    )
    after = made_of(replaced.steps)
    assert (after[0].content if after else content) == (content.replace(old, new) if old else content)


# In the store


@pytest.mark.parametrize("at_once", [1000, 2])
def test_undo_brings_everything_back_byte_for_byte(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Whatever was done, in whatever book, in however many parts."""
    monkeypatch.setattr("cardforge_desktop.books.steps._AT_ONCE", at_once)
    book, other = (shelf.books.create(book_of("Mill", "Tarn", "Anna", name=name)) for name in ("One", "Two"))
    before = _dumped(shelf, book.id), _dumped(shelf, other.id)
    entries = shelf.books.entries(book.id)
    states = editing.split(entries[0], ("About", "Mill."))
    ids = [state.id for state in states[1:]]
    places = shelf.books.places_after(book.id, ids, entries[0].id)
    parts = (Put(book.id, states[:1]), *editing.inserted(book.id, states[1:], places))
    moving = [EntryState(entries[2].id, entries[2].entry)]
    there = shelf.books.places_after(other.id, [entries[2].id], None)
    deeds: list[editing.Steps] = [
        parts,
        editing.merge(entries).steps,
        editing.set_category(entries, "Places"),
        editing.replace_text(entries, Search("a"), "b").steps,
        editing.inserted(other.id, moving, there),
        editing.removed(entries),
    ]
    for steps in deeds:
        change = shelf.books.change(steps)
        assert (_dumped(shelf, book.id), _dumped(shelf, other.id)) != before
        shelf.books.change(change.undo)
        assert (_dumped(shelf, book.id), _dumped(shelf, other.id)) == before


def _dumped(shelf: Shelf, book_id: str) -> list[Any]:
    return [
        (each.id, each.place, each.entry.model_dump_json(exclude_unset=True))
        for each in shelf.books.entries(book_id)
    ]
