"""The server: on loopback, one thread for the network, worker threads for what blocks."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from cardforge_desktop.api.books import BookRoutes
from cardforge_desktop.api.errors import ApiError, http_error, known_error, mistake
from cardforge_desktop.api.guard import Guard
from cardforge_desktop.api.profiles import ProfileRoutes
from cardforge_desktop.api.usage import UsageRoutes
from cardforge_desktop.errors import CardForgeError, ErrorCode

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

HOST = "127.0.0.1"
#: Seconds that open connections get when the server ends.
_GRACE = 3


def make_app(workspace: Workspace, pool: Executor) -> Starlette:
    """The whole contract over one workspace; `pool` runs what blocks and has to end before the workspace."""
    slices = (ProfileRoutes(workspace, pool), BookRoutes(workspace, pool), UsageRoutes(workspace, pool))
    return Starlette(
        routes=[route for each in slices for route in each.routes()],
        middleware=[Middleware(Guard)],
        exception_handlers={CardForgeError: known_error, HTTPException: http_error, Exception: mistake},
    )


def serve(workspace: Workspace, port: int, on_ready: Callable[[str], object]) -> None:
    """Answer requests until SIGINT or SIGTERM.

    Args:
        port: 0 = any that is free.
        on_ready: told the address, ``http://127.0.0.1:8765``, when requests are taken.

    Raises:
        ApiError: API_PORT_TAKEN.
        KeyboardInterrupt: after SIGINT, when all is ended.
    """
    # A client that went away or speaks no HTTP is nothing to tell the person; our mistakes are in our log.
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())
    # Left before the workspace is closed, however often Ctrl+C is pressed: a write goes on to its end.
    with listening(port) as listener, ThreadPoolExecutor(thread_name_prefix="api") as pool:
        config = uvicorn.Config(
            make_app(workspace, pool),
            log_config=None,  # requests may hold what nobody but the person should read
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_GRACE,
        )
        on_ready(f"http://{HOST}:{listener.getsockname()[1]}")
        uvicorn.Server(config).run(sockets=[listener])


def listening(port: int) -> socket.socket:
    """A socket of this machine that listens from now on: whoever is told its port can connect at once.

    Raises:
        ApiError: API_PORT_TAKEN.
    """
    listener = socket.socket()
    if os.name == "posix":  # elsewhere it would let two programs listen on one port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise ApiError(
            503,
            ErrorCode.API_PORT_TAKEN,
            f"Port {port} can't be listened on ({error.strerror}). Choose another one, or 0 for any.",
            {"port": port},
        ) from error
    listener.listen()
    return listener
