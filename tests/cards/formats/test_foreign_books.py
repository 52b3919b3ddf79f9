"""Every fixture is in the shape the app itself writes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.formats import foreign_books, lorebook, world_info
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.objects import book_of, fields_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from tests.cards.schemas import validator
from tests.support.cards import books

RISU = {
    "type": "risu",
    "ver": 1,
    "data": [
        {
            "key": "lamp, light",
            "secondkey": "oil,storm",
            "insertorder": 30,
            "comment": "The Lamp",
            "content": "@@depth 2\nWhale oil.",
            "mode": "normal",
            "alwaysActive": False,
            "selective": True,
            "extentions": {"risu_case_sensitive": True},
            "activationPercent": 40,
            "loreCache": None,
            "useRegex": False,
            "bookVersion": 2,
            "id": "0c7e",
            "folder": "f1",
        }
    ],
}
AGNAI = {
    "kind": "memory",
    "_id": "9f",
    "userId": "u1",
    "name": "Coast",
    "description": "All of it",
    "tokenBudget": 300,
    "recursiveScanning": False,
    "entries": [
        {
            "name": "Lamp",
            "entry": "Whale oil.",
            "keywords": ["lamp", "light*"],
            "priority": 10,
            "weight": 5,
            "enabled": False,
            "secondaryKeys": ["oil"],
            "selective": True,
            "probability": 50,
            "useProbability": True,
            "unheard": 1,
        }
    ],
}
NOVELAI = {
    "lorebookVersion": 5,
    "entries": [
        {
            "text": "Whale oil.",
            "contextConfig": {"prefix": "", "suffix": "\n", "tokenBudget": 1, "budgetPriority": 400},
            "lastUpdatedAt": 1700000000000,
            "displayName": "The Lamp",
            "id": "7e9a-1",
            "keys": ["lamp", "/light(house)?/i"],
            "searchRange": 1000,
            "enabled": True,
            "forceActivation": True,
            "category": "c1",
        }
    ],
    "settings": {"orderByKeyLocations": False},
    "categories": [{"name": "Things", "id": "c1"}],
}


def read(module, value):
    notes = Notes()
    return book_of(module.read(value, notes), notes), notes.warnings()


def test_risuai():
    assert foreign_books.recognise(RISU) == "risu"
    book, warnings = read(foreign_books, RISU)
    assert warnings == ()
    assert fields_of(book.entries[0]) == {
        "keys": ["lamp", "light"],
        "secondary_keys": ["oil", "storm"],
        "content": "@@depth 2\nWhale oil.",
        "enabled": True,
        "insertion_order": 30,
        "constant": False,
        "selective": True,
        "case_sensitive": True,
        "use_regex": False,
        "name": "The Lamp",
        "comment": "The Lamp",
        "id": "0c7e",
        "mode": "normal",
        "folder": "f1",
        "extensions": {
            "risu_case_sensitive": True,
            "risu_activationPercent": 40,
            "probability": 40,
            "useProbability": True,
            "risuai": {"bookVersion": 2},
        },
    }


def test_agnai():
    assert foreign_books.recognise(AGNAI) == "agnai"
    book, warnings = read(foreign_books, AGNAI)
    assert warnings == ()
    assert (book.name, book.description) == ("Coast", "All of it")
    assert (book.token_budget, book.recursive_scanning) == (300, False)
    assert book.extensions == {"agnai": {"_id": "9f", "userId": "u1"}}
    assert fields_of(book.entries[0]) == {
        "keys": ["lamp", "light*"],
        "secondary_keys": ["oil"],
        "content": "Whale oil.",
        "enabled": False,
        "insertion_order": 5,
        "priority": 10,
        "name": "Lamp",
        "selective": True,
        "use_regex": False,
        "extensions": {"probability": 50, "useProbability": True, "agnai": {"unheard": 1}},
    }


def test_novelai():
    assert foreign_books.recognise(NOVELAI) == "novelai"
    book, warnings = read(foreign_books, NOVELAI)
    assert warnings == ()
    entry = book.entries[0]
    assert (entry.keys, entry.content) == (["lamp", "/light(house)?/i"], "Whale oil.")
    assert (entry.name, entry.comment, entry.constant, entry.id) == ("The Lamp", "The Lamp", True, "7e9a-1")
    assert (entry.insertion_order, entry.priority) == (400, 400)
    assert entry.extensions["novelai"]["contextConfig"] == NOVELAI["entries"][0]["contextConfig"]
    assert entry.extensions["novelai"]["searchRange"] == 1000
    assert book.extensions["novelai"]["categories"] == NOVELAI["categories"]


def test_entries_that_are_none_are_left_out_with_a_note():
    book, warnings = read(foreign_books, {**AGNAI, "entries": [*AGNAI["entries"], None, 3]})
    assert len(book.entries) == 1
    assert "no entry" in warnings[0]


@given(st.sampled_from([RISU, AGNAI, NOVELAI]), st.data())
def test_fields_of_any_kind_are_read(shape, data):
    value = json.loads(json.dumps(shape))
    entry = (value.get("data") or value["entries"])[0]
    junk = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([None]) | st.just({})
    for field in data.draw(st.lists(st.sampled_from(sorted(entry)), max_size=3)):
        entry[field] = data.draw(junk)
    assert len(read(foreign_books, value)[0].entries) == 1


def test_books_are_told_apart():
    values = {
        "risu": RISU,
        "agnai": AGNAI,
        "novelai": NOVELAI,
        "world": json.loads(world_info.write(CharacterBook(entries=[BookEntry(keys=["a"])]))),
        "v3": json.loads(lorebook.write(CharacterBook())),
        "bare": {"name": "Coast", "entries": [{"keys": ["a"], "content": "b"}]},
    }
    assert {name: foreign_books.recognise(value) for name, value in values.items()} == {
        **dict.fromkeys(values),
        "risu": "risu",
        "agnai": "agnai",
        "novelai": "novelai",
    }
    assert [name for name, value in values.items() if world_info.recognises(value)] == ["world"]
    assert [name for name, value in values.items() if lorebook.recognises(value)] == ["v3", "bare"]


@pytest.mark.parametrize(
    "value", [None, [], "risu", {}, {"entries": None}, {"type": "risu"}, {"entries": []}]
)
def test_other_values_are_no_lorebook(value):
    assert foreign_books.recognise(value) is None
    assert not lorebook.recognises(value)


# V3's own


@given(books(decorators=True))
def test_a_v3_lorebook_comes_back_but_for_ids(before):
    after, _ = read(lorebook, json.loads(lorebook.write(before)))
    changed = {loss.field for loss in lorebook.losses(before)}
    assert all(field.endswith(".id") for field in changed)
    ids = [str(entry.id) for entry in after.entries]
    assert len(set(ids)) == len(ids)
    for field, was in fields_of(before).items():
        if field != "entries":
            assert fields_of(after)[field] == was


def test_a_v3_lorebook_keeps_to_the_schema_of_the_book_in_a_card():
    value = json.loads(lorebook.write(CharacterBook(name="Coast", entries=[BookEntry(keys=["a"])])))
    assert value["spec"] == "lorebook_v3"
    card = {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"character_book": value["data"]}}
    errors = [error for error in validator("v3").iter_errors(card) if "character_book" in error.path]
    assert errors == []


def test_a_v3_lorebook_from_elsewhere():
    value = {
        "spec": "lorebook_v3",
        "data": {
            "name": "Coast",
            "extensions": {},
            "entries": [
                {"keys": ["a"], "content": "b", "extensions": {}, "enabled": True, "use_regex": True}
            ],
        },
        "x_shelf": 3,
    }
    book, warnings = read(lorebook, value)
    assert warnings == ()
    assert (book.name, book.entries[0].use_regex, book.model_extra) == ("Coast", True, {"x_shelf": 3})


def test_a_newer_lorebook_is_read_with_a_note():
    value = {"spec": "lorebook_v4", "data": {"entries": []}}
    assert lorebook.recognises(value)
    assert "lorebook_v4" in read(lorebook, value)[1][0]


def test_a_card_with_entries_is_no_lorebook():
    assert not lorebook.recognises(
        {"name": "Ada", "first_mes": "Hi", "entries": [{"keys": [], "content": ""}]}
    )
