"""What was used, what is left, what models cost (specification, section 6.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cardforge_desktop.api.profiles import PREFIX

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

#: Each call of a model changes the answers, so that nobody may keep one.
_HEADERS = {"Cache-Control": "no-store"}


class UsageRoutes:
    """Answers requests from a workspace; what blocks runs on the threads of `pool`."""

    def __init__(self, workspace: Workspace, pool: Executor) -> None:
        self._usage = workspace.usage
        self._pool = pool

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route(PREFIX + "/user/usage", self.usage, methods=["GET"]),
            Route(PREFIX + "/user/usage/current-month", self.current_month, methods=["GET"]),
            Route(PREFIX + "/models/pricing", self.pricing, methods=["GET"]),
        ]

    async def usage(self, _request: Request) -> Response:
        """Everything: this month, today, the limits, the prices."""
        return await self._answer(self._usage.usage)

    async def current_month(self, _request: Request) -> Response:
        """This month alone."""
        return await self._answer(self._usage.month)

    async def pricing(self, _request: Request) -> Response:
        """The prices alone."""
        return await self._answer(self._usage.pricing)

    async def _answer(self, read: Callable[[], dict[str, Any]]) -> Response:
        body = await asyncio.get_running_loop().run_in_executor(self._pool, read)
        return JSONResponse(body, headers=_HEADERS)
