"""Answers of HTTP engines that are no answers, as errors a person can act on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cardforge_desktop.engines.base import EngineError, Usage
from cardforge_desktop.engines.surrogates import without_surrogates
from cardforge_desktop.errors import ErrorCode

_QUOTA_WORDS = (
    "insufficient_quota",
    "billing_hard_limit",
    "billing_not_active",
    "spend limit",
    "spending limit",
)
_CONTEXT_WORDS = (
    "context_length",
    "context length",
    "context size",
    "context window",
    "exceed_context",
    "prompt is too long",
)
_CODES = {
    400: ErrorCode.ENGINE_BAD_REQUEST,
    401: ErrorCode.ENGINE_AUTH,
    402: ErrorCode.ENGINE_CREDIT,
    403: ErrorCode.ENGINE_AUTH,
    404: ErrorCode.ENGINE_NOT_FOUND,
    408: ErrorCode.ENGINE_TIMEOUT,
    429: ErrorCode.ENGINE_RATE_LIMITED,
}
_STATUS = re.compile("[1-5][0-9]{2}")


class AttemptError(Exception):
    """One try failed.

    Attributes:
        error: what a person sees.
        retried: whether another try may mend it.
        wait: seconds the server asks to wait, None = it does not say.
        usage: what the provider reported before it failed.
    """

    def __init__(
        self, error: EngineError, *, retried: bool, wait: float | None = None, usage: Usage | None = None
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.retried = retried
        self.wait = wait
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Complaint:
    """A server's own error object, whatever its shape.

    Attributes:
        status: HTTP status, or the number in the object when it came inside a stream; 0 = none.
        text: the server's sentence, at most 400 characters, "" when it sent none.
        words: every string of the object in lower case, to look for codes in.
        parameter: the request parameter it names, "".
    """

    status: int
    text: str
    words: str
    parameter: str = ""

    @property
    def is_quota(self) -> bool:
        """No credit left: waiting does not help."""
        return any(word in self.words for word in _QUOTA_WORDS)

    @property
    def is_context(self) -> bool:
        """The prompt is longer than the model's context."""
        return any(word in self.words for word in _CONTEXT_WORDS)

    def names(self, parameter: str) -> bool:
        """Whether it is about this request parameter."""
        if self.parameter:
            return self.parameter.split(".")[0] == parameter
        if parameter == "response_format":
            hints = (
                parameter,
                "json_schema",
                "json schema",
                "grammar",
                "structured output",
                "requested parameters",
            )
            return any(hint in self.words for hint in hints)
        if parameter == "stop":  # too common a word to stand for itself
            return any(f"{mark}stop{mark}" in self.words for mark in "'\"`")
        return parameter in self.words


def read_complaint(status: int, body: bytes | Mapping[str, Any], secret: str | None) -> Complaint:
    """Understand ``{error: {message, code, param}}``, ``{error: "…"}``, ``{detail: …}``, or plain text.

    `secret` (the API key) is struck out wherever the server repeats it. Takes any bytes and any JSON.
    """
    try:
        return _read(status, body, secret)
    except RecursionError:  # nested deeper than anything that says something
        return Complaint(status, "", "")


def _read(status: int, body: bytes | Mapping[str, Any], secret: str | None) -> Complaint:
    text = (
        body.decode("utf-8", "replace") if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False)
    )
    if secret:
        text = text.replace(secret, "…")
    try:
        found = json.loads(text)
    except ValueError:
        page = text.lstrip()[:15].lower().startswith(("<!doctype", "<html"))
        return Complaint(status, "" if page else _shown(text, secret), text.lower()[:4000])
    parts = found.get("error", found) if isinstance(found, dict) else found
    if not isinstance(parts, dict):
        return Complaint(status, _shown(str(parts), secret), text.lower()[:4000])
    code = str(parts.get("code"))
    if not status and _STATUS.fullmatch(code):
        status = int(code)
    sentence = parts.get("message") or parts.get("detail") or parts.get("error") or ""
    return Complaint(
        status, _shown(str(sentence), secret), text.lower()[:4000], str(parts.get("param") or "")
    )


def error_of(complaint: Complaint, server: str, model: str) -> EngineError:
    """The error a person sees for a server's refusal; `server` is its host."""
    status = complaint.status
    details = {"status": status, "server": server, "model": model, "answer": complaint.text}
    if complaint.is_context:
        code = ErrorCode.ENGINE_CONTEXT
    elif complaint.is_quota:
        code = ErrorCode.ENGINE_CREDIT
    else:
        code = _CODES.get(
            status, ErrorCode.ENGINE_SERVER if status >= 500 or not status else ErrorCode.ENGINE_BAD_REQUEST
        )
    said = f": {complaint.text}" if complaint.text else "."
    return EngineError(code, _sentence(code, status, server, model) + said, details)


def _sentence(code: ErrorCode, status: int, server: str, model: str) -> str:
    sentences = {
        ErrorCode.ENGINE_AUTH: f"The key was refused by {server} (or none is set)",
        ErrorCode.ENGINE_CREDIT: f"{server} has no credit left for this key",
        ErrorCode.ENGINE_RATE_LIMITED: (
            f"{server} takes no more calls for now; use fewer at once or try later"
        ),
        ErrorCode.ENGINE_NOT_FOUND: f"{server} has no such address or no model “{model}”; check both",
        ErrorCode.ENGINE_CONTEXT: f"The text is too long for {model} at {server}",
        ErrorCode.ENGINE_TIMEOUT: f"{server} gave up waiting",
        ErrorCode.ENGINE_BAD_REQUEST: f"{server} does not accept the request (HTTP {status})",
    }
    trouble = f"{server} is in trouble" + (f" (HTTP {status})" if status else "")
    return sentences.get(code, f"{trouble}; try again later")


def _shown(text: str, secret: str | None) -> str:
    """A server's sentence as it may be shown: short, one line of text (a terminal obeys control characters).

    The key is looked for again: in JSON it may have been spelled with escapes.
    """
    printable = "".join(sign if sign.isprintable() else " " for sign in without_surrogates(text))
    flat = " ".join(printable.split())
    if secret:
        flat = flat.replace(secret, "…")
    return flat if len(flat) <= 400 else flat[:399] + "…"
