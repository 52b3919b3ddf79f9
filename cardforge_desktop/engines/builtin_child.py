"""Starts and ends the process of the built-in engine."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from cardforge_desktop.child_process import child_command
from cardforge_desktop.engines.base import EngineError
from cardforge_desktop.errors import ErrorCode

MODULE = "cardforge_desktop.engines.builtin_server"
#: Windows opens a console for a child of a windowed app otherwise; 0 elsewhere.
_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)


@dataclass(frozen=True, slots=True)
class BuiltinChild:
    """A running llama.cpp server.

    Attributes:
        url: ``http://127.0.0.1:PORT``.
        key: what it asks for as a Bearer token; made for this process alone.
    """

    process: subprocess.Popen[bytes]
    url: str
    key: str = field(repr=False)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    async def death(self, seconds: float) -> int | None:
        """Its exit code when it is dead or dies within `seconds`, else None (negative: the signal, POSIX)."""
        try:
            return await asyncio.to_thread(self.process.wait, seconds)
        except subprocess.TimeoutExpired:
            return None

    async def stop(self) -> None:
        """End the process; it has nothing to save."""
        await asyncio.shield(asyncio.to_thread(_end, self.process))


async def start_child(model: Path, name: str, context_tokens: int, seconds: float) -> BuiltinChild:
    """Start the server for a .gguf file.

    Args:
        model: the file.
        name: what the server calls the model.
        context_tokens: prompt and answer together.
        seconds: how long loading may take.

    Raises:
        EngineError: ENGINE_MISSING (no build for this machine), ENGINE_BAD_MODEL (llama.cpp does not take
            the file), ENGINE_UNREACHABLE (the process does not start or dies), ENGINE_TIMEOUT.
    """
    key = secrets.token_urlsafe(32)
    order = {"model": str(model), "name": name, "context": context_tokens, "threads": _threads(), "key": key}
    process = _spawn(order)
    try:
        async with asyncio.timeout(seconds):
            line = await asyncio.to_thread(_pipe(process.stdout).readline)
        answer = _understood(line, process, model)
    except BaseException as error:
        await asyncio.shield(asyncio.to_thread(_end, process))
        if isinstance(error, TimeoutError):
            text = f"The model {model.name} was not loaded after {seconds:g} seconds; try a smaller one."
            raise EngineError(ErrorCode.ENGINE_TIMEOUT, text, {"model": str(model)}) from error
        raise
    return BuiltinChild(process, answer["url"], key)


def _spawn(order: dict[str, Any]) -> subprocess.Popen[bytes]:
    """The process, with `order` on its standard input: other users can read a command line."""
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module
            child_command(MODULE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=_NO_WINDOW,
        )
    except OSError as error:
        text = f"The built-in engine's process does not start: {error}."
        raise EngineError(ErrorCode.ENGINE_UNREACHABLE, text) from error
    try:
        stdin = _pipe(process.stdin)
        stdin.write(json.dumps(order).encode() + b"\n")
        stdin.flush()
    except OSError:
        pass  # it died at once; its silence on standard output tells
    return process


def _understood(line: bytes, process: subprocess.Popen[bytes], model: Path) -> dict[str, str]:
    """The child's one line, when it is a good one."""
    if not line:
        code = process.wait()
        text = (
            f"The built-in engine died while it loaded {model.name} ({exit_words(code)}). "
            "The file may be damaged or too large for this machine's memory."
        )
        raise EngineError(ErrorCode.ENGINE_UNREACHABLE, text, {"exit_code": code, "model": str(model)})
    answer: dict[str, str] = json.loads(line)
    if "url" in answer:
        return answer
    if answer.get("error") == "missing":
        raise missing_build(answer.get("reason", ""))
    text = f"{model} cannot be loaded: it is damaged, or of a kind this version of llama.cpp does not know."
    raise EngineError(
        ErrorCode.ENGINE_BAD_MODEL, text, {"model": str(model), "reason": answer.get("reason", "")}
    )


def missing_build(reason: str = "") -> EngineError:
    """The error where llama.cpp is not installed or does not load."""
    text = (
        "The built-in engine has no build for this machine. "
        "Everything else works: add a server of your own or a provider under Engines."
    )
    return EngineError(ErrorCode.ENGINE_MISSING, text, {"platform": sys.platform, "reason": reason})


def exit_words(code: int) -> str:
    """An exit code as a person would say it: ``signal 9`` or ``exit code 3``."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue  # the unsent rest of a pipe whose reader is dead


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the process was started with pipes")
    return pipe


def _threads() -> int:
    """Threads to compute with: the cores this process may use but one, at most eight.

    llama.cpp's threads wait for each other after every step. When one of them has to share its core, all
    wait with it: on two busy cores two threads write 3 tokens a second, one thread writes 43 (idle: 120
    and 75). The core left over is the window's.
    """
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only; a container may allow few cores of many
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(1, min(8, cores - 1))
