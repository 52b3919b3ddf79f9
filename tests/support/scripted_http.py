"""HTTP/1.1 as far as the scripted server needs it, and the record of what was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what became of it.

    Attributes:
        number: 1, 2, … in the order the requests came.
        started, ended: Unix seconds; `ended` is None while it runs.
        outcome: the fault or ``answer`` when the whole of it was sent, ``disconnected`` when the client left
            before, "" while it runs.
        pieces: text pieces sent.
    """

    number: int
    path: str
    started: float
    body: Any
    authorization: str
    outcome: str = ""
    pieces: int = 0
    ended: float | None = None


def read_log(path: Path) -> tuple[Exchange, ...]:
    """The exchanges of a log, also one that is still written to (a half line at its end is left out)."""
    found: dict[int, dict[str, Any]] = {}
    whole, _, _ = path.read_text("utf-8").rpartition("\n")
    for line in whole.splitlines():
        record = json.loads(line)
        del record["event"]
        found.setdefault(record["number"], {}).update(record)
    return tuple(Exchange(**found[number]) for number in sorted(found))


class Server(Protocol):
    """What a connection needs of its server."""

    def begin(self, path: str, authorization: str, body: Any) -> Exchange: ...
    def end(self, exchange: Exchange, outcome: str, pieces: int) -> None: ...
    async def answer(self, exchange: Exchange, connection: HttpConnection) -> str: ...
    def opened(self, connection: HttpConnection) -> None: ...
    def closed(self, connection: HttpConnection) -> None: ...


class HttpConnection(asyncio.Protocol):
    """One connection: requests one after the other; a client that leaves cancels its answer."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._received = b""
        self._task: asyncio.Task[None] | None = None
        self._chunked = False
        self.pieces = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.closed(self)
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._task is None:
            self._next_request()

    def abort(self) -> None:
        """Tear the connection down."""
        self._transport.abort()

    def send_json(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        """A whole response."""
        self.send(status, json.dumps(body).encode(), {"content-type": "application/json", **(headers or {})})

    def send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """A whole response."""
        self._head(status, {**headers, "content-length": str(len(body))})
        self._transport.write(body)

    def send_event(self, data: str) -> None:
        """One server-sent event; the first one opens the response."""
        if not self._chunked:
            self._chunked = True
            self._head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"})
        event = f"data: {data}\n\n".encode()
        self._transport.write(b"%x\r\n%b\r\n" % (len(event), event))

    def end_events(self) -> None:
        """The proper end of a stream."""
        self._transport.write(b"0\r\n\r\n")

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
        self._transport.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def _next_request(self) -> None:
        head, mark, rest = self._received.partition(b"\r\n\r\n")
        if not mark:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        body, self._received = rest[:length], rest[length:]
        exchange = self._server.begin(
            first.split()[1], headers.get("authorization", ""), json.loads(body) if body else None
        )
        self._task = asyncio.get_running_loop().create_task(self._answer(exchange))

    async def _answer(self, exchange: Exchange) -> None:
        self._chunked = False
        self.pieces = 0
        try:
            outcome = await self._server.answer(exchange, self)
        except asyncio.CancelledError:
            self._server.end(exchange, "disconnected", self.pieces)
            raise
        self._server.end(exchange, outcome, self.pieces)
        self._task = None
        if not self._transport.is_closing():
            self._next_request()
