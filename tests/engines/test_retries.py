"""When to try again, and after how long."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.engines.retries import Retries, asked_wait, is_retried


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_trouble_that_may_pass_is_tried_again(status: int) -> None:
    assert is_retried(status, {})
    assert not is_retried(status, {"x-should-retry": "false"})


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404])
def test_what_no_second_try_mends_is_final_whatever_the_server_wishes(status: int) -> None:
    assert not is_retried(status, {"x-should-retry": "true"})


def test_a_server_may_wish_for_a_try_where_the_status_says_nothing() -> None:
    assert not is_retried(425, {})
    assert is_retried(425, {"x-should-retry": "true"})


def test_asked_waits_in_their_three_forms() -> None:
    now = datetime(2026, 11, 23, 8, 0, 0, tzinfo=UTC).timestamp()
    assert asked_wait({"retry-after-ms": "1500", "retry-after": "9"}) == 1.5
    assert asked_wait({"retry-after": "7"}) == 7
    assert asked_wait({"retry-after": "Mon, 23 Nov 2026 08:00:30 GMT"}, lambda: now) == 30
    assert asked_wait({"retry-after": "Mon, 23 Nov 2026 07:00:00 GMT"}, lambda: now) == 0
    assert asked_wait({"retry-after": "soon"}) is None
    assert asked_wait({"retry-after": "-5"}) == 0
    for endless in ("inf", "nan", "1e999", "-inf"):
        assert asked_wait({"retry-after": endless}) is None, endless
        assert asked_wait({"retry-after-ms": endless}) is None, endless
    assert asked_wait({}) is None


@given(st.integers(1, 12), st.none() | st.floats(0, 1e6), st.floats(0, 1))
def test_waits_stay_in_their_bounds(failed: int, asked: float | None, drawn: float) -> None:
    retries = Retries()
    wait = retries.wait(failed, asked, lambda: drawn)
    if asked is None:
        assert 0 < wait <= retries.longest_wait
    else:
        assert min(asked, retries.longest_server_wait) <= wait <= retries.longest_server_wait * 1.1


def test_waits_grow_and_are_spread() -> None:
    retries = Retries()
    longest = [retries.wait(failed, None, lambda: 0.0) for failed in (1, 2, 3, 4, 5, 6)]
    assert longest == [0.5, 1, 2, 4, 8, 8]
    assert retries.wait(1, None, lambda: 1.0) < retries.wait(1, None, lambda: 0.0)
