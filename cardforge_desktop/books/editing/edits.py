"""One entry changed in one respect; everything else of it stays, unknown fields too. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Literal

from cardforge_desktop.books.entry_fields import FIELDS
from cardforge_desktop.cards.book_fields import category_of, with_category
from cardforge_desktop.cards.js_regex import as_regex
from cardforge_desktop.cards.model import BookEntry, Number

Edit = Callable[[BookEntry], BookEntry]


def setting(field: str, value: Any) -> Edit:
    """Have this value in a field of `books.entry_fields.FIELDS`."""
    known = FIELDS[field]
    return lambda entry: known.write(entry, value)


def raising(field: Literal["priority", "insertion_order"], by: Number) -> Edit:
    """Raise a number; an entry that has none counts as 0."""

    def edit(entry: BookEntry) -> BookEntry:
        known = FIELDS[field]
        return known.write(entry, _sum(known.read(entry) or 0, by))

    return edit


def with_chance(percent: Number) -> Edit:
    """Come with this probability when the keys are found."""

    def edit(entry: BookEntry) -> BookEntry:
        rolled = FIELDS["useProbability"].write(entry, True)
        return FIELDS["probability"].write(rolled, percent)

    return edit


def renaming_category(old: str, new: str) -> Edit:
    """Into the new category if it was in the old one; "" is none."""
    return lambda entry: with_category(entry, new) if category_of(entry) == old else entry


def adding_keys(keys: Iterable[str]) -> Edit:
    """Have these keys behind its own, where it has them not."""
    return partial(_with_keys_added, tuple(keys))


def dropping_keys(keys: Iterable[str]) -> Edit:
    """Lose these keys, in whatever case; of the secondary ones too."""
    return partial(_without_keys, frozenset(key.strip().casefold() for key in keys))


def united_keys(*lists: Iterable[str], case_sensitive: bool = False) -> list[str]:
    """All keys in their order, trimmed, none empty, none twice; the first way of writing one is kept."""
    found: dict[str, str] = {}
    for key in (key.strip() for keys in lists for key in keys):
        exact = case_sensitive or as_regex(key) is not None
        if key:
            found.setdefault(key if exact else key.casefold(), key)
    return list(found.values())


def with_keys(entry: BookEntry, keys: Iterable[str], secondary: Iterable[str]) -> BookEntry:
    """The entry with these keys, trimmed and each once."""
    exact = bool(FIELDS["case_sensitive"].read(entry))
    made = FIELDS["keys"].write(entry, united_keys(keys, case_sensitive=exact))
    return FIELDS["secondary_keys"].write(made, united_keys(secondary, case_sensitive=exact))


def with_trimmed_keys(entry: BookEntry) -> BookEntry:
    """Keys without blanks around them, none empty, none twice."""
    return with_keys(entry, entry.keys, entry.secondary_keys or ())


def _with_keys_added(keys: tuple[str, ...], entry: BookEntry) -> BookEntry:
    exact = bool(FIELDS["case_sensitive"].read(entry))
    own = united_keys(entry.keys, case_sensitive=exact)
    both = united_keys(own, keys, case_sensitive=exact)
    return FIELDS["keys"].write(entry, [*entry.keys, *both[len(own) :]])


def _without_keys(gone: frozenset[str], entry: BookEntry) -> BookEntry:
    made = entry
    for field in ("keys", "secondary_keys"):
        held = FIELDS[field].read(entry)
        made = FIELDS[field].write(made, [key for key in held if key.strip().casefold() not in gone])
    return made


def _sum(one: Number, other: Number) -> Number:
    """JSON has no infinity: what would be one stays as it was."""
    try:
        made = one + other
    except OverflowError:
        return one
    return made if abs(made) < float("inf") else one
