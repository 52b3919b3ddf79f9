"""The tool the other tests lean on: its answers fit their schemas, and its log tells the truth."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validate

from tests.engines.calls import CARD, SOURCE, card_prompt, engine_for, received
from tests.support.scripted_answers import answer_for
from tests.support.scripted_server import ScriptedServer, Step, read_log, spawn_server


@st.composite
def _strings(draw: st.DrawFn) -> dict[str, Any]:
    shortest = draw(st.integers(0, 200))
    return {"type": "string", "minLength": shortest, "maxLength": shortest + draw(st.integers(0, 400))}


_schemas = st.recursive(
    _strings()
    | st.sampled_from([{"type": "boolean"}, {"type": "integer", "minimum": 5}, {"enum": ["a", "b"]}]),
    lambda inner: (
        st.dictionaries(st.sampled_from(["description", "mood", "entry"]), inner, min_size=1).map(
            lambda some: {"type": "object", "properties": some, "required": list(some)}
        )
        | inner.map(lambda items: {"type": "array", "items": items, "minItems": 2, "maxItems": 4})
        | inner.map(lambda some: {"anyOf": [{"type": "null"}, some]})
    ),
    max_leaves=6,
)


@given(_schemas, st.text(max_size=300))
def test_answers_satisfy_their_schema(schema: dict[str, Any], source: str) -> None:
    root = {"type": "object", "properties": {"all": schema}, "required": ["all"]}
    body = {
        "messages": [{"role": "user", "content": source}],
        "response_format": {"json_schema": {"schema": root}},
    }
    validate(json.loads(answer_for(body)), root)
    assert answer_for(body) == answer_for(body)


def test_answers_come_from_the_source_and_are_the_same_when_asked_in_words() -> None:
    form = {
        "messages": [{"role": "user", "content": SOURCE}],
        "response_format": {"json_schema": {"schema": CARD}},
    }
    words = {
        "messages": [
            {"role": "system", "content": f"It must satisfy this JSON Schema:\n{json.dumps(CARD)}\nThanks."},
            {"role": "user", "content": SOURCE},
        ]
    }
    card = json.loads(answer_for(form))
    assert card == json.loads(answer_for(words))
    assert card["name"] == "Mirela"
    assert all(sentence.rstrip(".") in SOURCE for sentence in card["description"].split(". "))


def test_steps_go_to_the_requests_they_match() -> None:
    async def calls(url: str) -> None:
        engine = engine_for(url)
        await received(engine, card_prompt())
        await received(engine, card_prompt(schema_name="special"))
        await engine.close()

    with ScriptedServer([Step("empty", match="special")]) as server:
        asyncio.run(calls(server.url))
        assert [call.outcome for call in server.calls] == ["answer", "empty"]


def test_as_a_process_it_reads_its_script_and_keeps_its_log(tmp_path: Path) -> None:
    log, script = tmp_path / "log.jsonl", tmp_path / "script.json"
    script.write_text(json.dumps([{"fault": "status", "status": 503}, {"fault": "answer", "text": "hello"}]))

    async def call(url: str) -> str:
        engine = engine_for(url)
        got = await received(engine, card_prompt(schema=None))
        await engine.close()
        return got.text

    with spawn_server(log, script) as url:
        assert asyncio.run(call(url)) == "hello"
        assert [call.outcome for call in read_log(log)] == ["status 503", "answer"]
    assert read_log(log)[1].body["messages"][1]["content"] == SOURCE
