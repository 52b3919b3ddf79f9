"""Tokens of a call counted by us: what it may take at most, and what it took where nobody else says."""

from __future__ import annotations

import json
from dataclasses import replace

from cardforge_desktop.engines.base import EngineError, Prompt, Usage
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.tokens import Tokenizer, tokenizer_for, tokenizer_named

#: Tokens that a message takes besides its text, at most.
_MARKS = 8
#: Where a family's own vocabulary is not known, its tokens may be so many times as many as estimated.
_UNSURE = 2
#: Answers of servers that did no work for the call: nothing is charged for them.
_REFUSED = frozenset(
    {
        ErrorCode.ENGINE_AUTH,
        ErrorCode.ENGINE_CREDIT,
        ErrorCode.ENGINE_RATE_LIMITED,
        ErrorCode.ENGINE_BAD_REQUEST,
        ErrorCode.ENGINE_NOT_FOUND,
        ErrorCode.ENGINE_CONTEXT,
        ErrorCode.ENGINE_SERVER,
    }
)
#: `details["reason"]` of errors before anything left this machine. A connection that breaks later may have
#: brought the server a call to work on.
_NEVER_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})


def most_tokens(prompt: Prompt, model: str) -> tuple[int, int]:
    """The most input and output tokens that a call may take."""
    tokenizer = tokenizer_for(model)
    return sum(_MARKS + _most(tokenizer, text) for text in _texts(prompt)), prompt.max_tokens


def counted_usage(prompt: Prompt, answer: str, model: str) -> Usage:
    """What a call took whose provider did not say, about, and never more than `most_tokens`."""
    count = tokenizer_for(model).count
    most_read, most_written = most_tokens(prompt, model)
    read = sum(count(text) + _MARKS for text in _texts(prompt))
    return Usage(min(read, most_read), min(count(answer), most_written))


def usage_of(
    prompt: Prompt, model: str, text: str, reported: Usage | None, error: EngineError | None = None
) -> tuple[Usage | None, bool]:
    """What a call took, and whether we counted it: nothing where it was refused, None where nobody knows.

    Args:
        text: what came of the answer.
        reported: what the provider said.
        error: what the call ended with.
    """
    if reported is not None and (reported.output_tokens or not text):
        return reported, False
    if text:
        counted = counted_usage(prompt, text, model)
        if reported is None:
            return counted, True
        # Some send a report of zeros, or of what was read alone: what came was not for nothing.
        read = reported.input_tokens or counted.input_tokens
        return replace(reported, input_tokens=read, output_tokens=counted.output_tokens), True
    did_nothing = error is not None and (error.code in _REFUSED or error.details.get("reason") in _NEVER_SENT)
    return (Usage(0, 0), True) if did_nothing else (None, False)


def _most(tokenizer: Tokenizer, text: str) -> int:
    """No vocabulary in use makes more tokens of a text than it has bytes in UTF-8."""
    if tokenizer.exact:
        return tokenizer.count(text)
    size = len(text.encode(errors="surrogatepass"))
    # Of a model that we know nothing of, its vocabulary may be of another language, or a small one.
    is_known = tokenizer is not tokenizer_named("other").tokenizer
    return min(_UNSURE * tokenizer.count(text), size) if is_known else size


def _texts(prompt: Prompt) -> list[str]:
    texts = [message.content for message in prompt.messages]
    if prompt.schema is not None:
        texts.append(json.dumps(prompt.schema))
    return texts
