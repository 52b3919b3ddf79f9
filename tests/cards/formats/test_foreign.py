"""Every fixture is in the shape the app itself writes."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.formats import foreign
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.objects import card_of
from tests.support.cards import WHOLE_CARD, texts

PYGMALION = {
    "char_name": "Mirela",
    "char_persona": "A lighthouse keeper.",
    "char_greeting": "You are late.",
    "world_scenario": "A storm.",
    "example_dialogue": "{{user}}: Who?\n{{char}}: The light.",
    "metadata": {"version": 1, "tool": {"name": "AI Character Editor"}},
}
TEXT_GENERATION = {
    "name": "Mirela",
    "greeting": "You are late.",
    "context": "A lighthouse keeper.",
    "turn_template": "",
}
AGNAI = {
    "kind": "character",
    "_id": "1b1a",
    "name": "Mirela",
    "description": "A draft.",
    "culture": "en-us",
    "appearance": "grey coat",
    "persona": {"kind": "wpp", "attributes": {"species": ["human"], "likes": ["oil", "rain"]}},
    "scenario": "A storm.",
    "greeting": "You are late.",
    "sampleChat": "{{user}}: Who?\n{{char}}: The light.",
    "alternateGreetings": ["Again?"],
    "systemPrompt": "Be brief.",
    "postHistoryInstructions": "Stay.",
    "insert": {"depth": 3, "prompt": "Fog."},
    "creator": "me",
    "characterVersion": "1.2",
    "tags": ["sea"],
    "extensions": {"chub": {"id": 4}},
    "characterBook": {
        "kind": "memory",
        "name": "Coast",
        "scanDepth": 4,
        "entries": [
            {
                "name": "Lamp",
                "entry": "Whale oil.",
                "keywords": ["lamp"],
                "priority": 10,
                "weight": 2,
                "enabled": True,
            }
        ],
    },
}
RISU = {
    "type": "character",
    "name": "Mirela",
    "desc": "A lighthouse keeper.",
    "firstMessage": "You are late.",
    "exampleMessage": "",
    "personality": "dry",
    "creatorNotes": "A draft.",
    "replaceGlobalNote": "Stay.",
    "alternateGreetings": ["Again?"],
    "depth_prompt": {"depth": 0, "prompt": ""},
    "additionalData": {"creator": "me", "character_version": "1.2"},
    "loreSettings": {"scanDepth": 5, "tokenBudget": 400, "recursiveScanning": True, "fullWordMatching": True},
    "loreExt": {"a": 1},
    "globalLore": [
        {
            "key": "lamp, oil",
            "secondkey": "",
            "insertorder": 30,
            "comment": "Lamp",
            "content": "Whale oil.",
            "mode": "normal",
            "alwaysActive": False,
            "selective": False,
        }
    ],
    "chats": [{"message": [{"role": "user", "data": "secret"}]}],
    "viewScreen": "emotion",
    "extentions": {"other": {"b": 2}},
}
CHARACTER_AI = {
    "character": {
        "external_id": "Yn5",
        "title": "Keeper of the light",
        "name": "Mirela",
        "greeting": "You are late.",
        "description": "Lives by the sea.",
        "definition": "{{char}}: The light.",
        "voice_id": "",
    },
    "status": "OK",
}
SHAPES = {
    "pygmalion": PYGMALION,
    "text-generation": TEXT_GENERATION,
    "agnai": AGNAI,
    "risu": RISU,
    "character.ai": CHARACTER_AI,
}


def read(value):
    notes = Notes()
    return card_of(foreign.read(value, notes), notes), notes.warnings()


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_is_known_and_read_without_touching_it(name):
    value = SHAPES[name]
    before = copy.deepcopy(value)
    assert foreign.recognise(value) == name
    card, warnings = read(value)
    assert (card.name, card.first_mes) == ("Mirela", "You are late.")
    assert warnings == (("The chats in the file stay out of the card.",) if name == "risu" else ())
    assert value == before


def test_pygmalion():
    card, _ = read(PYGMALION)
    assert (card.description, card.scenario) == ("A lighthouse keeper.", "A storm.")
    assert card.mes_example == "{{user}}: Who?\n{{char}}: The light."
    assert card.model_extra == {"metadata": PYGMALION["metadata"]}


def test_files_with_v1s_fields_beside_pygmalions_are_v1():
    assert (
        foreign.recognise({**PYGMALION, "name": "Mirela", "first_mes": "Late.", "description": "x"}) is None
    )


def test_an_empty_v1_field_does_not_hide_pygmalions_and_a_full_one_stays():
    card, _ = read({**PYGMALION, "name": "Ada", "description": ""})
    assert (card.name, card.description) == ("Ada", "A lighthouse keeper.")
    assert card.model_extra["char_name"] == "Mirela"


def test_text_generation_webui():
    card, _ = read(TEXT_GENERATION)
    assert card.description == "A lighthouse keeper."
    assert card.model_extra == {"turn_template": ""}


def test_agnai():
    card, _ = read(AGNAI)
    assert card.description == '[character("Mirela") {\nspecies("human")\nlikes("oil" + "rain")\n}]'
    assert (card.creator_notes, card.system_prompt) == ("A draft.", "Be brief.")
    assert (card.post_history_instructions, card.character_version) == ("Stay.", "1.2")
    assert (card.alternate_greetings, card.tags, card.creator) == (["Again?"], ["sea"], "me")
    assert card.extensions == {
        "chub": {"id": 4},
        "depth_prompt": {"depth": 3, "prompt": "Fog."},
        "agnai": {
            "_id": "1b1a",
            "culture": "en-us",
            "appearance": "grey coat",
            "persona": AGNAI["persona"],
        },
    }
    book = card.character_book
    assert (book.name, book.scan_depth) == ("Coast", 4)
    entry = book.entries[0]
    assert (entry.keys, entry.content, entry.name) == (["lamp"], "Whale oil.", "Lamp")
    assert (entry.priority, entry.insertion_order, entry.enabled) == (10, 2, True)


# Agnai's own formatCharacter, run over {"species": ["human"], "likes": ["oil", "rain"]}.
PERSONAS = {
    "wpp": '[character("Ada") {\nspecies("human")\nlikes("oil" + "rain")\n}]',
    "sbf": '[ character: "Ada"; species: "human"; likes: "oil", "rain" ]',
    "boostyle": "Ada + human + oil + rain",
    "attributes": "Name: Ada\nspecies: human\nlikes: oil, rain",
}


@pytest.mark.parametrize("kind", PERSONAS)
def test_personas_are_written_out_as_agnai_does(kind):
    attributes = {"species": ["human"], "likes": ["oil", "rain"]}
    card, _ = read({**AGNAI, "name": "Ada", "persona": {"kind": kind, "attributes": attributes}})
    assert card.description == PERSONAS[kind]


def test_a_persona_of_text_is_that_text():
    card, _ = read({**AGNAI, "persona": {"kind": "text", "attributes": {"text": ["A keeper.", "more"]}}})
    assert card.description == "A keeper."


def test_risuai():
    card, _ = read(RISU)
    assert (card.description, card.personality) == ("A lighthouse keeper.", "dry")
    assert (card.post_history_instructions, card.creator_notes) == ("Stay.", "A draft.")
    assert (card.creator, card.character_version) == ("me", "1.2")
    assert card.extensions["other"] == {"b": 2}
    assert card.extensions["risuai"]["viewScreen"] == "emotion"
    book = card.character_book
    assert (book.scan_depth, book.token_budget, book.recursive_scanning) == (5, 400, True)
    assert book.extensions == {"a": 1, "risu_fullWordMatching": True}
    assert (book.entries[0].keys, book.entries[0].insertion_order) == (["lamp", "oil"], 30)
    assert "secret" not in card.model_dump_json()


def test_character_ai():
    card, _ = read(CHARACTER_AI)
    assert card.description == "Keeper of the light\n\nLives by the sea.\n\n{{char}}: The light."
    assert card.extensions == {"character.ai": {"external_id": "Yn5", "voice_id": "", "status": "OK"}}
    saved, warnings = read({"info": CHARACTER_AI, "histories": [{"msgs": ["secret"]}]})
    assert saved.extensions == {"character.ai": {"external_id": "Yn5", "voice_id": ""}}
    assert warnings == ("The chats in the file stay out of the card.",)
    assert "secret" not in saved.model_dump_json()


@pytest.mark.parametrize(
    "value",
    [
        {"name": "Ada", "description": "x", "first_mes": "y"},
        {"name": "Ada", "description": "x", "context": "a field of some app"},
        {"spec": "chara_card_v2", "data": {}, "char_name": "Ada"},
        {"name": "a book", "context": "x", "entries": {}},
        {"context": ["no text"]},
        {},
        [],
        "char_name",
        None,
    ],
)
def test_other_values_are_from_no_other_app(value):
    assert foreign.recognise(value) is None


def test_our_own_cards_are_from_no_other_app():
    assert foreign.recognise(WHOLE_CARD.model_dump(mode="json")) is None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | texts, lambda inner: st.lists(inner, max_size=2), max_leaves=4
)


@given(st.sampled_from(sorted(SHAPES)), st.data())
def test_fields_of_any_kind_are_read(name, data):
    value = json.loads(json.dumps(SHAPES[name]))
    for field in data.draw(st.lists(st.sampled_from(sorted(value)), max_size=3)):
        value[field] = data.draw(_json)
    if foreign.recognise(value) is not None:
        read(value)


@given(st.dictionaries(st.sampled_from(["x_mood", "zoom", "hash"]), _json))
def test_unknown_fields_are_kept(unknown):
    for name, value in SHAPES.items():
        if name == "character.ai":
            continue
        card, _ = read({**value, **unknown})
        kept = {**card.model_extra, **card.extensions.get("agnai", {}), **card.extensions.get("risuai", {})}
        assert {field: kept[field] for field in unknown} == unknown
