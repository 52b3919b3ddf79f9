"""Profiles from JSON that anybody may have written: never an exception, and each fault by its path."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.profiles.reading import read_content
from cardforge_desktop.profiles.shipped import shipped_profiles
from cardforge_desktop.profiles.validation import FindingCode, Validation

#: What JSON can hold, with what is rare in it: huge numbers, NaN, lone surrogates, NUL.
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**63, float("nan"), float("inf"), -0.0, 1e308])
    | st.floats()
    | st.text(st.characters(codec=None), max_size=12)
)
words = "name description type config prompts fields sampling temperature book formats words first_mes write"
field_words = st.sampled_from([*words.split(), "system", "character", "id", "greetings"])
keys = field_words | st.text(max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)


def found(value: object) -> dict[str, FindingCode]:
    return {finding.field: finding.code for finding in read_content(value)[1].errors}


@given(values)
def test_any_json_gives_a_content_or_findings(value: Any) -> None:
    content, validation = read_content(value)
    assert (content is None) == bool(validation.errors)
    json.dumps(validation.report()).encode()
    for finding in validation.errors:
        finding.message.encode()  # can be written anywhere


@pytest.mark.parametrize("each", shipped_profiles(), ids=lambda each: each.id)
def test_what_is_written_is_read_back(each: Any) -> None:
    plain = each.content.model_dump(mode="json")
    assert read_content(json.loads(json.dumps(plain))) == (each.content, Validation())


def test_what_is_not_said_is_as_it_was() -> None:
    before = ProfileContent(name="Before", description="Kept")
    content, _ = read_content({"name": "After", "config": {"fields": {"tags": {"words": 5}}}}, before)
    assert content is not None
    changed = {path for path, value in fields_of(content).items() if value != fields_of(before)[path]}
    assert changed == {"name", "config.fields.tags.words"}


def test_what_the_store_adds_is_left_alone() -> None:
    assert read_content({"name": "x", "id": "profile_1", "version": 7, "updated_by": "ana"})[0] is not None


@pytest.mark.parametrize(
    ("value", "path", "code"),
    [
        ({"name": 5}, "name", "BAD_TYPE"),
        ({"type": "hero"}, "type", "BAD_CHOICE"),
        ({"config": {"tense": "pst"}}, "config.tense", "BAD_CHOICE"),
        ({"config": {"greetings": True}}, "config.greetings", "BAD_TYPE"),
        ({"config": {"greetings": "3"}}, "config.greetings", "BAD_TYPE"),
        ({"config": {"greetings": 1.5}}, "config.greetings", "BAD_TYPE"),
        ({"config": {"greetings": 10**5000}}, "config.greetings", "BAD_RANGE"),
        ({"config": {"sampling": {"top_p": float("nan")}}}, "config.sampling.top_p", "BAD_RANGE"),
        ({"config": {"sampling": {"top_p": "0.5"}}}, "config.sampling.top_p", "BAD_TYPE"),
        ({"config": {"formats": "json"}}, "config.formats", "BAD_TYPE"),
        ({"config": {"formats": ["json", 1]}}, "config.formats", "BAD_TYPE"),
        ({"config": {"formats": ["json"] * 1000}}, "config.formats", "TOO_LONG"),
        ({"config": {"fields": {"nam": {}}}}, "config.fields.nam", "UNKNOWN_FIELD"),
        ({"prompts": []}, "prompts", "BAD_TYPE"),
        ({"prompts": {"system": None}}, "prompts.system", "BAD_TYPE"),
        ([], "", "BAD_TYPE"),
        (None, "", "BAD_TYPE"),
    ],
)
def test_a_fault_is_told_by_its_path(value: object, path: str, code: str) -> None:
    assert found(value) == {path: code}


def test_a_whole_number_may_be_written_with_a_point() -> None:
    content, _ = read_content({"name": "x", "config": {"greetings": 4.0, "sampling": {"top_p": 1}}})
    assert content is not None
    assert (content.config.greetings, content.config.sampling.top_p) == (4, 1.0)


def test_a_field_in_the_wrong_group_is_told_its_place() -> None:
    (finding,) = read_content({"config": {"temprature": 1}})[1].errors
    assert "config.sampling.temperature" in finding.message


def test_a_hundred_thousand_unknown_fields_give_a_short_answer() -> None:
    errors = read_content({f"{'x' * 100}{number}\ud800": 1 for number in range(100_000)})[1].errors
    assert 1 < len(errors) < 60
    assert all(len(finding.field) < 100 for finding in errors)
