"""Rules on keys that only a whole book, or SillyTavern's own way of looking, can tell of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from cardforge_desktop.books.editing.edits import setting
from cardforge_desktop.books.health.model import Fix, Mended, Problem, editing, one, without_key
from cardforge_desktop.books.health.never import never_matches
from cardforge_desktop.books.health.subject import PIECE, Subject, flag, title_shown
from cardforge_desktop.books.keys import Holder, KeyedEntry, key_clashes
from cardforge_desktop.books.model import Entry
from cardforge_desktop.cards import js_regex
from cardforge_desktop.cards.js_expressions import GivenUpError
from cardforge_desktop.cards.key_matching import Haystack, Key
from cardforge_desktop.cards.lint.words import STOP_WORDS
from cardforge_desktop.cards.macros import find_macros

#: Entries with a text; of fewer, more than half says nothing.
_FEWEST = 8
#: Contents that a key is looked for in before all of them.
_SAMPLE = 60
_LONGEST_SHOWN = 80
#: They cling to the word before them, or to the one behind.
_CLINGING = "-'’`_"
_HANGING = re.compile(rf"[{_CLINGING}]\w|.*\w[{_CLINGING}]\Z", re.DOTALL)
#: Entries that a message names.
_MOST_NAMED = 4


def macro_keys(subject: Subject) -> Iterator[Problem]:
    """Keys with macros that no app fills in."""
    for entry, keys in zip(subject.entries, subject.keys, strict=True):
        for key in keys:
            unknown = (
                [each for each in find_macros(key.written) if not each.known] if "{{" in key.written else []
            )
            if unknown and key.expression is None:
                name = unknown[0].name[:40]
                told = _short(key.written)
                message = f"No app knows the macro {{{{{name}}}}} of the key “{told}”: it never matches."
                yield one(entry, message, "warning", _taking_out(entry, key))


def dead_expressions(subject: Subject) -> Iterator[Problem]:
    """Expressions that match nothing."""
    for entry, keys in zip(subject.entries, subject.keys, strict=True):
        for key in keys:
            reason = "" if key.expression is None else never_matches(key.expression)
            if reason:
                message = f"“{_short(key.told)}” never matches: {reason}."
                yield one(entry, message, "warning", _taking_out(entry, key))


def hanging_keys(subject: Subject) -> Iterator[Problem]:
    """Endings and beginnings of words, where whole words are looked for."""
    for entry, keys in zip(subject.entries, subject.keys, strict=True):
        for key in keys:
            if key.is_word and key.expression is None and _HANGING.match(key.needle):
                message = (
                    f"“{_short(key.told)}” hangs on another word, but is looked for as a word of its own: "
                    "“Anna-san” does not hold “-san”. Look for parts of words too."
                )
                fix = editing("Find it in words too", entry.id, setting("match_whole_words", False))
                yield one(entry, message, "hint", fix)


def common_keys(subject: Subject) -> Iterator[Problem]:
    """Keys that stand in most of the book's own texts, or match even an empty one."""
    texts = [at for at, text in enumerate(subject.told) if text.strip()]
    known: dict[tuple[str, bool, bool], int] = {}  # many entries of a large book have the same keys

    def found_in(key: Key) -> int:
        same = (key.told, key.case_sensitive, key.is_word)
        if same not in known:
            known[same] = _found_in(subject, key, texts)
        return known[same]

    for entry, keys in zip(subject.entries, subject.keys, strict=True):
        for key in keys:
            if not key.told or _is_told_elsewhere(key):
                continue
            if key.expression is not None and _matches(subject, key, ""):
                message = f"“{_short(key.told)}” matches even an empty message, and so every one."
                yield one(entry, message, "warning", _rarer(entry, key))
            elif _wakes_by_others(subject, entry, texts) and (found := found_in(key)):
                message = (
                    f"“{_short(key.told)}” stands in {found:,} of the {len(texts):,} texts of this book: "
                    "with recursion most entries wake this one. Take a rarer key, or let no entry wake it."
                )
                fix = editing("Let no entry wake it", entry.id, setting("exclude_recursion", True))
                yield one(entry, message, "hint", fix)


def _wakes_by_others(subject: Subject, entry: Entry, texts: list[int]) -> bool:
    """Whether other entries wake it, and there are enough of them to say “most”."""
    recursive = subject.book.head.recursive_scanning is not False
    return recursive and len(texts) >= _FEWEST and not flag(entry.entry, "exclude_recursion")


def shared_keys(subject: Subject) -> Iterator[Problem]:
    """Keys that several entries have."""
    places = {entry.id: at for at, entry in enumerate(subject.entries)}
    keyed = (
        KeyedEntry(entry.id, title_shown(entry.entry), tuple(entry.entry.keys))
        for entry, keys in zip(subject.entries, subject.keys, strict=True)
        if keys
    )
    for clash in key_clashes(keyed):
        if clash.kind != "equal":
            continue
        held = sorted(clash.holders, key=lambda each: _weight(subject.entries[places[each.entry_id]]))
        named = ", ".join(f"“{each.name}”" for each in held[:_MOST_NAMED]) + (
            " …" if len(held) > _MOST_NAMED else ""
        )
        message = f"{len(held):,} entries wake at “{_short(held[0].key)}”: {named}."
        can_lose = any(len(subject.entries[places[each.entry_id]].entry.keys) > 1 for each in held[1:])
        fix = _kept_in(held) if can_lose else None
        yield Problem(message, "hint", tuple(each.entry_id for each in held), fix)


def _kept_in(held: list[Holder]) -> Fix:
    written = {each.entry_id: each.key for each in held[1:]}

    def mend(entries: Mapping[str, Entry]) -> Mended:
        return {
            entry_id: without_key(written[entry_id])(entry.entry)
            for entry_id, entry in entries.items()
            if len(entry.entry.keys) > 1  # an entry without a key would sleep for ever
        }

    return Fix(f"Keep it in “{held[0].name[:24]}”", tuple(written), mend)


def _weight(entry: Entry) -> tuple[float, int]:
    """The weightiest first: of the highest priority, then the longest."""
    return (-float(entry.entry.priority or 0), -entry.tokens)


def _taking_out(entry: Entry, key: Key) -> Fix:
    return editing("Take the key out", entry.id, without_key(key.written))


def _rarer(entry: Entry, key: Key) -> Fix:
    if len(entry.entry.keys) > 1:
        return _taking_out(entry, key)
    return editing("Make it constant", entry.id, setting("constant", True))


def _is_told_elsewhere(key: Key) -> bool:
    """By `cards.lint.keys.greedy_keys`."""
    if key.expression is not None:
        return js_regex.matches_anything(key.expression)
    return key.told.lower() in STOP_WORDS or len(key.told) == 1


def _found_in(subject: Subject, key: Key, texts: list[int]) -> int:
    """In how many of the texts a key stands, where these are more than half of them; else 0."""
    number = _number_of(subject, key, texts)
    return number if number * 2 > len(texts) else 0


def _number_of(subject: Subject, key: Key, texts: list[int]) -> int:
    """In how many texts a key stands, at least; exact where that is more than half."""
    if key.expression is not None:
        return _counted(texts, lambda at: _matches(subject, key, subject.told[at]))
    pieces = PIECE.findall(key.told.lower())
    most = min((subject.frequencies[piece] for piece in pieces), default=0)
    if most * 2 <= len(texts) or (pieces == [key.told.lower()] and key.is_word):
        return most
    wanted = key if not key.case_sensitive else _in_small_letters(key)
    return _counted(texts, lambda at: _stands(wanted, subject.told[at]))


def _counted(texts: list[int], stands: Callable[[int], bool]) -> int:
    """In how many texts something stands; 0 where some of them show that it is not the half."""
    sample = texts[:: max(1, len(texts) // _SAMPLE)]
    if sum(map(stands, sample)) * 3 < len(sample):
        return 0
    return sum(map(stands, texts))


def _stands(key: Key, text: str) -> bool:
    return key.needle in text and (not key.is_word or Haystack(text).find(key) is not None)


def _in_small_letters(key: Key) -> Key:
    return Key(key.written, key.told, None, key.needle.lower(), False, key.is_word, key.never)


def _matches(subject: Subject, key: Key, text: str) -> bool:
    if key.expression is None:
        return False
    try:
        return subject.expressions.search(key.expression, text) is not None
    except GivenUpError:
        return False


def _short(key: str) -> str:
    told = " ".join(key.split())
    return told if len(told) <= _LONGEST_SHOWN else f"{told[:_LONGEST_SHOWN]}…"
