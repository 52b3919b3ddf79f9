"""A real HTTP server on loopback that speaks OpenAI chat completions and misbehaves as its script says.

In a test: ``with ScriptedServer([Step("status", status=429), …]) as server: … server.url … server.calls``.
As a process: ``python -m tests.support.scripted_server --port 0 --log FILE --script FILE`` prints its URL;
the script is a JSON list of objects with the fields of `Step`. `read_log` reads the log, also of a server
that runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal, Self

from tests.support.scripted_http import Exchange, HttpConnection, read_log
from tests.support.scripted_stream import speak

__all__ = ["Exchange", "Pace", "ScriptedServer", "Step", "read_log", "spawn_server"]

MODEL = "scripted-1"

Fault = Literal[
    "answer",  # none: a valid answer (`text` fixes it)
    "status",  # an error response: `status`, `headers`, `error`
    "cut",  # the connection is torn down after `after` pieces
    "unfinished",  # the stream ends properly after `after` pieces, without a finish reason
    "stall",  # silence after `after` pieces, until the client leaves
    "slow",  # `seconds` before the first byte, then a valid answer
    "garbage_event",  # an event that is not JSON after `after` pieces
    "error_event",  # `error` as an object inside the stream after `after` pieces
    "garbage",  # a complete answer whose text is not JSON
    "empty",  # a complete answer without text
    "wrong_schema",  # a complete answer: JSON, but another shape
    "truncated",  # half of the valid answer, finish_reason length
    "refusal",  # the model declines
    "refuse_parameter",  # 400 naming `parameter` when the request has it, else a valid answer
    "no_stream",  # a valid answer as one JSON document
    "web_page",  # HTML
]


@dataclass(frozen=True, slots=True)
class Step:
    """How one request is treated. Requests without a step get a valid answer.

    Attributes:
        times: for so many requests; 0 = always.
        match: only for requests whose body holds this text; "" = any.
        after: pieces sent before the fault.
        error: the body of an error (default: an OpenAI error object made from `status`).
        usage: the usage sent; None = counted from the texts.
    """

    fault: Fault = "answer"
    times: int = 1
    match: str = ""
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    error: dict[str, Any] | None = None
    after: int = 3
    seconds: float = 0.0
    text: str | None = None
    parameter: str = "response_format"
    usage: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How an answer is spread: seconds to its `first` piece, `total` for the rest, number of `pieces`."""

    first: float = 0.0
    total: float = 0.0
    pieces: int = 20


@dataclass(slots=True)
class _Left:
    """A step and for how many requests it still stands."""

    step: Step
    times: int


class ScriptedServer:
    """The server, on a thread of its own. Every method may be called from any thread."""

    def __init__(
        self,
        steps: Sequence[Step] = (),
        *,
        pace: Pace = Pace(),
        log: Path | None = None,
        port: int = 0,
        models: Sequence[str] = (MODEL,),
    ) -> None:
        self._steps = [_Left(step, step.times) for step in steps]
        self._pace = pace
        self._models = tuple(models)
        self._port = port
        self._log: IO[str] | None = log.open("a", encoding="utf-8") if log else None
        self._exchanges: list[Exchange] = []
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="scripted-server", daemon=True)
        self._ready = threading.Event()
        self._open: set[HttpConnection] = set()
        self._speaking = asyncio.Event()
        self._speaking.set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        if self._log is not None:
            self._log.close()

    @property
    def url(self) -> str:
        """The base URL, ``http://127.0.0.1:PORT/v1``."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every request so far, in the order they came."""
        with self._changed:
            return tuple(self._exchanges)

    @property
    def calls(self) -> tuple[Exchange, ...]:
        """The requests to ``/chat/completions``."""
        return tuple(one for one in self.exchanges if one.path.endswith("/chat/completions"))

    def add(self, *steps: Step) -> None:
        """More steps, after those that are left."""
        with self._changed:
            self._steps.extend(_Left(step, step.times) for step in steps)

    def wait_until(self, condition: Callable[[tuple[Exchange, ...]], bool], seconds: float = 20.0) -> None:
        """Wait until the calls satisfy `condition`. Raises: TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self.calls), seconds):
                raise TimeoutError(f"never happened: {[(one.number, one.outcome) for one in self.calls]}")

    def hold_answers(self) -> None:
        """Let calls wait for their answers until `release_answers`: time to do something meanwhile."""
        self._loop.call_soon_threadsafe(self._speaking.clear)

    def release_answers(self) -> None:
        """Answer what waits, and what comes."""
        self._loop.call_soon_threadsafe(self._speaking.set)

    def begin(self, path: str, authorization: str, body: Any) -> Exchange:
        """Called by a connection when a request is complete."""
        with self._changed:
            exchange = Exchange(len(self._exchanges) + 1, path, time.time(), body, authorization)
            self._exchanges.append(exchange)
            self._write({"event": "request", **asdict(exchange)})
            self._changed.notify_all()
        return exchange

    def end(self, exchange: Exchange, outcome: str, pieces: int) -> None:
        """Called by a connection when an answer is over or the client is gone."""
        with self._changed:
            ended = replace(exchange, outcome=outcome, pieces=pieces, ended=time.time())
            self._exchanges[exchange.number - 1] = ended
            self._write({"event": "end", "number": exchange.number, "outcome": outcome, "pieces": pieces,
                         "ended": ended.ended})  # fmt: skip
            self._changed.notify_all()

    async def answer(self, exchange: Exchange, connection: HttpConnection) -> str:
        """Answer one request; the outcome for the log. Cancelled when the client leaves."""
        if exchange.path.endswith("/models") and self._models:
            entries = [{"id": name, "object": "model"} for name in self._models]
            connection.send_json(200, {"object": "list", "data": entries})
            return "models"
        if not exchange.path.endswith("/chat/completions"):
            connection.send_json(404, {"error": {"message": f"no such address: {exchange.path}"}})
            return "404"
        await self._speaking.wait()
        return await speak(self._take(exchange.body), self._pace, exchange, connection)

    def opened(self, connection: HttpConnection) -> None:
        """Keep a connection while it is open."""
        self._open.add(connection)

    def closed(self, connection: HttpConnection) -> None:
        """Forget it."""
        self._open.discard(connection)

    def _take(self, body: Any) -> Step:
        text = json.dumps(body, ensure_ascii=False)
        with self._changed:
            for entry in self._steps:
                if entry.step.match and entry.step.match not in text:
                    continue
                if entry.step.times:
                    entry.times -= 1
                    if not entry.times:
                        self._steps.remove(entry)
                return entry.step
        return Step()

    def _write(self, record: dict[str, Any]) -> None:
        if self._log is not None:
            self._log.write(json.dumps(record, ensure_ascii=False) + "\n")
            self._log.flush()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: HttpConnection(self), "127.0.0.1", self._port, backlog=256)
        )
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for _ in range(3):  # what was accepted just now is told of first, else its socket stays open
                self._loop.run_until_complete(asyncio.sleep(0))
            for connection in tuple(self._open):
                connection.abort()
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(server.wait_closed())
            self._loop.close()


@contextmanager
def spawn_server(log: Path, script: Path | None = None, *options: str) -> Iterator[str]:
    """The server in a process of its own, for tests that kill the app; yields its base URL."""
    command = [sys.executable, "-m", "tests.support.scripted_server", "--log", str(log), *options]
    if script is not None:
        command += ["--script", str(script)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("started without a pipe")
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--script", type=Path)
    parser.add_argument("--first", type=float, default=0.0, help="seconds to the first piece")
    parser.add_argument("--total", type=float, default=0.0, help="seconds of a whole answer")
    parser.add_argument("--pieces", type=int, default=20)
    asked = parser.parse_args()
    steps = [Step(**entry) for entry in json.loads(asked.script.read_bytes())] if asked.script else []
    pace = Pace(asked.first, asked.total, asked.pieces)
    with ScriptedServer(steps, pace=pace, log=asked.log, port=asked.port) as server:
        print(server.url, flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
