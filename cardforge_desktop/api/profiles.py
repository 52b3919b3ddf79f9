"""Profiles with ETags (specification, section 2.1), and what the rules say of a field (section 4.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cardforge_desktop.api.bodies import json_object
from cardforge_desktop.api.errors import ApiError
from cardforge_desktop.api.etags import etag, is_known, version_in, versions_to_match
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles.errors import ProfileConflict, ProfileError, ProfileInvalid
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.reading import read_content
from cardforge_desktop.profiles.report import profile_report, version_report
from cardforge_desktop.profiles.rows import Base

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

PREFIX = "/api/v2"
_Answer = TypeVar("_Answer")


class ProfileRoutes:
    """Answers requests from a workspace; what blocks runs on the threads of `pool`."""

    def __init__(self, workspace: Workspace, pool: Executor) -> None:
        self._workspace = workspace
        self._pool = pool
        self._profiles = workspace.profiles

    def routes(self) -> list[Route]:
        """All of them."""
        one = PREFIX + "/profiles/{profile_id}"
        return [
            Route(PREFIX + "/profiles", self.list, methods=["GET"]),
            Route(PREFIX + "/profiles", self.create, methods=["POST"]),
            Route(one, self.read, methods=["GET"]),
            Route(one, self.change, methods=["PUT"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(one + "/versions", self.versions, methods=["GET"]),
            Route(one + "/versions/{version}", self.version, methods=["GET"]),
            Route(PREFIX + "/validate/profile", self.validate, methods=["POST"]),
        ]

    async def list(self, _request: Request) -> Response:
        """All profiles at their newest version, whole."""
        profiles = await self._blocking(self._profiles.profiles)
        return JSONResponse({"profiles": [profile_report(profile) for profile in profiles]})

    async def create(self, request: Request) -> Response:
        """A new profile; what the body leaves out is as it is by default."""
        content = _content(await json_object(request))
        profile = await self._blocking(self._profiles.create, content)
        answer = _answer(profile, 201)
        answer.headers["Location"] = f"{PREFIX}/profiles/{profile.id}"
        return answer

    async def read(self, request: Request) -> Response:
        """A profile with its ETag; 304 when the one who asks has this version."""
        profile = await self._blocking(self._profiles.get, request.path_params["profile_id"])
        if is_known(request.headers.get("if-none-match"), profile.version):
            return Response(status_code=304, headers={"ETag": etag(profile.version)})
        return _answer(profile)

    async def change(self, request: Request) -> Response:
        """A new version on top of the one that If-Match names; what the body leaves out stays as it is."""
        wanted = versions_to_match(request.headers.get("if-match"))
        body = await json_object(request)
        profile_id = request.path_params["profile_id"]

        def save() -> Profile:
            current = _matching(self._profiles.get(profile_id), wanted)
            content = _content(body, current.content)
            return self._profiles.save(profile_id, content, Base(current.version, current.updated_at))

        return _answer(await self._blocking(_until_matched, save, wanted))

    async def delete(self, request: Request) -> Response:
        """Take a profile out of the list, if If-Match names its newest version."""
        wanted = versions_to_match(request.headers.get("if-match"))
        profile_id = request.path_params["profile_id"]

        def delete() -> None:
            current = _matching(self._profiles.get(profile_id), wanted)
            self._profiles.delete(profile_id, Base(current.version, current.updated_at))

        await self._blocking(_until_matched, delete, wanted)
        return Response(status_code=204)

    async def versions(self, request: Request) -> Response:
        """Every version with who saved it when, and how many cards were made with it; the newest first."""
        profile_id = request.path_params["profile_id"]

        def read() -> list[dict[str, Any]]:
            self._profiles.get(profile_id)
            cards = self._workspace.card_search.made_with(profile_id)
            history = self._profiles.history(profile_id)
            return [version_report(line, cards.get(line.number, 0)) for line in history]

        return JSONResponse({"versions": await self._blocking(read)})

    async def version(self, request: Request) -> Response:
        """A profile as it was at a version; it never changes."""
        profile_id, text = request.path_params["profile_id"], request.path_params["version"]

        def read() -> Profile:
            try:
                return self._profiles.at(profile_id, version_in(text) or 0)
            except ProfileError as error:
                told = f"There is no version {text[:20]} of such a profile."
                raise ProfileError(error.code, told, {"profile_id": profile_id}) from error

        return _answer(await self._blocking(read))

    async def validate(self, request: Request) -> Response:
        """What the rules say of one field, or with the field "" of a whole profile."""
        body = await json_object(request)
        context = body.get("context")
        if not isinstance(body.get("field"), str) or "value" not in body:
            told = 'The body needs "field", a text, and "value".'
            raise ApiError(400, ErrorCode.API_BODY_INVALID, told)
        if context is not None and not isinstance(context, dict):
            raise ApiError(400, ErrorCode.API_BODY_INVALID, '"context" has to be an object.')
        check = partial(self._profiles.validate_field, body["field"], body["value"], context or {})
        return JSONResponse((await self._blocking(check)).report())

    async def _blocking(self, work: Callable[..., _Answer], *arguments: Any) -> _Answer:
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *arguments))


def _until_matched(write: Callable[[], _Answer], versions: tuple[int, ...] | None) -> _Answer:
    """Write; with None (``*``) over whatever is there, so that nobody who is faster is in the way.

    Raises:
        ProfileConflict: the newest version is none of those.
    """
    while True:
        try:
            return write()
        except ProfileConflict:
            if versions is not None:
                raise


def _content(body: dict[str, Any], over: ProfileContent | None = None) -> ProfileContent:
    """What a body says, over what is there.

    Raises:
        ProfileInvalid: something in it has a wrong type or is not known.
    """
    content, validation = read_content(body, over)
    if content is None:
        raise ProfileInvalid(validation)
    return content


def _matching(current: Profile, versions: tuple[int, ...] | None) -> Profile:
    """The profile, if it is at one of these versions; None = at any.

    Raises:
        ProfileConflict: it is not.
    """
    if versions is not None and current.version not in versions:
        raise ProfileConflict(current, max(versions, default=0))
    return current


def _answer(profile: Profile, status: int = 200) -> Response:
    """A profile with its ETag, and the time of its version as HTTP writes times (RFC 9110, section 8.8.2)."""
    headers = {
        "ETag": etag(profile.version),
        "Last-Modified": format_datetime(profile.updated_at, usegmt=True),
    }
    return JSONResponse(profile_report(profile), status, headers)
