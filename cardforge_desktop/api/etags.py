"""ETags of versions, ``"v3"``, and the If-Match and If-None-Match of a request. Pure.

RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2.
"""

from __future__ import annotations

import re

from cardforge_desktop.api.errors import ApiError
from cardforge_desktop.errors import ErrorCode

#: An entity tag, weak or not: between the quotes any visible character and blanks stand for nothing here.
_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')
_VERSION = re.compile(r"v([1-9]\d{0,17})\Z")
ANY = "*"


def etag(version: int) -> str:
    """The tag of a version (specification, section 2.1)."""
    return f'"v{version}"'


def versions_to_match(header: str | None) -> tuple[int, ...] | None:
    """The versions that If-Match names, None for ``*``.

    A weak tag, and one that is of no version, matches nothing.

    Raises:
        ApiError: API_IF_MATCH, there is no such header, or it is none of this shape.
    """
    if header is None:
        raise ApiError(
            428,
            ErrorCode.API_IF_MATCH,
            'Say with If-Match which version you changed, such as "v3". GET answers with it as ETag.',
        )
    if header.strip() == ANY:
        return None
    tags = _tags(header)
    if not tags:
        raise ApiError(400, ErrorCode.API_IF_MATCH, 'If-Match needs an ETag in double quotes, such as "v3".')
    found = (_VERSION.match(text) for weak, text in tags if not weak)
    return tuple(int(match[1]) for match in found if match is not None)


def version_in(text: str) -> int | None:
    """The number of a version in an address; None = it is none that a profile can have."""
    found = _VERSION.match(f"v{text}")
    return int(found[1]) if found else None


def is_known(header: str | None, version: int) -> bool:
    """Whether If-None-Match names this version: the one who asks has it already."""
    if header is None:
        return False
    return header.strip() == ANY or any(f'"{text}"' == etag(version) for _, text in _tags(header))


def _tags(header: str) -> list[tuple[bool, str]]:
    """(is weak, text) of each tag; none at all where the header is no list of tags."""
    tags: list[tuple[bool, str]] = []
    at = 0
    while at < len(header):
        found = _TAG.match(header, at)
        if found is None:
            return []
        tags.append((found[1] is not None, found[2]))
        at = found.end()
    return tags
