"""How much of a source a small model retells: the lengths a profile asks for, in its small tasks."""

from __future__ import annotations

from cardforge_desktop.generation.facts import PROSE, ROOM
from cardforge_desktop.profiles.model import FieldName, ProfileConfig

#: Words a profile asks for in an ordinary field: who asks for twice as many gets twice the sentences.
_USUAL: dict[FieldName, int] = {
    "description": 200,
    "personality": 80,
    "scenario": 65,
    "first_mes": 170,
    "alternate_greetings": 130,
    "mes_example": 180,
}
#: Words a token is worth, about, the other languages' longer tokens aside.
_WORDS = 0.7
_LEAST_ROOM = 20
#: Scenes in a greeting and blocks of example messages; each block costs two or three calls.
_PIECES = 2
_MOST_PIECES = 3
#: Words of source in one entry of a book.
_ENTRY = 60


def rooms(config: ProfileConfig) -> dict[str, int]:
    """For each field of prose how many words its sentences may hold together."""
    return {name: _room(config, name) for name in PROSE}


def pieces(config: ProfileConfig, name: FieldName) -> int:
    """Scenes of a greeting, blocks of the example messages."""
    return max(1, min(_MOST_PIECES, round(_PIECES * _share(config, name))))


def entry_words(config: ProfileConfig) -> int:
    """Words of source that one entry of the book retells."""
    return max(_LEAST_ROOM, min(_ENTRY, int(config.book.max_tokens * _WORDS)))


def _room(config: ProfileConfig, name: FieldName) -> int:
    wanted = ROOM[name] * min(2.0, _share(config, name))
    return max(_LEAST_ROOM, int(min(wanted, config.fields[name].max_tokens * _WORDS)))


def _share(config: ProfileConfig, name: FieldName) -> float:
    """What the profile asks for against the usual; 1 where it does not say."""
    return (config.fields[name].words or _USUAL[name]) / _USUAL[name]
