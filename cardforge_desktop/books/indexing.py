"""What stands in the full-text indexes of entries (`books.index`), in writing and in asking."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from cardforge_desktop.cards.book_fields import category_of, title_of
from cardforge_desktop.cards.contents import without_surrogates
from cardforge_desktop.cards.js_regex import as_regex
from cardforge_desktop.cards.model import BookEntry
from cardforge_desktop.store.full_text import searchable, unaccented

State = Literal["enabled", "disabled", "constant", "keyed", "selective", "regex", "no_keys"]


def plain(text: str) -> str:
    """Text as it is kept and compared: small, without accents, one form of each letter."""
    return unaccented(searchable(text)).strip()


def text_values(entry: BookEntry) -> dict[str, str]:
    """What an entry is found by. `about` is not of a book yet: see `about_in`."""
    titles = dict.fromkeys(text for text in (title_of(entry), entry.name, entry.comment) if text)
    words = [*map(state_word, states_of(entry)), category_word(category_of(entry))]
    return {
        "about": " ".join(words),
        "name": "\n".join(map(plain, titles)),
        "keys": "\n".join(map(plain, (*entry.keys, *(entry.secondary_keys or ())))),
        "content": plain(entry.content),
    }


def about_in(book: int, texts: Mapping[str, str]) -> dict[str, str]:
    """`text_values` of an entry of this book. Each word names the book: what others hold costs no time."""
    words = [book_word(book), *(f"{book_word(book)}{word}" for word in texts["about"].split())]
    return {**texts, "about": " ".join(words)}


def states_of(entry: BookEntry) -> Iterator[State]:
    """What an entry can be filtered by."""
    has_keys = any(key.strip() for key in entry.keys)
    yield "enabled" if entry.enabled else "disabled"
    if entry.constant:
        yield "constant"
    elif has_keys:
        yield "keyed"
    if entry.selective:
        yield "selective"
    if entry.use_regex or any(as_regex(key) for key in entry.keys):
        yield "regex"
    if not has_keys:
        yield "no_keys"


def book_word(book: int) -> str:
    """The word that all entries of a book have."""
    return f"b{book}"


def state_word(state: State) -> str:
    """One word, as FTS5 takes words apart."""
    return state.replace("_", "")


@lru_cache(maxsize=1024)
def category_word(category: str) -> str:
    """One word for any category, exactly as lists show it."""
    return "c" + hashlib.blake2b(without_surrogates(category).encode(), digest_size=8).hexdigest()
