"""Contents of profiles, for property tests."""

from types import NoneType
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of, with_values
from cardforge_desktop.profiles.reading import kind_at

PATHS = tuple(fields_of(ProfileContent(name="")))
#: What readers of texts stumble over, and any other text that a store can hold.
texts = st.lists(
    st.sampled_from(
        [
            "no", "null", "~", "12", "1.50", "0x1F", "- a", ": ", "#", " #", "{source}", "{{char}}", "*bold*",
            "&a", "!x", "|", ">", "'", '"', "\\", "%", "@", "`", "---", "...", "\n", "\n\n", "  ", "\t", "\r",
            "\r\n", "\x85", "\u2028", "\ufeff", "\0", "\x1b", "\x7f", "é", "霧", "😀", "a", "Word", ",", "=",
        ]
    ),
    max_size=8,
).map("".join) | st.text(st.characters(codec="utf-8"), max_size=40)  # fmt: skip


def values_of(path: str) -> st.SearchStrategy[Any]:
    """Any value that the field can hold."""
    return _values(kind_at(path))


@st.composite
def contents(draw: st.DrawFn) -> ProfileContent:
    """A profile in which some fields have any value."""
    paths = draw(st.lists(st.sampled_from(PATHS), unique=True, max_size=10))
    values = {path: draw(values_of(path)) for path in ("name", *paths)}
    return with_values(ProfileContent(name=""), values)


def _values(kind: Any) -> st.SearchStrategy[Any]:
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is tuple:
        return st.lists(texts, max_size=3).map(tuple)
    if kind is NoneType:
        return st.none()
    if get_args(kind):
        return st.one_of(*map(_values, get_args(kind)))
    whole = st.integers(-(2**53), 2**53)
    numbers = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)
    return {str: texts, bool: st.booleans(), int: whole, float: numbers}[kind]
