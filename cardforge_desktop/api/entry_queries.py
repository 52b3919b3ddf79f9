"""Which entries of a book a request asks for, and which page of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from starlette.datastructures import QueryParams

from cardforge_desktop.api.errors import ApiError
from cardforge_desktop.books.search import EntryQuery, EntrySort, State
from cardforge_desktop.errors import ErrorCode

#: Entries in an answer, where the request says nothing.
USUAL = 100
MOST = 1_000
_LONGEST_TEXT = 1_000
_LARGEST_OFFSET = 2**53
_IN_ADDRESS = frozenset({"text", "category", "state", "sort", "descending", "limit", "offset"})
_IN_BODY = frozenset({"query", "category", "states", "sort", "descending", "limit", "offset"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Entries that fit, `limit` of them from `offset` on."""

    query: EntryQuery
    limit: int
    offset: int


def in_address(book_id: str, given: QueryParams) -> Wanted:
    """What stands behind the ``?``; ``state`` may stand there several times.

    Raises:
        ApiError: API_QUERY.
    """
    values: dict[str, Any] = {**given, "states": given.getlist("state"), "query": given.get("text", "")}
    for name in ("limit", "offset"):
        if name in given:
            digits = given[name]
            values[name] = int(digits) if digits.isdecimal() and len(digits) < 18 else digits
    values["descending"] = {"true": True, "false": False}.get(given.get("descending", "false"), "?")
    return _wanted(book_id, values, _unknown(given, _IN_ADDRESS), 400, ErrorCode.API_QUERY)


def in_body(book_id: str, body: Mapping[str, Any]) -> Wanted:
    """What a search says.

    Raises:
        ApiError: API_BODY_INVALID.
    """
    return _wanted(book_id, body, _unknown(body, _IN_BODY), 422, ErrorCode.API_BODY_INVALID)


def _wanted(book_id: str, values: Mapping[str, Any], unknown: str, status: int, code: ErrorCode) -> Wanted:
    text, category = values.get("query", ""), values.get("category")
    states, sort = values.get("states", []), values.get("sort", "place")
    descending = values.get("descending", False)
    limit, offset = values.get("limit", USUAL), values.get("offset", 0)
    known_states, known_sorts = get_args(State), get_args(EntrySort)
    problems = (
        (unknown, f"“{unknown}” is not known here."),
        (
            not _is_text(text),
            f"What is searched for has to be a text of {_LONGEST_TEXT:,} characters at most.",
        ),
        (category is not None and not _is_text(category), "category has to be a text."),
        (
            not isinstance(states, list) or any(each not in known_states for each in states),
            f"a state has to be one of {', '.join(known_states)}.",
        ),
        (sort not in known_sorts, f"sort has to be one of {', '.join(known_sorts)}."),
        (not isinstance(descending, bool), "descending has to be true or false."),
        (not _is_between(limit, 1, MOST), f"limit has to be a number from 1 to {MOST:,}."),
        (not _is_between(offset, 0, _LARGEST_OFFSET), "offset has to be a number from 0 on."),
    )
    for is_wrong, told in problems:
        if is_wrong:
            raise ApiError(status, code, told[0].upper() + told[1:])
    query = EntryQuery(book_id, text, category, frozenset(states), cast("EntrySort", sort), descending)
    return Wanted(query, limit, offset)


def _unknown(given: Mapping[str, Any], known: frozenset[str]) -> str:
    return next((name[:40] or " " for name in given if name not in known), "")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT


def _is_between(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
