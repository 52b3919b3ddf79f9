"""Character books over HTTP, as the specification's section 3 has them."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest

from cardforge_desktop.books.model import BookSummary, EntryState, Put
from cardforge_desktop.cards.book_fields import with_category
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import Arrival
from cardforge_desktop.workspace import Workspace

BOOKS = "/api/v2/character-books"


@pytest.fixture
def tarn(workspace: Workspace) -> BookSummary:
    """A book with entries of some kinds."""
    place = BookEntry(keys=["tarn", "lake"], content="The old tarn is **deep**.", name="Tarn", priority=3)
    person = BookEntry(keys=["Mirela"], content="She keeps the ferry on the tarn.", comment="Ferrywoman")
    bare = BookEntry(keys=["bell"], content="It rings.", extensions={"probability": 40})
    entries = [with_category(place, "Places"), with_category(person, "People"), bare]
    return workspace.books.create(CharacterBook(name="Old Tarn", description="Deep.", entries=entries))


def place_of(api: httpx.Client, book: BookSummary, name: str = "Tarn") -> str:
    entries = api.get(f"{BOOKS}/{book.id}").json()["entries"]
    return f"{BOOKS}/{book.id}/entries/{next(each['id'] for each in entries if each['name'] == name)}"


def put(api: httpx.Client, path: str, body: dict[str, Any], match: str | None) -> httpx.Response:
    # not httpx's own JSON, which has no form for half of a character
    headers = {"Content-Type": "application/json"} | ({} if match is None else {"If-Match": match})
    return api.put(path, content=json.dumps(body), headers=headers)


def test_a_book_comes_whole_with_its_revision_as_etag(
    api: httpx.Client, tarn: BookSummary, workspace: Workspace
) -> None:
    (listed,) = api.get(BOOKS).json()["books"]
    assert (listed["id"], listed["metadata"]["total_entries"]) == (tarn.id, 3)
    answer = api.get(f"{BOOKS}/{tarn.id}")
    told = answer.json()
    assert list(told)[:6] == ["id", "name", "description", "version", "entries", "metadata"]
    assert [entry["name"] for entry in told["entries"]] == ["Tarn", "Ferrywoman", "bell"]
    assert [entry["category"] for entry in told["entries"]] == ["Places", "People", ""]
    assert told["metadata"]["total_tokens"] == sum(entry["metadata"]["tokens"] for entry in told["entries"])
    tag = answer.headers["etag"]
    assert answer.headers["last-modified"].endswith(" GMT")
    again = api.get(f"{BOOKS}/{tarn.id}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    entry = BookEntry(keys=["oar"], content="An oar.")
    workspace.books.change([Put(tarn.id, (EntryState("entry_oar", entry),))])
    assert api.get(f"{BOOKS}/{tarn.id}", headers={"If-None-Match": tag}).status_code == 200


def test_reading_an_entry_is_noted(api: httpx.Client, tarn: BookSummary) -> None:
    path = place_of(api, tarn)
    assert api.get(f"{BOOKS}/{tarn.id}").json()["entries"][0]["metadata"]["last_accessed"] is None
    first = api.get(path)
    assert first.headers["etag"] == '"v1"'
    assert first.json()["keywords"] == ["tarn", "lake"]
    assert api.get(path).json()["metadata"]["last_accessed"].endswith("Z")
    assert api.get(path, headers={"If-None-Match": '"v1"'}).status_code == 304


def test_an_entry_is_changed_in_part_or_whole(
    api: httpx.Client, tarn: BookSummary, workspace: Workspace
) -> None:
    path = place_of(api, tarn)
    body = {"content": "Dry.", "keywords": ["tarn", "/l[ao]ke/i"], "category": "Waters", "priority": None}
    answer = put(api, path, body, '"v1"')
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v2"')
    saved = answer.json()
    assert body.items() <= saved.items()
    assert (saved["name"], saved["version"]) == ("Tarn", 2)
    (held,) = workspace.books.some_entries([saved["id"]])
    assert (held.entry.content, held.entry.keys, held.entry.priority) == ("Dry.", body["keywords"], None)
    whole = api.get(path).json() | {"name": "Tarn, dry", "extensions": {"sticky": 2}}
    changed = put(api, path, whole, '"v2"').json()
    assert (changed["name"], changed["extensions"]["sticky"]) == ("Tarn, dry", 2)
    assert changed["category"] == "Waters", "other extensions do not take the category along"


def test_what_comes_back_as_it_was_told_changes_nothing(
    api: httpx.Client, tarn: BookSummary, workspace: Workspace
) -> None:
    odd = BookEntry.model_validate(
        {
            "keys": ["x" * 3],
            "content": "a\ud800b",
            "priority": 1e300,
            "id": 10**30,
            "keywords": 1,
            "x": {"y": []},
        }
    )
    workspace.books.change([Put(tarn.id, (EntryState("entry_odd", odd),))])
    for entry in api.get(f"{BOOKS}/{tarn.id}").json()["entries"]:
        answer = put(api, f"{BOOKS}/{tarn.id}/entries/{entry['id']}", entry, "*")
        assert (answer.status_code, answer.headers["etag"]) == (200, '"v1"'), entry
    (held,) = workspace.books.some_entries(["entry_odd"])
    assert held.entry == odd


def test_if_match_decides_over_saving_and_deleting(api: httpx.Client, tarn: BookSummary) -> None:
    path = place_of(api, tarn)
    cases = ((None, 428), ("v1", 400), ('"v2"', 412), ('W/"v1"', 412), ('"v1"', 200), ("*", 200))
    for number, (match, status) in enumerate(cases):
        assert put(api, path, {"content": f"Text {number}."}, match).status_code == status, match
    told = put(api, path, {"content": "Mine."}, '"v1"').json()
    assert told.keys() == {"error", "message", "current_version", "your_version", "updated_at"}
    assert (told["error"], told["current_version"], told["your_version"]) == ("BOOK_CHANGED", 3, 1)
    assert api.delete(path).status_code == 428
    assert api.delete(path, headers={"If-Match": '"v1"'}).status_code == 412
    assert api.delete(path, headers={"If-Match": '"v3"'}).status_code == 204
    assert (api.get(path).status_code, api.get(path).json()["error"]) == (404, "BOOK_ENTRY_NOT_FOUND")
    assert api.get(f"{BOOKS}/{tarn.id}").json()["metadata"]["total_entries"] == 2


def test_of_many_who_save_at_once_one_wins_and_stars_all_do(api: httpx.Client, tarn: BookSummary) -> None:
    path = place_of(api, tarn)
    for match, wanted in (('"v1"', [200] + [412] * 5), ("*", [200] * 6)):
        begin, statuses = threading.Barrier(6), []

        def save(number: int, match: str = match, begin: Any = begin, statuses: Any = statuses) -> None:
            with httpx.Client(base_url=api.base_url, trust_env=False) as client:
                begin.wait(10)
                statuses.append(put(client, path, {"content": f"{match} {number}"}, match).status_code)

        threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == wanted
    assert api.get(path).json()["version"] == 8


def test_what_is_no_entry_is_told_by_field_and_not_saved(api: httpx.Client, tarn: BookSummary) -> None:
    path = place_of(api, tarn)
    deep: Any = "end"
    for _ in range(400):
        deep = {"in": deep}
    wrong: tuple[tuple[str, Any], ...] = (
        *(("keywords", value) for value in ("tarn", [1], None, [["a"]], ["a"] * 1001)),
        *(("content", value) for value in (None, 1, ["x"])),
        *(("enabled", value) for value in (1, None, "yes")),
        *(("priority", value) for value in (True, "3", 2**60)),
        *(("extensions", value) for value in (None, [], {"a": deep})),
        *(("position", value) for value in ("above", 0)),
        ("other_fields", {"keys": ["sneaked in"]}),
        ("export_id", 1.5),
        ("speed", 1),
    )
    for name, value in wrong:
        answer = put(api, path, {name: value, "comment": "Not saved."}, "*")
        assert (answer.status_code, answer.json()["error"]) == (422, "BOOK_ENTRY_INVALID"), name
        assert [each["field"] for each in answer.json()["details"]["errors"]] == [name]
    assert api.get(path).headers["etag"] == '"v1"'
    surrogate = b'{"content": "half \\ud800 of it"}'
    for body, status in (
        (b"[]", 400),
        (b"{", 400),
        (b'{"priority": NaN}', 422),
        (surrogate, 422),
        (b'{"content": "a", "content": "b"}', 400),
        (b"[" * 100_000, 400),
        (b'{"priority": ' + b"9" * 5000 + b"}", 400),
    ):
        headers = {"If-Match": "*", "Content-Type": "application/json"}
        assert api.put(path, content=body, headers=headers).status_code == status, body[:30]
    assert api.put(path, content=b"{}", headers={"If-Match": "*"}).status_code == 415
    assert api.get(path).headers["etag"] == '"v1"'


def test_what_is_not_there_is_said_in_json(
    api: httpx.Client, tarn: BookSummary, workspace: Workspace
) -> None:
    other = workspace.books.create(CharacterBook(name="Other"))
    entry_id = place_of(api, tarn).rpartition("/")[2]
    cases = (
        (f"{BOOKS}/book_nobody", "BOOK_NOT_FOUND"),
        (f"{BOOKS}/%00%FF", "BOOK_NOT_FOUND"),
        (f"{BOOKS}/{tarn.id}/entries/entry_nobody", "BOOK_ENTRY_NOT_FOUND"),
        (f"{BOOKS}/{other.id}/entries/{entry_id}", "BOOK_ENTRY_NOT_FOUND"),
        (f"{BOOKS}/book_nobody/entries/{entry_id}", "BOOK_NOT_FOUND"),
    )
    for path, code in cases:
        assert (api.get(path).status_code, api.get(path).json()["error"]) == (404, code), path
    missing = put(api, f"{BOOKS}/{tarn.id}/entries/entry_new", {"content": "New."}, "*")
    assert (missing.status_code, missing.json()["error"]) == (404, "BOOK_ENTRY_NOT_FOUND")
    refused = api.patch(f"{BOOKS}/{tarn.id}")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


def test_the_book_of_a_card_is_read_and_changed_as_the_card_has_it(
    api: httpx.Client, workspace: Workspace
) -> None:
    book = CharacterBook(name="Hers", entries=[BookEntry(keys=["oar"], content="An oar.", name="Oar")])
    card = Card(name="Mirela", character_book=book)
    library = workspace.library
    with workspace._store.write() as session:
        stored = library.add_imported(session, CardPackage(card, b"png"), Arrival("v3", "m.json", "m.json"))
    (listed,) = api.get(BOOKS).json()["books"]
    assert listed["card"] == {"id": stored.summary.id, "name": "Mirela"}
    path = f"{BOOKS}/{listed['id']}/entries/{api.get(f'{BOOKS}/' + listed['id']).json()['entries'][0]['id']}"
    newer = card.model_copy(update={"description": "Changed in the library meanwhile."})
    library.save(stored.summary.id, CardPackage(newer), stored.version)
    assert put(api, path, {"content": "A broken oar."}, "*").status_code == 200
    held = library.card(stored.summary.id).card
    assert held.description == newer.description
    assert held.character_book is not None
    assert held.character_book.entries[0].content == "A broken oar."


def test_entries_are_paged_filtered_and_sorted(api: httpx.Client, tarn: BookSummary) -> None:
    path = f"{BOOKS}/{tarn.id}/entries"
    cases: tuple[tuple[str, list[str], int], ...] = (
        ("", ["Tarn", "Ferrywoman", "bell"], 3),
        ("limit=2", ["Tarn", "Ferrywoman"], 3),
        ("limit=2&offset=2", ["bell"], 3),
        ("offset=9", [], 3),
        ("text=fer+tar", ["Ferrywoman"], 1),
        ("category=Places", ["Tarn"], 1),
        ("category=", ["bell"], 1),
        ("sort=name", ["bell", "Ferrywoman", "Tarn"], 3),
        ("sort=name&descending=true", ["Tarn", "Ferrywoman", "bell"], 3),
        ("state=disabled", [], 0),
        ("state=enabled&state=keyed&text=tarn", ["Tarn", "Ferrywoman"], 2),
    )
    for query, names, total in cases:
        told = api.get(f"{path}?{query}").json()
        assert ([entry["name"] for entry in told["entries"]], told["total"]) == (names, total), query
    assert api.get(path).json()["entries"] == api.get(f"{BOOKS}/{tarn.id}").json()["entries"]
    for query in (
        *("limit=0", "limit=1001", "limit=x", "limit=-1", "offset=-1", f"offset={'9' * 400}", "limit=²"),
        *("sort=colour", "state=asleep", "descending=1", "page=2", "text=" + "x" * 1001),
    ):
        answer = api.get(f"{path}?{query}")
        assert (answer.status_code, answer.json()["error"]) == (400, "API_QUERY"), query


def test_a_search_ranks_and_tells_what_it_found(api: httpx.Client, tarn: BookSummary) -> None:
    path = f"{BOOKS}/{tarn.id}/search"
    told = api.post(path, json={"query": "TARN"}).json()
    assert [each["entry"]["name"] for each in told["results"]] == ["Tarn", "Ferrywoman"]
    assert (told["query"], told["total"]) == ("TARN", 2)
    first, second = (each["matches"] for each in told["results"])
    assert first == [
        {"field": "name", "start": 0, "end": 4, "text": "Tarn"},
        {"field": "keywords", "index": 0, "start": 0, "end": 4, "text": "tarn"},
        {"field": "content", "start": 8, "end": 12, "text": "tarn"},
    ]
    assert [match["field"] for match in second] == ["content"]
    narrowed = api.post(path, json={"query": "tarn", "category": "People", "limit": 1}).json()
    assert [each["entry"]["name"] for each in narrowed["results"]] == ["Ferrywoman"]
    assert api.post(path, json={}).json()["total"] == 3, "nothing asked for is everything"
    for hostile in ('"', "'; DROP TABLE book", "a*b:c^(", "NEAR(", "\x00", "𓀀 ☃"):
        assert api.post(path, json={"query": hostile}).status_code == 200, hostile
    for wrong in (
        {"query": 1},
        {"limit": "9"},
        {"limit": True},
        {"states": "x"},
        {"states": [[]]},
        {"sort": {}},
    ):
        answer = api.post(path, json=wrong)
        assert (answer.status_code, answer.json()["error"]) == (422, "API_BODY_INVALID"), wrong
    assert api.post(f"{BOOKS}/book_nobody/search", json={"query": "x"}).status_code == 404
    assert api.get(path).status_code == 405
