"""Reading an answer's bytes however they are cut, and the figures servers send along."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.engines.base import Usage
from cardforge_desktop.engines.http_errors import AttemptError
from cardforge_desktop.engines.openai_answer import AnswerReader, context_of, read_usage


def _event(delta: dict[str, Any], reason: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return f"data: {json.dumps({'model': 'm-1', 'choices': [choice]}, ensure_ascii=False)}\r\n\r\n"


def _read(chunks: list[bytes]) -> tuple[str, AnswerReader]:
    reader = AnswerReader("asked-for", "server", None)
    text = "".join(text for chunk in chunks for text in reader.feed(chunk))
    return text + "".join(reader.close("text/event-stream")), reader


@given(
    st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=8), max_size=8),
    st.lists(st.integers(0, 2_000), max_size=15),
)
def test_the_text_is_the_same_however_the_bytes_are_cut(texts: list[str], cuts: list[int]) -> None:
    usage = {"model": "m-1", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
    raw = (
        ": OPENROUTER PROCESSING\n\n"
        + "".join(_event({"content": text}) for text in texts)
        + _event({}, "stop")
        + f"data: {json.dumps(usage)}\n\ndata: [DONE]\n\n"
    ).encode()
    edges = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    text, reader = _read([raw[a:b] for a, b in pairwise(edges)])
    assert text == "".join(texts)
    assert reader.complete
    assert reader.finished().usage == Usage(3, 2)
    assert reader.finished().model == "m-1"


@given(st.integers(0, 2_000))
def test_an_answer_cut_before_its_finish_reason_has_failed(cut: int) -> None:
    begun = (_event({"role": "assistant"}) + _event({"content": "Grüße, ☂"})).encode()
    with pytest.raises(AttemptError) as caught:
        _read([begun[:cut]])
    assert caught.value.retried
    assert caught.value.error.code == "ENGINE_STREAM_CUT"


def test_reasoning_is_no_part_of_the_answer() -> None:
    raw = _event({"reasoning_content": "hmm", "content": None}) + _event({"content": "yes"}, "stop")
    assert _read([raw.encode()])[0] == "yes"


def test_a_finish_reason_of_error_is_a_failure() -> None:
    with pytest.raises(AttemptError):
        _read([_event({"content": "x"}, "error").encode()])


def test_usage_that_is_half_missing_or_odd() -> None:
    assert read_usage({"prompt_tokens": None}) == Usage(0, 0)
    assert read_usage({"prompt_tokens": 5, "completion_tokens": 1, "cost": "dear"}) == Usage(5, 1)
    assert read_usage({"completion_tokens": 1, "cost": 1e-05}) == Usage(0, 1, cost=Decimal("0.00001"))


@pytest.mark.parametrize(
    ("entry", "context"),
    [
        ({"meta": {"n_ctx": 8192, "n_ctx_train": 2048}}, 2048),
        ({"max_model_len": 32768}, 32768),
        ({"context_length": 131072}, 131072),
        ({"meta": None, "context_length": 0}, None),
        ({}, None),
    ],
)
def test_the_context_a_server_names(entry: dict[str, Any], context: int | None) -> None:
    assert context_of(entry) == context
