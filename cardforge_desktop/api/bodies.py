"""JSON bodies of requests: bounded, and only what says that it is JSON."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import ClientDisconnect, Request

from cardforge_desktop.api.errors import ApiError
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles.reading import LARGEST_JSON, TwiceError, each_once


async def json_object(request: Request) -> dict[str, Any]:
    """The object in the body.

    A body that does not say it is JSON is refused: that is what a web page can send to another host without
    asking first (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).

    Raises:
        ApiError: API_BODY_INVALID, API_BODY_TOO_LARGE.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        told = "Send the body as JSON, with the header Content-Type: application/json."
        raise ApiError(415, ErrorCode.API_BODY_INVALID, told)
    value = _parsed(await _read(request))
    if not isinstance(value, dict):
        raise ApiError(400, ErrorCode.API_BODY_INVALID, "The body has to be one JSON object.")
    return value


async def _read(request: Request) -> bytes:
    data = b""
    try:
        async for piece in request.stream():
            data += piece
            if len(data) > LARGEST_JSON:
                told = f"The body is larger than {LARGEST_JSON // 1024**2} MB."
                raise ApiError(413, ErrorCode.API_BODY_TOO_LARGE, told)
    except ClientDisconnect as error:  # nobody reads the answer; it is no mistake of ours either
        raise ApiError(400, ErrorCode.API_BODY_INVALID, "The body broke off.") from error
    return data


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data, object_pairs_hook=each_once)
    except TwiceError as error:
        raise ApiError(400, ErrorCode.API_BODY_INVALID, f"The body can't be read: {error}.") from error
    except RecursionError as error:
        told = "The body's values are nested too deep."
        raise ApiError(400, ErrorCode.API_BODY_INVALID, told) from error
    except ValueError as error:
        place = (
            f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        )
        told = f"The body is no JSON ({place})." if place else "The body is no JSON in UTF-8."
        raise ApiError(400, ErrorCode.API_BODY_INVALID, told) from error
