"""Characters of other apps, read only: Pygmalion, text-generation-webui, Agnai, RisuAI, Character.AI.

Sources: SillyTavern, src/endpoints/characters.js (`importFromYaml`, "gradio json"); text-generation-webui,
modules/chat.py (`generate_character_yaml`); Agnai, common/characters.ts (`exportCharacter`,
`formatCharacter`) and web/pages/Character/port.ts; RisuAI, src/ts/characterCards.ts (`createBaseV3`).

What a card has no field for is kept: by its own name, or in `extensions` under the app's.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cardforge_desktop.cards.formats import foreign_books
from cardforge_desktop.cards.formats.notes import Notes

_Fields = dict[str, Any]


def recognise(value: Any) -> str | None:
    """The name of the app a character is from; None for the specifications' own shapes and for anything else.

    Names: pygmalion, text-generation, agnai, risu, character.ai.
    """
    if not isinstance(value, dict) or "spec" in value:
        return None
    return next((name for name, (is_from, _) in _APPS.items() if is_from(value)), None)


def read(value: _Fields, notes: Notes) -> _Fields:
    """The fields of a card's `data` made of another app's character, to be validated by the caller."""
    name = recognise(value)
    return dict(value) if name is None else _APPS[name][1](value, notes)


def _renamed(fields: _Fields, names: Mapping[str, str]) -> _Fields:
    """All `fields`, those in `names` under a card's name, unless a card's field of that name says something.

    Then both stay, each by its own name.
    """
    whole = {name: value for name, value in fields.items() if name not in names}
    for old, new in names.items():
        if fields.get(old) is not None:
            whole[old if whole.get(new) else new] = fields[old]
    return whole


def _moved(fields: _Fields, names: Mapping[str, str]) -> _Fields:
    return {new: fields[old] for old, new in names.items() if fields.get(old) is not None}


def _object(value: Any) -> _Fields:
    return value if isinstance(value, dict) else {}


# Pygmalion, and TavernAI before V1

_PYGMALION: Mapping[str, str] = MappingProxyType(
    {
        "char_name": "name",
        "char_persona": "description",
        "world_scenario": "scenario",
        "char_greeting": "first_mes",
        "example_dialogue": "mes_example",
    }
)


def _is_pygmalion(value: _Fields) -> bool:
    # Some editors write V1's fields along; those are read as V1.
    return "char_name" in value and not value.get("first_mes") and not value.get("description")


def _pygmalion(value: _Fields, _: Notes) -> _Fields:
    return _renamed(value, _PYGMALION)


# text-generation-webui

_TEXT_GENERATION: Mapping[str, str] = MappingProxyType(
    {"context": "description", "greeting": "first_mes", "example_dialogue": "mes_example"}
)


def _is_text_generation(value: _Fields) -> bool:
    ours = ("context", "greeting") if "name" in value else ("context",)
    return any(isinstance(value.get(name), str) for name in ours) and not (
        value.get("first_mes") or value.get("description") or "entries" in value
    )


def _text_generation(value: _Fields, _: Notes) -> _Fields:
    return _renamed(value, _TEXT_GENERATION)


# Agnai

_AGNAI: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "scenario": "scenario",
        "greeting": "first_mes",
        "sampleChat": "mes_example",
        "description": "creator_notes",
        "systemPrompt": "system_prompt",
        "postHistoryInstructions": "post_history_instructions",
        "alternateGreetings": "alternate_greetings",
        "tags": "tags",
        "creator": "creator",
        "characterVersion": "character_version",
    }
)
_AGNAI_ELSEWHERE = frozenset({"kind", "extensions", "insert", "characterBook"})


def _is_agnai(value: _Fields) -> bool:
    native = {"name", "persona", "greeting", "scenario", "sampleChat"} <= value.keys()
    return native or (value.get("kind") == "character" and "persona" in value)


def _agnai(value: _Fields, notes: Notes) -> _Fields:
    card = {"description": _persona(value.get("name"), value.get("persona")), **_moved(value, _AGNAI)}
    # Agnai finds its own persona again in the card, and takes it while the description still fits.
    own = {
        name: field for name, field in value.items() if name not in _AGNAI and name not in _AGNAI_ELSEWHERE
    }
    extensions = {**_object(value.get("extensions"))}
    if value.get("insert") is not None:
        extensions["depth_prompt"] = value["insert"]
    extensions["agnai"] = {**_object(extensions.get("agnai")), **own}
    if isinstance(value.get("characterBook"), dict):
        card["character_book"] = foreign_books.agnai_book(value["characterBook"], notes)
    return {**card, "extensions": extensions}


def _persona(name: Any, persona: Any) -> Any:
    """A persona as the text Agnai shows the model (`formatCharacter`)."""
    if not isinstance(persona, dict):
        return persona if isinstance(persona, str) else ""
    attributes = {
        key: [str(item) for item in values] if isinstance(values, list) else [str(values)]
        for key, values in _object(persona.get("attributes")).items()
    }
    formats: Mapping[str, Callable[[str, dict[str, list[str]]], str]] = {
        "wpp": _wpp,
        "sbf": _sbf,
        "boostyle": _boostyle,
        "attributes": _attributes,
    }
    write = formats.get(str(persona.get("kind")), _text)
    return write(str(name or ""), attributes)


def _wpp(name: str, attributes: dict[str, list[str]]) -> str:
    lines = (f"{key}({' + '.join(map(_quoted, values))})" for key, values in attributes.items())
    return "\n".join([f'[character("{name}") {{', "\n".join(lines), "}]"])


def _sbf(name: str, attributes: dict[str, list[str]]) -> str:
    parts = (f"{key}: {', '.join(map(_quoted, values))}" for key, values in attributes.items())
    return f'[ character: "{name}"; {"; ".join(parts)} ]'


def _boostyle(name: str, attributes: dict[str, list[str]]) -> str:
    return " + ".join([name, *(value for values in attributes.values() for value in values)])


def _attributes(name: str, attributes: dict[str, list[str]]) -> str:
    return f"Name: {name}\n" + "\n".join(f"{key}: {', '.join(values)}" for key, values in attributes.items())


def _text(name: str, attributes: dict[str, list[str]]) -> str:
    if "text" in attributes:
        return next(iter(attributes["text"]), "")
    return _attributes(name, attributes) if attributes else ""


def _quoted(text: str) -> str:
    return f'"{text}"'


# RisuAI's own object, as its backups hold it; its card files are V2 and V3

_RISU: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "desc": "description",
        "personality": "personality",
        "scenario": "scenario",
        "firstMessage": "first_mes",
        "exampleMessage": "mes_example",
        "creatorNotes": "creator_notes",
        "systemPrompt": "system_prompt",
        "replaceGlobalNote": "post_history_instructions",
        "alternateGreetings": "alternate_greetings",
        "tags": "tags",
        "nickname": "nickname",
        "source": "source",
        "group_only_greetings": "group_only_greetings",
        "creation_date": "creation_date",
        "modification_date": "modification_date",
    }
)
_RISU_LORE: Mapping[str, str] = MappingProxyType(
    {"scanDepth": "scan_depth", "tokenBudget": "token_budget", "recursiveScanning": "recursive_scanning"}
)
_RISU_ELSEWHERE = frozenset(
    {"type", "extentions", "depth_prompt", "globalLore", "loreSettings", "loreExt", "additionalData"}
)
_RISU_CHATS = frozenset({"chats", "chatPage", "chatFolders"})


def _is_risu(value: _Fields) -> bool:
    return "firstMessage" in value and "desc" in value


def _risu(value: _Fields, notes: Notes) -> _Fields:
    extensions = {**_object(value.get("extentions"))}  # RisuAI's spelling
    if value.get("depth_prompt") is not None:
        extensions["depth_prompt"] = value["depth_prompt"]
    outside = {*_RISU, *_RISU_ELSEWHERE, *_RISU_CHATS}
    extensions["risuai"] = {name: field for name, field in value.items() if name not in outside}
    if value.get("chats"):
        notes.add("", "The chats in the file stay out of the card")
    about = _object(value.get("additionalData"))
    card = {
        **_moved(value, _RISU),
        **_moved(about, {"creator": "creator", "character_version": "character_version"}),
    }
    if value.get("globalLore") or value.get("loreSettings"):
        card["character_book"] = {
            **_moved(_object(value.get("loreSettings")), _RISU_LORE),
            "extensions": {**_object(value.get("loreExt")), **_risu_matching(value)},
            "entries": foreign_books.risu_entries(value.get("globalLore"), notes),
        }
    return {**card, "extensions": extensions}


def _risu_matching(value: _Fields) -> _Fields:
    """Whole-word matching, under the name that RisuAI writes into V3's books (`createBaseV3`)."""
    return _moved(_object(value.get("loreSettings")), {"fullWordMatching": "risu_fullWordMatching"})


# Character.AI, as its site and the tools that save from it give a character

_CHARACTER_AI = frozenset({"name", "participant__name", "title", "description", "definition", "greeting"})

_CHARACTER_AI_ELSEWHERE = frozenset({"character", "info", "histories"})


def _character_ai_object(value: _Fields) -> _Fields:
    inner = _object(value.get("info")).get("character") or value.get("character") or value
    return _object(inner)


def _is_character_ai(value: _Fields) -> bool:
    character = _character_ai_object(value)
    return "greeting" in character and ("external_id" in character or "definition" in character)


def _character_ai(value: _Fields, notes: Notes) -> _Fields:
    character = _character_ai_object(value)
    parts = (character.get(name) for name in ("title", "description", "definition"))
    rest = {name: field for name, field in character.items() if name not in _CHARACTER_AI}
    if character is not value:
        rest |= {name: field for name, field in value.items() if name not in _CHARACTER_AI_ELSEWHERE}
    if character is not value and "histories" in value:
        notes.add("", "The chats in the file stay out of the card")
    return {
        "name": character.get("name") or character.get("participant__name") or "",
        "description": "\n\n".join(part for part in parts if isinstance(part, str) and part.strip()),
        "first_mes": character["greeting"],
        "extensions": {"character.ai": rest},
    }


_APPS: Mapping[str, tuple[Callable[[_Fields], bool], Callable[[_Fields, Notes], _Fields]]] = MappingProxyType(
    {
        "agnai": (_is_agnai, _agnai),
        "risu": (_is_risu, _risu),
        "character.ai": (_is_character_ai, _character_ai),
        "pygmalion": (_is_pygmalion, _pygmalion),
        "text-generation": (_is_text_generation, _text_generation),
    }
)
