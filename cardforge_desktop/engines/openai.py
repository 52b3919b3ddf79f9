"""OpenAI chat completions over HTTP: OpenAI itself and every server of its shape.

Wire format as in OpenAI's API reference, "Create chat completion" with ``stream: true``; deviations of real
servers (OpenRouter, llama.cpp, LM Studio, KoboldCpp, vLLM) are met where they occur.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cardforge_desktop.engines.base import (
    AttemptFailed,
    Connection,
    EngineError,
    Health,
    Piece,
    Prompt,
    TextPiece,
    Traits,
)
from cardforge_desktop.engines.http_errors import AttemptError, Complaint, error_of, read_complaint
from cardforge_desktop.engines.openai_answer import AnswerReader, context_of
from cardforge_desktop.engines.openai_request import (
    OPTIONAL_PARAMETERS,
    Dialect,
    dialect_of,
    is_loopback,
    is_private,
    request_body,
)
from cardforge_desktop.engines.retries import Retries, Timeouts, asked_wait, is_retried
from cardforge_desktop.engines.surrogates import without_surrogates
from cardforge_desktop.errors import ErrorCode

if TYPE_CHECKING:
    import httpx

Key = Callable[[], str | None]

CHECK_SECONDS = 5.0
#: What a server may still send after its answer is complete, so that the connection can be used again.
_DRAIN_SECONDS = 2.0
#: Bytes that are read of a list of models (OpenRouter's has one million), and of what a server complains.
_LONGEST_LIST = 8 * 1024 * 1024
_LONGEST_COMPLAINT = 64 * 1024


class OpenAIEngine:
    """One model at a server of OpenAI's shape. Belongs to the event loop of its first call."""

    def __init__(
        self,
        connection: Connection,
        key: Key = lambda: None,
        *,
        traits: Traits | None = None,
        dialect: Dialect | None = None,
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`key` is asked once per run of the app and again after a refusal, never on the event loop's thread.

        `sleep` (seconds), `now` (Unix seconds) and `draw` (0..1) are the clock and the dice of retries.
        """
        self._connection = connection
        self._url = connection.url.rstrip("/")
        self._server = urlsplit(self._url).netloc.rpartition("@")[2]
        host = urlsplit(self._url).hostname or ""
        self._traits = traits or Traits(local=is_loopback(host), max_concurrent=connection.max_concurrent)
        self._dialect = dialect or dialect_of(self._url)
        self._timeouts = timeouts or Timeouts()
        self._retries = retries or Retries()
        self._sleep, self._now, self._draw = sleep, now, draw
        self._read_key = key
        self._secret: str | None = None
        self._client: httpx.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"OpenAIEngine({self._connection.name!r}, {self._server!r}, {self._connection.model!r})"

    @property
    def connection(self) -> Connection:
        """How it is reached."""
        return self._connection

    @property
    def traits(self) -> Traits:
        """`context_tokens` is a cautious default until `check` has learnt the server's own figure."""
        return self._traits

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Send `prompt`; see `base.Engine.stream`."""
        for tried in range(1, self._retries.tries + 1):
            try:
                async with aclosing(self._attempt(prompt)) as pieces:
                    async for piece in pieces:
                        yield piece
                return
            except AttemptError as failure:
                failed = failure
            if not failed.retried or tried == self._retries.tries or self._is_sent_away(failed):
                failed.error.details["tries"] = tried
                if failed.wait is not None:
                    failed.error.details["retry_after"] = failed.wait
                raise failed.error from failed
            wait = self._retries.wait(tried, failed.wait, self._draw)
            yield AttemptFailed(failed.error, wait, failed.usage)
            await self._sleep(wait)

    async def check(self) -> Health:
        """Ask for the list of models, at most 5 seconds."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                client = await self._connected()
                url, headers = f"{self._url}/models", self._headers()
                async with client.stream("GET", url, headers=headers) as response:
                    body = await _beginning(response, _LONGEST_LIST)
        except TimeoutError:
            return Health(False, f"{self._server} did not answer within {CHECK_SECONDS:.0f} seconds.")
        except EngineError as error:
            return Health(False, error.message)
        except Exception as error:  # never raises: whatever went wrong is the answer
            return Health(False, f"{self._server} cannot be reached: {self._plain(error)}.")
        return self._health(response.status_code, body)

    async def close(self) -> None:
        """Close the connections; the engine can be used again afterwards."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _is_sent_away(self, failed: AttemptError) -> bool:
        """A server that limits us for longer than a call waits: to ask before that would only annoy it."""
        limited = failed.error.code == ErrorCode.ENGINE_RATE_LIMITED
        return limited and (failed.wait or 0.0) > self._retries.longest_limit_wait

    async def _attempt(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """One try. Raises: AttemptError."""
        deadline = asyncio.get_running_loop().time() + self._timeouts.total
        response = await self._open(prompt, deadline)
        try:
            reader = AnswerReader(self._connection.model, self._server, self._secret)
            chunks = response.aiter_bytes()
            limit = self._timeouts.first_byte
            while not reader.complete:
                chunk = await self._next(chunks, limit, deadline, reader)
                if chunk is None:
                    break
                limit = self._timeouts.idle
                for text in reader.feed(chunk):
                    yield TextPiece(text)
            for text in reader.close(response.headers.get("content-type", "")):
                yield TextPiece(text)
            await _drain(chunks)
        finally:
            await response.aclose()
        yield reader.finished()

    async def _next(
        self, chunks: AsyncIterator[bytes], limit: float, deadline: float, reader: AnswerReader
    ) -> bytes | None:
        """The next bytes, None at the end of the answer."""
        import httpx

        left = deadline - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(limit, left)):
                return await anext(chunks, None)
        except TimeoutError as error:
            seconds, retried = (limit, True) if limit < left else (self._timeouts.total, False)
            raise AttemptError(self._timed_out(seconds), retried=retried, usage=reader.usage) from error
        except httpx.HTTPError as error:
            raise AttemptError(reader.cut(self._plain(error)), retried=True, usage=reader.usage) from error

    async def _open(self, prompt: Prompt, deadline: float) -> httpx.Response:
        """A response with status 200, its body unread.

        A parameter the server refuses is left out for good and the request sent anew: no failure, no retry.
        """
        while True:
            dialect = self._dialect
            body = request_body(self._connection.model, prompt, dialect)
            response = await self._send(body, deadline)
            if response.status_code == 200:
                return response
            complaint = await self._complaint(response)
            if self._dialect == dialect:
                self._dialect = _adapted(dialect, complaint, body)
            if self._dialect == dialect or not _refused_again(dialect, self._dialect, body):
                raise self._refused(response, complaint)

    async def _send(self, body: dict[str, Any], deadline: float) -> httpx.Response:
        import httpx

        try:
            client = await self._connected()
        except EngineError as error:
            raise AttemptError(error, retried=False) from error
        request = client.build_request(
            "POST", f"{self._url}/chat/completions", json=body, headers=self._headers()
        )
        limit = min(
            self._timeouts.connect + self._timeouts.first_byte,
            deadline - asyncio.get_running_loop().time(),
        )
        try:
            async with asyncio.timeout(limit):
                return await client.send(request, stream=True)
        except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            failed = self._timed_out(self._timeouts.connect)
            failed.details["reason"] = type(error).__name__
            raise AttemptError(failed, retried=True) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise AttemptError(self._timed_out(limit), retried=True) from error
        except httpx.HTTPError as error:
            text = f"{self._server} cannot be reached: {self._plain(error)}. Is it running?"
            details = {"server": self._server, "reason": type(error).__name__}
            raise AttemptError(
                EngineError(ErrorCode.ENGINE_UNREACHABLE, text, details), retried=True
            ) from error

    async def _complaint(self, response: httpx.Response) -> Complaint:
        import httpx

        try:
            async with asyncio.timeout(self._timeouts.connect):
                body = await _beginning(response, _LONGEST_COMPLAINT)
        except (TimeoutError, httpx.HTTPError):
            body = b""
        finally:
            await response.aclose()
        return read_complaint(response.status_code, body, self._secret)

    def _refused(self, response: httpx.Response, complaint: Complaint) -> AttemptError:
        error = error_of(complaint, self._server, self._connection.model)
        if error.code == ErrorCode.ENGINE_AUTH:
            self._secret = None  # the person may put in another one
        retried = is_retried(response.status_code, response.headers)
        final = complaint.is_quota or complaint.is_context
        return AttemptError(
            error, retried=retried and not final, wait=asked_wait(response.headers, self._now)
        )

    async def _connected(self) -> httpx.AsyncClient:
        """The client, with the key at hand.

        Raises:
            EngineError: ENGINE_AUTH, the key cannot be sent.
        """
        if self._secret is None:
            key = (await asyncio.to_thread(self._read_key) or "").strip()
            if not key.isascii() or not key.isprintable():
                text = f"The key for {self._server} holds characters that no key has; copy it again."
                raise EngineError(ErrorCode.ENGINE_AUTH, text)
            self._secret = key or None
        if self._client is None:
            self._client = _new_client(self._url, self._timeouts.connect)
        return self._client

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._secret}"} if self._secret else {}

    def _timed_out(self, seconds: float) -> EngineError:
        text = f"{self._server} sent nothing more for {seconds:g} seconds."
        if seconds == self._timeouts.total:
            text = f"The answer of {self._server} was not complete after {seconds:g} seconds."
        return EngineError(ErrorCode.ENGINE_TIMEOUT, text, {"server": self._server, "seconds": seconds})

    def _plain(self, error: Exception) -> str:
        """The reason in words, without the key and without an empty end."""
        text = str(error).strip(" .") or type(error).__name__
        return text.replace(self._secret, "…") if self._secret else text

    def _health(self, status: int, body: bytes) -> Health:
        if status == 404:
            return Health(True, f"{self._server} answers, but has no list of models.")
        if status != 200:
            complaint = read_complaint(status, body, self._secret)
            return Health(False, error_of(complaint, self._server, self._connection.model).message)
        try:
            entries = [
                entry
                for entry in json.loads(body)["data"]
                if isinstance(entry, dict) and isinstance(entry.get("id"), str)
            ]
        except (ValueError, KeyError, TypeError, RecursionError):
            return Health(
                False,
                f"{self._server} answers, but not as an OpenAI-compatible server; is the path right (…/v1)?",
            )
        models = tuple(without_surrogates(entry["id"]) for entry in entries)
        wanted = self._connection.model
        context = next((context_of(entry) for entry in entries if entry["id"] == wanted), None)
        if context:
            self._traits = replace(self._traits, context_tokens=context)
        if wanted and models and wanted not in models:
            return Health(True, f"{self._server} answers, but does not list the model “{wanted}”.", models)
        return Health(True, f"{self._server} answers.", models)


def _new_client(url: str, connect_seconds: float) -> httpx.AsyncClient:
    """A client with the system's certificates; a proxy of the environment is not for one's own network."""
    import ssl

    import httpx

    parts = urlsplit(url)
    context: ssl.SSLContext | bool = False
    if parts.scheme == "https":  # reading the system's certificates takes its time
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # A kept connection may be closed by the server just as it is used again. Where a new one costs next to
    # nothing (no TLS), none is kept.
    kept = 0 if parts.scheme == "http" else 32
    return httpx.AsyncClient(
        verify=context,
        timeout=httpx.Timeout(None, connect=connect_seconds),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=kept, keepalive_expiry=15.0),
        trust_env=not is_private(parts.hostname or ""),
    )


async def _beginning(response: httpx.Response, most: int) -> bytes:
    """A response's body, at most so many bytes of it."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


async def _drain(chunks: AsyncIterator[bytes]) -> None:
    import httpx

    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in chunks:
                pass
    except (TimeoutError, httpx.HTTPError):
        return  # the answer is complete; only the connection is lost


def _adapted(dialect: Dialect, complaint: Complaint, body: dict[str, Any]) -> Dialect:
    """The dialect without what the server complains about; the same when it is about something else."""
    about_schema = (
        complaint.status == 404 and "response_format" in body and complaint.names("response_format")
    )
    if complaint.is_context or not (complaint.status in (400, 422) or about_schema):
        return dialect
    if dialect.limit == "max_tokens" and "max_completion_tokens" in complaint.words:
        return replace(dialect, limit="max_completion_tokens")
    extra = frozenset(dialect.sampling.values()) & body.keys()
    if about_schema and extra:  # a router says that nobody behind it takes all of this, not what of it
        return replace(dialect, refused=dialect.refused | extra)
    for parameter in OPTIONAL_PARAMETERS:
        if parameter in body and complaint.names(parameter):
            return replace(dialect, refused=dialect.refused | {parameter})
    return dialect


def _refused_again(before: Dialect, after: Dialect, body: dict[str, Any]) -> bool:
    """Whether what changed between two dialects was in `body`, so that sending anew makes a difference."""
    gone = after.refused - before.refused
    return before.limit != after.limit or any(name in body for name in gone)
