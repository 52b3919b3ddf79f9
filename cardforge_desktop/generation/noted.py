"""World and class of a card, for file names: as a model answers, or as the sentences of a source have it.

They are kept in ``extensions.cardforge``. SillyTavern takes ``extensions.world`` for the name of a lorebook
to link (``public/scripts/world-info.js``), so they never stand there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cardforge_desktop.books.kinds import word_set
from cardforge_desktop.generation.facts import Facts
from cardforge_desktop.generation.names import named_things

#: Characters; a file's name has little room.
_LONGEST = 60
_AROUND = " \"'“”‘’*_.,;:()[]<>-–—"
#: What models write instead of nothing.
_NOTHING = frozenset(
    {
        *("", "unknown", "none", "n/a", "na", "n.a", "null", "nil", "undefined", "unspecified", "unclear"),
        *("not specified", "not given", "not stated", "not mentioned", "not applicable", "not available"),
        *("not clear", "no world", "no class", "no setting", "no information", "nothing", "empty", "tbd"),
        *("unbekannt", "keine", "inconnu", "aucun", "aucune", "desconocido", "desconocida", "ninguno"),
        *("ninguna", "desconhecido", "desconhecida", "nenhum", "nenhuma", "neznámý", "неизвестно", "нет"),
        *("不明", "未知", "无", "なし", "없음"),
    }
)
_PLACES = (
    "city|town|village|kingdom|empire|land|world|realm|island|country|province|port|valley|planet|station|"
    "republic|duchy|continent|district|moon|colony"
)
#: What says that somebody is, and not what they are.
_GENERIC = word_set(
    """
    man woman person boy girl child kid baby adult figure member one someone somebody thing being creature
    character human people stranger friend guest kind sort type part bit lot little few pair number result
    reason way time day night year age fan victim owner brother sister mother father son daughter wife
    husband uncle aunt cousin twin orphan widow widower love enemy rival hero heroine protagonist main
    only last first best same eldest youngest oldest
    """
)
_EVENTS = word_set("war wars battle siege strike flood festival day night week year years century age winter")
_END = (
    r"(?=\s+(?:of|who|whom|that|which|in|at|on|from|with|for|and|but|by|to|whose|when|where|as)\b"
    r"|[.,;:—!?)]|$)"
)
#: One word before a comma is what somebody is like: "a tall, grumpy harbour pilot".
_KIND = rf"(?:an?|the)\s+(?:[^\W\d_][\w'’-]*,\s+)*((?:[^\W\d_][\w'’-]*\s+){{0,3}}?[^\W\d_][\w'’-]*){_END}"


def noted(values: Mapping[str, Any]) -> dict[str, str]:
    """What goes into ``extensions.cardforge``: ``world`` and ``class``, as far as there is an answer."""
    found = {name: stated(str(values.get(name) or "")) for name in ("world", "class")}
    return {name: text for name, text in found.items() if text}


def stated(text: str) -> str:
    """An answer in a few words; "" where it says that there is none."""
    plain = " ".join(text.split()).strip(_AROUND)
    if plain.casefold() in _NOTHING:
        return ""
    if len(plain) > _LONGEST:
        cut = plain[: _LONGEST + 1]
        plain = (cut.rsplit(" ", 1)[0] if " " in cut else cut[:_LONGEST]).strip(_AROUND)
    return plain


def read_off(facts: Facts) -> dict[str, str]:
    """`noted` without a question to a model: what small ones answer to "which world?" is invented."""
    return noted({"world": _world(facts), "class": _class(facts) if facts.english else ""})


def _world(facts: Facts) -> str:
    """The place most is told of; only English tells places from other nouns by their capitals."""
    text = " ".join(sentence.narration for sentence in facts.sentences)
    best, most = "", 0
    for thing in named_things(list(facts.sentences)):
        event = thing.name.split()[-1].lower() in _EVENTS
        if thing.person or event or facts.character.is_in(thing.name):
            continue
        if not facts.english and (thing.article or thing.count < 2):  # once is any noun
            continue
        name = re.escape(thing.name)
        told = len(re.findall(rf"\b(?:[Ii]n|[Oo]n|[Aa]t|(?:{_PLACES})s?\s+of)\s+(?:the\s+)?{name}\b", text))
        if told > most:
            best, most = thing.name, told
    return best


def _class(facts: Facts) -> str:
    """What the character is: "Borin, the blacksmith of …", "She was a retired harbour pilot."."""
    short, name = re.escape(facts.character.short), re.escape(facts.character.name)
    who = rf"(?:{name}|{short}(?:\s+[A-Z][\w'’-]*)?|[SsHh]e|[Tt]hey)"
    is_one = re.compile(rf"\b{who}(?:,\s+|\s+(?:is|was|works\s+as|worked\s+as|serves\s+as|became)\s+){_KIND}")
    for sentence in facts.about:
        for found in is_one.finditer(sentence):
            told = found[1].split()
            low = [word.lower() for word in told]
            if low and low[-1] not in _GENERIC and not any(word[0].isupper() for word in told):
                return " ".join(word for word in told[-2:] if word.lower() not in _GENERIC)
    return ""
