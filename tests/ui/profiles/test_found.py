"""Findings in the order they are gone through, and what one click does about them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.profiles.model import ProfileContent, ProfilePrompts
from cardforge_desktop.profiles.paths import fields_of, with_value
from cardforge_desktop.profiles.rules import check
from cardforge_desktop.profiles.surroundings import Surroundings
from cardforge_desktop.profiles.templates import known_placeholders, placeholders_in
from cardforge_desktop.profiles.validation import Finding, FindingCode, Validation
from cardforge_desktop.ui.profiles.editor.found import all_found, fix_of, form_order, section_of

PATHS = [*fields_of(ProfileContent(name="x")), "", "config.fields", "config.of.tomorrow"]
FINDINGS = st.builds(
    Finding,
    field=st.sampled_from(PATHS),
    message=st.sampled_from(["One.", "Two."]),
    code=st.sampled_from(FindingCode),
    start=st.none() | st.integers(-3, 40),
    end=st.none() | st.integers(-3, 40),
)
TEMPLATES = st.lists(
    st.sampled_from(
        ["{sauce}", "{fileds}", "{source}", "{{char}}", "{", "}", "😀", "\r\n", "{zzzzzz}", " word "]
    )
).map("".join)


@given(errors=st.lists(FINDINGS), warnings=st.lists(FINDINGS))
def test_errors_come_first_each_once_and_as_the_form_has_them(errors: list[Finding], warnings: list[Finding]):
    found = all_found(Validation(tuple(errors), tuple(warnings)))
    assert {each.finding for each in found if each.severity == "error"} == set(errors)
    assert {each.finding for each in found if each.severity == "warning"} == set(warnings)
    assert len(found) == len(set(errors)) + len(set(warnings))
    order = form_order()
    places = [
        (each.severity != "error", order.index(each.path) if each.path in order else -1) for each in found
    ]
    assert places == sorted(places)


@given(finding=FINDINGS, text=st.text() | TEMPLATES)
def test_no_finding_and_no_text_raises(finding: Finding, text: str):
    content = ProfileContent(name="x", prompts=ProfilePrompts(task=text.encode("utf-8", "ignore").decode()))
    fix = fix_of(finding, content)
    if fix is not None:
        assert with_value(content, fix.path, fix.value) != content or fix.path == "config.formats"
    assert section_of(finding.field)


@given(text=TEMPLATES)
def test_a_fixed_placeholder_is_known_and_all_else_stays(text: str):
    content = ProfileContent(name="x", prompts=ProfilePrompts(task=text))
    known = known_placeholders("prompts.task")
    for each in placeholders_in(text):
        finding = Finding("prompts.task", "No.", FindingCode.UNKNOWN_PLACEHOLDER, each.start, each.end)
        fix = fix_of(finding, content)
        if fix is None or each.name in known:
            continue
        put = fix.value[each.start : len(fix.value) - (len(text) - each.end)]
        assert put[1:-1] in known
        assert fix.value.startswith(text[: each.start])
        assert fix.value.endswith(text[each.end :])
        assert fix.label == f"Use {put}"


@pytest.mark.parametrize(
    ("path", "text", "label", "fixed"),
    [
        ("prompts.task", "Of {sauce}.", "Use {source}", "Of {source}."),
        ("prompts.task", "Of {{source}}.", "Use {source}", "Of {source}."),
        ("prompts.fields.tags", "😀 {Char} is", "Use {{char}}", "😀 {{char}} is"),
        ("prompts.task", "In {words} words.", "Remove it", "In  words."),
        ("prompts.task", "See {examples}. {source} {fields}", "Remove it", "See . {source} {fields}"),
    ],
)
def test_the_click_does_what_the_rules_advise(path: str, text: str, label: str, fixed: str):
    content = with_value(ProfileContent(name="Lamps and quays"), path, text)
    codes = (FindingCode.UNKNOWN_PLACEHOLDER, FindingCode.NO_EFFECT)
    told = check(content, Surroundings())
    found = next(each for each in (*told.errors, *told.warnings) if each.field == path and each.code in codes)
    fix = fix_of(found, content)
    assert fix is not None
    assert (fix.label, fix.value) == (label, fixed)


@pytest.mark.parametrize(
    ("path", "value", "code", "after"),
    [
        ("config.sampling.top_k", 40, FindingCode.NO_EFFECT, None),
        ("config.model", "large-2", FindingCode.NO_EFFECT, ""),
        ("config.model", "large-2", FindingCode.MODEL_WITHOUT_ENGINE, ""),
    ],
)
def test_what_has_no_effect_is_taken_away(path: str, value: object, code: FindingCode, after: object):
    content = with_value(ProfileContent(name="x"), path, value)
    fix = fix_of(Finding(path, "No.", code), content)
    assert fix is not None
    assert (fix.path, fix.value) == (path, after)


def test_formats_that_are_not_known_are_left_out():
    content = with_value(ProfileContent(name="x"), "config.formats", ("json", "of-tomorrow", "v2"))
    fix = fix_of(Finding("config.formats", "No.", FindingCode.UNKNOWN_FORMAT), content)
    assert fix is not None
    assert fix.value == ("json", "v2")
