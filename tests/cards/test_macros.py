"""Macros are found where card readers find them, and what is known beforehand is put in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.macros import KNOWN, find_macros, substitute

_NAMES = {"char": "Mira", "user": "Ana"}
_braced = st.lists(
    st.sampled_from(["{", "}", "{{", "}}", "char", "user", "random", ":", "//", " ", "\n", "<USER>", "漢"]),
    max_size=40,
).map("".join)


def _spans(text: str) -> list[tuple[str, str, str]]:
    return [(macro.name, macro.argument, text[macro.start : macro.end]) for macro in find_macros(text)]


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("{{char}}", "char", ""),
        ("{{Char}}", "char", ""),
        ("{{ user }}", "user", ""),
        ("<USER>", "user", ""),
        ("<Bot>", "char", ""),
        ("{{charIfNotGroup}}", "charifnotgroup", ""),
        ("{{random:a,b}}", "random", "a,b"),
        ("{{random::a::b}}", "random", "a::b"),
        ("{{roll d20}}", "roll", "d20"),
        ("{{setvar::mood::sour grapes}}", "setvar", "mood::sour grapes"),
        ("{{// a note }}", "//", "a note"),
        ("{{//a note}}", "//", "a note"),
        ("{{hidden_key:storm}}", "hidden_key", "storm"),
        ("{{reverse:abc}}", "reverse", "abc"),
        ("{{outlet::lore}}", "outlet", "lore"),
        ("{{time_UTC+2}}", "time_utc", "+2"),
        ("{{.mood}}", ".", "mood"),
        ("{{#if scenario}}", "if", "scenario"),
        ("{{/if}}", "/if", ""),
        ("{{user|upper}}", "user", "|upper"),
        ("{{first_msg_index}}", "first_msg_index", ""),
        ("{{json.mood}}", "json", ".mood"),
    ],
)
def test_macros_that_some_reader_knows(text, name, argument):
    assert _spans(f"a {text} b") == [(name, argument, text)]
    assert find_macros(text)[0].known


@pytest.mark.parametrize("text", ["{{chra}}", "{{char's}}", "{{char.name}}", "{{персонаж}}", "{{/chra}}"])
def test_macros_that_nobody_knows(text):
    (macro,) = find_macros(text)
    assert not macro.known
    assert macro.name == text[2:-2]


@pytest.mark.parametrize(
    "text",
    [
        "<START>",
        "{char}",
        "{{char}",
        "char}}",
        "{{}}",
        "{{ }}",
        '{{"a": 1}}',
        "<users>",
        "{{(}}",
        "{{char}x}}",
    ],
)
def test_what_is_no_macro(text):
    assert find_macros(text) == ()


def test_a_macro_in_an_argument_is_found_after_the_one_around_it():
    text = "{{random:{{char}},<USER>}}"
    assert _spans(text) == [
        ("random", "{{char}},<USER>", text),
        ("char", "", "{{char}}"),
        ("user", "", "<USER>"),
    ]


def test_unbalanced_braces_hide_no_macro():
    assert _spans("{{char and {{user}} }") == [("user", "", "{{user}}")]
    assert _spans("}} {{{user}}}") == [("user", "", "{{user}}")]
    assert _spans("{{ " * 500 + "{{user}}") == [("user", "", "{{user}}")]


def test_every_way_to_write_the_two_names_is_replaced():
    text = "{{char}} {{CHAR}} <BOT> <char> {{bot}} {{group}} {{charIfNotGroup}} / {{user}} <User>"
    assert substitute(text, _NAMES) == "Mira Mira Mira Mira Mira Mira Mira / Ana Ana"


def test_what_a_reader_draws_stays_but_the_names_in_it_are_replaced():
    assert (
        substitute("{{random:{{char}},{{roll:6}}}} {{getvar::x}}", _NAMES)
        == "{{random:Mira,{{roll:6}}}} {{getvar::x}}"
    )


def test_comments_and_white_space_macros():
    assert substitute("a{{// of {{user}} }}b{{comment:c}}{{hidden_key:d}}{{noop}}", _NAMES) == "ab"
    assert substitute("a{{newline}}b{{space}}c", {}) == "a\nb c"
    assert substitute("a\n\r\n{{trim}}\n\nb\n{{/trim}}", {}) == "ab\n{{/trim}}"


def test_values_are_not_searched_for_macros_and_unknown_values_stay():
    assert substitute("{{char}} {{persona}}", {"char": "{{user}}", "user": "Ana"}) == "{{user}} {{persona}}"


@given(_braced)
def test_spans_are_in_order_inside_the_text_and_begin_and_end_with_their_braces(text):
    macros = find_macros(text)
    assert [macro.start for macro in macros] == sorted(macro.start for macro in macros)
    for macro in macros:
        written = text[macro.start : macro.end]
        assert (written.startswith("{{") and written.endswith("}}")) or written == "<USER>"
        assert macro.argument in written


@given(_braced)
def test_substitution_changes_nothing_but_macros(text):
    kept = substitute(text, {"char": "", "user": ""})
    remaining = iter(text)
    assert all(character in remaining for character in kept)
    assert substitute(text.replace("{{", "").replace("<", ""), _NAMES) == text.replace("{{", "").replace(
        "<", ""
    )


@pytest.mark.timeout(60)  # else minutes or hours
@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        "{{a " * 100_000 + "}}" * 100_000,
        "<user" * 100_000,
        "{{trim}}\n" * 50_000,
        "{{!!!!!!!" * 50_000,
        "{{" + " " * 100_000,
        "\n" * 100_000 + "{{trim}}" * 20_000,
        "{{random:" * 20_000 + "{{char}}" + "}}" * 20_000,
    ],
    ids=["braces", "nested", "angles", "trims", "flags", "spaces", "newlines", "deep"],
)
def test_hostile_texts_cost_a_walk(text):
    find_macros(text)
    substitute(text, _NAMES)


def test_names_are_lower_case():
    assert all(name == name.lower() for name in KNOWN)
