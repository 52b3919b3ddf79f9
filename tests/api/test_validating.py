"""The rules over HTTP, as the specification's section 4.1 has them."""

from __future__ import annotations

import json
from typing import Any

import httpx

PATH = "/api/v2/validate/profile"


def asked(api: httpx.Client, field: str, value: Any, **context: Any) -> dict[str, Any]:
    body = json.dumps({"field": field, "value": value, "context": context})  # halves of characters, too
    answer = api.post(PATH, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    return dict(answer.json())


def codes(findings: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(finding["field"], finding["code"]) for finding in findings]


def test_the_name_of_another_profile_is_refused_in_any_case(api: httpx.Client) -> None:
    told = asked(api, "name", "dEFAULT")
    assert told["valid"] is False
    assert codes(told["errors"]) == [("name", "DUPLICATE_NAME")]
    assert told["errors"][0].keys() >= {"field", "message", "code"}


def test_its_own_name_is_not(api: httpx.Client) -> None:
    assert asked(api, "name", "Default", profile_id="profile_default")["valid"] is True


def test_a_name_that_says_nothing_is_a_warning(api: httpx.Client) -> None:
    told = asked(api, "name", "Profile", profile_type="character")
    assert told["valid"] is True
    assert codes(told["warnings"]) == [("name", "WEAK_NAME")]


def test_each_field_by_its_path(api: httpx.Client) -> None:
    for field, value, path, code in (
        ("config", {"sampling": {"temperature": 3}}, "config.sampling.temperature", "BAD_RANGE"),
        ("config.greetings", "many", "config.greetings", "BAD_TYPE"),
        ("config.tense", "future", "config.tense", "BAD_CHOICE"),
        ("prompts", {"task": "Write {feelds}."}, "prompts.task", "UNKNOWN_PLACEHOLDER"),
        ("no.such.field", 1, "no.such.field", "UNKNOWN_FIELD"),
    ):
        told = asked(api, field, value, profile_id="profile_default")
        assert told["valid"] is False
        assert (path, code) in codes(told["errors"])


def test_no_value_is_too_odd(api: httpx.Client) -> None:
    odd: list[Any] = [None, [], [[]], "x" * 100_000, -1, 1e308, {"a": {"b": []}}, "\ud800", "\0"]
    for value in odd:
        for field in ("name", "config", "prompts.task", "", "config.sampling"):
            asked(api, field, value)


def test_a_question_of_another_shape_is_refused(api: httpx.Client) -> None:
    for body in (
        {},
        {"field": 1, "value": 1},
        {"field": "name"},
        {"field": "name", "value": "x", "context": []},
    ):
        answer = api.post(PATH, json=body)
        assert (answer.status_code, answer.json()["error"]) == (400, "API_BODY_INVALID")
