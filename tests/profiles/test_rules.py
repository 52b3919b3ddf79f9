"""The rules of profiles: each tells its field, its code and the way out; none ever raises."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.engines.base import Traits
from cardforge_desktop.profiles.model import FIELD_NAMES, ProfileContent
from cardforge_desktop.profiles.names import LONGEST_NAME, free_name, name_key
from cardforge_desktop.profiles.paths import fields_of, with_value, with_values
from cardforge_desktop.profiles.rules import check, check_field
from cardforge_desktop.profiles.rules.numbers import bounds_of
from cardforge_desktop.profiles.rules.texts import longest_of
from cardforge_desktop.profiles.shipped import shipped_profiles
from cardforge_desktop.profiles.surroundings import Surroundings
from cardforge_desktop.profiles.validation import Finding, FindingCode, Validation

AROUND = Surroundings(
    names={name_key("Straße der Lichter"): "profile_street"},
    engines={
        "Built-in": Traits(context_tokens=4_000, stepwise=True, draft=True),
        "Big": Traits(context_tokens=128_000),
        "Tiny": Traits(context_tokens=2_048),
        "Narrow": Traits(context_tokens=7_000),
        "Strange": None,
    },
    fixed_models=frozenset({"Built-in"}),
    engine="Big",
    formats=frozenset({"json", "v2", "tavernai", "worldinfo", "lorebook"}),
    book_formats=frozenset({"worldinfo", "lorebook"}),
)
SHIPPED = {each.id: each.content for each in shipped_profiles()}
GOOD = SHIPPED["profile_default"]


def told(content: ProfileContent, around: Surroundings = AROUND) -> dict[tuple[str, str], bool]:
    """Field and code → whether it is an error."""
    found = check(content, around)
    return {(each.field, each.code.value): False for each in found.warnings} | {
        (each.field, each.code.value): True for each in found.errors
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_has_nothing_wrong_with_it(name: str) -> None:
    assert check(SHIPPED[name], AROUND) == Validation()


ERRORS: list[tuple[dict[str, Any], str, str]] = [
    ({"name": " "}, "name", "EMPTY"),
    ({"name": "STRASSE DER LICHTER"}, "name", "DUPLICATE_NAME"),
    ({"name": "x" * 101}, "name", "TOO_LONG"),
    ({"name": "two\nlines"}, "name", "BAD_CHARACTER"),
    ({"name": "nul\0"}, "name", "BAD_CHARACTER"),
    ({"name": "Default\u200b"}, "name", "BAD_CHARACTER"),
    ({"description": "half \ud83d"}, "description", "BAD_CHARACTER"),
    ({"description": "x" * 1_001}, "description", "TOO_LONG"),
    ({"prompts.task": ""}, "prompts.task", "EMPTY"),
    ({"prompts.task": "Write of {source}."}, "prompts.task", "MISSING_PLACEHOLDER"),
    ({"prompts.task": "{fields} {soruce}"}, "prompts.task", "UNKNOWN_PLACEHOLDER"),
    ({"prompts.system": "x" * 40_001}, "prompts.system", "TOO_LONG"),
    ({"prompts.examples": "a\x1bb"}, "prompts.examples", "BAD_CHARACTER"),
    ({"prompts.fields.name": "{words}"}, "", ""),
    ({"prompts.fields.name": "{source}"}, "prompts.fields.name", "UNKNOWN_PLACEHOLDER"),
    ({"prompts.book": "{words}"}, "prompts.book", "UNKNOWN_PLACEHOLDER"),
    ({"config.sampling.temperature": 2.01}, "config.sampling.temperature", "BAD_RANGE"),
    ({"config.sampling.temperature": float("nan")}, "config.sampling.temperature", "BAD_RANGE"),
    ({"config.sampling.top_p": -0.1}, "config.sampling.top_p", "BAD_RANGE"),
    ({"config.sampling.min_p": float("inf")}, "config.sampling.min_p", "BAD_RANGE"),
    ({"config.sampling.top_k": -1}, "config.sampling.top_k", "BAD_RANGE"),
    ({"config.sampling.top_k": 10**400}, "config.sampling.top_k", "BAD_RANGE"),
    ({"config.sampling.presence_penalty": 2.1}, "config.sampling.presence_penalty", "BAD_RANGE"),
    ({"config.sampling.frequency_penalty": -2.1}, "config.sampling.frequency_penalty", "BAD_RANGE"),
    ({"config.sampling.repeat_penalty": 0.0}, "config.sampling.repeat_penalty", "BAD_RANGE"),
    ({"config.sampling.seed": -1}, "config.sampling.seed", "BAD_RANGE"),
    ({"config.greetings": 21}, "config.greetings", "BAD_RANGE"),
    ({"config.book.max_entries": 201}, "config.book.max_entries", "BAD_RANGE"),
    ({"config.book.max_tokens": 0}, "config.book.max_tokens", "BAD_RANGE"),
    ({"config.fields.name.max_tokens": 0}, "config.fields.name.max_tokens", "BAD_RANGE"),
    ({"config.fields.name.max_tokens": 8_001}, "config.fields.name.max_tokens", "BAD_RANGE"),
    (
        {"config.fields.tags.words": 5, "config.fields.tags.min_words": 6},
        "config.fields.tags.min_words",
        "BAD_RANGE",
    ),
    ({"config.fields.tags.min_words": 90}, "config.fields.tags.max_tokens", "BAD_RANGE"),
    ({"config.formats": ("json", "jsno")}, "config.formats", "UNKNOWN_FORMAT"),
    ({"config.formats": ("json", "json")}, "config.formats", "BAD_CHOICE"),
    ({"config.naming_pattern": "{nmae}"}, "config.naming_pattern", "PATTERN_INVALID"),
    ({"config.engine": "tiny"}, "config.engine", "OVER_CONTEXT"),
    ({"type": "lorebook", "config.book.include": False}, "config.book.include", "NOTHING_WRITTEN"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "path", "code"), ERRORS, ids=lambda each: str(each)[:40])
def test_errors(values: dict[str, Any], path: str, code: str) -> None:
    errors = {place for place, is_error in told(with_values(GOOD, values)).items() if is_error}
    assert errors == ({(path, code)} if code else set())


WARNINGS: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "New profile 3"}, "name", "WEAK_NAME"),
    ({"name": "test"}, "name", "WEAK_NAME"),
    ({"name": "2026"}, "name", "WEAK_NAME"),
    ({"name": "ab"}, "name", "WEAK_NAME"),
    ({"prompts.task": "{fields}"}, "prompts.task", "MISSING_PLACEHOLDER"),
    ({"prompts.system": "Of {{source}}"}, "prompts.system", "UNKNOWN_PLACEHOLDER"),
    ({"prompts.system": "{examples}"}, "prompts.system", "NO_EFFECT"),
    ({"prompts.fields.tags": " "}, "prompts.fields.tags", "EMPTY"),
    ({"prompts.fields.system_prompt": "{soruce}"}, "prompts.fields.system_prompt", "UNKNOWN_PLACEHOLDER"),
    ({"prompts.book": ""}, "prompts.book", "EMPTY"),
    ({"config.fields.tags.words": 60}, "config.fields.tags.max_tokens", "BAD_RANGE"),
    ({"config.engine": "Elsewhere"}, "config.engine", "ENGINE_UNKNOWN"),
    ({"config.model": "gpt"}, "config.model", "MODEL_WITHOUT_ENGINE"),
    ({"config.engine": "built-in", "config.model": "m", "config.sampling.temperature": None},
     "config.model", "NO_EFFECT"),
    ({"config.engine": "Built-in"}, "config.sampling.temperature", "NO_EFFECT"),
    ({"config.engine": "Narrow"}, "config.engine", "LITTLE_ROOM"),
    ({"config.greetings": 0}, "config.greetings", "NO_EFFECT"),
    ({"config.book.max_entries": 0}, "config.book.max_entries", "NO_EFFECT"),
    ({"config.formats": ()}, "config.formats", "EMPTY"),
    ({"config.formats": ("worldinfo",), "config.book.include": False}, "config.formats", "NO_EFFECT"),
    ({"type": "lorebook"}, "config.formats", "NO_EFFECT"),
    ({"config.fields.name.write": False}, "config.fields.name.write", "EMPTY"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "path", "code"), WARNINGS, ids=lambda each: str(each)[:40])
def test_warnings(values: dict[str, Any], path: str, code: str) -> None:
    assert told(with_values(GOOD, values)) == {(path, code): False}


def test_nothing_at_all_is_written() -> None:
    nothing = {f"config.fields.{name}.write": False for name in FIELD_NAMES}
    found = check(with_values(GOOD, nothing | {"config.book.include": False}), AROUND)
    assert [each.code for each in found.errors] == ["NOTHING_WRITTEN"]
    assert check(with_values(GOOD, nothing), AROUND).valid


def test_an_engine_that_is_only_chosen_in_the_app_keeps_no_profile_from_being_saved() -> None:
    around = Surroundings(engines=AROUND.engines, engine="Tiny")
    assert told(GOOD, around) == {("config.engine", "OVER_CONTEXT"): False}
    assert told(GOOD, Surroundings(engines=AROUND.engines, engine="Built-in")) == {}
    assert told(GOOD, Surroundings(engines=AROUND.engines, engine="Strange")) == {}


def test_a_longer_answer_is_what_leaves_no_room() -> None:
    long = with_value(GOOD, "config.fields.description.max_tokens", 8_000)
    assert told(long) == {}
    narrow = with_value(long, "config.engine", "Narrow")
    assert told(narrow) == {("config.engine", "OVER_CONTEXT"): True}


@pytest.mark.parametrize(
    ("path", "text", "message", "place"),
    [
        ("prompts.task", "{fields} of {soruce}!", "Do you mean {source}?", "{soruce}"),
        ("prompts.task", "{fields} {SOURCE}", "Do you mean {source}?", "{SOURCE}"),
        ("prompts.system", "Be {char}. {source}", "{{char}}", "{char}"),
        ("prompts.system", "👩‍🚀 {xyzzy} {source}", "{ xyzzy }", "{xyzzy}"),
        ("prompts.fields.name", "{fields}", "the task", "{fields}"),
        ("config.naming_pattern", "a {nmae}", "character_name", "{nmae}"),
    ],
)
def test_a_finding_in_a_text_has_its_place_and_says_what_is_meant(
    path: str, text: str, message: str, place: str
) -> None:
    (finding,) = check(with_value(GOOD, path, text), AROUND).errors
    assert message in finding.message
    assert text[finding.start : finding.end] == place


def test_braces_of_json_and_macros_are_no_placeholders() -> None:
    text = GOOD.prompts.task + ' {"name": "x"} {} { name } {{user}} {{random:a,b}} {{{source}}}'
    assert told(with_value(GOOD, "prompts.task", text)) == {}


@pytest.mark.parametrize("path", [path for path in fields_of(GOOD) if bounds_of(path)])
def test_the_bounds_themselves_are_allowed(path: str) -> None:
    bounds = bounds_of(path)
    assert bounds is not None
    for value in (bounds.lowest, bounds.highest):
        wrong = bounds.above and value == bounds.lowest
        found = check(with_value(GOOD, path, value), AROUND).errors
        told = [each for each in found if each.field == path and "must be" in each.message]
        assert len(told) == wrong, value


def test_a_text_may_be_as_long_as_it_may_be() -> None:
    for path in fields_of(GOOD):
        if (longest := longest_of(path)) is not None:
            found = check(with_value(GOOD, path, "x" * longest), AROUND).errors
            assert FindingCode.TOO_LONG not in {each.code for each in found}, path


rare = ["{source}", "{fields}", "{{char}}", "{", "}", "{x}", "\0", "\ud800", "İ", "ß", "e\u0301"]
texts = st.text(st.characters(codec=None), max_size=40) | st.lists(st.sampled_from(rare), max_size=8).map(
    "".join
)
numbers = st.integers() | st.sampled_from([10**400, -(10**400), 2**63])
floats = st.floats() | st.sampled_from([float("nan"), float("inf")])


@st.composite
def contents(draw: st.DrawFn) -> ProfileContent:
    values: dict[str, Any] = {}
    for path in draw(st.lists(st.sampled_from(list(fields_of(GOOD))), max_size=6, unique=True)):
        before = fields_of(GOOD)[path]
        if path.startswith("config.sampling."):
            values[path] = draw(st.none() | (numbers if path.endswith(("top_k", "seed")) else floats))
        elif isinstance(before, bool):
            values[path] = draw(st.booleans())
        elif isinstance(before, int):
            values[path] = draw(numbers)
        elif isinstance(before, tuple):
            values[path] = tuple(draw(st.lists(texts, max_size=3)))
        elif path == "type":
            values[path] = draw(st.sampled_from(["character", "scenario", "group", "lorebook"]))
        elif path not in ("config.point_of_view", "config.tense", "config.content_rating"):
            values[path] = draw(texts)
    return with_values(GOOD, values)


@given(contents())
def test_whatever_stands_in_a_profile_the_rules_answer(content: ProfileContent) -> None:
    validation = check(content, AROUND)
    json.dumps(validation.report()).encode()
    paths = fields_of(content)
    for finding in validation.errors + validation.warnings:
        assert finding.field in paths
        finding.message.encode()  # can be shown and written anywhere
        if finding.start is not None and finding.end is not None:
            assert 0 <= finding.start < finding.end <= len(paths[finding.field])
    assert validation == check(content, AROUND)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", ["x", "{a}", "\u0301", "\0", " ", "{{source}}", "my "])
def test_texts_of_megabytes_are_answered_at_once(unit: str) -> None:
    text = unit * (10_000_000 // len(unit))
    for path in ("name", "prompts.task", "prompts.examples", "config.naming_pattern", "config.engine"):
        found = check(with_value(GOOD, path, text), AROUND)
        assert FindingCode.TOO_LONG in {each.code for each in found.errors}
        assert len(found.errors) + len(found.warnings) < 40
        assert all(len(each.message) < 400 for each in found.errors)


# One field


def field_told(field: str, value: object, **around: Any) -> dict[str, str]:
    found = check_field(field, value, around.get("before", GOOD), AROUND, around.get("profile_id", ""))
    return {each.field: each.code.value for each in found.errors + found.warnings}


def test_of_one_field_only_its_own_faults_are_told() -> None:
    bad = with_values(GOOD, {"config.greetings": 99, "prompts.task": ""})
    assert field_told("name", "straße der lichter", before=bad) == {"name": "DUPLICATE_NAME"}
    assert field_told("name", "straße der lichter", before=bad, profile_id="profile_street") == {}
    assert field_told("name", "Good name", before=ProfileContent(name="")) == {}
    assert field_told("config", {"greetings": 3}, before=bad) == {}
    assert field_told("prompts", {"system": "x"}, before=bad) == {"prompts.task": "EMPTY"}


def test_of_one_field_also_what_it_brings_about_elsewhere_is_told() -> None:
    four = with_value(GOOD, "config.fields.tags.min_words", 4)
    assert field_told("config.fields.tags.words", 5, before=four) == {}
    told = field_told("config.fields.tags.words", 3, before=four)
    assert told == {"config.fields.tags.min_words": "BAD_RANGE"}
    assert field_told("type", "lorebook") == {"config.formats": "NO_EFFECT"}


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("name", 5, {"name": "BAD_TYPE"}),
        ("name", None, {"name": "BAD_TYPE"}),
        ("config", "x", {"config": "BAD_TYPE"}),
        ("config.tense", "future", {"config.tense": "BAD_CHOICE"}),
        ("nothing", 1, {"nothing": "UNKNOWN_FIELD"}),
        ("config.", 1, {"config.": "UNKNOWN_FIELD"}),
        ("name.x", 1, {"name.x": "UNKNOWN_FIELD"}),
        ("\ud800" * 500, 1, None),
    ],
)
def test_a_field_of_any_name_and_type_is_answered(
    field: str, value: object, found: dict[str, str] | None
) -> None:
    told = field_told(field, value)
    assert told == found if found is not None else list(told.values()) == ["UNKNOWN_FIELD"]


groups = st.sampled_from(["name", "config", "prompts", "", "config.fields", "config.formats"])
values = st.recursive(
    st.none() | st.booleans() | numbers | floats | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(groups | texts, values)
def test_any_value_for_any_field_is_answered(field: str, value: object) -> None:
    report = check_field(field, value, GOOD, AROUND).report()
    assert report["valid"] == (report["errors"] == [])


# Names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("İstanbul", "i̇stanbul"),
        ("Café", "Cafe\u0301"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        (" Rich prose ", "rich PROSE"),
        ("ǰ", "J\u030c"),
    ],
)
def test_names_that_people_take_for_the_same_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@given(st.text(max_size=20), st.text(max_size=20))
def test_names_that_the_store_takes_for_the_same_are_the_same(one: str, other: str) -> None:
    """SQLite's NOCASE folds the letters of ASCII, https://www.sqlite.org/datatype3.html#collation."""
    fold = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
    if one.translate(fold) == other.translate(fold):
        assert name_key(one) == name_key(other)
    assert name_key(one.swapcase()) == name_key(one) or not one.isascii()
    assert name_key(name_key(one)) == name_key(one)


@given(st.text(max_size=110), st.lists(st.text(max_size=5), max_size=5))
def test_a_free_name_is_free_and_none_too_long(name: str, others: list[str]) -> None:
    taken = {name_key(each) for each in [name, *others]}
    free = free_name(name, taken)
    assert name_key(free) not in taken
    assert len(free) <= LONGEST_NAME
    assert free_name(free, taken) == free


def test_a_report_is_as_the_specification_has_it() -> None:
    finding = Finding("name", "Told.", FindingCode.WEAK_NAME)
    place = Finding("prompts.task", "Told.", FindingCode.UNKNOWN_PLACEHOLDER, 3, 8)
    assert Validation((place,), (finding,)).report() == {
        "valid": False,
        "errors": [
            {"field": "prompts.task", "message": "Told.", "code": "UNKNOWN_PLACEHOLDER", "start": 3, "end": 8}
        ],
        "warnings": [{"field": "name", "message": "Told.", "code": "WEAK_NAME"}],
    }
