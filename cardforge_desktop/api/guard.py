"""Who may ask: programs of this machine, never a web page."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from cardforge_desktop.api.errors import ApiError, error_body
from cardforge_desktop.errors import ErrorCode


class Guard:
    """ASGI middleware in front of everything.

    A name of another host in ``Host`` is a web page that made its own name point to this machine (DNS
    rebinding); an ``Origin`` is a web page of another place. Both get 403.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 403."""
        if scope["type"] == "http" and (told := _refusal(Headers(scope=scope))):
            error = ApiError(403, ErrorCode.API_REFUSED, told)
            await JSONResponse(error_body(error), error.status)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _refusal(headers: Headers) -> str:
    """Why a request is not answered, "" = it is."""
    host = headers.get("host", "")
    if not is_this_machine(urlsplit(f"//{host}").hostname or ""):
        return "Only 127.0.0.1 and localhost are answered."
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return "Web pages are not answered."
    return ""


def is_this_machine(host: str) -> bool:
    """Whether a host name, without port, means this machine whatever a name server says."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".").lower() == "localhost"
