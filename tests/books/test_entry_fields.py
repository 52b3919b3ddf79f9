"""Fields that stand in two places say the same in both, and what is not touched stays as it was."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.books.entry_fields import AT_DEPTH, BEFORE, FIELDS, OUTLET
from cardforge_desktop.cards.formats import world_info
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.model import BookEntry, CharacterBook


def write(entry: BookEntry, **values: Any) -> BookEntry:
    for name, value in values.items():
        entry = FIELDS[name].write(entry, value)
    return entry


def world(entry: BookEntry) -> dict[str, Any]:
    """The entry as SillyTavern gets it."""
    made = json.loads(world_info.write(CharacterBook(entries=[entry])))
    del made["originalData"]
    return dict(made["entries"]["0"])


def test_the_position_is_said_to_both_kinds_of_readers() -> None:
    entry = write(BookEntry(position="before_char"), position=AT_DEPTH, depth=2, role=1)
    assert (entry.position, entry.extensions) == ("after_char", {"position": 4, "depth": 2, "role": 1})
    told = world(entry)
    assert (told["position"], told["depth"], told["role"]) == (4, 2, 1)
    entry = write(entry, position=BEFORE)
    assert (entry.position, world(entry)["position"]) == ("before_char", 0)
    assert write(BookEntry(), position=OUTLET, outlet_name="tarn").extensions == {
        "position": 7,
        "outlet_name": "tarn",
    }
    entry = write(entry, position=None)
    assert (entry.position, "position" in entry.extensions, world(entry)["position"]) == (None, False, 1)
    assert FIELDS["position"].read(BookEntry(extensions={"position": "4"})) == AT_DEPTH
    assert FIELDS["position"].read(BookEntry(position="before_char")) == BEFORE


def test_the_case_is_said_to_both_kinds_of_readers() -> None:
    for value in (True, False):
        entry = write(BookEntry(), case_sensitive=value)
        assert (entry.case_sensitive, world(entry)["caseSensitive"]) == (value, value)
    entry = write(entry, case_sensitive=None)
    assert (entry.case_sensitive, entry.extensions, world(entry)["caseSensitive"]) == (None, {}, None)
    # SillyTavern reads its own place first
    assert (
        FIELDS["case_sensitive"].read(BookEntry(case_sensitive=True, extensions={"case_sensitive": False}))
        is False
    )


def test_the_title_takes_a_comment_that_is_the_title_along() -> None:
    ours = write(BookEntry(name="Quay"), title="Pier")
    assert (ours.name, ours.comment) == ("Pier", None)
    theirs = write(BookEntry(comment="Quay"), title="Pier")
    assert (theirs.name, theirs.comment) == (None, "Pier")
    both = write(BookEntry(name="Quay", comment="Quay"), title="Pier")
    assert (both.name, both.comment) == ("Pier", "Pier")
    apart = write(BookEntry(name="Quay", comment="seen by day"), title="Pier")
    assert (apart.name, apart.comment) == ("Pier", "seen by day")
    assert write(both, title="").comment is write(both, title="").name is None


def test_a_comment_leaves_the_title_what_it_was() -> None:
    entry = write(BookEntry(comment="Quay"), comment="seen by day")
    assert (FIELDS["title"].read(entry), FIELDS["comment"].read(entry)) == ("Quay", "seen by day")
    entry = write(entry, comment="")
    assert (entry.name, entry.comment) == ("Quay", None)
    entry = write(write(BookEntry(), comment="s"), comment="se")
    assert (FIELDS["title"].read(entry), FIELDS["comment"].read(entry)) == ("", "se")


def test_secondary_keys_count_from_the_first_on() -> None:
    entry = write(BookEntry(), secondary_keys=["mist"])
    assert (entry.secondary_keys, entry.selective) == (["mist"], True)
    off = write(entry, selective=False, secondary_keys=["mist", "fog"])
    assert off.selective is False
    assert write(off, secondary_keys=[]).secondary_keys is None


def test_recursion_is_held_back_by_a_tick_or_a_level() -> None:
    field = FIELDS["delay_until_recursion"]
    for held, read in ((True, 1), (False, None), (0, None), (3, 3), (None, None)):
        assert field.read(BookEntry(extensions={"delay_until_recursion": held})) == read
    assert write(BookEntry(), delay_until_recursion=1).extensions == {"delay_until_recursion": True}
    assert write(BookEntry(), delay_until_recursion=2).extensions == {"delay_until_recursion": 2}
    assert (
        write(BookEntry(extensions={"delay_until_recursion": 2}), delay_until_recursion=None).extensions == {}
    )


def test_what_is_set_comes_to_sillytavern_and_back() -> None:
    values = {"probability": 50, "useProbability": False, "selectiveLogic": 3, "sticky": 2, "group": "lamps"}
    values |= {"match_scenario": True, "triggers": ("swipe",), "exclude_recursion": True, "scan_depth": 7}
    entry = write(BookEntry(keys=["quay"]), **values)
    made = json.loads(world_info.write(CharacterBook(entries=[entry])))
    del made["originalData"]
    back = BookEntry.model_validate(world_info.read(made, Notes())["entries"][0])
    assert {name: FIELDS[name].read(back) for name in values} == values


def test_unknown_fields_are_changed_as_a_whole() -> None:
    entry = BookEntry.model_validate({"keys": ["quay"], "x_one": 1, "x_two": {"deep": None}})
    changed = write(entry, unknown={"x_two": 2})
    assert (changed.model_extra, changed.keys) == ({"x_two": 2}, ["quay"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.sampled_from(["", "4", "Quay", "after_char"]),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)
ENTRIES = st.builds(
    lambda fields, extensions: BookEntry.model_validate({**fields, "extensions": extensions}),
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.sampled_from(["", "Quay", "Pier"]),
            "comment": st.sampled_from(["", "Quay", "seen"]),
            "position": st.sampled_from(["before_char", "after_char"]),
            "case_sensitive": st.booleans(),
            "constant": st.booleans(),
            "secondary_keys": st.lists(st.text("ab", max_size=2), max_size=2),
            "x_other": st.integers(),
        },
    ),
    st.dictionaries(st.sampled_from([*FIELDS, "cardforge", "x"]), JSON, max_size=5),
)


@given(ENTRIES)
def test_writing_back_what_is_read_changes_nothing(entry: BookEntry) -> None:
    for name, field in FIELDS.items():
        assert field.write(entry, field.read(entry)) is entry, name


@given(ENTRIES, ENTRIES)
def test_what_is_written_is_read_again(entry: BookEntry, other: BookEntry) -> None:
    for name, field in FIELDS.items():
        wanted = field.read(other)
        if name != "comment" or wanted != FIELDS["title"].read(entry):  # then it is the title
            assert field.read(field.write(entry, wanted)) == wanted, name
