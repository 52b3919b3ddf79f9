"""Nobody but programs of this machine is answered, whatever is sent."""

from __future__ import annotations

from contextlib import suppress

import httpx
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.api.errors import ApiError
from cardforge_desktop.api.etags import etag, is_known, versions_to_match
from cardforge_desktop.api.guard import is_this_machine
from cardforge_desktop.profiles.reading import LARGEST_JSON

PROFILES = "/api/v2/profiles"


def test_a_name_that_was_made_to_point_here_is_refused(api: httpx.Client) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "[::2]"):
        answer = api.get(PROFILES, headers={"Host": host})
        assert (answer.status_code, answer.json()["error"]) == (403, "API_REFUSED"), host


def test_a_web_page_is_refused(api: httpx.Client) -> None:
    for origin in ("https://evil.example", "null", "http://localhost:1"):
        assert api.get(PROFILES, headers={"Origin": origin}).status_code == 403, origin


def test_the_ways_to_name_this_machine_are_answered(api: httpx.Client) -> None:
    port = api.base_url.port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", "LOCALHOST.", "[::1]:80"):
        assert api.get(PROFILES, headers={"Host": host}).status_code == 200, host
    assert is_this_machine("127.8.8.8")
    assert not is_this_machine("128.0.0.1")


def test_a_body_has_to_say_that_it_is_json(api: httpx.Client) -> None:
    for kind in ("text/plain", "", "application/x-www-form-urlencoded", "application/jsonp"):
        answer = api.post(PROFILES, content=b'{"name": "x"}', headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["error"]) == (415, "API_BODY_INVALID"), kind


def test_a_body_that_is_none_is_refused(api: httpx.Client) -> None:
    said = {"Content-Type": "application/json; charset=utf-8"}
    for body in (b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000):
        answer = api.post(PROFILES, content=body, headers=said)
        assert (answer.status_code, answer.json()["error"]) == (400, "API_BODY_INVALID"), body[:9]
    answer = api.post(PROFILES, content=b" " * (LARGEST_JSON + 1), headers=said)
    assert (answer.status_code, answer.json()["error"]) == (413, "API_BODY_TOO_LARGE")


@given(st.lists(st.integers(1, 10**6), min_size=1))
def test_tags_go_there_and_back(versions: list[int]) -> None:
    header = ", ".join(map(etag, versions))
    assert versions_to_match(header) == tuple(versions)
    assert all(is_known(header, version) for version in versions)


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_any_header_is_read_or_refused(header: str) -> None:
    is_known(header, 3)
    with suppress(ApiError):
        versions_to_match(header)
