"""What a book and its entries say beyond the fields of the specifications, kept where readers leave it alone.

V2 and V3 have no category of an entry and no version or tags of a book. All live in `extensions`, under a
name of our own, as the V2 specification asks ("extensions": namespace, and never destroy unknown keys).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # lists show titles before anything of pydantic is needed
    from cardforge_desktop.cards.model import BookEntry, CharacterBook

#: The name in `extensions`.
OURS = "cardforge"
#: The categories of the entries that CardForge writes. Others are as good: they are the author's.
CATEGORIES = ("Places", "People", "Factions", "Objects", "Events")


def title_of(entry: BookEntry) -> str:
    """What an entry is called: its name, its comment, else its first key."""
    return entry.name or entry.comment or next(iter(entry.keys), "")


def category_of(entry: BookEntry) -> str:
    """The category, "" for none."""
    return _text(entry.extensions, "category")


def with_category(entry: BookEntry, category: str) -> BookEntry:
    """The entry in another category, "" for none; the very entry where it is in that one already."""
    if category_of(entry) == category:
        return entry
    return entry.model_copy(update={"extensions": _with(entry.extensions, "category", category)})


def with_made(entry: BookEntry) -> BookEntry:
    """The entry marked as written by CardForge, as it is now."""
    return entry.model_copy(update={"extensions": _with(entry.extensions, "made", _seal(entry))})


def is_as_made(entry: BookEntry) -> bool:
    """Whether CardForge wrote it, and nobody changed its text or its keys since."""
    return _text(entry.extensions, "made") == _seal(entry)


def version_of(book: CharacterBook) -> str:
    """The book's version, as its author calls it."""
    return _text(book.extensions, "version")


def tags_of(book: CharacterBook) -> tuple[str, ...]:
    """The book's tags."""
    tags = _ours(book.extensions).get("tags")
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def with_version(book: CharacterBook, version: str) -> CharacterBook:
    """The book in another version, "" for none."""
    return book.model_copy(update={"extensions": _with(book.extensions, "version", version)})


def with_tags(book: CharacterBook, tags: Iterable[str]) -> CharacterBook:
    """The book with these tags."""
    return book.model_copy(update={"extensions": _with(book.extensions, "tags", list(tags))})


def _seal(entry: BookEntry) -> str:
    written = json.dumps([entry.content, entry.keys]).encode()
    return hashlib.sha256(written).hexdigest()[:16]


def _ours(extensions: dict[str, Any]) -> dict[str, Any]:
    ours = extensions.get(OURS)
    return ours if isinstance(ours, dict) else {}


def _text(extensions: dict[str, Any], name: str) -> str:
    value = _ours(extensions).get(name)
    return value if isinstance(value, str) else ""


def _with(extensions: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The extensions with a value of ours; an empty one is left out, and with the last of them our name."""
    ours = {**_ours(extensions), name: value}
    if not value:
        del ours[name]
    rest = {key: held for key, held in extensions.items() if key != OURS}
    return {**rest, OURS: ours} if ours else rest
