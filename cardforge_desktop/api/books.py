"""Character books (specification, section 3.2), entries with ETags as profiles have them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cardforge_desktop.api.bodies import json_object
from cardforge_desktop.api.entry_queries import Wanted, in_address, in_body
from cardforge_desktop.api.errors import ApiError
from cardforge_desktop.api.etags import etag, is_known, versions_to_match
from cardforge_desktop.api.profiles import PREFIX
from cardforge_desktop.api.writing import Json
from cardforge_desktop.books.entry_reading import read_entry
from cardforge_desktop.books.errors import entry_not_found
from cardforge_desktop.books.model import Book, Entry, EntryState, Put, Remove, Step
from cardforge_desktop.books.report import book_report, entry_report, found_report, summary_report
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.profiles.report import utc

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

_Versions = tuple[int, ...] | None
#: Of an entry, and of the card that its book is kept in.
_FASTER = frozenset({ErrorCode.BOOK_CHANGED, ErrorCode.CARD_CHANGED})


class BookRoutes:
    """Answers requests from a workspace; what blocks runs on the threads of `pool`."""

    def __init__(self, workspace: Workspace, pool: Executor) -> None:
        self._books = workspace.books
        self._search = workspace.book_search
        self._pool = pool

    def routes(self) -> list[Route]:
        """All of them."""
        one = PREFIX + "/character-books/{book_id}"
        entry = one + "/entries/{entry_id}"
        return [
            Route(PREFIX + "/character-books", self.list, methods=["GET"]),
            Route(one, self.read, methods=["GET"]),
            Route(one + "/entries", self.entries, methods=["GET"]),
            Route(one + "/search", self.search, methods=["POST"]),
            Route(entry, self.entry, methods=["GET"]),
            Route(entry, self.change, methods=["PUT"]),
            Route(entry, self.delete, methods=["DELETE"]),
        ]

    async def list(self, _request: Request) -> Response:
        """All books without their entries: those that stand by themselves, and those in cards."""

        def read() -> Response:
            return Json({"books": [summary_report(summary) for summary in self._books.books()]})

        return await self._blocking(read)

    async def read(self, request: Request) -> Response:
        """A whole book with its ETag; 304 when the one who asks has this revision."""
        known = request.headers.get("if-none-match")

        def read() -> Response:
            book = self._book(request)
            headers = {"ETag": etag(book.summary.revision), "Last-Modified": _http(book.summary.updated_at)}
            if is_known(known, book.summary.revision):
                return Response(status_code=304, headers=headers)
            return Json(book_report(book, self._books.entries(book.id)), headers=headers)

        return await self._blocking(read)

    async def entries(self, request: Request) -> Response:
        """Whole entries, those that fit what stands behind the ``?``, and how many there are of them."""
        wanted = in_address(request.path_params["book_id"], request.query_params)

        def read() -> Response:
            entries, total = self._found(request, wanted)
            told = {"total": total, "limit": wanted.limit, "offset": wanted.offset}
            return Json({"entries": [entry_report(entry) for entry in entries], **told})

        return await self._blocking(read)

    async def search(self, request: Request) -> Response:
        """Whole entries, the best find first, and what in them was found."""
        body = await json_object(request)
        wanted = in_body(request.path_params["book_id"], body)

        def read() -> Response:
            entries, total = self._found(request, wanted)
            told = {
                "query": wanted.query.text,
                "total": total,
                "limit": wanted.limit,
                "offset": wanted.offset,
            }
            return Json({**told, "results": [found_report(entry, wanted.query.text) for entry in entries]})

        return await self._blocking(read)

    async def entry(self, request: Request) -> Response:
        """An entry with its ETag; from now on it was last accessed now."""
        known = request.headers.get("if-none-match")

        def read() -> Response:
            entry = self._books.entry(self._entry(request).id)
            if is_known(known, entry.version):
                return Response(status_code=304, headers={"ETag": etag(entry.version)})
            return _answer(entry)

        return await self._blocking(read)

    async def change(self, request: Request) -> Response:
        """The entry as the body has it, if If-Match names its version; what the body leaves out stays."""
        wanted = versions_to_match(request.headers.get("if-match"))
        body = await json_object(request)

        def change() -> Response:
            current = _matching(self._entry(request), wanted)
            entry = read_entry(body, current)
            if entry != current.entry:
                step = Put(current.book_id, (EntryState(current.id, entry),))
                self._books.change([step], {current.id: current.version})
            return _answer(self._entry(request))

        return await self._blocking(_until_done, change)

    async def delete(self, request: Request) -> Response:
        """Take an entry out of its book, if If-Match names its version."""
        wanted = versions_to_match(request.headers.get("if-match"))

        def delete() -> Response:
            current = _matching(self._entry(request), wanted)
            steps: list[Step] = [Remove(current.book_id, (current.id,))]
            self._books.change(steps, {current.id: current.version})
            return Response(status_code=204)

        return await self._blocking(_until_done, delete)

    def _found(self, request: Request, wanted: Wanted) -> tuple[tuple[Entry, ...], int]:
        self._book(request)
        numbers = self._search.numbers(wanted.query)
        lines = self._search.lines(numbers[wanted.offset : wanted.offset + wanted.limit])
        return self._books.some_entries([line.id for line in lines]), len(numbers)

    def _book(self, request: Request) -> Book:
        """The book of the address; one that is kept in a card as it is there now.

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        book_id = request.path_params["book_id"]
        book = self._books.book(book_id)
        if book.summary.card_id:
            self._books.books()
            book = self._books.book(book_id)
        return book

    def _entry(self, request: Request) -> Entry:
        """The entry of the address.

        Raises:
            BookError: BOOK_NOT_FOUND, BOOK_ENTRY_NOT_FOUND: it is in no book, or in another.
        """
        book, entry_id = self._book(request), request.path_params["entry_id"]
        found = next(iter(self._books.some_entries([entry_id])), None)
        if found is None or found.book_id != book.id:
            raise entry_not_found(entry_id)
        return found

    async def _blocking(self, work: Callable[..., Response], *arguments: Any) -> Response:
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *arguments))


def _until_done(write: Callable[[], Response]) -> Response:
    """Write; once more where somebody was faster between our look and our write, as the look then tells."""
    while True:
        try:
            return write()
        except CardForgeError as error:
            if error.code not in _FASTER or isinstance(error, ApiError):
                raise


def _matching(current: Entry, versions: _Versions) -> Entry:
    """The entry, if it is at one of these versions; None = at any.

    Raises:
        ApiError: BOOK_CHANGED: it is not.
    """
    if versions is None or current.version in versions:
        return current
    mine = max(versions, default=0)
    newer = f"The entry was changed since version {mine}: it is at version {current.version} now."
    never = f"The entry is at version {current.version}; there is no version {mine} of it."
    raise ApiError(
        412,
        ErrorCode.BOOK_CHANGED,
        f"{newer if 0 < mine < current.version else never} Look at it and save again.",
        beside={
            "current_version": current.version,
            "your_version": mine,
            "updated_at": utc(current.updated_at),
        },
    )


def _answer(entry: Entry) -> Response:
    """An entry with its ETag, and the time of its version as HTTP writes times."""
    headers = {"ETag": etag(entry.version), "Last-Modified": _http(entry.updated_at)}
    return Json(entry_report(entry), headers=headers)


_http = partial(format_datetime, usegmt=True)
