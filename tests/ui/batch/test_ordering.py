"""Rows that are moved end where the person said, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.ui.batch.ordering import Move, place_of

ORDER = ["a", "b", "c", "d", "e"]


def moved(move: Move, order: list[str], chosen: set[str]) -> list[str]:
    """The order after the move, put together as the core does."""
    found, before = place_of(move, order, chosen)
    if not found:
        return order
    others = [each for each in order if each not in chosen]
    at = others.index(before) if before is not None else len(others)
    return [*others[:at], *(each for each in order if each in chosen), *others[at:]]


@pytest.mark.parametrize(
    ("move", "chosen", "after"),
    [
        (Move.UP, "c", "acbde"),
        (Move.UP, "a", "abcde"),
        (Move.UP, "bc", "bcade"),
        (Move.UP, "bd", "abdce"),
        (Move.DOWN, "c", "abdce"),
        (Move.DOWN, "e", "abcde"),
        (Move.DOWN, "bd", "acbde"),
        (Move.TOP, "bd", "bdace"),
        (Move.END, "ac", "bdeac"),
        (Move.END, "x", "abcde"),
    ],
)
def test_rows_go_where_they_are_sent(move: Move, chosen: str, after: str) -> None:
    assert moved(move, ORDER, set(chosen)) == list(after)


@given(st.sampled_from(list(Move)), st.integers(0, 8), st.sets(st.integers(0, 8)))
def test_no_move_loses_a_row_or_turns_the_order_around(move: Move, count: int, chosen: set[int]) -> None:
    order = [str(at) for at in range(count)]
    ids = {str(at) for at in chosen}
    after = moved(move, order, ids)
    assert sorted(after) == order
    assert [each for each in after if each not in ids] == [each for each in order if each not in ids]
    assert place_of(move, order, ids)[0] is (after != order)
