"""Keys that get in each other's way."""

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.books.keys import KeyClash, KeyedEntry, KeyIndex, folded, key_clashes, repeated


def entry(name: str, *keys: str) -> KeyedEntry:
    return KeyedEntry(f"id-{name}", name, keys)


def kinds(clashes: tuple[KeyClash, ...], kind: str) -> list[tuple[list[str], list[str]]]:
    return [
        (
            [f"{each.name}:{each.key}" for each in clash.holders],
            [f"{each.name}:{each.key}" for each in clash.longer],
        )
        for clash in clashes
        if clash.kind == kind
    ]


def test_equal_keys_of_two_entries_are_found_whatever_their_case_accents_and_blanks() -> None:
    found = key_clashes(
        [entry("A", " Café  Noir", "quay"), entry("B", "cafe noir"), entry("C", "QUAY "), entry("D", "pier")]
    )
    assert kinds(found, "equal") == [(["A: Café  Noir", "B:cafe noir"], []), (["A:quay", "C:QUAY "], [])]
    assert kinds(found, "within") == kinds(found, "repeated") == []


def test_a_key_within_another_as_whole_words_is_found() -> None:
    found = key_clashes(
        [
            entry("Guild", "guild"),
            entry("Lamps", "The Lantern Guild", "guildhall"),
            entry("Own", "issa", "warden issa"),
        ]
    )
    assert kinds(found, "within") == [(["Guild:guild"], ["Lamps:The Lantern Guild"])]
    # an entry that holds its own key once more is woken all the same
    assert kinds(found, "equal") == []


def test_signs_count_where_words_begin_and_end() -> None:
    found = key_clashes(
        [entry("C", "c"), entry("P", "c++"), entry("Q", "c-3"), entry("R", "c3"), entry("S", "-3")]
    )
    assert kinds(found, "within") == [(["C:c"], ["P:c++", "Q:c-3"])]
    index = KeyIndex([entry("Long", "a c++ guild"), entry("P", "c++")])
    assert [each.key for each in index.standing("c++", "id-P").longer] == ["a c++ guild"]


def test_regular_expressions_are_equal_to_themselves_alone() -> None:
    found = key_clashes(
        [entry("A", "/Quay/i"), entry("B", "/quay/i"), entry("C", "/Quay/i"), entry("D", "quay")]
    )
    assert kinds(found, "equal") == [(["A:/Quay/i", "C:/Quay/i"], [])]
    assert kinds(found, "within") == []


def test_keys_that_an_entry_has_twice_are_told_and_accents_make_another() -> None:
    assert repeated(["Quay", " quay ", "cafe", "café", "", "", "QUAY"]) == (1, 6)
    assert repeated(["Quay", "quay"], case_sensitive=True) == ()
    assert repeated(["/A/", "/a/", "/A/"]) == (2,)
    assert kinds(key_clashes([entry("A", "Quay", "quay")]), "repeated") == [(["A:quay"], [])]


def test_scripts_keep_the_signs_that_are_no_accents() -> None:
    assert folded("がく") != folded("かく")
    assert folded("กิน") != folded("กน")
    assert folded("Ёлка") == folded("елка")
    assert folded("ＱＵＡＹ") == "quay"


def test_one_key_is_told_what_it_meets_in_the_others() -> None:
    index = KeyIndex([entry("A", "quay"), entry("B", "Quay", "dry quay"), entry("C", "dry")])
    told = index.standing("Quay", "id-A")
    assert [each.name for each in told.equal] == ["B"]
    assert [each.key for each in told.longer] == ["dry quay"]
    assert [(each.name, each.key) for each in index.standing("the dry quay", "id-new").shorter] == [
        ("C", "dry"),
        ("B", "dry quay"),
        ("A", "quay"),
        ("B", "Quay"),
    ]


def test_a_changed_entry_is_known_as_it_is_now() -> None:
    index = KeyIndex([entry("A", "quay"), entry("B", "the quay")])
    index.put(KeyedEntry("id-B", "Pier", ("pier",)))
    assert index.standing("quay", "id-A").longer == ()
    index.put(KeyedEntry("id-C", "C", ("quay",)))
    assert [each.name for each in index.standing("quay", "id-A").equal] == ["C"]
    index.drop("id-C")
    index.drop("id-C")
    assert index.standing("quay", "id-A").equal == ()


KEYS = st.lists(st.text("ab é-", max_size=6), max_size=4).map(tuple)


@given(st.lists(KEYS, max_size=6))
def test_what_is_changed_one_by_one_is_as_if_it_was_read_at_once(lists: list[tuple[str, ...]]) -> None:
    entries = [KeyedEntry(str(at), str(at), keys) for at, keys in enumerate(lists)]
    changed = KeyIndex(KeyedEntry(each.id, each.name, ("a", "a b", *each.keys)) for each in entries)
    for each in entries:
        changed.put(each)
    assert set(changed.clashes()) == set(key_clashes(entries))


@given(KEYS, KEYS)
def test_longer_and_shorter_are_the_same_seen_from_both_sides(
    ours: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    index = KeyIndex([KeyedEntry("1", "1", ours), KeyedEntry("2", "2", theirs)])
    for mine in ours:
        for other in theirs:
            words = folded(mine).strip("- ") == folded(mine)  # keys that begin and end with a letter
            if words and any(each.key == other for each in index.standing(mine, "1").longer):
                assert any(folded(each.key) == folded(mine) for each in index.standing(other, "2").shorter)
