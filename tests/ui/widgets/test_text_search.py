"""Places are found where they are, and no pattern takes the machine."""

import re
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.ui.widgets.text_search import (
    Hit,
    PatternError,
    Replacement,
    Search,
    find,
    replacements,
)

LETTERS = st.text(alphabet="ab A\n😀é\ud800.*(", max_size=30)


def spans(text: str, search: Search) -> list[tuple[int, int]]:
    return [(hit.start, hit.end) for hit in find([("p", "P", text)], search).hits]


@given(text=LETTERS, needle=st.text(alphabet="ab 😀é.*(", min_size=1, max_size=3))
def test_plain_words_are_found_where_python_finds_them(text: str, needle: str):
    expected = [match.span() for match in re.finditer(re.escape(needle), text)]
    assert spans(text, Search(needle, match_case=True)) == expected


@given(text=LETTERS, pattern=st.sampled_from(["a+", "[ab]😀?", "(a)|b", "^.", ".$", "a*", "é|\\.", "(?=a)."]))
def test_patterns_are_found_where_python_finds_them(text: str, pattern: str):
    expected = [match.span() for match in re.finditer(pattern, text, re.MULTILINE) if match[0]]
    assert spans(text, Search(pattern, match_case=True, is_pattern=True)) == expected


@given(text=LETTERS, new=st.text(alphabet="xy\\$1", max_size=4))
def test_replacing_all_puts_plain_words_in_as_they_are(text: str, new: str):
    made = replacements([("p", "P", text)], Search("a", match_case=True), new)
    result = text
    for each in made:
        result = result[: each.start] + each.new + result[each.end :]
    assert result == text.replace("a", new)
    assert sum(each.count for each in made) == text.count("a")
    assert len(made) <= 1


def test_case_and_whole_words():
    text = "Cat cat concat Été été"
    assert len(spans(text, Search("cat"))) == 3
    assert spans(text, Search("cat", match_case=True)) == [(4, 7), (11, 14)]
    assert spans(text, Search("cat", whole_words=True)) == [(0, 3), (4, 7)]
    assert len(spans(text, Search("ÉTÉ"))) == 2


def test_groups_are_put_in():
    made = replacements(
        [("p", "P", "😀 Mira, Tess")], Search("(\\w+), (\\w+)", is_pattern=True), r"$2\n\1 $$\\"
    )
    assert made == (Replacement("p", 2, 12, "Tess\nMira $\\"),)


def test_one_place_is_replaced_only_if_it_is_still_there():
    search, fields = Search("a(b)?", is_pattern=True), [("p", "P", "ab a ab"), ("q", "Q", "ab")]
    assert replacements(fields, search, "<$1>", Hit("p", "P", 3, 4)) == (Replacement("p", 3, 4, "<>"),)
    assert replacements(fields, search, "x", Hit("p", "P", 2, 4)) == ()


@pytest.mark.parametrize(
    ("pattern", "place"), [("(a", 2), ("*", 1), ("[z-a]", 4), ("(?:a{9999}){9999}", 0), ("a)(b", 2)]
)
def test_what_is_no_pattern_says_where(pattern: str, place: int):
    with pytest.raises(PatternError) as caught:
        find([("p", "P", "aaa")], Search(pattern, whole_words=True, is_pattern=True))
    assert caught.value.place == place
    assert str(caught.value)


def test_a_group_that_is_not_there_is_an_error():
    with pytest.raises(PatternError, match="no group 2"):
        replacements([("p", "P", "a")], Search("(a)", is_pattern=True), "$2")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+!?$", "(a*)*b|(a*)*c", "(?R)", "(x+x+)+(?=y)"])
def test_patterns_that_never_end_are_stopped(pattern: str):
    began = perf_counter()
    with pytest.raises(TimeoutError):
        find([("p", "P", "a" * 60 + "!" + "x" * 60)], Search(pattern, is_pattern=True))
    assert perf_counter() - began < 3


def test_places_are_not_counted_without_end():
    found = find([("p", "P", "a" * 100_001)], Search("a"))
    assert len(found.hits) == 100_000
    assert not found.is_whole
