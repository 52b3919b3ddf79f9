"""Rules on the book: which keys and entries they find, and which look like it and are sound."""

import pytest

from cardforge_desktop.cards.lint import RULES, LintContext, lint
from tests.cards.lint.finding import Found, book_card, found

_ENTRY = "character_book.entries"
_FIRST = f"{_ENTRY}[0]"
_KEY = f"{_FIRST}.keys[0]"
_SECOND_KEY = f"{_FIRST}.secondary_keys[0]"
_LONG = "a phrase that nobody will ever write in just these very words, let alone twice over"


def test_a_sound_book_has_no_finding_at_all() -> None:
    card = book_card(
        {"keys": ["lamp", "/light(house)?/i"], "secondary_keys": ["oil"], "selective": True},
        {"keys": [], "constant": True, "content": "The bay freezes over in a hard winter."},
    )
    assert lint(card, LintContext(lambda text: len(text.split()))) == ()


_FINDS: list[tuple[str, dict, list[Found]]] = [
    ("key-blank", {"keys": ["", "lamp"]}, [(_KEY, "warning", None)]),
    ("key-blank", {"keys": ["lamp", " "]}, [(f"{_FIRST}.keys[1]", "warning", None)]),
    ("key-blank", {"secondary_keys": [""], "selective": True}, [(_SECOND_KEY, "warning", None)]),
    ("key-spaces", {"keys": [" lamp"]}, [(_KEY, "warning", None)]),
    ("key-spaces", {"keys": ["lamp\t"]}, [(_KEY, "warning", None)]),
    ("key-spaces", {"secondary_keys": ["oil "], "selective": True}, [(_SECOND_KEY, "warning", None)]),
    ("key-too-long", {"keys": [_LONG]}, [(_KEY, "warning", _LONG[80:])]),
    ("key-punctuation", {"keys": ["..."]}, [(_KEY, "warning", "...")]),
    ("key-punctuation", {"keys": ["<$>"]}, [(_KEY, "warning", "<$>")]),
    *(
        ("key-regex", {"keys": [key], "use_regex": True}, [(_KEY, "error", key)])
        for key in (
            "/la(mp/", "/lamp)/", "/la[mp/", "/*a/", "/a**/", "/[z-a]/", "/(?<a/", "/lamp/ii", "/a\\/",
            "/usr/bin/",
        )
    ),
    *(
        ("key-matches-all", {"keys": [key]}, [(_KEY, "warning", key)])
        for key in ("the", "The", "und", "a", "é", "/.*/", "/(.+)/i", "/lamp|/", "/[\\s\\S]*/", "/\\w+/")
    ),
    ("key-matches-all", {"secondary_keys": ["you"], "selective": True}, [(_SECOND_KEY, "warning", "you")]),
    ("key-comma", {"keys": ["lamp, oil"]}, [(_KEY, "warning", "lamp, oil")]),
    ("key-comma", {"keys": ["oil,"]}, [(_KEY, "warning", "oil,")]),
    ("key-comma", {"secondary_keys": ["a bay,b"], "selective": True}, [(_SECOND_KEY, "warning", "a bay,b")]),
    ("key-twice", {"keys": ["lamp", "oil", "LAMP "]}, [(f"{_FIRST}.keys[2]", "hint", None)]),
    ("key-twice", {"secondary_keys": ["oil", "oil"]}, [(f"{_FIRST}.secondary_keys[1]", "hint", None)]),
    ("entry-selective", {"selective": True}, [(f"{_FIRST}.selective", "hint", None)]),
    ("entry-selective", {"selective": True, "secondary_keys": [""]}, [(f"{_FIRST}.selective", "hint", None)]),
    ("entry-unreachable", {"keys": []}, [(f"{_FIRST}.keys", "warning", None)]),
    ("entry-unreachable", {"keys": [" ", ""]}, [(f"{_FIRST}.keys", "warning", None)]),
    ("entry-unreachable", {"keys": [], "content": "@@depth 4\nOil."}, [(f"{_FIRST}.keys", "warning", None)]),
    ("entry-empty", {"content": " \n"}, [(f"{_FIRST}.content", "warning", None)]),
    ("entry-empty", {"content": "@@depth 4\n@@role user\n"}, [(f"{_FIRST}.content", "warning", None)]),
    ("entry-disabled", {"enabled": False}, [(f"{_FIRST}.enabled", "hint", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "fields", "expected"), _FINDS)
def test_a_rule_finds_it_at_its_place(rule: str, fields: dict, expected: list[Found]) -> None:
    assert found(rule, book_card(fields)) == expected


_PASSES: list[tuple[str, dict]] = [
    ("key-blank", {"keys": ["", "lamp"], "constant": True}),
    ("key-blank", {"secondary_keys": [""]}),
    ("key-spaces", {"keys": ["the lamp", "漢字"]}),
    ("key-spaces", {"keys": [" "]}),
    ("key-too-long", {"keys": ["x" * 80, f"/{'lamp|' * 30}oil/"]}),
    ("key-punctuation", {"keys": ["C++", "♥", "🜁", "9"]}),
    ("key-punctuation", {"keys": ["/^...$/"]}),
    *(
        ("key-regex", {"keys": [key]})
        for key in (
            "/light(house)?/i", "/a{2,3}?/", "/[a-z0-9_-]+/", "/(?<name>lamp)/", "/(?=a)b|(?<!c)d/", "/a{b}/",
            "/path\\/to/", "/[/]/", "/", "//", "and/or", "/usr/bin", "km/h (fast", "(lamp",
        )
    ),
    *(
        ("key-matches-all", {"keys": [key]})
        for key in (
            "theme", "the lamp", "/.*lamp/", "/lamp|oil/", "/\\w+ing/", "/(a|b)/", "漢", "/[(]/", "/la(mp/",
            "7up",
        )
    ),
    ("key-matches-all", {"keys": ["The"], "case_sensitive": True}),
    ("key-matches-all", {"keys": ["the"], "constant": True}),
    ("key-comma", {"keys": ["/a{1,2}/", "lamp; oil", "、"]}),
    ("key-comma", {"keys": [",", " , "]}),
    ("key-twice", {"keys": ["lamp", "lamps", "/lamp/", "/LAMP/"]}),
    ("key-twice", {"keys": ["lamp", "Lamp"], "case_sensitive": True}),
    ("key-twice", {"keys": ["lamp"], "secondary_keys": ["lamp"]}),
    ("key-twice", {"keys": ["", "", " "]}),
    ("entry-selective", {"selective": True, "secondary_keys": ["oil"]}),
    ("entry-selective", {"selective": True, "constant": True}),
    ("entry-selective", {"selective": True, "extensions": {"selectiveLogic": 0}}),
    ("entry-unreachable", {"keys": [], "constant": True}),
    ("entry-unreachable", {"keys": [], "enabled": False}),
    ("entry-unreachable", {"keys": [], "extensions": {"vectorized": True}}),
    ("entry-unreachable", {"keys": [], "content": "@@activate\nOil."}),
    ("entry-unreachable", {"keys": [], "content": "@@depth 2\n@@additional_keys lamp\nOil."}),
    ("entry-empty", {"content": "@@depth 4\nOil."}),
    ("entry-disabled", {"enabled": True}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "fields"), _PASSES)
def test_a_rule_leaves_its_near_misses_in_peace(rule: str, fields: dict) -> None:
    assert found(rule, book_card(fields)) == []


def test_of_equal_ids_the_later_ones_are_found() -> None:
    card = book_card({"id": 1}, {"id": "1"}, {"id": 2}, {"id": 1}, {"id": None}, {"id": None})
    assert found("entry-id", card) == [
        (f"{_ENTRY}[1].id", "error", None),
        (f"{_ENTRY}[3].id", "error", None),
    ]
    assert found("entry-id", book_card({"id": 1}, {"id": "01"}, {"id": None})) == []


def test_every_book_rule_is_tried_both_ways() -> None:
    rules = {rule for rule in RULES if rule.startswith(("key-", "entry-"))}
    assert {rule for rule, _, _ in _FINDS} | {"entry-id"} == rules
    assert {rule for rule, _ in _PASSES} | {"entry-id"} == rules


@pytest.mark.parametrize("rule", list(RULES))
def test_a_rule_can_be_named_explained_and_switched_off(rule: str) -> None:
    told = RULES[rule]
    assert told.id == rule == rule.lower()
    assert rule.replace("-", "").isalpha()
    assert told.title
    assert told.reason.endswith(".")
    faulty = book_card(
        {"keys": ["", " a", "the", "/la(/", "x, y"], "selective": True}, {"id": 0, "content": ""}
    )
    whole, rest = (
        [(one.rule, one.field) for one in lint(faulty, LintContext(), off)] for off in ([], [rule])
    )
    assert rest == [one for one in whole if one[0] != rule]
