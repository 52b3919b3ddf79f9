"""The body of an OpenAI chat-completions request, in the dialect of the server it goes to."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cardforge_desktop.engines.base import Message, Prompt, Sampling
from cardforge_desktop.engines.surrogates import without_surrogates

#: Parameters a server may refuse and an answer can do without; `Dialect.without` drops them.
OPTIONAL_PARAMETERS = (
    *("response_format", "temperature", "top_p", "top_k", "min_p", "frequency_penalty", "presence_penalty"),
    *("repeat_penalty", "repetition_penalty", "seed", "stop", "stream_options"),
)
#: Sampling every server of OpenAI's shape is told of; those that do not know it refuse it, or pass it over.
_SAMPLING = ("temperature", "top_p", "frequency_penalty", "presence_penalty", "seed")
#: Sampling that OpenAI's API does not have, by its name at llama.cpp, LM Studio and KoboldCpp.
_LLAMA_SAMPLING = {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repeat_penalty"}
#: The same at OpenRouter.
_OPENROUTER_SAMPLING = _LLAMA_SAMPLING | {"repeat_penalty": "repetition_penalty"}

#: What OpenAI's strict mode refuses beside a type.
_BOUNDS = frozenset(
    {"minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    | {"minProperties", "maxProperties", "default", "$schema"}
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server of OpenAI's shape understands.

    Attributes:
        limit: the name of the answer's token limit.
        strict: schemas in the form OpenAI's strict mode takes, instead of whole.
        sampling: sampling besides OpenAI's that is known, by its name in `Sampling`: as it is called there.
        cache_prompt: llama.cpp's, too.
        openrouter: asks for the cost, and for a provider that honours the schema.
        refused: optional parameters this server has refused before.
    """

    limit: str = "max_tokens"
    strict: bool = True
    sampling: Mapping[str, str] = field(default_factory=dict)
    cache_prompt: bool = False
    openrouter: bool = False
    refused: frozenset[str] = frozenset()


LLAMA_CPP = Dialect(strict=False, sampling=_LLAMA_SAMPLING, cache_prompt=True)


def dialect_of(url: str) -> Dialect:
    """The dialect to begin with, told by the host of a base URL.

    Servers in one's own network (llama.cpp, LM Studio, KoboldCpp, vLLM, Ollama) enforce a whole schema while
    sampling, and small models need its bounds; hosted ones know OpenAI's strict form.
    """
    host = urlsplit(url).hostname or ""
    if host == "api.openai.com":
        return Dialect(limit="max_completion_tokens")
    if host == "openrouter.ai" or host.endswith(".openrouter.ai"):
        return Dialect(sampling=_OPENROUTER_SAMPLING, openrouter=True)
    if is_private(host):
        return Dialect(strict=False, sampling=_LLAMA_SAMPLING)
    return Dialect()


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(host: str) -> bool:
    """Whether `host` is this machine or one in its own network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return is_loopback(host) or host.endswith((".local", ".lan")) or "." not in host


def request_body(model: str, prompt: Prompt, dialect: Dialect) -> dict[str, Any]:
    """The JSON of one streaming request."""
    schema = prompt.schema
    in_prompt = schema is not None and "response_format" in dialect.refused
    messages = _with_schema(prompt.messages, schema) if in_prompt and schema is not None else prompt.messages
    body: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": message.role, "content": without_surrogates(message.content)} for message in messages
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        dialect.limit: prompt.max_tokens,
    }
    if schema is not None:
        body["response_format"] = _response_format(prompt.schema_name, schema, dialect.strict)
    body |= _sampling(prompt.sampling, dialect)
    if prompt.stop:
        body["stop"] = list(prompt.stop)
    if dialect.cache_prompt:
        body["cache_prompt"] = True
    if dialect.openrouter:
        body["usage"] = {"include": True}
        if schema is not None and not in_prompt:
            body["provider"] = {"require_parameters": True}
    for name in dialect.refused:
        body.pop(name, None)
    return body


def _sampling(wanted: Sampling, dialect: Dialect) -> dict[str, float | int]:
    """What is set and known at the server, by the names it has there."""
    names = {name: name for name in _SAMPLING} | dict(dialect.sampling)
    told = {name: value for name, value in asdict(wanted).items() if value is not None}
    return {names[name]: value for name, value in told.items() if name in names}


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema` as OpenAI's strict mode takes it: all properties required, none added, no bounds.

    Looser in its bounds than `schema`, so an answer must be checked against `schema` afterwards.
    """
    strict: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _BOUNDS:
            continue
        if keyword in ("properties", "$defs", "definitions") and isinstance(value, Mapping):
            strict[keyword] = {name: strict_schema(inner) for name, inner in value.items()}
        elif keyword in ("anyOf", "oneOf", "allOf", "prefixItems") and isinstance(value, Sequence):
            strict["anyOf" if keyword == "oneOf" else keyword] = [strict_schema(inner) for inner in value]
        elif keyword == "items" and isinstance(value, Mapping):
            strict[keyword] = strict_schema(value)
        else:
            strict[keyword] = value
    if "properties" in strict:
        strict["required"] = list(strict["properties"])
        strict["additionalProperties"] = False
    return strict


def _response_format(name: str, schema: Mapping[str, Any], strict: bool) -> dict[str, Any]:
    form = strict_schema(schema) if strict else dict(schema)
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": form}}


def _with_schema(messages: tuple[Message, ...], schema: Mapping[str, Any]) -> tuple[Message, ...]:
    """The messages with the schema asked for in words, for servers that cannot enforce one."""
    demand = (
        "Answer with one JSON object and nothing else: no explanation, no Markdown fence. "
        f"It must satisfy this JSON Schema:\n{json.dumps(schema, ensure_ascii=False)}"
    )
    if messages and messages[0].role == "system":
        return (Message("system", f"{messages[0].content}\n\n{demand}"), *messages[1:])
    return (Message("system", demand), *messages)
