"""Reads the stream of one OpenAI chat-completions answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard, cast

from cardforge_desktop.engines.base import EngineError, Finished, FinishReason, Usage
from cardforge_desktop.engines.http_errors import AttemptError, error_of, read_complaint
from cardforge_desktop.engines.retries import FINAL_STATUSES
from cardforge_desktop.engines.sse import LONGEST_EVENT, EventParser, TooLongError
from cardforge_desktop.engines.surrogates import without_surrogates
from cardforge_desktop.errors import ErrorCode

_LENGTH = frozenset({"length", "max_tokens", "model_length"})
_REFUSAL = frozenset({"content_filter", "refusal", "safety"})

#: Of one call. Beyond these a report is a mistake, which would be in all sums and limits for ever; the store
#: keeps whole numbers of 64 bits.
_MOST_TOKENS = 10**8
_MOST_DOLLARS = 10**4
_DECIMAL_PLACES = 12
_MOST_CONTEXT = 10**9
#: What a server calls its model goes into the ledger, and is told in lists and files.
_LONGEST_NAME = 300
#: No model writes more than some 130,000 tokens; a server that goes on is broken, and reading is not free.
_MOST_CHARACTERS = 1_000_000
#: Of the whole stream, thoughts and the frame around each token included.
_MOST_BYTES = 64 * 1024 * 1024


class AnswerReader:
    """Bytes in, text out; keeps usage, model and the reason of the end."""

    def __init__(self, model: str, server: str, secret: str | None) -> None:
        self._parser = EventParser()
        self._model, self._server, self._secret = model, server, secret
        self._reason: str | None = None
        self._refused = False
        self._events = 0
        self._unparsed = bytearray()
        self._bytes = self._characters = 0
        self.usage: Usage | None = None
        self.complete = False

    def feed(self, chunk: bytes) -> Iterator[str]:
        """The texts in `chunk`; `complete` turns true at ``[DONE]``.

        Raises:
            AttemptError: an error object, an event that is not JSON, or more than an answer can be.
        """
        self._bytes += len(chunk)
        if not self._events:
            self._unparsed += chunk  # may be one JSON document, or a web page, instead of a stream
        try:
            events = self._parser.feed(chunk)
        except TooLongError as error:
            raise self._too_long() from error
        yield from self._texts(events)
        # A beginning that is no event is kept whole; events are not.
        if self._bytes > _MOST_BYTES or (not self._events and self._bytes > LONGEST_EVENT):
            raise self._too_long()

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
        return EngineError(ErrorCode.ENGINE_STREAM_CUT, text, details)

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
            except RecursionError as error:
                raise self._garbage(event) from error
            yield from self._texts([event])

    def _parsed(self, event: str) -> Mapping[str, Any]:
        try:
            chunk = json.loads(event)
        except (ValueError, RecursionError) as error:
            raise self._garbage(event) from error
        if not _is_chunk(chunk):
            raise self._garbage(event)
        return cast("Mapping[str, Any]", chunk)

    def _too_long(self) -> AttemptError:
        error = EngineError(
            ErrorCode.ENGINE_BAD_ANSWER,
            f"{self._server} sent more than any answer can be and was not listened to any further. "
            "Check the server, or choose another model.",
            {"server": self._server, "model": self._model, "bytes": self._bytes},
        )
        return AttemptError(error, retried=False, usage=self.usage)

    def _garbage(self, text: str) -> AttemptError:
        error = EngineError(
            ErrorCode.ENGINE_BAD_ANSWER,
            f"{self._server} sent something in the middle of its answer that is no part of one.",
            {"server": self._server, "received": self._without_secret(text)[:400]},
        )
        return AttemptError(error, retried=True, usage=self.usage)

    def _without_secret(self, text: str) -> str:
        return text.replace(self._secret, "…") if self._secret else text

    def _chunk(self, chunk: Mapping[str, Any]) -> Iterator[str]:
        if chunk.get("error"):
            raise self._failure(chunk)
        if isinstance(chunk.get("usage"), dict):
            self.usage = read_usage(chunk["usage"]) or self.usage
        if isinstance(chunk.get("model"), str) and chunk["model"]:
            self._model = self._without_secret(without_surrogates(chunk["model"]))[:_LONGEST_NAME]
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or choice.get("message") or {}
            refusal = delta.get("refusal")
            self._refused = self._refused or bool(refusal)
            text = _content(delta.get("content")) or refusal
            if text:
                self._characters += len(text)
                if self._characters > _MOST_CHARACTERS:
                    raise self._too_long()
                yield without_surrogates(text)
            if choice.get("finish_reason"):
                self._reason = choice["finish_reason"].lower()
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
        except (ValueError, RecursionError) as error:
            if "event-stream" in content_type or body.startswith(b"data:"):
                return  # cut within the first event
            kind = self._without_secret(content_type)[:100] or "no type"
            text = (
                f"{self._server} did not answer as an OpenAI server ({kind}); "
                "is the address right (often …/v1)?"
            )
            received = self._without_secret(body.decode("utf-8", "replace"))[:400]
            details = {"server": self._server, "received": received}
            raise AttemptError(
                EngineError(ErrorCode.ENGINE_BAD_ANSWER, text, details), retried=False
            ) from error
        if not _is_chunk(document):
            raise self._garbage(body.decode("utf-8", "replace"))
        yield from self._chunk(document)


def _is_chunk(value: Any) -> bool:
    """Whether a JSON value has the shape of a chunk, as far as it is read."""
    if not isinstance(value, dict):
        return False
    choices = value.get("choices") or []
    return isinstance(choices, list) and all(_is_choice(choice) for choice in choices)


def _is_choice(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    delta = value.get("delta") or value.get("message") or {}
    return (
        isinstance(delta, dict)
        and isinstance(delta.get("content") or "", str | list)
        and isinstance(delta.get("refusal") or "", str)
        and isinstance(value.get("finish_reason") or "", str)
    )


def _content(value: Any) -> str:
    """The text of `content`; Mistral's reasoning models send a list of parts, thoughts among them."""
    if isinstance(value, list):
        texts = [part.get("text") for part in value if isinstance(part, dict)]
        return "".join(text for text in texts if isinstance(text, str))
    return value or ""


def read_usage(usage: Mapping[str, Any]) -> Usage | None:
    """OpenAI's usage object; missing details are 0, ``cost`` is OpenRouter's in US dollars.

    None when input and output are not told in numbers that can be: nothing is guessed from a wrong report.
    """
    told, written = _tokens(usage.get("prompt_tokens", 0)), _tokens(usage.get("completion_tokens", 0))
    if told is None or written is None:
        return None
    cached, kept = (_first_told(usage, places) for places in (_CACHED, _KEPT))
    reasoned = _detail(usage.get("completion_tokens_details"), "reasoning_tokens")
    if reasoned and _tokens(usage.get("total_tokens")) == told + written + reasoned:
        written += reasoned
    return Usage(
        input_tokens=told if cached + kept <= told else told + cached + kept,
        output_tokens=written,
        cached_tokens=cached,
        reasoning_tokens=reasoned,
        cost=_told_cost(usage),
        cache_write_tokens=kept,
    )


#: Where servers tell what the cache gave, and what was written to it: in the details (OpenAI, OpenRouter),
#: or beside them (DeepSeek; what is like Anthropic's own API). Some count them in ``prompt_tokens`` and some
#: do not: where they are more, they can't be in it. Likewise ``completion_tokens`` is without
#: ``reasoning_tokens`` at xAI, which their sum in ``total_tokens`` tells.
_Place = tuple[str, str]
_CACHED: tuple[_Place, ...] = (
    ("prompt_tokens_details", "cached_tokens"),
    ("", "prompt_cache_hit_tokens"),
    ("", "cache_read_input_tokens"),
)
_KEPT: tuple[_Place, ...] = (
    ("prompt_tokens_details", "cache_write_tokens"),
    ("prompt_tokens_details", "cache_creation_tokens"),
    ("", "cache_creation_input_tokens"),
)


def _first_told(usage: Mapping[str, Any], places: tuple[_Place, ...]) -> int:
    """The first of them that is not 0."""
    told = (_detail(usage.get(within) if within else usage, name) for within, name in places)
    return next(filter(None, told), 0)


def _tokens(value: Any) -> int | None:
    """A count of tokens; None for what is none."""
    if value is None:
        return 0
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if _is_int(value) and 0 <= value <= _MOST_TOKENS else None


def _is_int(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _detail(details: Any, name: str) -> int:
    return (_tokens(details.get(name)) or 0) if isinstance(details, dict) else 0


def _told_cost(usage: Mapping[str, Any]) -> Decimal | None:
    """OpenRouter's own figure; with a key of the person's own it is its fee, and the provider's bill comes
    on top.
    """
    cost, details = _dollars(usage.get("cost")), usage.get("cost_details")
    if cost is None or usage.get("is_byok") is not True or not isinstance(details, dict):
        return cost
    return cost + (_dollars(details.get("upstream_inference_cost")) or 0)


def _dollars(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        dollars = Decimal(str(value))
    except InvalidOperation:
        return None
    if not (dollars.is_finite() and 0 <= dollars <= _MOST_DOLLARS):
        return None
    return round(dollars, _DECIMAL_PLACES)  # 1e-9999999 is a number too, but none to write out


def context_of(model: Mapping[str, Any]) -> int | None:
    """Context in tokens from an entry of ``/models``, in the words of llama.cpp, vLLM and OpenRouter.

    llama.cpp names what it was started with and what the model was trained for; the smaller one holds.
    """
    meta = model.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    named = (
        meta.get("n_ctx"),
        meta.get("n_ctx_train"),
        model.get("max_model_len"),
        model.get("context_length"),
    )
    return min((figure for figure in named if _is_int(figure) and 0 < figure <= _MOST_CONTEXT), default=None)
