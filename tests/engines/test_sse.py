"""Events come out whole however the network cuts them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.engines.sse import EventParser

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
