"""Cancelling, checking, and the key that nobody sees."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from typing import Any

import pytest

from cardforge_desktop.engines.base import Connection, EngineError, TextPiece
from cardforge_desktop.engines.openai import OpenAIEngine
from tests.engines.calls import KEY, card_prompt, engine_for, received
from tests.engines.raw_server import raw_server
from tests.support.scripted_server import ScriptedServer, Step


def _left_within_a_second(server: ScriptedServer, moment: float) -> None:
    server.wait_until(lambda calls: calls[0].outcome == "disconnected", 5.0)
    ended = server.calls[0].ended
    assert ended is not None
    assert ended - moment < 1.0


def test_closing_the_stream_closes_the_connection_at_once(scripted_server: ScriptedServer) -> None:
    scripted_server.add(Step("stall"))

    async def leave() -> float:
        engine = engine_for(scripted_server.url)
        pieces = engine.stream(card_prompt())
        assert isinstance(await anext(pieces), TextPiece)
        moment = time.time()
        await pieces.aclose()
        await asyncio.to_thread(_left_within_a_second, scripted_server, moment)
        await engine.close()
        return moment

    asyncio.run(leave())


def test_cancelling_the_task_closes_the_connection_at_once(scripted_server: ScriptedServer) -> None:
    scripted_server.add(Step("stall"))

    async def cancel() -> None:
        engine = engine_for(scripted_server.url)
        begun = asyncio.Event()

        async def read() -> None:
            async for _ in engine.stream(card_prompt()):
                begun.set()

        task = asyncio.create_task(read())
        await begun.wait()
        await _cancelled(task, scripted_server)
        await engine.close()

    asyncio.run(cancel())


def test_cancelling_before_the_first_byte_closes_it_too(scripted_server: ScriptedServer) -> None:
    scripted_server.add(Step("slow", seconds=30.0))

    async def cancel() -> None:
        engine = engine_for(scripted_server.url)
        task = asyncio.create_task(received(engine, card_prompt()))
        await asyncio.to_thread(scripted_server.wait_until, lambda calls: len(calls) == 1)
        await _cancelled(task, scripted_server)
        await engine.close()

    asyncio.run(cancel())


async def _cancelled(task: asyncio.Task[Any], server: ScriptedServer) -> None:
    moment = time.time()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(_left_within_a_second, server, moment)


def test_cancelling_during_a_wait_asks_no_more(scripted_server: ScriptedServer) -> None:
    scripted_server.add(Step("status", status=503, times=0))

    async def cancel() -> None:
        waiting = asyncio.Event()

        async def sleep(_seconds: float) -> None:
            waiting.set()
            await asyncio.Event().wait()

        engine = engine_for(scripted_server.url, sleep=sleep)
        task = asyncio.create_task(received(engine, card_prompt()))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await engine.close()

    asyncio.run(cancel())
    assert len(scripted_server.calls) == 1


def test_the_key_is_in_no_error_no_log_and_no_repr(
    scripted_server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"error": {"message": f"Incorrect API key provided: {KEY}.", "code": "invalid_api_key"}}
    scripted_server.add(Step("status", status=401, error=body, times=0))
    engine = engine_for(scripted_server.url)

    async def call() -> None:
        try:
            await received(engine, card_prompt())
        finally:
            await engine.close()

    with pytest.raises(EngineError) as caught:
        asyncio.run(call())
    error = caught.value
    assert scripted_server.calls[0].authorization == f"Bearer {KEY}"
    assert "key was refused by 127.0.0.1" in error.message
    seen = f"{error} {error.details} {engine!r} {vars(engine)['_connection']!r} {caplog.text}"
    assert KEY not in seen


def test_after_a_refusal_the_key_is_asked_for_again(scripted_server: ScriptedServer) -> None:
    scripted_server.add(Step("status", status=401))
    keys = iter(["old", "new"])
    engine = OpenAIEngine(Connection("Test", "openai", scripted_server.url, "scripted-1"), lambda: next(keys))

    async def call() -> None:
        with pytest.raises(EngineError):
            await received(engine, card_prompt())
        await received(engine, card_prompt())
        await received(engine, card_prompt())
        await engine.close()

    asyncio.run(call())
    assert [call.authorization for call in scripted_server.calls] == [
        "Bearer old",
        "Bearer new",
        "Bearer new",
    ]


def test_a_key_that_cannot_be_sent_is_told_without_showing_it(scripted_server: ScriptedServer) -> None:
    secret = "sk-gehëim"
    engine = OpenAIEngine(Connection("Test", "openai", scripted_server.url, "scripted-1"), lambda: secret)
    with pytest.raises(EngineError) as caught:
        asyncio.run(received(engine, card_prompt()))
    assert caught.value.code == "ENGINE_AUTH"
    assert secret not in caught.value.message
    assert scripted_server.calls == ()


def test_check_lists_the_models(scripted_server: ScriptedServer) -> None:
    health = asyncio.run(engine_for(scripted_server.url).check())
    assert health.ok
    assert health.models == ("scripted-1",)


def test_check_takes_a_server_without_a_list_of_models() -> None:
    with ScriptedServer(models=()) as server:
        health = asyncio.run(engine_for(server.url).check())
    assert health.ok
    assert "no list" in health.message


def test_check_says_when_nobody_is_there() -> None:
    with ScriptedServer() as server:
        url = server.url
    health = asyncio.run(engine_for(url).check())
    assert not health.ok
    assert "cannot be reached" in health.message


def test_check_names_a_model_that_is_not_served() -> None:
    with ScriptedServer(models=["other"]) as server:
        health = asyncio.run(engine_for(server.url).check())
    assert health.models == ("other",)
    assert "scripted-1" in health.message


@pytest.mark.parametrize(
    "body", [b'{"data": ' + b"[" * 100_000, b'{"data": 7}', b"[]", b"\xff\xfe\x00", b'{"models": []}']
)
def test_check_of_a_server_of_another_kind(body: bytes) -> None:
    with raw_server([body]) as url:
        health = asyncio.run(engine_for(url).check())
    assert not health.ok
    assert "not as an OpenAI-compatible server" in health.message


def test_check_takes_only_names_of_models_that_can_be_shown() -> None:
    with raw_server(
        [rb'{"data": [{"id": "m\ud800"}, {"id": 7}, {"id": null}, {}, "x", {"id": "ok"}]}']
    ) as url:
        health = asyncio.run(engine_for(url).check())
    assert health.models == ("m\ufffd", "ok")


def test_check_of_a_server_whose_error_is_nested_without_end() -> None:
    with raw_server([b"[" * 100_000], status=503) as url:
        health = asyncio.run(engine_for(url).check())
    assert not health.ok
    assert "HTTP 503" in health.message


@pytest.mark.parametrize(("status", "said"), [(200, "not as an OpenAI"), (503, "HTTP 503")])
def test_check_of_a_server_that_never_stops_talking(status: int, said: str) -> None:
    with raw_server(itertools.repeat(b"x" * 65_536), status) as url:
        health = asyncio.run(engine_for(url).check())
    assert not health.ok
    assert said in health.message


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [(200, "ENGINE_BAD_ANSWER", "more than any answer"), (400, "ENGINE_BAD_REQUEST", "blah")],
)
def test_a_server_that_never_stops_talking(status: int, code: str, said: str) -> None:
    with raw_server(itertools.repeat(b"blah " * 10_000), status) as url, pytest.raises(EngineError) as caught:
        asyncio.run(received(engine_for(url), card_prompt()))
    assert caught.value.code == code
    assert said in caught.value.message


def test_many_streams_at_once(scripted_server: ScriptedServer) -> None:
    async def many() -> None:
        engine = engine_for(scripted_server.url)
        await asyncio.gather(*(received(engine, card_prompt()) for _ in range(32)))
        await engine.close()

    asyncio.run(many())
    assert len(scripted_server.calls) == 32
