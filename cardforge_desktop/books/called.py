"""Whether two names are of one thing: “Lady Seraphina” is “Seraphina”, “Old Tarn” no “Tarn River”. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cardforge_desktop.books.kinds import KINDS, word_set
from cardforge_desktop.cards import js_regex
from cardforge_desktop.cards.book_fields import category_of, title_of
from cardforge_desktop.cards.model import BookEntry

#: Said before a name and no part of it, in lower case; with and without accents.
HONORIFICS = word_set(
    """
    mr mrs ms miss dr doctor sir lady lord captain sergeant professor prince princess king queen
    father mother brother sister warden master mistress herr frau monsieur madame señor señora don
    doña uncle aunt saint baron baroness count countess duke duchess tochter sohn bruder schwester
    mutter vater onkel tante senor senora dona
    """
)
#: Those that tell no name apart: Saint Mary may be a church. The others are too often names in running text.
_LEFT_OUT = (HONORIFICS - {"saint"}) | word_set(
    """
    mme mlle sr sra srta commander general admiral colonel major lieutenant emperor empress dame madam sheriff
    graf grafin konig konigin prinz prinzessin rey reina roi reine princesse comte comtesse senorita
    """
)
ARTICLES = word_set(
    """
    the a an der die das den dem des ein eine einen einer eines le la les l un une el los las una o
    os um uma
    """
)
#: They join two names into that of a third thing: “Anna and Bert”, “Ring of Anna”.
_JOINING = word_set("of and und et y e des du for from")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NUMBERED = re.compile(r"\s*\(\d+\)\s*$")
#: Letters that Unicode does not take apart.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})
_PEOPLE, _PLACES = "People", "Places"

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """What an entry is called.

    Attributes:
        title: the words of its title; empty for an entry that has no name at all.
        honorifics: those that stood before them.
        aliases: its comment and its first key, where they are not the title.
        keys: all its keys.
        is_name: the title is written as a name: every word with a capital, or in letters that have none.
    """

    title: Words
    honorifics: frozenset[str]
    aliases: frozenset[Words]
    keys: frozenset[Words]
    category: str
    is_name: bool


def called(entry: BookEntry) -> Called:
    """What `same` compares."""
    title, honorifics = name_words(title_of(entry))
    keys = [name_words(key)[0] for key in entry.keys]
    aliases = {name_words(entry.comment or "")[0], *keys[:1]} - {title, ()}
    written = [word for word in _WORD.findall(title_of(entry)) if word.lower() not in _JOINING | ARTICLES]
    return Called(
        title,
        honorifics,
        frozenset(aliases),
        frozenset(keys) - {()},
        category_of(entry),
        not any(word[0].islower() for word in written),
    )


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[Words, frozenset[str]]:
    """The words of a name without accents, articles, honorifics and a number in brackets; and the honorifics.

    A regular expression is one word.
    """
    if js_regex.as_regex(name.strip()) is not None:
        return (name.strip(),), frozenset()
    found = [re.sub(r"^[ld]'(?=..)", "", word) for word in _WORD.findall(_folded(_NUMBERED.sub("", name)))]
    if not found:
        signs = _folded(name).strip()
        return ((signs,) if signs else ()), frozenset()
    while len(found) > 1 and found[0] in ARTICLES:
        del found[0]
    honorifics = []
    # “Queen Street” is no street that is a queen.
    while len(found) > 1 and found[0] in _LEFT_OUT and found[1] not in KINDS:
        honorifics.append(found.pop(0))
    found[-1] = re.sub(r"'s?$", "", found[-1])
    inner = [word for word in found[1:] if word != "the"]
    return (found[0], *inner), frozenset(honorifics)


def same(one: Called, other: Called, others: Iterable[Called] = ()) -> bool:
    """Whether both are of one thing; what is not sure is not the same.

    Args:
        others: what is known, these two or not. “Anna” is “Anna Voss” as long as there is no “Anna Weiss”.
    """
    if not one.title or not other.title:
        return False
    if {one.category, other.category} == {_PEOPLE, _PLACES}:
        # A name of several words that both have is one thing, which somebody put into the wrong category.
        return one.title == other.title and len(one.title) > 1
    if one.title == other.title:
        alone = len(one.title) == 1
        return not (alone and one.honorifics and other.honorifics and one.honorifics != other.honorifics)
    apart = one.category and other.category and one.category != other.category
    if not apart and (one.title in other.aliases or other.title in one.aliases):
        return True
    if one.title in other.keys and other.title in one.keys:
        return True
    short, long = sorted((one, other), key=lambda each: len(each.title))
    return not apart and _is_short_for(short, long, others)


class Names:
    """Names, found by what `same` compares: of many that begin alike only those that may be meant."""

    def __init__(self, names: Iterable[Called]) -> None:
        self.names: list[Called] = []
        self._whole: defaultdict[Words, set[int]] = defaultdict(set)
        self._parts: defaultdict[Words, set[int]] = defaultdict(set)
        for name in names:
            self.add(name)

    def add(self, name: Called) -> None:
        """One more, at the end."""
        self.names.append(name)
        self.change(len(self.names) - 1, name)

    def change(self, at: int, name: Called) -> None:
        """The thing there is called so now; it is found by its former names too."""
        self.names[at] = name
        for words in _all_names(name):
            self._whole[words].add(at)
            for part in _parts(words):
                self._parts[part].add(at)

    def near(self, name: Called) -> list[int]:
        """Where those stand that may be the same thing, and those that speak against it."""
        found: set[int] = set()
        for words in _all_names(name):
            found |= self._parts.get(words, set())
            for part in _parts(words):
                if part in self._whole:
                    found |= self._parts[part]  # what its short form could mean besides
        return sorted(found)


def _all_names(name: Called) -> frozenset[Words]:
    return (name.aliases | name.keys | {name.title}) - {()}


def _parts(words: Words) -> Iterator[Words]:
    """How a name begins and how it ends, itself among them."""
    for size in range(1, len(words) + 1):
        yield words[:size]
        yield words[-size:]


def _is_short_for(short: Called, long: Called, others: Iterable[Called]) -> bool:
    """Whether the name of one is a part of the other's, and of nothing else's."""
    size = len(short.title)
    leads, ends = long.title[:size] == short.title, long.title[-size:] == short.title
    if not (leads or ends) or size == len(long.title):
        return False
    more = long.title[size:] if leads else long.title[:-size]
    told_by_keys = short.title in long.keys or long.title in short.keys
    if not told_by_keys:
        if KINDS & {*more, *short.title} or _JOINING & set(more) or not (short.is_name and long.is_name):
            return False
        if _PEOPLE not in (short.category, long.category) and not (leads and not short.category):
            return False
    rivals = {name for each in (*others, short, long) for name in (each.title, *each.keys)}
    return not any(
        _is_part(short.title, name) and name != short.title and not _is_part(long.title, name)
        for name in rivals
    )


def _is_part(short: Words, long: Words) -> bool:
    """Whether a longer name begins or ends with it, or is it."""
    return short in (long[: len(short)], long[-len(short) :])


def _folded(text: str) -> str:
    """In one form of each letter: small, and without its accents in scripts that have letters without."""
    kept: list[str] = []
    base = ""
    for sign in unicodedata.normalize("NFKD", text).casefold():
        if not unicodedata.combining(sign):
            base = sign
        elif base < "\u0590":  # Latin, Greek, Cyrillic, Armenian
            continue
        kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_PLAIN_LETTERS)
