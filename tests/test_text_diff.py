"""The difference of two texts is whole, readable, takes part of the changes, and is found in time."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.alignment import same_runs
from cardforge_desktop.text_diff import Hunk, apply, hunks

_texts = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["She ", "waves", "\n", "\r\n", "  ", "{{char}}", "灯", "塔", "é", ".", "\u2028", "don't"]
        ),
        max_size=60,
    ).map("".join),
)


def _shown(old: str, new: str) -> list[str | tuple[str, str]]:
    return [hunk.old if hunk.kind == "same" else (hunk.old, hunk.new) for hunk in hunks(old, new)]


@given(_texts, _texts)
def test_hunks_hold_both_texts_to_the_last_blank(old, new):
    found = hunks(old, new)
    assert "".join(hunk.old for hunk in found) == old
    assert "".join(hunk.new for hunk in found) == new
    assert apply(found, ()) == old
    assert apply(found, range(len(found))) == new


@given(_texts, _texts)
def test_same_and_changed_take_turns(old, new):
    found = hunks(old, new)
    assert all((hunk.kind == "same") == (hunk.old == hunk.new) for hunk in found)
    assert all(one.kind != other.kind for one, other in pairwise(found))


@given(_texts)
def test_a_text_is_the_same_as_itself(text):
    assert hunks(text, text) == ((Hunk("same", text, text),) if text else ())


@given(st.lists(st.sampled_from("abcd \n"), max_size=80), st.lists(st.sampled_from("abcd \n"), max_size=80))
def test_runs_are_the_same_on_both_sides_and_rise(old, new):
    old_end = new_end = 0
    for run in same_runs(old, new):
        assert old[run.old : run.old + run.length] == new[run.new : run.new + run.length]
        assert run.length > 0
        assert run.old >= old_end
        assert run.new >= new_end
        old_end, new_end = run.old + run.length, run.new + run.length


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (
            "She smiles at Ana. The lamp burns.",
            "He smiles at Bob. The lamp burns low.",
            [("She", "He"), " smiles at ", ("Ana", "Bob"), ". The lamp burns", ("", " low"), "."],
        ),
        ("a\nb\nc\n", "a\nx\nb\nc\n", ["a\n", ("", "x\n"), "b\nc\n"]),
        ("Hello  world", "Hello world", ["Hello", ("  ", " "), "world"]),
        ("她喜欢红色的花。", "她喜欢蓝色的大花。", ["她喜欢", ("红", "蓝"), "色的", ("", "大"), "花。"]),
        ("She doesn't know", "She didn't know", ["She ", ("doesn't", "didn't"), " know"]),
        ("Hi {{char}}, come", "Hi {{user}}, come", ["Hi ", ("{{char}}", "{{user}}"), ", come"]),
        ("", "new", [("", "new")]),
        ("old", "", [("old", "")]),
    ],
)
def test_changes_are_shown_by_words(old, new, shown):
    assert _shown(old, new) == shown


def test_a_sentence_written_anew_is_one_change():
    assert _shown("big red dog", "small blue cat") == [("big red dog", "small blue cat")]


def test_one_of_two_changes_is_taken():
    found = hunks("She smiles at Ana, warmly.", "He smiles at Bob, warmly.")
    (first, second) = [index for index, hunk in enumerate(found) if hunk.kind == "changed"]
    assert apply(found, {first}) == "He smiles at Ana, warmly."
    assert apply(found, {second}) == "She smiles at Bob, warmly."


def test_scattered_edits_of_a_novel_are_found_each():
    words = [random.Random(index).choice(range(3000)) for index in range(50_000)]
    old = [f"w{word}" for word in words]
    new = ["changed" if index % 50 == 25 else word for index, word in enumerate(old)]
    for gap in (" ", "\n"):
        found = hunks(gap.join(old), gap.join(new))
        assert sum(hunk.kind == "changed" for hunk in found) == pytest.approx(1000, abs=20)


def _words(seed: int, vocabulary: int, count: int = 50_000) -> list[str]:
    drawn = random.Random(seed)
    return [f"w{drawn.randrange(vocabulary)}" for _ in range(count)]


_RISING = [f"u{index}" for index in range(50_000)]


@pytest.mark.timeout(60)  # else minutes or hours
@pytest.mark.parametrize("gap", [" ", "\n", "\n\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_words(1, 3000), _words(2, 3000)),
        (_words(1, 2), _words(2, 3)),
        (_RISING, _RISING[::-1]),
        (_RISING, [word if index % 2 else "x" for index, word in enumerate(_RISING)]),
        (["a"] * 50_000, ["a"] * 49_000 + ["b"] + ["a"] * 500),
        (_RISING, random.Random(3).sample(_RISING, len(_RISING))),
    ],
    ids=["rewritten", "two words", "reversed", "every other", "one word", "shuffled"],
)
def test_fifty_thousand_words_take_seconds(old, new, gap):
    found = hunks(gap.join(old), gap.join(new))
    assert apply(found, range(len(found))) == gap.join(new)


@pytest.mark.timeout(60)  # else minutes or hours
@pytest.mark.parametrize("text", ["{{" * 100_000, "a" * 1_000_000, "a'" * 200_000, "灯" * 100_000])
def test_hostile_texts_take_seconds(text):
    found = hunks(text, "b" + text[:-1])
    assert apply(found, ()) == text
