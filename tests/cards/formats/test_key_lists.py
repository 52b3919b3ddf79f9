import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.formats.key_lists import is_regex, split_keys


def test_commas_part_keys_but_not_regular_expressions():
    assert split_keys("lamp, /a,b\\/c/i ,, oil/gas, /open, end") == [
        "lamp", "/a,b\\/c/i", "oil/gas", "/open", "end",
    ]  # fmt: skip
    assert split_keys(" , ") == []


def test_only_slashes_with_flags_make_a_regular_expression():
    assert is_regex("/light(house)?/i")
    assert not any(is_regex(key) for key in ("light(house)?", "/", "//", "and/or", "/home/ada"))


@given(st.text(st.sampled_from("a,/\\ i\n"), max_size=30))
def test_splitting_keys_keeps_every_character_but_commas_and_spaces(text):
    keys = split_keys(text)
    assert "".join("".join(keys).split()).replace(",", "") == "".join(text.split()).replace(",", "")
    assert all(key.strip() for key in keys)


@pytest.mark.timeout(60)  # else minutes or hours
def test_splitting_a_long_text_takes_no_time():
    split_keys("/a," * 100_000)
    split_keys(" " * 200_000 + "/" * 1000)
