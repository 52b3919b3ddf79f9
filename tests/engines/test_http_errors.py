"""Whatever a server sends instead of an answer becomes a complaint that can be shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardforge_desktop.engines.http_errors import Complaint, error_of, read_complaint

DEEP = b"[" * 100_000 + b"]" * 100_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(categories=None)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "message", "code", "param", "detail"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def _nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


@given(JSON | st.binary(), st.sampled_from([0, 400, 500]))
@example(b"\xff\xfe{", 0)
@example({"error": {"code": "\u00b2"}}, 0)
def test_any_body_is_a_complaint_that_can_be_shown_and_kept(body: Any, status: int) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    error = error_of(read_complaint(status, raw, "sk-secret"), "server", "model")
    json.dumps(error.details, ensure_ascii=False).encode()
    assert error.message.encode()
    assert error.message.isprintable()


@pytest.mark.parametrize("body", [DEEP, b'{"error": ' + DEEP + b"}", {"error": _nested(5_000)}])
def test_nesting_without_end_says_nothing(body: Any) -> None:
    assert read_complaint(503, body, None) == Complaint(503, "", "")


@pytest.mark.parametrize(
    ("code", "status"), [("402", 402), (429, 429), ("\u00b2", 0), ("9" * 5_000, 0), ("42", 0), (None, 0)]
)
def test_a_code_is_a_status_only_when_it_can_be_one(code: Any, status: int) -> None:
    assert read_complaint(0, {"error": {"code": code, "message": "no"}}, None).status == status


def test_half_a_character_in_a_sentence_is_replaced() -> None:
    body = rb'{"error": {"message": "bad \ud800 input \ud83d\ude00"}}'
    assert read_complaint(400, body, None).text == "bad \ufffd input \U0001f600"


def test_a_terminal_is_not_told_what_to_do() -> None:
    assert read_complaint(400, rb'{"error": "\u001b[2J\u0007Buy\nnow\u202e"}', None).text == "[2J Buy now"


def test_a_key_spelled_in_escapes_is_struck_out() -> None:
    complaint = read_complaint(401, rb'{"error": {"message": "no such key: \u0073k-secret"}}', "sk-secret")
    assert complaint.text == "no such key: …"
