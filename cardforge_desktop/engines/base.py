"""What an engine is: a prompt goes in, text streams out. Knows nothing of cards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from cardforge_desktop.errors import CardForgeError

Role = Literal["system", "user", "assistant"]
#: Why an answer ended: a full stop, the token limit, or the model's refusal.
FinishReason = Literal["stop", "length", "refusal"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model chooses its words; None leaves it to the server.

    Engines send what their server knows. The ranges are OpenAI's and llama.cpp's.

    Attributes:
        temperature: 0 = always the likeliest word.
        top_p: only the likeliest words that have this share together.
        top_k: only so many of the likeliest words; 0 = all.
        min_p: only words that have this share of the likeliest one's chance.
        frequency_penalty, presence_penalty: against words by how often, or that, they were used.
        repeat_penalty: 1.0 is none.
        seed: for repeatable answers.
    """

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    repeat_penalty: float | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model.

    Attributes:
        messages: in order; a system message comes first.
        max_tokens: upper bound of the answer.
        schema: JSON Schema (draft 2020-12) the answer must satisfy; None asks for plain text.
        schema_name: a name for the schema that providers ask for, ``[a-z_]+``.
        stop: texts that end the answer.
    """

    messages: tuple[Message, ...]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    schema_name: str = "answer"
    sampling: Sampling = Sampling()
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call.

    Attributes:
        input_tokens: the cached ones and those written to a cache included.
        output_tokens: the reasoning ones included.
        cost: the provider's own figure in US dollars when it sends one (OpenRouter).
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    cost: Decimal | None = None
    cache_write_tokens: int = 0


@dataclass(frozen=True, slots=True)
class TextPiece:
    """The next characters of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class AttemptFailed:
    """A try that failed and will be made again after `delay` seconds; text received so far is void.

    ``usage`` is what the provider reported for it, None when it did not get that far (cost unknown).
    """

    error: EngineError
    delay: float
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The last piece of every answer that came to its end."""

    reason: FinishReason
    usage: Usage | None
    model: str


Piece = TextPiece | AttemptFailed | Finished


@dataclass(frozen=True, slots=True)
class Traits:
    """What a generation must know of an engine to plan for it.

    Attributes:
        context_tokens: prompt and answer together.
        stepwise: write one field per call (small models) instead of the whole card in one.
        draft: quality is draft only; shown to the user wherever the engine is named.
        local: runs on this machine: its calls are free.
        max_concurrent: calls it bears at once, None = no limit of its own.
    """

    context_tokens: int = 32_000
    stepwise: bool = False
    draft: bool = False
    local: bool = False
    max_concurrent: int | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach an engine; what ``cardforge engines add`` stores. Holds no secret.

    Attributes:
        name: the user's name for it, unique without regard to case.
        kind: ``builtin`` or ``openai``.
        url: base URL, ``http://127.0.0.1:1234/v1``; for ``builtin`` empty.
        model: model id at the server; for ``builtin`` the path of a .gguf, empty = the shipped one.
        key_env: name of an environment variable that holds the API key; empty = the keyring, if any.
        max_concurrent: calls at once, None = the kind's own default.
    """

    name: str
    kind: str
    url: str = ""
    model: str = ""
    key_env: str = ""
    max_concurrent: int | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether an engine answers: a sentence for the person, and the model it serves."""

    ok: bool
    message: str
    models: tuple[str, ...] = field(default=())


class EngineError(CardForgeError):
    """A call failed for good.

    Codes: ENGINE_UNREACHABLE, ENGINE_TIMEOUT, ENGINE_AUTH (401, 403), ENGINE_CREDIT (402),
    ENGINE_RATE_LIMITED (429), ENGINE_BAD_REQUEST (400), ENGINE_NOT_FOUND (404), ENGINE_SERVER (5xx),
    ENGINE_STREAM_CUT, ENGINE_BAD_ANSWER, ENGINE_CONTEXT (prompt too long), ENGINE_MISSING (no build here),
    ENGINE_BAD_MODEL (a .gguf that cannot be loaded), ENGINE_KIND (a kind this version does not know).
    ``details["retry_after"]``: seconds the server asks to be left alone, when it says so.
    """


class Engine(Protocol):
    """One model behind one wire format. Lives on the generation pool's asyncio thread."""

    @property
    def connection(self) -> Connection:
        """How it is reached."""

    @property
    def traits(self) -> Traits:
        """What a plan must know; may start from defaults until `check` has answered."""

    def stream(self, prompt: Prompt) -> AsyncIterator[Piece]:
        """Send the prompt and yield pieces; the last one is `Finished`.

        Retries what may be retried, yielding `AttemptFailed` before each new try. Closing the iterator or
        cancelling the task closes the connection at once.

        Raises:
            EngineError: the call failed for good.
        """

    async def check(self) -> Health:
        """Whether it answers now. Never raises."""

    async def close(self) -> None:
        """Free connections and child processes."""
