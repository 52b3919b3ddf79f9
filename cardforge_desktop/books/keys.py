"""Which keys of a book get in each other's way: equal ones in several entries, one within another. Pure.

Keys of different entries count as equal whatever their case, accents and blanks. Within an entry accents
make another key: readers tell “cafe” from “café”. A key in slashes is a regular expression and only equal to
the very same one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cardforge_desktop.cards.js_regex import as_regex

_WORD = re.compile(r"\w+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_BLANKS = re.compile(r"\s+")
#: Words of a key within which shorter keys are looked for; a longer phrase is no key that works.
_MOST_WORDS = 24
#: Keys that are named of those that hold another.
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class KeyedEntry:
    """What of an entry matters here. `name` is its title."""

    id: str
    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """An entry that has a key, and the key as it is written there."""

    entry_id: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class KeyClash:
    """Keys that get in each other's way.

    Attributes:
        kind: ``equal``: the holders, two entries or more, have the same key; ``within``: the holders' key
            stands as whole words in the keys of `longer`, so that whatever wakes those wakes the holders too;
            ``repeated``: one entry has the key more than once, `holders` are its ways of writing it.
        longer: entries with a longer key, for ``within`` alone; `MOST_TOLD` at most.
    """

    kind: Literal["equal", "within", "repeated"]
    holders: tuple[Holder, ...]
    longer: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """What one key of an entry meets in the others; `MOST_TOLD` of each at most.

    Attributes:
        equal: other entries with this key.
        longer: other entries with a key that holds this one.
        shorter: other entries with a key that this one holds.
    """

    equal: tuple[Holder, ...] = ()
    longer: tuple[Holder, ...] = ()
    shorter: tuple[Holder, ...] = ()


def folded(key: str) -> str:
    """A key as keys of different entries are compared; "" for one that is only blanks."""
    told = key.strip()
    if told.startswith("/") and as_regex(told) is not None:
        return told
    if not told.isascii():
        told = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", told)))
    return _BLANKS.sub(" ", told.casefold())


def repeated(keys: Sequence[str], *, case_sensitive: bool = False) -> tuple[int, ...]:
    """Places of keys that stand in the list before already."""
    seen: set[str] = set()
    found = []
    for at, key in enumerate(keys):
        same = key.strip()
        if not case_sensitive and as_regex(same) is None:
            same = same.casefold()
        if same and same in seen:
            found.append(at)
        seen.add(same)
    return tuple(found)


class KeyIndex:
    """All keys of a book, to be asked of one key. Some 200,000 keys a second; one thread at a time."""

    def __init__(self, entries: Iterable[KeyedEntry] = ()) -> None:
        self._keys: dict[str, dict[str, str]] = {}  # folded key → entry id → as it is written
        self._with_word: dict[str, set[str]] = {}  # word → folded keys of several words
        self._entries: dict[str, KeyedEntry] = {}
        for entry in entries:
            self.put(entry)

    def put(self, entry: KeyedEntry) -> None:
        """An entry is so now."""
        self.drop(entry.id)
        self._entries[entry.id] = entry
        for key in entry.keys:
            plain = folded(key)
            if not plain:
                continue
            holders = self._keys.get(plain)
            if holders is None:
                holders = self._keys[plain] = {}
                for word in _words_of_several(plain):
                    self._with_word.setdefault(word, set()).add(plain)
            holders.setdefault(entry.id, key)

    def drop(self, entry_id: str) -> None:
        """An entry is no more; nothing happens if it never was."""
        entry = self._entries.pop(entry_id, None)
        for key in entry.keys if entry is not None else ():
            plain = folded(key)
            holders = self._keys.get(plain, {})
            holders.pop(entry_id, None)
            if plain in self._keys and not holders:
                del self._keys[plain]
                for word in _words_of_several(plain):
                    self._with_word[word].discard(plain)

    def standing(self, key: str, entry_id: str) -> KeyStanding:
        """What a key of this entry meets in the others."""
        plain = folded(key)
        return KeyStanding(
            self._told([plain], entry_id),
            self._told(self._holding(plain), entry_id),
            self._told(self._held_by(plain), entry_id),
        )

    def clashes(self) -> Iterator[KeyClash]:
        """All there are, in the order in which the keys first come."""
        for entry in self._entries.values():
            places = repeated(entry.keys)
            if places:
                told = tuple(Holder(entry.id, entry.name, entry.keys[at]) for at in places)
                yield KeyClash("repeated", told)
        longer: dict[str, list[str]] = {}
        for plain in self._keys:
            for short in self._held_by(plain):
                longer.setdefault(short, []).append(plain)
        for plain, holders in self._keys.items():
            told = tuple(self._holder(entry_id, key) for entry_id, key in holders.items())
            if len(told) > 1:
                yield KeyClash("equal", told)
            others = self._told(longer.get(plain, ()), next(iter(holders)) if len(holders) == 1 else "")
            if others:
                yield KeyClash("within", told, others)

    def _holding(self, plain: str) -> Iterator[str]:
        """Longer keys that hold this one as whole words."""
        words = _WORD.findall(plain)
        if not words or as_regex(plain) is not None:
            return
        known: list[set[str]] = [self._with_word.get(word, set()) for word in words]
        rarest = sorted(known, key=len)[0]
        for longer in sorted(rarest):
            if longer != plain and _holds(longer, plain):
                yield longer

    def _held_by(self, plain: str) -> Iterator[str]:
        """Shorter keys that this one holds as whole words."""
        if not _words_of_several(plain):
            return
        spans = [found.span() for found in _WORD.finditer(plain)][:_MOST_WORDS]
        seen = {plain}
        for first, (start, _) in enumerate(spans):
            for _, end in spans[first:]:
                short = plain[start:end]
                if short not in seen and short in self._keys:
                    seen.add(short)
                    yield short

    def _told(self, plains: Iterable[str], but: str) -> tuple[Holder, ...]:
        found = []
        for plain in plains:
            for entry_id, key in self._keys.get(plain, {}).items():
                if entry_id != but:
                    found.append(self._holder(entry_id, key))
                    if len(found) == MOST_TOLD:
                        return tuple(found)
        return tuple(found)

    def _holder(self, entry_id: str, key: str) -> Holder:
        return Holder(entry_id, self._entries[entry_id].name, key)


def key_clashes(entries: Iterable[KeyedEntry]) -> tuple[KeyClash, ...]:
    """Which keys of a book get in each other's way."""
    return tuple(KeyIndex(entries).clashes())


def _words_of_several(plain: str) -> list[str]:
    """The words of a key that can hold others, none of a regular expression."""
    words = _WORD.findall(plain)
    return words if (len(words) > 1 or words != [plain]) and as_regex(plain) is None else []


def _holds(longer: str, short: str) -> bool:
    at = longer.find(short)
    while at >= 0:
        end = at + len(short)
        before, behind = longer[at - 1 : at], longer[end : end + 1]
        if not (_is_word(before) and _is_word(short[0])) and not (_is_word(behind) and _is_word(short[-1])):
            return True
        at = longer.find(short, at + 1)
    return False


def _is_word(letter: str) -> bool:
    return _WORD.fullmatch(letter) is not None
