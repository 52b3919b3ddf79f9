"""Tokens of a call counted by us: what it may take at most, and what it took where nobody else says."""

from __future__ import annotations

import json

from cardforge_desktop.engines.base import Prompt, Usage
from cardforge_desktop.tokens import tokenizer_for

#: Tokens that a message takes besides its text, at most.
_MARKS = 8
#: Where a model's own vocabulary is not known, its tokens may be so many times as many as estimated.
_UNSURE = 2


def most_tokens(prompt: Prompt, model: str) -> tuple[int, int]:
    """The most input and output tokens that a call may take.

    No vocabulary in use makes more tokens of a text than it has bytes in UTF-8.
    """
    tokenizer, tokens = tokenizer_for(model), 0
    for text in _texts(prompt):
        counted = tokenizer.count(text)
        tokens += _MARKS + (counted if tokenizer.exact else min(_UNSURE * counted, len(text.encode())))
    return tokens, prompt.max_tokens


def counted_usage(prompt: Prompt, answer: str, model: str) -> Usage:
    """What a call took whose provider did not say, about."""
    count = tokenizer_for(model).count
    return Usage(sum(count(text) + _MARKS for text in _texts(prompt)), count(answer))


def _texts(prompt: Prompt) -> list[str]:
    texts = [message.content for message in prompt.messages]
    if prompt.schema is not None:
        texts.append(json.dumps(prompt.schema))
    return texts
