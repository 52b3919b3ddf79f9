"""What kind of thing an entry of a book is about: as a model says, or as the names and sentences tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cardforge_desktop.books.called import name_words
from cardforge_desktop.books.kinds import EVENT_KINDS, FACTION_KINDS, PLACE_KINDS, word_set
from cardforge_desktop.cards.book_fields import CATEGORIES
from cardforge_desktop.generation.names import NamedThing

PLACES, PEOPLE, FACTIONS, OBJECTS, EVENTS = CATEGORIES
#: What a model may answer for a thing that is none of these: it gets no category.
OTHER = "Other"
_SAID = {
    **{category.casefold(): category for category in CATEGORIES},
    **dict.fromkeys(("place", "location", "locations", "region", "setting"), PLACES),
    **dict.fromkeys(("person", "character", "characters", "npc", "npcs"), PEOPLE),
    **dict.fromkeys(("faction", "group", "groups", "organization", "organisation"), FACTIONS),
    **dict.fromkeys(("object", "item", "items", "artifact", "artefact", "thing"), OBJECTS),
    **dict.fromkeys(("event", "history"), EVENTS),
}
_KINDS = ((EVENTS, EVENT_KINDS), (FACTIONS, FACTION_KINDS), (PLACES, PLACE_KINDS))
#: “Order of the Moon”: what stands before says what it is.
_OF = word_set("of de du des da do del von der")
#: Before a name they say what it is: “House Voss”, “Lake Tarn”.
_BEFORE = word_set("house clan order guild lake mount port fort castle river isle casa clan orden lago rue")
#: Before a name a family, behind it a building.
_HOUSES = frozenset({"house", "casa", "haus"})
#: Shorter endings are found by chance: “Bishop” is no “shop”.
_LEAST_ENDING = 4
_IS_ONE = r"(?:,| is| was| are| were|,? called)\s+(?:an?|the|one of the|some)\s+([^.,;:!?]{3,60})"
_OBJECT_WORDS = word_set(
    """
    amulet armor armour axe bell blade boat book bow box bracelet car chest chain clock coat coin compass cup
    crown crystal dagger device diary doll drug drum engine flute gem gun hammer harp helm helmet horn jewel
    key knife lamp lantern letter machine map mask medal mirror necklace orb painting pendant pistol potion
    relic ring robe rod ship spear staff statue stone sword talisman tome violin wand weapon wheel
    """
)


def category_said(text: str) -> str | None:
    """The category a model wrote, "" for none of them; None where it wrote nothing of use."""
    plain = text.strip().casefold()
    return "" if plain == OTHER.casefold() else _SAID.get(plain)


def category_of_name(name: str) -> str:
    """As far as a name of several words tells it by itself, else ""."""
    plain = name_words(name)[0]
    if len(plain) < 2:
        return ""
    names_first = bool(_OF & set(re.findall(r"[^\W\d_]+", name.lower()))) or not _of_word(plain[-1])
    if plain[0] in _HOUSES and (names_first or plain[0] in _BEFORE):
        return FACTIONS
    if plain[0] in _BEFORE or names_first:
        return _of_word(plain[0])
    return PLACES if plain[-1] in _HOUSES else _of_word(plain[-1])


def category_of_thing(thing: NamedThing, about: Sequence[str], *, english: bool) -> str:
    """The category of a name of a source, by how it stands in the sentences about it; "" = not sure.

    Args:
        about: sentences that name it, those that say what it is first.
    """
    told = category_of_name(thing.name) or (_as_defined(thing, about) if english else "")
    if told:
        return told
    if thing.person > max(thing.place, thing.article):
        return PEOPLE
    if thing.place > thing.person:
        return PLACES
    return "" if english or thing.person else _of_ending(name_words(thing.name)[0][-1])


def _as_defined(thing: NamedThing, about: Sequence[str]) -> str:
    """By what a sentence says that it is: “the Moon Door is a mirror of …”."""
    names = "|".join(re.escape(name) for name in sorted({thing.name, *thing.parts}, key=len, reverse=True))
    for sentence in about:
        if found := re.search(rf"(?:{names}){_IS_ONE}", sentence):
            noun = re.split(r"\s(?:of|who|whom|that|which|in|at|on|from|with|for|and|to|where)\b", found[1])[
                0
            ]
            if told := _of_word(noun.split()[-1].lower()):
                return told
    return ""


def _of_word(word: str) -> str:
    if word in _OBJECT_WORDS:
        return OBJECTS
    return next((category for category, kinds in _KINDS if word in kinds), "")


def _of_ending(word: str) -> str:
    """Of one word that is several: “Glockenturm”, “Hafenfest”. English surnames end so, too: “Underwood”."""
    for category, kinds in _KINDS:
        ends = (kind for kind in kinds if _LEAST_ENDING <= len(kind) <= len(word) - 3)
        if any(word.endswith(kind) for kind in ends):
            return category
    return ""
