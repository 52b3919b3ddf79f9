"""Rules on the keys that wake the entries of a book."""

import unicodedata
from collections.abc import Iterator

from cardforge_desktop.cards import js_regex
from cardforge_desktop.cards.lint.model import LintContext, Place, Problem
from cardforge_desktop.cards.lint.places import entries, set_value, splice
from cardforge_desktop.cards.lint.words import STOP_WORDS
from cardforge_desktop.cards.model import BookEntry, Card

#: Characters; nobody writes a longer phrase twice in the same words.
LONGEST_KEY = 80
_MARKS = frozenset("$+<=>^`|~")


def _keys(card: Card) -> Iterator[tuple[Place, str, BookEntry]]:
    """Keys of entries that listen to them, secondary ones where these count."""
    for place, entry in entries(card):
        if entry.constant:
            continue
        for index, key in enumerate(entry.keys):
            yield (*place, "keys", index), key, entry
        for index, key in enumerate((entry.secondary_keys or ()) if entry.selective else ()):
            yield (*place, "secondary_keys", index), key, entry


def blank_keys(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Keys without a character."""
    for place, key, _ in _keys(card):
        if not key.strip():
            message = (
                "This key is only spaces: it never matches or, in SillyTavern, matches every message."
                if key
                else "This key is empty: it never matches."
            )
            yield Problem(place, message, "warning", fix=splice("Take the key out", place, key))


def spaced_keys(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Keys with blanks around them."""
    for place, key, _ in _keys(card):
        told = key.strip()
        if told and told != key:
            message = f"Blanks stand around “{_short(told)}”: apps that do not trim keys look for them too."
            yield Problem(place, message, "warning", fix=set_value("Trim it", place, key, told))


def long_keys(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Plain keys that no message will hold."""
    for place, key, _ in _keys(card):
        if len(key) > LONGEST_KEY and js_regex.as_regex(key) is None:
            message = (
                f"This key has {len(key):,} characters; only a message with just these words wakes the entry."
            )
            yield Problem(place, message, "warning", LONGEST_KEY, len(key))


def punctuation_keys(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Plain keys without a letter, a digit or a picture in them."""
    for place, key, _ in _keys(card):
        told = key.strip()
        if not told or len(key) > LONGEST_KEY or js_regex.as_regex(told) is not None:
            continue
        if all(_is_mark(character) for character in told):
            message = f"“{told}” is only punctuation: apps that match whole words never find it."
            yield Problem(place, message, "warning", 0, len(key))


def broken_regexes(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Keys in slashes that do not compile."""
    for place, key, _ in _keys(card):
        written = js_regex.as_regex(key.strip()) if "/" in key else None
        reason = "" if written is None else js_regex.problem(written)
        if reason:
            message = (
                f"This regular expression does not compile: {reason}. Apps then look for its very characters."
            )
            yield Problem(place, message, "error", 0, len(key))


def greedy_keys(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Keys that wake their entry in nearly every message."""
    for place, key, entry in _keys(card):
        told = key.strip()
        written = js_regex.as_regex(told)
        if written is not None:
            greedy = not js_regex.problem(written) and js_regex.matches_anything(written)
        else:
            plain = told if _case_sensitive(entry) else told.lower()
            greedy = plain in STOP_WORDS or (len(plain) == 1 and _is_letter(plain))
        if greedy:
            message = f"“{_short(told)}” matches nearly every message. Take a rarer word or make it constant."
            yield Problem(place, message, "warning", 0, len(key))


def comma_keys(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Several keys in one."""
    for place, key, _ in _keys(card):
        if "," not in key or js_regex.as_regex(key.strip()) is not None:
            continue
        parts = [part.strip() for part in key.split(",") if part.strip()]
        if parts:
            message = (
                f"“{_short(key.strip())}” holds a comma: some apps look for all of it, others for each part."
            )
            yield Problem(
                place, message, "warning", 0, len(key), splice("Split at the commas", place, key, *parts)
            )


def repeated_keys(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Keys that an entry has already."""
    for place, entry in entries(card):
        for name, keys in (("keys", entry.keys), ("secondary_keys", entry.secondary_keys or [])):
            seen: set[str] = set()
            for index, key in enumerate(keys):
                told = key.strip()
                same = told if _case_sensitive(entry) or told.startswith("/") else told.casefold()
                if same and same in seen:
                    at = (*place, name, index)
                    message = f"The entry already has the key “{_short(told)}”."
                    yield Problem(at, message, "hint", fix=splice("Take the key out", at, key))
                seen.add(same)


def _case_sensitive(entry: BookEntry) -> bool:
    return bool(entry.case_sensitive or entry.extensions.get("case_sensitive"))


def _is_mark(character: str) -> bool:
    return character.isspace() or character in _MARKS or unicodedata.category(character).startswith("P")


def _is_letter(character: str) -> bool:
    """Of a script in which one letter is no word."""
    return (character.isascii() and character.isalnum()) or "\u00c0" <= character <= "\u052f"


def _short(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else f"{key[:LONGEST_KEY]}…"
