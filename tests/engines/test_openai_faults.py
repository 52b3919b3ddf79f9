"""The adapter against a server that misbehaves; calls are counted in the server's own log."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import validate

from cardforge_desktop.engines.base import EngineError, Usage
from cardforge_desktop.engines.openai_request import dialect_of
from cardforge_desktop.engines.retries import Retries, Timeouts
from tests.engines.calls import CARD, KEY, Received, Waits, card_prompt, engine_for, received
from tests.support.scripted_server import ScriptedServer, Step

HASTY = Timeouts(connect=0.5, first_byte=0.3, idle=0.3, total=30.0)


def _call(server: ScriptedServer, waits: Waits | None = None, **options: Any) -> Received:
    async def once() -> Received:
        engine = engine_for(server.url, waits, **options)
        try:
            return await received(engine, options_prompt)
        finally:
            await engine.close()

    options_prompt = options.pop("prompt", card_prompt())
    return asyncio.run(once())


def _error(server: ScriptedServer, **options: Any) -> EngineError:
    with pytest.raises(EngineError) as caught:
        _call(server, **options)
    return caught.value


def _outcomes(server: ScriptedServer, count: int) -> list[str]:
    server.wait_until(lambda calls: len(calls) == count and all(call.outcome for call in calls))
    return [call.outcome for call in server.calls]


def test_a_good_answer_takes_one_call(scripted_server: ScriptedServer) -> None:
    got = _call(scripted_server)
    validate(json.loads(got.text), CARD)
    assert got.failures == []
    assert got.finished is not None
    assert (got.finished.reason, got.finished.model) == ("stop", "scripted-1")
    assert got.finished.usage is not None
    assert got.finished.usage.output_tokens == len(got.text) // 4
    assert _outcomes(scripted_server, 1) == ["answer"]
    assert scripted_server.calls[0].authorization == f"Bearer {KEY}"


def test_usage_with_cached_reasoning_and_cost(scripted_server: ScriptedServer) -> None:
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 50,
        "prompt_tokens_details": {"cached_tokens": 60},
        "completion_tokens_details": {"reasoning_tokens": 20},
        "cost": 0.00014,
    }
    scripted_server.add(Step(usage=usage))
    got = _call(scripted_server)
    assert got.finished is not None
    assert got.finished.usage == Usage(100, 50, 60, 20, Decimal("0.00014"))


@pytest.mark.parametrize(
    ("headers", "shortest"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "2500"}, 2.5),
        ({"retry-after": "10"}, 10.0),
        ({}, 0.5),
    ],
)
def test_a_rate_limit_is_waited_out_as_the_server_asks(
    scripted_server: ScriptedServer, headers: dict[str, str], shortest: float
) -> None:
    scripted_server.add(Step("status", status=429, headers=headers))
    waits = Waits()
    got = _call(scripted_server, waits)
    assert waits.seconds == [shortest]
    assert [failure.delay for failure in got.failures] == [shortest]
    assert got.failures[0].error.code == "ENGINE_RATE_LIMITED"
    assert _outcomes(scripted_server, 2) == ["status 429", "answer"]


@pytest.mark.parametrize("seconds", [11, 3600])
def test_a_long_rate_limit_is_told_at_once(scripted_server: ScriptedServer, seconds: int) -> None:
    scripted_server.add(Step("status", status=429, headers={"retry-after": str(seconds)}, times=0))
    error = _error(scripted_server)
    assert (error.code, error.details["retry_after"]) == ("ENGINE_RATE_LIMITED", seconds)
    assert _outcomes(scripted_server, 1) == ["status 429"]


def test_a_server_in_trouble_for_an_hour_is_asked_again_after_a_minute(
    scripted_server: ScriptedServer,
) -> None:
    scripted_server.add(Step("status", status=503, headers={"retry-after": "3600"}))
    waits = Waits()
    assert len(_call(scripted_server, waits).failures) == 1
    assert waits.seconds == [60]


@pytest.mark.parametrize("status", [408, 409, 500, 503, 529])
def test_passing_trouble_costs_one_more_call(scripted_server: ScriptedServer, status: int) -> None:
    scripted_server.add(Step("status", status=status))
    assert len(_call(scripted_server).failures) == 1
    assert _outcomes(scripted_server, 2) == [f"status {status}", "answer"]


@pytest.mark.parametrize("fault", ["cut", "unfinished", "garbage_event", "error_event"])
def test_a_broken_stream_is_asked_for_again_and_its_text_is_void(
    scripted_server: ScriptedServer, fault: Any
) -> None:
    scripted_server.add(Step(fault))
    got = _call(scripted_server)
    validate(json.loads(got.text), CARD)
    assert len(got.failures) == 1
    assert _outcomes(scripted_server, 2) == [fault, "answer"]


@pytest.mark.parametrize("fault", ["slow", "stall"])
def test_silence_times_out_and_is_asked_again(scripted_server: ScriptedServer, fault: Any) -> None:
    scripted_server.add(Step(fault, seconds=30.0 if fault == "slow" else 0.0))
    got = _call(scripted_server, timeouts=HASTY)
    assert [failure.error.code for failure in got.failures] == ["ENGINE_TIMEOUT"]
    assert _outcomes(scripted_server, 2) == ["disconnected", "answer"]


def test_an_answer_without_end_is_given_up_and_not_paid_for_again(scripted_server: ScriptedServer) -> None:
    scripted_server.add(Step("stall"))
    error = _error(scripted_server, timeouts=Timeouts(idle=60.0, total=0.4))
    assert error.code == "ENGINE_TIMEOUT"
    assert _outcomes(scripted_server, 1) == ["disconnected"]


def test_tries_are_bounded(scripted_server: ScriptedServer) -> None:
    scripted_server.add(Step("status", status=503, times=0))
    waits = Waits()
    error = _error(scripted_server, waits=waits)
    assert (error.code, error.details["tries"]) == ("ENGINE_SERVER", 4)
    assert waits.seconds == [0.5, 1.0, 2.0]
    assert len(_outcomes(scripted_server, 4)) == 4


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "ENGINE_BAD_REQUEST"),
        (401, "ENGINE_AUTH"),
        (402, "ENGINE_CREDIT"),
        (403, "ENGINE_AUTH"),
        (404, "ENGINE_NOT_FOUND"),
    ],
)
def test_final_errors_take_exactly_one_call(scripted_server: ScriptedServer, status: int, code: str) -> None:
    scripted_server.add(Step("status", status=status, times=0, headers={"x-should-retry": "true"}))
    assert _error(scripted_server).code == code
    assert _outcomes(scripted_server, 1) == [f"status {status}"]


@pytest.mark.parametrize("quota", ["insufficient_quota", "billing_hard_limit_reached"])
def test_an_empty_account_is_not_asked_again(scripted_server: ScriptedServer, quota: str) -> None:
    body = {"error": {"message": "You exceeded your current quota.", "type": quota, "code": quota}}
    scripted_server.add(Step("status", status=429, error=body, times=0))
    assert _error(scripted_server).code == "ENGINE_CREDIT"
    assert len(_outcomes(scripted_server, 1)) == 1


def test_no_credit_inside_the_stream_is_final_too(scripted_server: ScriptedServer) -> None:
    body = {"error": {"code": 402, "message": "Insufficient credits"}, "choices": []}
    scripted_server.add(Step("error_event", error=body, times=0))
    error = _error(scripted_server)
    assert error.code == "ENGINE_CREDIT"
    assert "Insufficient credits" in error.message
    assert _outcomes(scripted_server, 1) == ["error_event"]


def test_a_prompt_too_long_is_told_apart(scripted_server: ScriptedServer) -> None:
    body = {"error": {"code": "context_length_exceeded", "message": "maximum context length is 8192 tokens"}}
    scripted_server.add(Step("status", status=400, error=body, times=0))
    assert _error(scripted_server).code == "ENGINE_CONTEXT"
    assert len(_outcomes(scripted_server, 1)) == 1


@pytest.mark.parametrize(
    ("parameter", "changes"),
    [
        ("response_format", {}),
        ("temperature", {"temperature": 0.5}),
        ("seed", {"seed": 3}),
        ("min_p", {"min_p": 0.1}),
    ],
)
def test_a_refused_parameter_is_left_out_for_good(
    scripted_server: ScriptedServer, parameter: str, changes: dict[str, Any]
) -> None:
    scripted_server.add(Step("refuse_parameter", parameter=parameter, times=0))

    async def twice() -> list[Received]:
        engine = engine_for(scripted_server.url)
        answers = [await received(engine, card_prompt(**changes)) for _ in range(2)]
        await engine.close()
        return answers

    for got in asyncio.run(twice()):
        assert got.failures == [], "learning is no failure"
        validate(json.loads(got.text), CARD)
    assert _outcomes(scripted_server, 3) == [f"refused {parameter}", "refuse_parameter", "refuse_parameter"]
    assert [parameter in call.body for call in scripted_server.calls] == [True, False, False]


def test_where_nobody_behind_a_router_takes_all_the_sampling_the_schema_is_kept(
    scripted_server: ScriptedServer,
) -> None:
    body = {"error": {"code": 404, "message": "No endpoints found that can handle the requested parameters."}}
    scripted_server.add(Step("status", status=404, error=body, match='"min_p"', times=0))

    async def call() -> Received:
        engine = engine_for(scripted_server.url, dialect=dialect_of("https://openrouter.ai/api/v1"))
        got = await received(engine, card_prompt(min_p=0.1, top_k=40, temperature=0.5))
        await engine.close()
        return got

    assert asyncio.run(call()).failures == []
    first, second = (call.body for call in scripted_server.calls)
    assert {"min_p", "top_k", "response_format"} <= first.keys()
    assert first.keys() - second.keys() == {"min_p", "top_k"}


def test_a_newer_name_of_the_token_limit_is_taken_up(scripted_server: ScriptedServer) -> None:
    message = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    body = {"error": {"message": message, "param": "max_tokens"}}
    scripted_server.add(Step("status", status=400, error=body))
    assert _call(scripted_server).failures == []
    assert scripted_server.calls[1].body["max_completion_tokens"] == 400


def test_a_server_that_refuses_whatever_we_do_is_not_asked_for_ever(scripted_server: ScriptedServer) -> None:
    body = {"error": {"message": "response_format is broken here", "param": "response_format"}}
    scripted_server.add(Step("status", status=400, error=body, times=0))
    assert _error(scripted_server).code == "ENGINE_BAD_REQUEST"
    assert len(_outcomes(scripted_server, 2)) == 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("truncated", "length"), ("refusal", "refusal"), ("empty", "stop"), ("garbage", "stop")],
)
def test_how_an_answer_ended_is_told(scripted_server: ScriptedServer, fault: Any, reason: str) -> None:
    scripted_server.add(Step(fault))
    got = _call(scripted_server)
    assert got.finished is not None
    assert got.finished.reason == reason
    assert (got.text == "") == (fault == "empty")
    assert _outcomes(scripted_server, 1) == [fault]


def test_a_server_that_cannot_stream_is_understood(scripted_server: ScriptedServer) -> None:
    scripted_server.add(Step("no_stream"))
    got = _call(scripted_server)
    validate(json.loads(got.text), CARD)
    assert got.finished is not None
    assert got.finished.usage is not None


def test_a_web_page_is_no_answer(scripted_server: ScriptedServer) -> None:
    scripted_server.add(Step("web_page", times=0))
    error = _error(scripted_server)
    assert error.code == "ENGINE_BAD_ANSWER"
    assert "/v1" in error.message
    assert len(_outcomes(scripted_server, 1)) == 1


def test_nobody_there(scripted_server: ScriptedServer) -> None:
    with ScriptedServer() as gone:
        url = gone.url
    waits = Waits()

    async def call() -> None:
        engine = engine_for(url, waits, retries=Retries(tries=2))
        await received(engine, card_prompt())

    with pytest.raises(EngineError) as caught:
        asyncio.run(call())
    assert caught.value.code == "ENGINE_UNREACHABLE"
    assert len(waits.seconds) == 1
