"""Profiles over HTTP: ETags, If-Match and conflicts, as the specification's section 2.1 has them."""

from __future__ import annotations

import socket
import threading
from typing import Any

import httpx
import pytest

from cardforge_desktop.profiles.rows import Base
from cardforge_desktop.workspace import Workspace

PROFILES = "/api/v2/profiles"
DEFAULT = f"{PROFILES}/profile_default"
SPEC_KEYS = {
    *("id", "name", "version", "config", "prompts"),
    *("created_at", "updated_at", "created_by", "updated_by"),
}

#: What is sent for a profile at version 1, and the status.
_MATCHES: tuple[tuple[str | None, int], ...] = (
    ('"v1"', 200),
    ('"v7", "v1"', 200),
    ("*", 200),
    ('W/"v1"', 412),  # RFC 9110, 13.1.1: the comparison is the strong one
    ('"v01"', 412),
    ('"v2"', 412),
    ('"something-else"', 412),
    ("v1", 400),
    ("", 400),
    ('"v1', 400),
    (None, 428),
)


def put(api: httpx.Client, body: dict[str, Any], match: str | None, path: str = DEFAULT) -> httpx.Response:
    return api.put(path, json=body, headers={} if match is None else {"If-Match": match})


def test_a_profile_comes_with_its_version_as_etag(api: httpx.Client) -> None:
    answer = api.get(DEFAULT)
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"v{answer.json()["version"]}"'
    assert answer.headers["last-modified"].endswith(" GMT"), "the date of HTTP, not of JSON"
    assert answer.json().keys() >= SPEC_KEYS
    assert answer.json()["updated_at"].endswith("Z")


def test_who_has_the_version_gets_no_body(api: httpx.Client) -> None:
    tag = api.get(DEFAULT).headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = api.get(DEFAULT, headers={"If-None-Match": given})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert api.get(DEFAULT, headers={"If-None-Match": '"v99"'}).status_code == 200


def test_saving_on_the_newest_version_makes_the_next(api: httpx.Client, workspace: Workspace) -> None:
    before = api.get(DEFAULT).json()
    body = {"name": "Fantasy Hero", "config": {"sampling": {"temperature": 0.5}}}
    answer = put(api, body, '"v1"')
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v2"')
    saved = answer.json()
    assert (saved["name"], saved["config"]["sampling"]["temperature"]) == ("Fantasy Hero", 0.5)
    assert saved["prompts"] == before["prompts"], "what the body leaves out stays"
    assert saved["updated_by"].endswith(", local API")
    assert workspace.profiles.get("profile_default").version == 2


def test_saving_what_was_got_changes_nothing(api: httpx.Client) -> None:
    whole = api.get(DEFAULT).json()
    answer = put(api, whole, '"v1"')
    assert (answer.status_code, answer.headers["etag"], answer.json()) == (200, '"v1"', whole)


def test_a_stale_save_is_refused_as_the_specification_says(api: httpx.Client, workspace: Workspace) -> None:
    mine = workspace.profiles.get("profile_default")
    theirs = mine.content.model_copy(update={"description": "Theirs."})
    current = workspace.profiles.save(mine.id, theirs, Base(1))
    answer = put(api, {"description": "Mine."}, '"v1"')
    assert answer.status_code == 412
    told = answer.json()
    assert told.keys() == {
        *("error", "message", "current_version", "your_version", "updated_by", "updated_at")
    }
    assert told["error"] == "PROFILE_VERSION_CONFLICT"
    assert (told["current_version"], told["your_version"]) == (2, 1)
    assert told["updated_by"] == current.updated_by
    assert workspace.profiles.get("profile_default") == current


def test_if_match_decides(api: httpx.Client) -> None:
    content = api.get(DEFAULT).json()
    for number, (match, status) in enumerate(_MATCHES):
        place = api.post(PROFILES, json={**content, "name": f"Keeper {number}"}).headers["location"]
        assert put(api, {"description": "Changed."}, match, place).status_code == status, match
        assert api.get(place).json()["version"] == (2 if status == 200 else 1), match


def test_a_version_that_is_not_there_is_not_said_to_be_changed(api: httpx.Client) -> None:
    for match in ('"v7"', 'W/"v1"', '"something-else"'):
        told = put(api, {"description": "Here."}, match).json()["message"]
        assert told.startswith("“Default” is at version 1, saved by "), match


def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_mistake_of_ours(
    api: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection((api.base_url.host, api.base_url.port or 0)) as client:
        client.sendall(
            b"PUT /api/v2/profiles/profile_default HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-Match: *\r\n"
            b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
    assert api.get(DEFAULT).json()["version"] == 1
    assert not [line for line in caplog.records if line.name.startswith("cardforge_desktop")]


def test_of_many_who_save_at_once_one_wins(api: httpx.Client, workspace: Workspace) -> None:
    begin, statuses = threading.Barrier(6), []

    def save(number: int) -> None:
        with httpx.Client(base_url=api.base_url, trust_env=False) as client:
            begin.wait(10)
            statuses.append(put(client, {"description": f"Writer {number}."}, '"v1"').status_code)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [412] * 5
    assert [line.number for line in workspace.profiles.history("profile_default")] == [2, 1]


def test_what_the_rules_refuse_is_told_by_field_and_nothing_is_saved(api: httpx.Client) -> None:
    body = {"config": {"sampling": {"temperature": 9}, "greetings": "two"}, "speed": 1}
    answer = put(api, body, '"v1"')
    assert answer.status_code == 422
    assert answer.json()["error"] == "PROFILE_INVALID"
    fields = {finding["field"] for finding in answer.json()["details"]["errors"]}
    assert fields >= {"config.greetings", "speed"}
    assert api.get(DEFAULT).headers["etag"] == '"v1"'


def test_a_new_profile_is_made_listed_read_by_version_and_deleted(api: httpx.Client) -> None:
    content = {key: api.get(DEFAULT).json()[key] for key in ("config", "prompts")}
    made = api.post(PROFILES, json={"name": "Tavern heroes", **content})
    assert (made.status_code, made.headers["etag"]) == (201, '"v1"')
    place = made.headers["location"]
    assert place == f"{PROFILES}/{made.json()['id']}"
    assert "Tavern heroes" in [profile["name"] for profile in api.get(PROFILES).json()["profiles"]]
    assert put(api, {"name": "Tavern people"}, '"v1"', place).json()["version"] == 2
    assert api.get(f"{place}/versions/1").json()["name"] == "Tavern heroes"
    versions = api.get(f"{place}/versions").json()["versions"]
    assert [(line["version"], line["cards"]) for line in versions] == [(2, 0), (1, 0)]
    assert api.delete(place).status_code == 428
    assert api.delete(place, headers={"If-Match": '"v1"'}).status_code == 412
    assert api.delete(place, headers={"If-Match": '"v2"'}).status_code == 204
    assert api.get(place).status_code == 410
    assert api.get(place).json()["error"] == "PROFILE_DELETED"


def test_a_name_that_is_taken_is_a_finding(api: httpx.Client) -> None:
    answer = api.post(PROFILES, json=api.get(DEFAULT).json())
    assert answer.status_code == 422
    assert [finding["code"] for finding in answer.json()["details"]["errors"]] == ["DUPLICATE_NAME"]


def test_what_is_not_there_is_said_in_json(api: httpx.Client) -> None:
    for path in (f"{PROFILES}/profile_nobody", f"{DEFAULT}/versions/9", "/api/v2/nothing"):
        answer = api.get(path)
        assert answer.status_code == 404, path
        assert answer.json().keys() >= {"error", "message"}
    refused = api.patch(DEFAULT)
    assert (refused.status_code, refused.json()["error"]) == (405, "API_METHOD")
    assert refused.headers["allow"] == "DELETE, GET, HEAD, PUT"


@pytest.mark.parametrize("version", ["0", "2", "01", "-1", "x", "%FF", "9" * 30, "9" * 5000])
def test_a_version_that_never_was_is_not_found(api: httpx.Client, version: str) -> None:
    answer = api.get(f"{DEFAULT}/versions/{version}")
    assert (answer.status_code, answer.json()["error"]) == (404, "PROFILE_NOT_FOUND")
    assert "version" in answer.json()["message"]


def test_who_goes_by_whatever_is_there_never_loses(api: httpx.Client, workspace: Workspace) -> None:
    begin, statuses = threading.Barrier(6), []

    def save(number: int) -> None:
        with httpx.Client(base_url=api.base_url, trust_env=False) as client:
            begin.wait(10)
            statuses.append(put(client, {"description": f"Writer {number}."}, "*").status_code)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 6
    assert workspace.profiles.get("profile_default").version == 7


def test_a_field_that_stands_twice_is_refused(api: httpx.Client) -> None:
    answer = api.put(
        DEFAULT,
        content=b'{"description": "One.", "description": "Two."}',
        headers={"If-Match": "*", "Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "API_BODY_INVALID")
    assert "description" in answer.json()["message"]
