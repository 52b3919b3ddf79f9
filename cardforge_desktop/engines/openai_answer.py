"""Reads the stream of one OpenAI chat-completions answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from cardforge_desktop.engines.base import EngineError, Finished, FinishReason, Usage
from cardforge_desktop.engines.http_errors import AttemptError, error_of, read_complaint
from cardforge_desktop.engines.retries import FINAL_STATUSES
from cardforge_desktop.engines.sse import EventParser

_LENGTH = frozenset({"length", "max_tokens", "model_length"})
_REFUSAL = frozenset({"content_filter", "refusal", "safety"})


class AnswerReader:
    """Bytes in, text out; keeps usage, model and the reason of the end."""

    def __init__(self, model: str, server: str, secret: str | None) -> None:
        self._parser = EventParser()
        self._model, self._server, self._secret = model, server, secret
        self._reason: str | None = None
        self._refused = False
        self._events = 0
        self._unparsed = bytearray()
        self.usage: Usage | None = None
        self.complete = False

    def feed(self, chunk: bytes) -> Iterator[str]:
        """The texts in `chunk`; `complete` turns true at ``[DONE]``.

        Raises:
            AttemptError: an error object, or an event that is not JSON.
        """
        if not self._events:
            self._unparsed += chunk  # may be one JSON document, or a web page, instead of a stream
        yield from self._texts(self._parser.feed(chunk))

    def close(self, content_type: str) -> Iterator[str]:
        """The rest at the end of the bytes.

        Raises:
            AttemptError: the end came without a finish reason.
        """
        if not self.complete:
            if self._events:
                yield from self._last(self._parser.close())
            else:
                yield from self._whole(bytes(self._unparsed), content_type)
        if self._reason is None:
            raise AttemptError(self.cut("it ended without a finish reason"), retried=True, usage=self.usage)

    def finished(self) -> Finished:
        """The end of a complete answer."""
        reason: FinishReason = "stop"
        if self._refused or self._reason in _REFUSAL:
            reason = "refusal"
        elif self._reason in _LENGTH:
            reason = "length"
        return Finished(reason, self.usage, self._model)

    def cut(self, why: str) -> EngineError:
        """The error for an answer that broke off."""
        text = f"The answer of {self._server} broke off before its end."
        details = {"server": self._server, "model": self._model, "reason": why}
        return EngineError("ENGINE_STREAM_CUT", text, details)

    def _texts(self, events: list[str]) -> Iterator[str]:
        for event in events:
            self._events += 1
            if event.strip() == "[DONE]":
                self.complete = True
            elif not self.complete and event.strip():
                yield from self._chunk(self._parsed(event))

    def _last(self, events: list[str]) -> Iterator[str]:
        """Events without their closing blank line: one that is no JSON was cut, which `close` reports."""
        for event in events:
            try:
                json.loads(event)
            except ValueError:
                if event.strip() != "[DONE]":
                    continue
            yield from self._texts([event])

    def _parsed(self, event: str) -> Mapping[str, Any]:
        try:
            chunk = json.loads(event)
        except ValueError as error:
            raise self._garbage(event) from error
        if not isinstance(chunk, dict):
            raise self._garbage(event)
        return chunk

    def _garbage(self, text: str) -> AttemptError:
        if self._secret:
            text = text.replace(self._secret, "…")
        error = EngineError(
            "ENGINE_BAD_ANSWER",
            f"{self._server} sent something that is not JSON in the middle of its answer.",
            {"server": self._server, "received": text[:400]},
        )
        return AttemptError(error, retried=True, usage=self.usage)

    def _chunk(self, chunk: Mapping[str, Any]) -> Iterator[str]:
        if chunk.get("error"):
            raise self._failure(chunk)
        if isinstance(chunk.get("usage"), dict):
            self.usage = read_usage(chunk["usage"])
        if isinstance(chunk.get("model"), str) and chunk["model"]:
            self._model = chunk["model"]
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or choice.get("message") or {}
            refusal = delta.get("refusal")
            self._refused = self._refused or bool(refusal)
            text = delta.get("content") or refusal
            if isinstance(text, str):
                yield text
            if choice.get("finish_reason"):
                self._reason = str(choice["finish_reason"]).lower()
                if self._reason == "error":
                    raise self._failure(
                        {"error": choice.get("error") or "the provider stopped with an error"}
                    )

    def _failure(self, chunk: Mapping[str, Any]) -> AttemptError:
        """An error object inside the stream: the status 200 came before the trouble."""
        complaint = read_complaint(0, {"error": chunk["error"]}, self._secret)
        error = error_of(complaint, self._server, self._model)
        final = complaint.status in FINAL_STATUSES or complaint.is_quota or complaint.is_context
        return AttemptError(error, retried=not final, usage=self.usage)

    def _whole(self, body: bytes, content_type: str) -> Iterator[str]:
        """An answer that is no stream: one JSON document from a server that cannot stream."""
        if not body.strip():
            return
        try:
            document = json.loads(body)
        except ValueError as error:
            if "event-stream" in content_type or body.startswith(b"data:"):
                return  # cut within the first event
            text = (
                f"{self._server} did not answer as an OpenAI server ({content_type or 'no type'}); "
                "is the address right (often …/v1)?"
            )
            received = body[:400].decode("utf-8", "replace")
            details = {"server": self._server, "received": received}
            raise AttemptError(EngineError("ENGINE_BAD_ANSWER", text, details), retried=False) from error
        if isinstance(document, dict):
            yield from self._chunk(document)


def read_usage(usage: Mapping[str, Any]) -> Usage:
    """OpenAI's usage object; missing figures are 0, ``cost`` is OpenRouter's in US dollars."""
    prompt_details = usage.get("prompt_tokens_details") or {}
    output_details = usage.get("completion_tokens_details") or {}
    cost = usage.get("cost")
    try:
        dollars = None if cost is None else Decimal(str(cost))
    except InvalidOperation:
        dollars = None
    return Usage(
        input_tokens=int(usage.get("prompt_tokens") or 0),
        output_tokens=int(usage.get("completion_tokens") or 0),
        cached_tokens=int(prompt_details.get("cached_tokens") or 0),
        reasoning_tokens=int(output_details.get("reasoning_tokens") or 0),
        cost=dollars,
    )


def context_of(model: Mapping[str, Any]) -> int | None:
    """Context in tokens from an entry of ``/models``, in the words of llama.cpp, vLLM and OpenRouter.

    llama.cpp names what it was started with and what the model was trained for; the smaller one holds.
    """
    meta = model.get("meta") or {}
    named = (
        meta.get("n_ctx"),
        meta.get("n_ctx_train"),
        model.get("max_model_len"),
        model.get("context_length"),
    )
    return min((figure for figure in named if isinstance(figure, int) and figure > 0), default=None)
