"""A book as the rules look at it, with what several of them need worked out once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from cardforge_desktop.books.model import Book, Entry
from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.cards.book_waking import ACTIVATE, DONT_ACTIVATE, decorators, key_rules, orders
from cardforge_desktop.cards.js_expressions import Expressions
from cardforge_desktop.cards.key_matching import Key, key_of
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook

if TYPE_CHECKING:
    from cardforge_desktop.books.health.recursion import Recursion

#: Tokens that a book may take where it says nothing: a quarter of 8,192, as SillyTavern is set up.
USUAL_BUDGET = 2048
#: Seconds that one expression of a key, and all of a book together, may take.
_ONE_EXPRESSION, _ALL_EXPRESSIONS = 0.05, 2.0
_LONGEST_TITLE = 60
#: Of JavaScript's words, and every other letter by itself.
PIECE = re.compile(r"[a-z0-9_]+|[^\x00-\x7f]")


class Subject:
    """A book with its entries, in their order. Not for several threads at once.

    Attributes:
        expressions: runs the expressions of keys, until the time for them is over.
    """

    def __init__(self, book: Book, entries: tuple[Entry, ...]) -> None:
        self.book = book
        self.entries = entries
        self.expressions = Expressions(_ONE_EXPRESSION, _ALL_EXPRESSIONS)

    @property
    def budget(self) -> float:
        """Tokens that all entries that wake may take together."""
        own = self.book.head.token_budget
        return own if own is not None and own > 0 else USUAL_BUDGET

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The contents that enter the prompt, in small letters."""
        return tuple(decorators(entry.entry.content)[1].lower() for entry in self.entries)

    @cached_property
    def pieces(self) -> tuple[frozenset[str], ...]:
        """The pieces (`PIECE`) of each content."""
        return tuple(frozenset(PIECE.findall(text)) for text in self.told)

    @cached_property
    def frequencies(self) -> Counter[str]:
        """In how many contents each piece stands."""
        counts: Counter[str] = Counter()
        for pieces in self.pieces:
            counts.update(pieces)
        return counts

    @cached_property
    def keys(self) -> tuple[tuple[Key, ...], ...]:
        """The keys of each entry, ready to be looked for; none of those that listen to none."""
        return tuple(keys_of(each.entry) if listens(each.entry) else () for each in self.entries)

    @cached_property
    def card(self) -> Card:
        """A card with this book, for the rules that cards have too."""
        return card_of(entry.entry for entry in self.entries)

    @cached_property
    def recursion(self) -> Recursion:
        """Which entries wake which."""
        from cardforge_desktop.books.health.recursion import Recursion

        return Recursion(self)

    @cached_property
    def name_of(self) -> dict[str, str]:
        """What entries are called, by id."""
        return {entry.id: title_shown(entry.entry) for entry in self.entries}


def card_of(entries: Iterable[BookEntry]) -> Card:
    """A card with a book of these entries; not validated, since they were."""
    return Card.model_construct(character_book=CharacterBook.model_construct(entries=list(entries)))


def title_shown(entry: BookEntry) -> str:
    """The title in a message."""
    title = " ".join(title_of(entry).split())
    return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"


def keys_of(entry: BookEntry) -> tuple[Key, ...]:
    """The keys of an entry, ready to be looked for."""
    rules = key_rules(entry)
    return tuple(key_of(key, rules, {}) for key in entry.keys)


def listens(entry: BookEntry) -> bool:
    """Whether its keys wake it: it is not always awake, nor by a decorator."""
    return not entry.constant and ACTIVATE not in orders(entry.content)


def is_put_to_sleep(entry: BookEntry) -> bool:
    """Whether something keeps it asleep whatever a chat says."""
    ordered = orders(entry.content)
    is_mute = listens(entry) and not any(key.strip() for key in entry.keys)
    return (
        not entry.enabled
        or never_drawn(entry)
        or (DONT_ACTIVATE in ordered and ACTIVATE not in ordered)
        or is_mute
    )


def never_drawn(entry: BookEntry) -> bool:
    """Whether its probability is nought."""
    held = entry.extensions
    chance = held.get("probability")
    if not isinstance(chance, int | float) or isinstance(chance, bool):
        return False
    return chance <= 0 and held.get("useProbability") is not False


def delayed(entry: BookEntry) -> bool:
    """Whether only other entries can wake it."""
    return bool(entry.extensions.get("delay_until_recursion"))


def flag(entry: BookEntry, name: str) -> bool:
    """A switch in `extensions`."""
    return bool(entry.extensions.get(name))
