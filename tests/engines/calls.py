"""Calling an engine from a test that is not a coroutine."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, fields
from typing import Any

from cardforge_desktop.engines.base import (
    AttemptFailed,
    Connection,
    Finished,
    Message,
    Prompt,
    Sampling,
    TextPiece,
)
from cardforge_desktop.engines.openai import OpenAIEngine

CARD: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 60},
        "description": {"type": "string", "minLength": 40, "maxLength": 600},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 30}, "minItems": 2, "maxItems": 4},
    },
    "required": ["name", "description", "tags"],
    "additionalProperties": False,
}
SOURCE = (
    "Old Mirela keeps the lighthouse of the bay. She has not slept since the storm took her brother. "
    "Ships trust her lamp, and the fishermen bring her bread. People say that Mirela talks to the sea."
)
KEY = "sk-test-0123456789abcdef"


@dataclass
class Received:
    """What came out of one call."""

    text: str = ""
    failures: list[AttemptFailed] = field(default_factory=list)
    finished: Finished | None = None


def card_prompt(**changes: Any) -> Prompt:
    """A prompt with a schema; of the changes those that are sampling go there."""
    given: dict[str, Any] = {
        "messages": (Message("system", "You write cards."), Message("user", SOURCE)),
        "max_tokens": 400,
        "schema": CARD,
        **changes,
    }
    how = {each.name for each in fields(Sampling)} & given.keys()
    given["sampling"] = Sampling(**{name: given.pop(name) for name in how})
    return Prompt(**given)


async def received(engine: Any, prompt: Prompt) -> Received:
    """The whole answer; text before a failed try is dropped, as a caller must."""
    got = Received()
    async with aclosing(engine.stream(prompt)) as pieces:
        async for piece in pieces:
            assert got.finished is None, "nothing may follow Finished"
            if isinstance(piece, TextPiece):
                got.text += piece.text
            elif isinstance(piece, AttemptFailed):
                got.text = ""
                got.failures.append(piece)
            else:
                got.finished = piece
    return got


class Waits:
    """A clock for retries that does not wait and remembers how long it should have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)


def engine_for(url: str, waits: Waits | None = None, **options: Any) -> OpenAIEngine:
    """An engine at the scripted server whose retries do not wait."""
    connection = Connection("Test", "openai", url, "scripted-1")
    given: dict[str, Any] = {"sleep": (waits or Waits()).sleep, "draw": lambda: 0.0, **options}
    return OpenAIEngine(connection, lambda: KEY, **given)
