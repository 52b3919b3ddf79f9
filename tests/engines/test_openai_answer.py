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


def test_the_name_of_the_model_is_kept_short_and_without_the_key() -> None:
    reader = AnswerReader("asked-for", "server", "sk-1")
    list(reader.feed(_event({"content": "x"}, "stop").replace("m-1", "m-sk-1" + "x" * 5_000).encode()))
    assert reader.finished().model == "m-…" + "x" * 297


def test_usage_that_is_half_missing_or_odd() -> None:
    assert read_usage({"prompt_tokens": None}) == Usage(0, 0)
    assert read_usage({"prompt_tokens": 5, "completion_tokens": 1, "cost": "dear"}) == Usage(5, 1)
    assert read_usage({"completion_tokens": 1, "cost": 1e-05}) == Usage(0, 1, cost=Decimal("0.00001"))
    # What no call takes.
    assert read_usage({"prompt_tokens": 10**12, "completion_tokens": 1}) is None
    assert read_usage({"completion_tokens": 1, "cost": 10**6}) == Usage(0, 1)


def test_cached_written_and_reasoned_tokens_are_found_where_servers_tell_them() -> None:
    told = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    router = {"cached_tokens": 60, "cache_write_tokens": 30, "audio_tokens": 0}
    found = read_usage(told | {"prompt_tokens_details": router})
    assert found == Usage(100, 10, cached_tokens=60, cache_write_tokens=30)
    deepseek = {"prompt_cache_hit_tokens": 60, "prompt_cache_miss_tokens": 40, "prompt_tokens_details": None}
    assert read_usage(told | deepseek) == Usage(100, 10, cached_tokens=60)
    # As Anthropic tells them itself: beside the others, not among them.
    claude = {"cache_read_input_tokens": 500, "cache_creation_input_tokens": 200}
    assert read_usage(told | claude) == Usage(800, 10, cached_tokens=500, cache_write_tokens=200)
    # Reasoning is output; xAI does not count it there, which the sum tells.
    reasoned = {"completion_tokens_details": {"reasoning_tokens": 7}}
    assert read_usage(told | reasoned) == Usage(100, 10, reasoning_tokens=7)
    assert read_usage(told | reasoned | {"total_tokens": 117}) == Usage(100, 17, reasoning_tokens=7)


def test_a_key_of_ones_own_at_openrouter_costs_its_fee_and_the_providers_bill() -> None:
    told = {"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.001}
    told |= {"cost_details": {"upstream_inference_cost": 0.02}}
    for is_byok, cost in ((True, "0.021"), (False, "0.001"), ("yes", "0.001")):
        assert read_usage(told | {"is_byok": is_byok}) == Usage(1, 1, cost=Decimal(cost))
    assert read_usage(told | {"is_byok": True, "cost_details": []}) == Usage(1, 1, cost=Decimal("0.001"))


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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    *("choices", "delta", "message", "content", "usage", "model", "error", "finish_reason"),
                    *("prompt_tokens", "completion_tokens", "prompt_tokens_details", "cached_tokens", "cost"),
                )
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(value=JSON, stream=st.booleans())
def test_any_json_gives_text_an_end_or_a_failed_try(value: object, stream: bool) -> None:
    body = json.dumps(value).encode()
    reader = AnswerReader("m", "server", "sk-secret")
    try:
        texts = list(reader.feed(b"data: " + body + b"\n\n" if stream else body))
        texts += reader.close("text/event-stream" if stream else "application/json")
    except AttemptError:
        return
    assert all(isinstance(text, str) and text.encode() is not None for text in texts)
    reader.finished().model.encode()


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": "many"},
        {"prompt_tokens": 10**30, "completion_tokens": 1},
        {"prompt_tokens": float("nan")},
        {"prompt_tokens": -1},
        {"prompt_tokens": True},
        {"prompt_tokens": 1.5},
    ],
)
def test_usage_that_can_not_be_counts_as_not_reported(usage: dict) -> None:
    assert read_usage(usage) is None


@pytest.mark.parametrize("cost", ["NaN", "Infinity", -1, 10**9, True, "dear", ["1"], {"usd": 1}])
def test_a_cost_that_can_not_be_is_unknown(cost: object) -> None:
    usage = read_usage({"prompt_tokens": 1, "completion_tokens": 1, "cost": cost})
    assert usage == Usage(1, 1)


def test_the_key_is_struck_out_of_a_web_page_that_repeats_it() -> None:
    reader = AnswerReader("m", "server", "sk-secret")
    list(reader.feed(b"<html>Authorization: Bearer sk-secret</html>"))
    with pytest.raises(AttemptError) as raised:
        list(reader.close("text/html"))
    assert "sk-secret" not in str(raised.value.error.details)


@pytest.mark.parametrize(
    "entry",
    [
        {"meta": "x"},
        {"meta": [1]},
        {"context_length": "4096"},
        {"context_length": True},
        {"context_length": 10**18},
    ],
)
def test_an_odd_entry_of_models_tells_no_context(entry: dict) -> None:
    assert context_of(entry) is None


DEEP = '{"a":' * 100_000


@pytest.mark.parametrize("raw", [f"data: {DEEP}\n\n", f"{_event({'content': 'x'})}data: {DEEP}"])
def test_an_event_nested_without_end_is_a_failed_try(raw: str) -> None:
    with pytest.raises(AttemptError) as raised:
        _read([raw.encode()])
    assert raised.value.error.code == "ENGINE_BAD_ANSWER"
    assert raised.value.retried


def test_the_text_of_content_in_parts_is_the_answer_and_its_thoughts_are_not() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hmm"}]},
        {"type": "text", "text": "yes"},
        {"type": "text", "text": None},
        7,
    ]
    assert _read([_event({"content": parts}, "stop").encode()])[0] == "yes"


@pytest.mark.parametrize(
    "choice",
    [
        {"delta": {"content": 7}},
        {"delta": {"content": {"text": "x"}}},
        {"delta": {"refusal": ["no"]}},
        {"delta": {}, "finish_reason": ["stop"]},
        {"delta": {}, "finish_reason": 1},
        {"delta": "x"},
        "x",
    ],
)
def test_a_choice_of_another_shape_is_a_failed_try(choice: object) -> None:
    with pytest.raises(AttemptError) as raised:
        _read([f"data: {json.dumps({'choices': [choice]})}\n\n".encode()])
    assert raised.value.error.code == "ENGINE_BAD_ANSWER"


def test_a_later_report_that_can_not_be_leaves_the_good_one() -> None:
    good = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
    bad = {"choices": [], "usage": {"prompt_tokens": "many"}}
    events = "".join(f"data: {json.dumps(usage)}\n\n" for usage in (good, bad))
    _, reader = _read([(_event({"content": "x"}, "stop") + events).encode()])
    assert reader.finished().usage == Usage(3, 2)


def test_a_cost_next_to_nothing_can_be_written_out() -> None:
    usage = read_usage({"prompt_tokens": 1, "completion_tokens": 1, "cost": "1e-9999999"})
    assert usage is not None
    assert usage.cost is not None
    assert len(f"{usage.cost:f}") < 20


def test_half_a_character_in_an_answer_and_its_model_is_replaced() -> None:
    chunk = rb'{"model": "m\ud800", "choices": [{"delta": {"content": "a\udc00"}, "finish_reason": "stop"}]}'
    text, reader = _read([b"data: " + chunk + b"\n\n"])
    assert text == "a\ufffd"
    assert reader.finished().model == "m\ufffd"


def test_the_key_is_struck_out_of_a_content_type_that_repeats_it() -> None:
    reader = AnswerReader("m", "server", "sk-secret")
    list(reader.feed(b"no JSON"))
    with pytest.raises(AttemptError) as raised:
        list(reader.close("text/sk-secret" + "x" * 10_000))
    assert "sk-secret" not in raised.value.error.message
    assert len(raised.value.error.message) < 300


LINE = b"x" * 1_000 + b"\n"
FLOODS = {
    "a line": [b"data: " + b"x" * 60_000] * 20,
    "a line after a first event": [_event({"content": "x"}).encode(), *[b"data: " + b"x" * 60_000] * 20],
    "text": [_event({"content": "x" * 1_000}).encode()] * 1_100,
    "thoughts": [_event({"reasoning_content": "x" * 500_000}).encode()] * 150,
    "comments": [_event({"content": "x"}).encode(), *[(b": " + LINE) * 1_000] * 70],
    "a page": [LINE] * 1_100,
}


@pytest.mark.parametrize("chunks", FLOODS.values(), ids=FLOODS.keys())
def test_more_than_an_answer_can_be_is_not_listened_to(chunks: list[bytes]) -> None:
    with pytest.raises(AttemptError) as raised:
        _read(chunks)
    assert raised.value.error.code == "ENGINE_BAD_ANSWER"
    assert "more than any answer" in raised.value.error.message
    assert not raised.value.retried, "the next try would be paid for, too"


def test_a_long_time_of_thinking_is_no_flood() -> None:
    thoughts = [_event({"reasoning_content": "x" * 400}).encode() * 1_000] * 20
    assert _read([*thoughts, _event({"content": "yes"}, "stop").encode()])[0] == "yes"
