"""Errors as the API answers them: ``{"error": CODE, "message": …}`` with a status (specification 2.1)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.profiles.errors import ProfileConflict, ProfileInvalid
from cardforge_desktop.profiles.report import conflict_report

_log = logging.getLogger(__name__)
#: Status of the errors that other rooms raise; all others are 500.
_STATUS: Mapping[ErrorCode, int] = {
    ErrorCode.PROFILE_NOT_FOUND: 404,
    ErrorCode.PROFILE_DELETED: 410,
    ErrorCode.PROFILE_LAST: 409,
    ErrorCode.BOOK_NOT_FOUND: 404,
    ErrorCode.BOOK_ENTRY_NOT_FOUND: 404,
    ErrorCode.BOOK_ENTRY_INVALID: 422,
    ErrorCode.STORE_BUSY: 503,
}


class ApiError(CardForgeError):
    """A request that can't be answered as it is.

    Codes: API_REFUSED, API_NOT_FOUND, API_METHOD, API_QUERY, API_BODY_INVALID, API_BODY_TOO_LARGE,
    API_IF_MATCH, API_PORT_TAKEN; BOOK_CHANGED with 412.

    Attributes:
        status: of HTTP.
        beside: what stands in the answer beside code and message.
    """

    def __init__(
        self,
        status: int,
        code: ErrorCode,
        message: str,
        details: Mapping[str, Any] | None = None,
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message, details)
        self.status = status
        self.beside = dict(beside or {})


def error_body(error: CardForgeError) -> dict[str, Any]:
    """An error as JSON."""
    if isinstance(error, ProfileConflict):
        return conflict_report(error)
    body: dict[str, Any] = {"error": error.code.value, "message": error.message}
    if isinstance(error, ApiError):
        body |= error.beside
    return body | {"details": error.details} if error.details else body


def status_of(error: CardForgeError) -> int:
    """The status an error is answered with."""
    if isinstance(error, ApiError):
        return error.status
    if isinstance(error, ProfileConflict):
        return 412
    if isinstance(error, ProfileInvalid):
        return 422
    return _STATUS.get(error.code, 500)


async def known_error(_request: Request, error: Exception) -> Response:
    """Answers what our own code raises."""
    if not isinstance(error, CardForgeError):
        raise error
    return JSONResponse(error_body(error), status_of(error))


async def http_error(request: Request, error: Exception) -> Response:
    """Answers what the router refuses."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 405:
        told = f"{request.method} is not possible here."
        answered = ApiError(405, ErrorCode.API_METHOD, told)
        # Starlette names only the methods of the first route with this path.
        there = (route for route in request.app.routes if route.path_regex.match(request.url.path))
        error.headers = {"Allow": ", ".join(sorted({name for route in there for name in route.methods}))}
    else:
        told = f"There is nothing at {request.url.path[:200]}."
        answered = ApiError(error.status_code, ErrorCode.API_NOT_FOUND, told)
    return JSONResponse(error_body(answered), answered.status, headers=error.headers)


async def mistake(_request: Request, error: Exception) -> Response:
    """Answers a mistake of ours, without telling what is nobody's business."""
    _log.error("a request failed by a mistake of ours", exc_info=error)
    told = "Something went wrong inside CardForge. The log has the details; please report it."
    return JSONResponse({"error": ErrorCode.INTERNAL_ERROR.value, "message": told}, 500)
