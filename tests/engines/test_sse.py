"""Events come out whole however the network cuts them."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.engines.sse import LONGEST_EVENT, EventParser, TooLongError

_LINE = st.text(st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"]), max_size=12)
_EVENTS = st.lists(st.lists(_LINE, min_size=1, max_size=3), max_size=6)


def _parsed(chunks: list[bytes]) -> list[str]:
    parser = EventParser()
    found = [event for chunk in chunks for event in parser.feed(chunk)]
    return found + parser.close()


@given(
    _EVENTS, st.sampled_from(["\n", "\r\n", "\r"]), st.lists(st.integers(0, 400), max_size=12), st.booleans()
)
def test_any_cut_gives_the_same_events(
    events: list[list[str]], end: str, cuts: list[int], mark: bool
) -> None:
    text = "".join(
        f": comment{end}event: x{end}" + "".join(f"data: {line}{end}" for line in lines) + f"id: 7{end}{end}"
        for lines in events
    )
    raw = ("\ufeff" if mark else "").encode() + text.encode()
    edges = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    chunks = [raw[a:b] for a, b in pairwise(edges)]
    assert _parsed(chunks) == ["\n".join(lines) for lines in events]


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=6))
def test_no_bytes_break_the_parser(raw: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    assert _parsed([raw[a:b] for a, b in pairwise(edges)]) == _parsed([raw])


def test_a_field_without_a_space_and_one_without_a_colon() -> None:
    assert _parsed([b"data:x\n\ndata\n\n"]) == ["x", ""]


def test_the_last_event_counts_without_its_blank_line() -> None:
    assert _parsed([b"data: [DONE]"]) == ["[DONE]"]


def test_a_long_line_in_many_pieces_takes_no_longer_than_in_one() -> None:
    whole = b"data: " + b"x" * (LONGEST_EVENT - 6)
    started = time.monotonic()
    parser = EventParser()
    for start in range(0, len(whole), 64):
        assert parser.feed(whole[start : start + 64]) == []
    assert parser.feed(b"\n\n") == ["x" * (LONGEST_EVENT - 6)]
    assert time.monotonic() - started < 2.0  # some 30 ms; copying it again for each piece takes ten seconds


@pytest.mark.parametrize("piece", [b"x" * 5_000, b"data: " + b"x" * 5_000 + b"\n", b"data\n" * 5_000])
def test_an_event_without_end_is_not_kept(piece: bytes) -> None:
    parser = EventParser()
    with pytest.raises(TooLongError):
        any(parser.feed(piece) for _ in range(LONGEST_EVENT // 1_000))


def test_one_line_too_long_is_refused_in_one_piece_too() -> None:
    with pytest.raises(TooLongError):
        EventParser().feed(b"data: " + b"x" * LONGEST_EVENT + b"\n\n")


def test_many_events_and_comments_have_no_end_of_their_own() -> None:
    parser = EventParser()
    piece = b"data: " + b"x" * 100_000 + b"\n: comment\n\n"
    assert sum(len(parser.feed(piece)) for _ in range(30)) == 30
    for _ in range(3_000):
        assert parser.feed(b": " + b"x" * 1_000 + b"\n") == []
