"""Keys are found where SillyTavern's own code finds them.

Source of each rule: SillyTavern 1.18.0, public/scripts/world-info.js, `matchKeys` and `parseRegexFromString`;
18,000 random keys and texts gave the same in that code, run in Node.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.js_expressions import Expressions, GivenUpError, expression_of
from cardforge_desktop.cards.key_matching import Haystack, KeyRules, Span, key_of

_SOME = st.text(alphabet="ab_ .ÄäİßĲ灯\n", max_size=30)


def _span(text: str, key: str, **rules: bool) -> Span | None:
    made = key_of(key, KeyRules(**rules), {})
    if made.expression is None:
        return Haystack(text).find(made)
    return Expressions().search(made.expression, text)


@pytest.mark.parametrize(
    ("key", "text", "span"),
    [
        (r"/\w+/", "é lamp", (2, 6)),
        (r"/\bé/", "aé", (1, 2)),
        (r"/\d/", "٣", None),
        ("/lamp$/", "lamp\n", None),
        ("/lamp$/m", "lamp\n", (0, 4)),
        ("/[^]b/", "a\nb", (1, 3)),
        ("/a[]/", "a", None),
        ("/[a[]/", "[", (0, 1)),
        (r"/\Z/", "Z", (0, 1)),
        (r"/[\d_]/", "a_", (1, 2)),
        (r"/(?<n>a)\k<n>/", "aa", (0, 2)),
        ("/x{/", "x{", (0, 2)),
        ("/a.b/", "a\u2028b", None),
        ("/lamp/y", "a lamp", None),
        ("/a/b/", "/a/b/", (0, 5)),
        ("/[/]/", "[/]", None),
        ("/lamp/d", "/lamp/d", (0, 7)),
        ("/lamp/ii", "/lamp/ii", (0, 8)),
        ("/(lamp/", "x /(lamp/", (2, 9)),
    ],
)
def test_expressions_mean_what_javascript_means(key, text, span):
    assert _span(text, key) == span


def test_plain_keys_are_words_unless_they_are_several():
    assert _span("the_lamp lamps lamp", "lamp") == (15, 19)
    assert _span("lamplight", "lamp", whole_words=False) == (0, 4)
    assert _span("two oil lamps", "oil lamp") == (4, 12)
    assert _span("Lamp", "lamp", case_sensitive=True) is None
    assert _span("éclair", "clair") == (1, 6), "beside a letter that is none of ASCII a key stands alone"
    assert _span("\x01", "  ") is not None
    assert _span("\x01", "") is None


def test_small_letters_of_another_length_do_not_move_the_place():
    text = "İİ the Lamp"
    assert text[slice(*_span(text, "lamp") or ())] == "Lamp"


def test_the_text_can_end_earlier():
    text = "castles" + "." * 500
    assert Haystack(text).find(key_of("castle", KeyRules(), {})) is None
    assert Haystack(text).find(key_of("castle", KeyRules(), {}), end=6) is None, "it is longer there"
    assert Haystack("a lamp").find(key_of("lamp", KeyRules(), {}), end=5) is None
    assert Expressions().search(expression_of("/lamp$/"), "a lamp", 5) is None
    assert Expressions().search(expression_of("/lam$/"), "a lamp", 5) == (2, 5)


def test_what_takes_too_long_is_given_up():
    expressions = Expressions(each=0.05, together=0.06)
    for _ in range(3):
        with pytest.raises(GivenUpError):
            expressions.search(expression_of("/(a+)+$/"), "a" * 3_000 + "b")
    with pytest.raises(GivenUpError):
        Expressions().search(expression_of(f"/{'b' * 3_000}/"), "b")


@given(_SOME, _SOME, st.booleans(), st.booleans())
def test_plain_keys_against_a_naive_reading(text, key, case, words):
    """`matchKeys`, word for word, on any text; long ones are the same, whatever rules them out first."""
    told = key.strip()
    needle, hay = (told, text) if case else (told.lower(), text.lower())
    if words and len(re.split(r"\s+", needle)) == 1:
        naive = re.search(rf"(?:^|[^A-Za-z0-9_])({re.escape(needle)})(?:\Z|[^A-Za-z0-9_])", hay) is not None
    else:
        naive = needle in hay
    made = key_of(key, KeyRules(case, words), {})
    if told:
        assert (Haystack(text).find(made) is not None) is naive
        padded = Haystack(f"{text} {'. ' * 300}")
        assert (padded.find(made, end=len(text)) is not None) is naive
