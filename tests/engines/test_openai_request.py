"""The request in the dialect of each server."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cardforge_desktop.engines.base import Message
from cardforge_desktop.engines.openai_request import (
    LLAMA_CPP,
    Dialect,
    dialect_of,
    is_loopback,
    request_body,
    strict_schema,
)
from tests.engines.calls import CARD, card_prompt

BOOK: dict[str, Any] = {
    "type": "object",
    "properties": {
        "pattern": {"type": "string", "minLength": 1, "pattern": "^a"},
        "entry": {"$ref": "#/$defs/entry"},
        "mood": {"oneOf": [{"type": "string", "maxLength": 5}, {"type": "null"}]},
    },
    "required": ["entry"],
    "$defs": {
        "entry": {
            "type": "object",
            "properties": {
                "keys": {"type": "array", "items": {"type": "string", "minLength": 2}, "minItems": 1}
            },
        }
    },
}


def test_openai_gets_its_own_words_and_strict_schemas() -> None:
    body = request_body(
        "gpt-x", card_prompt(temperature=0.3, seed=5), dialect_of("https://api.openai.com/v1")
    )
    assert body["max_completion_tokens"] == 400
    assert "max_tokens" not in body
    assert body["stream_options"] == {"include_usage": True}
    form = body["response_format"]["json_schema"]
    assert form["strict"] is True
    assert form["schema"] == strict_schema(CARD)
    assert (body["temperature"], body["seed"]) == (0.3, 5)


def test_a_server_in_the_own_network_gets_the_whole_schema() -> None:
    body = request_body("m", card_prompt(repeat_penalty=1.1), dialect_of("http://192.168.1.9:1234/v1"))
    assert body["response_format"]["json_schema"]["schema"] == CARD
    assert body["repeat_penalty"] == 1.1
    assert body["max_tokens"] == 400
    assert "cache_prompt" not in body


def test_openrouter_is_asked_for_the_cost_and_a_provider_that_honours_schemas() -> None:
    dialect = dialect_of("https://openrouter.ai/api/v1")
    body = request_body("m", card_prompt(repeat_penalty=1.1), dialect)
    assert body["usage"] == {"include": True}
    assert body["provider"] == {"require_parameters": True}
    assert "repeat_penalty" not in body
    assert body["repetition_penalty"] == 1.1, "its name over there"
    assert "provider" not in request_body("m", card_prompt(schema=None), dialect)


def test_each_server_is_told_the_sampling_it_knows() -> None:
    wanted = {
        **{"temperature": 0.7, "top_p": 0.9, "frequency_penalty": 0.2, "presence_penalty": -0.1, "seed": 4},
        **{"top_k": 40, "min_p": 0.05, "repeat_penalty": 1.1},
    }
    everywhere = {name: wanted[name] for name in list(wanted)[:5]}
    for url, known in (
        ("https://api.openai.com/v1", everywhere),
        ("https://api.mistral.ai/v1", everywhere),
        ("http://127.0.0.1:8080/v1", wanted),
        (
            "https://openrouter.ai/api/v1",
            {**everywhere, "top_k": 40, "min_p": 0.05, "repetition_penalty": 1.1},
        ),
    ):
        bare = request_body("m", card_prompt(), dialect_of(url))
        body = request_body("m", card_prompt(**wanted), dialect_of(url))
        assert {name: value for name, value in body.items() if name not in bare} == known, url


def test_what_is_off_is_sent_and_what_is_unset_is_not() -> None:
    body = request_body("m", card_prompt(temperature=0.0, top_k=0), dialect_of("http://localhost:1/v1"))
    assert (body["temperature"], body["top_k"]) == (0.0, 0)
    assert "top_p" not in body


def test_llama_cpp_keeps_its_prompt() -> None:
    assert request_body("m", card_prompt(stop=("\n",)), LLAMA_CPP)["cache_prompt"] is True


def test_strict_form_requires_everything_and_bounds_nothing() -> None:
    strict = strict_schema(BOOK)
    assert strict["required"] == ["pattern", "entry", "mood"], "a property named like a keyword stays"
    assert strict["properties"]["pattern"] == {"type": "string"}
    assert strict["properties"]["mood"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    entry = strict["$defs"]["entry"]
    assert entry["additionalProperties"] is False
    assert entry["required"] == ["keys"]
    assert entry["properties"]["keys"] == {"type": "array", "items": {"type": "string"}}
    Draft202012Validator.check_schema(strict)


def test_a_schema_the_server_refuses_is_asked_for_in_words() -> None:
    dialect = Dialect(refused=frozenset({"response_format"}))
    with_system = request_body("m", card_prompt(), dialect)
    assert "response_format" not in with_system
    assert with_system["messages"][0]["content"].startswith("You write cards.\n\n")
    assert '"maxItems": 4' in with_system["messages"][0]["content"]
    only_user = request_body("m", card_prompt(messages=card_prompt().messages[1:]), dialect)
    assert [message["role"] for message in only_user["messages"]] == ["system", "user"]


def test_half_a_character_in_a_prompt_can_be_sent() -> None:
    body = request_body("m", card_prompt(messages=(Message("user", "a\ud800b \ud83d\ude00"),)), Dialect())
    assert body["messages"][0]["content"] == "a\ufffdb \U0001f600"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("192.168.0.2", False),
        ("api.openai.com", False),
    ],
)
def test_what_is_this_machine(host: str, here: bool) -> None:
    assert is_loopback(host) is here
