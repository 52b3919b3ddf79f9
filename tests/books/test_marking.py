"""What a search found is marked where it stands in the text as it is shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.books.excerpts import excerpt_around
from cardforge_desktop.books.indexing import plain
from cardforge_desktop.books.marking import expressions, folded, marks


def marked(text: str, typed: str) -> list[str]:
    return [text[start:end] for start, end in marks(text, typed)]


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Lantern Guild", "lant guil", ["Lant", "Guil"]),
        ("Lantern Guild", "ANTERN", []),
        ("Lantern, lantern: lanterns", "lantern", ["Lantern", "lantern", "lantern"]),
        ("The old lantern; old lamps", '"old lan', ["old lan"]),
        ("The old lantern, the old lan", '"old lan"', ["old lan"]),
        ("The old, lantern", '"old lantern"', ["old, lantern"]),
        ("Élan of Ångström", "elan angs", ["Élan", "Ångs"]),
        ("E\u0301lan", "elan", ["E\u0301lan"]),
        ("Straße, Strasse", "strass", ["Straß", "Strass"]),
        ("Straßen", "strasse", ["Straße"]),
        ("İstanbul is far", "istan", ["İstan"]),
        ("KADIN Kadın", "kadin", ["KADIN", "Kadın"]),
        ("the ﬁles", "file", ["ﬁle"]),
        ("Ύμνος ύμνος", "υμνος", ["Ύμνος", "ύμνος"]),
        ("Ёлка", "елка", ["Ёлка"]),
        ("霧島の灯台守", "灯台", ["灯台"]),
        ("灯 台", "灯台", ["灯 台"]),
        ("등대지기의 딸", "지기", ["지기"]),
        ("คนเฝ้าประภาคาร", "ประภา", ["ประภา"]),
        ("foo-bar foo bar", "foo-b", ["foo-b", "foo b"]),
        ("🗡 Blade 🗡", "🗡", ["🗡", "🗡"]),
        ("lamp_oil", "oil", ["oil"]),
        ("5 lamps", '5" *', ["5"]),
        ("a AND b", "AND", ["AND"]),
        ("The lanterns a…", "a lant", ["lant", "a"]),
        ("L’été…", "ete", ["été"]),
        ("anything", "", []),
        ("", "a", []),
    ],
)
def test_marks(text: str, typed: str, found: list[str]) -> None:
    assert marked(text, typed) == found


def test_touching_and_overlapping_marks_are_one() -> None:
    assert marks("lantern", "lan lante") == ((0, 5),)
    assert marks("灯台守", "灯 台") == ((0, 2),)


LETTERS = st.text(
    st.characters(codec="utf-8", categories=["Lu", "Ll", "Lo", "Mn", "Nd", "Zs", "Po"]), max_size=24
)


@given(text=LETTERS, typed=st.text(max_size=12))
def test_marks_are_in_order_and_within_the_text(text: str, typed: str) -> None:
    at = -1
    for start, end in marks(text, typed):
        assert at < start < end <= len(text)
        at = end


@given(before=LETTERS, word=st.text(st.characters(categories=["Lu", "Ll"]), min_size=1), after=LETTERS)
def test_a_word_is_marked_where_it_stands(before: str, word: str, after: str) -> None:
    """Whatever stands before it, and however much longer or shorter that is when folded."""
    text = f"{before} {word} {after}"
    start, end = len(before) + 1, len(before) + 1 + len(word)
    for typed in (word, word.upper(), word.lower(), unicodedata.normalize("NFD", word)):
        if plain(typed) == plain(word):
            assert any(first <= start and end <= last for first, last in marks(text, typed)), typed


@given(
    before=st.text(max_size=300), word=st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=2)
)
def test_an_excerpt_shows_what_was_found(before: str, word: str) -> None:
    """Whatever stands before it: the mark is near the beginning of the excerpt."""
    content = f"{before}. {word} and more"
    excerpt = excerpt_around(content, expressions(word))
    assert excerpt is not None
    assert excerpt.removeprefix("…").encode("utf-8", "replace") in content.encode("utf-8", "replace")
    assert marks(excerpt, word)
    assert excerpt_around(before, expressions(f"{word}-{word}")) is None or word in folded(before)
