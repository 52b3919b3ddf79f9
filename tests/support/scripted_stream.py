"""What the scripted server says, piece by piece, and where it breaks off."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from tests.support.scripted_answers import answer_for

if TYPE_CHECKING:
    from tests.support.scripted_http import Exchange, HttpConnection
    from tests.support.scripted_server import Pace, Step

_BROKEN = ("cut", "unfinished", "stall", "garbage_event", "error_event")


async def speak(step: Step, pace: Pace, exchange: Exchange, connection: HttpConnection) -> str:
    """Answer a chat-completions request as `step` says; returns the outcome for the log."""
    body = exchange.body
    if step.fault == "status":
        connection.send_json(step.status, step.error or _error(step.status), step.headers)
        return f"status {step.status}"
    if step.fault == "refuse_parameter" and step.parameter in body:
        message = f"Unsupported parameter: '{step.parameter}' is not supported with this model."
        error = {"message": message, "type": "invalid_request_error", "param": step.parameter, "code": None}
        connection.send_json(400, {"error": error})
        return f"refused {step.parameter}"
    if step.fault == "web_page":
        connection.send(200, b"<!doctype html><title>Sign in</title>", {"content-type": "text/html"})
        return step.fault
    await asyncio.sleep(pace.first + step.seconds)
    text = _text(step, body)
    if step.fault == "no_stream":
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        connection.send_json(
            200, {"model": _model(body), "choices": [choice], "usage": _usage(step, body, text)}
        )
        return step.fault
    return await _stream(step, pace, body, text, connection)


async def _stream(step: Step, pace: Pace, body: Any, text: str, connection: HttpConnection) -> str:
    pieces = _pieces(text, pace.pieces)
    if step.fault in _BROKEN:
        pieces = pieces[: step.after]
    loop = asyncio.get_running_loop()
    start = loop.time()
    connection.send_event(_chunk(body, {"role": "assistant"}))
    for number, piece in enumerate(pieces, start=1):
        if pace.total:
            # Against the clock and not by a fixed pause, so that an answer takes as long as was asked for.
            await asyncio.sleep(max(0.0, start + pace.total * number / len(pieces) - loop.time()))
        key = "refusal" if step.fault == "refusal" else "content"
        connection.send_event(_chunk(body, {key: piece}))
        connection.pieces = number
    if step.fault in _BROKEN:
        return await _break(step, connection)
    connection.send_event(_chunk(body, {}, "length" if step.fault == "truncated" else "stop"))
    if body.get("stream_options", {}).get("include_usage"):
        connection.send_event(
            json.dumps({"model": _model(body), "choices": [], "usage": _usage(step, body, text)})
        )
    connection.send_event("[DONE]")
    connection.end_events()
    return step.fault


async def _break(step: Step, connection: HttpConnection) -> str:
    if step.fault == "stall":
        await asyncio.Event().wait()  # until the client leaves
    elif step.fault == "garbage_event":
        connection.send_event('{"choices": [{"delta": {"content": oops')
        connection.end_events()
    elif step.fault == "error_event":
        connection.send_event(json.dumps(step.error or _error(step.status)))
        connection.end_events()
    elif step.fault == "cut":
        # What was written must leave before the connection is torn down.
        await asyncio.sleep(0.01)
        connection.abort()
    else:
        connection.end_events()
    return step.fault


def _text(step: Step, body: Any) -> str:
    if step.text is not None:
        return step.text
    if step.fault == "empty":
        return ""
    if step.fault == "garbage":
        return '{"name": "Mirela", "description": oops, [[['
    if step.fault == "wrong_schema":
        return json.dumps({"answer": 42, "name": ["not", "a", "string"]})
    if step.fault == "refusal":
        return "I'm sorry, I can't help with that."
    text = answer_for(body)
    return text[: len(text) // 2] if step.fault == "truncated" else text


def _pieces(text: str, count: int) -> list[str]:
    """`text` in at most `count` pieces of equal length."""
    length = max(1, -(-len(text) // count))
    return [text[at : at + length] for at in range(0, len(text), length)]


def _chunk(body: Any, delta: dict[str, str], reason: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return json.dumps(
        {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": _model(body), "choices": [choice]},
        ensure_ascii=False,
    )


def _model(body: Any) -> str:
    return str(body.get("model", ""))


def _usage(step: Step, body: Any, text: str) -> dict[str, Any]:
    prompt = sum(len(message["content"]) for message in body["messages"]) // 4
    written = max(1, len(text) // 4)
    counted = {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}
    return step.usage or counted


def _error(status: int) -> dict[str, Any]:
    messages = {401: "Incorrect API key provided.", 402: "Insufficient credits.", 429: "Rate limit reached."}
    message = messages.get(status, f"The scripted server answers {status}.")
    return {"error": {"message": message, "type": "scripted", "param": None, "code": str(status)}}
