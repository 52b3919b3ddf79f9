import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.formats import world_info
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.objects import book_of, fields_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from tests.support.cards import WHOLE_CARD, books

# As SillyTavern 1.13 writes a book it made itself: `newWorldInfoEntryTemplate` filled in.
SILLYTAVERN = r"""
{
    "entries": {
        "0": {
            "uid": 0, "key": ["lamp", "/light(house|s)?/i"], "keysecondary": ["oil", "storm"],
            "comment": "The Lamp", "content": "The lamp burns whale oil.", "constant": false,
            "vectorized": true, "selective": true, "selectiveLogic": 3, "addMemo": true, "order": 250,
            "position": 4,
            "disable": false, "ignoreBudget": true, "excludeRecursion": true, "preventRecursion": true,
            "matchPersonaDescription": true, "matchCharacterDescription": false,
            "matchCharacterPersonality": true, "matchCharacterDepthPrompt": false, "matchScenario": true,
            "matchCreatorNotes": false, "delayUntilRecursion": 2, "probability": 35, "useProbability": true,
            "depth": 7, "outletName": "", "group": "light,sea", "groupOverride": true, "groupWeight": 40,
            "scanDepth": 9, "caseSensitive": true, "matchWholeWords": false, "useGroupScoring": true,
            "automationId": "lamp-on", "role": 2, "sticky": 3, "cooldown": 5, "delay": 1,
            "triggers": ["normal"], "displayIndex": 1,
            "characterFilter": {"isExclude": false, "names": ["Mirela"], "tags": []}
        },
        "3": {
            "uid": 3, "key": [], "keysecondary": [], "comment": "", "content": "It always rains.",
            "constant": true, "vectorized": false, "selective": false, "selectiveLogic": 0, "addMemo": false,
            "order": 100, "position": 0, "disable": true, "excludeRecursion": false,
            "preventRecursion": false, "delayUntilRecursion": false, "probability": 100,
            "useProbability": true, "depth": 4, "group": "", "groupOverride": false, "groupWeight": 100,
            "scanDepth": null, "caseSensitive": null, "matchWholeWords": null, "useGroupScoring": null,
            "automationId": "", "role": null, "sticky": 0, "cooldown": 0, "delay": 0, "displayIndex": 0
        }
    }
}
"""


def read(value):
    notes = Notes()
    fields = world_info.read(value, notes)
    return book_of(fields, notes), notes.warnings()


def back(book, edit=lambda value: None):
    """`book` after a stay in a file, which `edit` changes."""
    value = json.loads(world_info.write(book))
    assert world_info.recognises(value)
    edit(value)
    return read(value)[0]


def book(*entries, **fields):
    return CharacterBook(entries=[BookEntry(**entry) for entry in entries], **fields)


def test_sillytaverns_own_file_is_read_field_by_field():
    value = json.loads(SILLYTAVERN)
    assert world_info.recognises(value)
    found, warnings = read(value)
    assert warnings == ()
    lamp, rain = found.entries
    assert fields_of(lamp) == {
        "keys": ["lamp", "/light(house|s)?/i"],
        "content": "The lamp burns whale oil.",
        "enabled": True,
        "insertion_order": 250,
        "use_regex": True,
        "case_sensitive": True,
        "constant": False,
        "selective": True,
        "secondary_keys": ["oil", "storm"],
        "position": "after_char",
        "id": 0,
        "comment": "The Lamp",
        "extensions": {
            "position": 4,
            "exclude_recursion": True,
            "display_index": 1,
            "probability": 35,
            "useProbability": True,
            "depth": 7,
            "selectiveLogic": 3,
            "outlet_name": "",
            "group": "light,sea",
            "group_override": True,
            "group_weight": 40,
            "prevent_recursion": True,
            "delay_until_recursion": 2,
            "scan_depth": 9,
            "match_whole_words": False,
            "use_group_scoring": True,
            "case_sensitive": True,
            "automation_id": "lamp-on",
            "role": 2,
            "vectorized": True,
            "sticky": 3,
            "cooldown": 5,
            "delay": 1,
            "match_persona_description": True,
            "match_character_description": False,
            "match_character_personality": True,
            "match_character_depth_prompt": False,
            "match_scenario": True,
            "match_creator_notes": False,
            "triggers": ["normal"],
            "ignore_budget": True,
            "world_info": {"characterFilter": {"isExclude": False, "names": ["Mirela"], "tags": []}},
        },
    }
    assert (rain.id, rain.enabled, rain.constant, rain.position) == (3, False, True, "before_char")
    assert (rain.use_regex, rain.case_sensitive) == (False, None)
    assert (rain.extensions["sticky"], rain.extensions["role"]) == (0, None)


def test_sillytaverns_own_file_comes_back_as_it_was():
    value = json.loads(SILLYTAVERN)
    again = json.loads(world_info.write(read(value)[0]))
    assert list(again["entries"]) == ["0", "3"]
    for number, entry in value["entries"].items():
        written = again["entries"][number]
        different = {name for name in entry if written[name] != entry[name]}
        assert different == ({"role"} if number == "3" else set())  # null means 0 to SillyTavern
    assert again["entries"]["3"]["role"] == 0


def test_a_book_is_written_as_sillytavern_converts_one():
    """Expected: what `convertCharacterBook` makes of the entry."""
    entry = {
        "id": 7,
        "keys": ["lamp"],
        "content": "Whale oil.",
        "name": "Lamp",
        "enabled": False,
        "insertion_order": 10,
        "position": "before_char",
        "case_sensitive": True,
        "secondary_keys": ["oil"],
        "selective": True,
        "extensions": {"depth": 2, "selectiveLogic": 1, "useProbability": False, "mood": "x"},
    }
    value = json.loads(world_info.write(book(entry, name="Coast")))
    assert value["name"] == "Coast"
    assert value["originalData"]["entries"][0]["name"] == "Lamp"
    assert value["entries"] == {
        "7": {
            "uid": 7,
            "key": ["lamp"],
            "keysecondary": ["oil"],
            "comment": "Lamp",
            "content": "Whale oil.",
            "constant": False,
            "selective": True,
            "order": 10,
            "position": 0,
            "excludeRecursion": False,
            "preventRecursion": False,
            "delayUntilRecursion": False,
            "disable": True,
            "addMemo": True,
            "displayIndex": 0,
            "probability": 100,
            "useProbability": False,
            "depth": 2,
            "selectiveLogic": 1,
            "outletName": "",
            "group": "",
            "groupOverride": False,
            "groupWeight": 100,
            "scanDepth": None,
            "caseSensitive": True,
            "matchWholeWords": None,
            "useGroupScoring": None,
            "automationId": "",
            "role": 0,
            "vectorized": False,
            "sticky": None,
            "cooldown": None,
            "delay": None,
            "matchPersonaDescription": False,
            "matchCharacterDescription": False,
            "matchCharacterPersonality": False,
            "matchCharacterDepthPrompt": False,
            "matchScenario": False,
            "matchCreatorNotes": False,
            "extensions": {"depth": 2, "selectiveLogic": 1, "useProbability": False, "mood": "x"},
            "triggers": [],
            "ignoreBudget": False,
        }
    }


@pytest.mark.parametrize("position", range(8))
def test_every_position_and_role_comes_back_without_the_original(position):
    before = book({"extensions": {"position": position, "role": position % 3, "depth": position}})
    after = back(before, lambda value: value.pop("originalData")).entries[0]
    expected = {"position": position, "role": position % 3, "depth": position}
    assert {name: after.extensions[name] for name in expected} == expected
    assert after.position == ("before_char" if position == 0 else "after_char")


@given(books(decorators=True))
def test_a_book_comes_back_equal(before):
    assert back(before) == before


_known = st.dictionaries(
    st.sampled_from(["position", "role", "display_index", "case_sensitive", "depth", "world_info", "sticky"]),
    st.one_of(st.none(), st.integers(-1, 8), st.booleans(), st.just("4"), st.just({"uid": 9, "hash": [1]})),
)


@given(st.lists(_known, max_size=4), st.booleans())
def test_whatever_stands_in_extensions_comes_back(extensions, sorted_by_uid):
    before = book(*({"extensions": fields, "id": 9 - at} for at, fields in enumerate(extensions)))

    def as_saved_by_sillytavern(value):
        if sorted_by_uid:
            value["entries"] = dict(sorted(value["entries"].items()))

    assert back(before, as_saved_by_sillytavern) == before


@given(books())
def test_uids_are_unique_whole_numbers_and_keys_of_their_entries(before):
    value = json.loads(world_info.write(before))
    assert len(value["entries"]) == len(before.entries)
    for number, entry in value["entries"].items():
        assert number == str(entry["uid"])
        assert type(entry["uid"]) is int


EDITS = {
    "key": (["oil", "/flame/"], "keys", ["oil", "/flame/"]),
    "keysecondary": ([], "secondary_keys", []),
    "content": ("@@depth 2\nElectric now.", "content", "@@depth 2\nElectric now."),
    "constant": (True, "constant", True),
    "selective": (False, "selective", False),
    "order": (3, "insertion_order", 3),
    "disable": (True, "enabled", False),
    "comment": ("Beacon", "comment", "Beacon"),
    "position": (0, "position", "before_char"),
    "caseSensitive": (False, "case_sensitive", False),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_was_edited_in_sillytavern_wins_and_the_rest_stays(name):
    before = WHOLE_CARD.character_book
    value, field, expected = EDITS[name]
    after = back(before, lambda file: file["entries"]["7"].update({name: value}))
    fields = fields_of(after.entries[0])
    assert fields[field] == expected
    unchanged = fields_of(before.entries[0])
    for kept in set(unchanged) - {field, "extensions"}:
        assert fields[kept] == unchanged[kept]
    assert after.description == "What the coast knows"


def test_edited_extensions_win():
    def edit(value):
        value["entries"]["7"] |= {"sticky": 4, "probability": 20, "characterFilter": {"names": ["Ada"]}}

    entry = back(WHOLE_CARD.character_book, edit).entries[0]
    assert entry.extensions == {
        "probability": 20,
        "useProbability": True,
        "case_sensitive": True,
        "sticky": 4,
        "world_info": {"characterFilter": {"names": ["Ada"]}},
    }


def test_a_title_edited_in_sillytavern_is_the_name_too():
    after = back(
        book({"id": 1, "name": "Lamp"}), lambda value: value["entries"]["1"].update(comment="Beacon")
    )
    assert (after.entries[0].name, after.entries[0].comment) == ("Beacon", "Beacon")


def test_entries_removed_and_added_in_sillytavern():
    def edit(value):
        del value["entries"]["1"]
        value["entries"]["0"] = {"uid": 0, "key": ["new"], "content": "New."}

    before = book({"id": 1, "content": "one"}, {"id": 2, "content": "two", "priority": 4})
    after = back(before, edit)
    assert [(entry.id, entry.content, entry.priority) for entry in after.entries] == [
        (2, "two", 4),
        (0, "New.", None),
    ]


def test_a_book_that_sillytavern_imported_from_a_card_keeps_what_its_entries_lack():
    """`convertCharacterBook` takes the ids as they are, strings among them, and orders by uid on saving."""
    value = {
        "entries": {
            "2": {"uid": 2, "key": ["b"], "comment": "", "content": "two, edited", "order": 1},
            "lamp": {"uid": "lamp", "key": ["a"], "comment": "", "content": "one", "order": 1},
        },
        "originalData": {
            "name": "Coast",
            "scan_depth": 3,
            "extensions": {"a": 1},
            "entries": [
                {"id": "lamp", "keys": ["a"], "content": "one", "priority": 5, "insertion_order": 1},
                {"id": 2, "keys": ["b"], "content": "two", "priority": 6, "insertion_order": 1},
            ],
        },
    }
    found, _ = read(value)
    assert (found.name, found.scan_depth, found.extensions) == ("Coast", 3, {"a": 1})
    assert [(entry.id, entry.content, entry.priority) for entry in found.entries] == [
        ("lamp", "one", 5),
        (2, "two, edited", 6),
    ]


def test_an_original_of_another_app_is_not_taken_for_a_book():
    value = json.loads(SILLYTAVERN)
    value["originalData"] = {"kind": "memory", "entries": [{"entry": "x", "keywords": ["y"]}]}
    assert read(value)[0].entries[0].content == "The lamp burns whale oil."


def test_listed_entries_with_missing_and_doubled_uids_all_stay():
    value = {
        "entries": [
            {"uid": 1, "key": "lamp, /a,b/i , oil", "content": "one"},
            {"key": ["b"], "content": "two"},
            {"uid": 1, "key": ["c"], "content": "three"},
            "nothing",
        ]
    }
    assert world_info.recognises(value)
    found, warnings = read(value)
    assert [entry.content for entry in found.entries] == ["one", "two", "three"]
    assert found.entries[0].keys == ["lamp", "/a,b/i", "oil"]
    ids = [entry.id for entry in found.entries]
    assert len(set(ids)) == 3
    assert any("no entry" in warning for warning in warnings)
    assert any("one uid" in warning for warning in warnings)


def test_a_broken_entry_does_not_keep_the_others_out():
    """It is told by its number in the file, and why; a character book's entry among them is read as one."""
    good = {"uid": 0, "key": ["lamp"], "content": "It burns."}
    for broken, told in (("oops", "a text"), (None, "null"), ([1], "a list"), (5, "a number")):
        for entries in ({"0": good, "7": broken}, {"7": broken, "0": good}):
            assert world_info.recognises({"entries": entries})
            found, warnings = read({"entries": entries})
            assert [entry.content for entry in found.entries] == ["It burns."]
            assert warnings == (f"entries[7] was no entry but {told}; it is left out.",)
    mixed = {"entries": {"0": good, "1": {"keys": ["tide"], "content": "It turns."}}}
    assert world_info.recognises(mixed)
    found, warnings = read(mixed)
    assert [entry.keys for entry in found.entries] == [["lamp"], ["tide"]]
    assert len(warnings) == 1
    assert not world_info.recognises({"entries": {"0": "oops"}})


def test_fields_beside_the_entries_are_the_books():
    value = {"entries": {}, "name": "Coast", "description": "All of it", "is_creation": True, "scan_depth": 2}
    found, _ = read(value)
    assert (found.name, found.description, found.scan_depth) == ("Coast", "All of it", 2)
    assert found.model_extra == {"is_creation": True}


@pytest.mark.parametrize(
    "value",
    [
        {"spec": "lorebook_v3", "data": {"entries": []}},
        {"name": "Ada", "entries": [{"keys": ["a"], "content": "b"}]},
        {"kind": "memory", "entries": [{"entry": "x", "keywords": ["y"]}]},
        {"lorebookVersion": 5, "entries": [{"text": "x", "keys": ["y"]}]},
        {"type": "risu", "ver": 1, "data": []},
        {"name": "Ada"},
        {"entries": "none"},
        ["entries"],
        None,
    ],
)
def test_other_values_are_no_world_info(value):
    assert not world_info.recognises(value)


def test_without_effect_in_sillytavern():
    before = book(
        {"keys": ["salt, pepper", "/a,b/"], "content": "@@depth 4\nText", "priority": 2},
        {"keys": ["fine"], "content": "@@activate\nText"},
        scan_depth=3,
        description="All of it",
    )
    assert [loss.field for loss in world_info.losses(before)] == [
        "character_book.scan_depth",
        "character_book.description",
        "character_book.entries[0].priority",
        "character_book.entries[0].content",
        "character_book.entries[0].keys",
    ]


@pytest.mark.timeout(60)  # else minutes or hours
def test_twenty_thousand_entries_with_one_id_take_seconds():
    before = book(*({"id": 1, "content": str(at)} for at in range(20_000)))
    assert len(back(before).entries) == 20_000
