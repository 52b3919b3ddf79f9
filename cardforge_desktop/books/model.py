"""The values of character books, as the service has them. Ids are our own; exported ones are numbers.

The specification (section 3.1) calls an entry's keys `keywords`; inside they are `keys`, as in V2 and V3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cardforge_desktop.cards.model import BookEntry, CharacterBook


@dataclass(frozen=True, slots=True)
class BookSummary:
    """A row of the list of books.

    Attributes:
        version: as its author calls it.
        revision: rises with every change of the book or of an entry.
        entries, tokens: how many, and how many o200k tokens their contents are together.
        card_id, card_name: of the card that it is kept in; "" for a book that stands by itself.
        cards: how many cards carry a copy of it.
        behind: how many of those copies are older than the book, or were changed in the card.
    """

    id: str
    name: str
    description: str
    version: str
    tags: tuple[str, ...]
    revision: int
    entries: int
    tokens: int
    created_at: datetime
    updated_at: datetime
    card_id: str = ""
    card_name: str = ""
    cards: int = 0
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """A book without its entries. `head` has every field of it but those, unknown ones too."""

    summary: BookSummary
    head: CharacterBook

    @property
    def id(self) -> str:
        """Ours."""
        return self.summary.id


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, whole.

    Attributes:
        place: entries stand in the book in the order of their places, which are any numbers.
        version: rises with every change of the entry's content; not when it moves.
        tokens: of the content without decorators, in o200k.
        accessed_at: when somebody last read it on its own, None for never.
    """

    id: str
    book_id: str
    place: int
    version: int
    entry: BookEntry
    tokens: int
    created_at: datetime
    updated_at: datetime
    accessed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What lists show of an entry.

    Attributes:
        number: the store's own; what searches answer with.
        name: its title, comment or first key.
        keys: in their order; of what a search found, those first that it found.
        excerpt: how the content begins, decorators left out; or, after “…”, the part of it that a search
            found.
    """

    number: int
    id: str
    version: int
    place: int
    name: str
    category: str
    keys: tuple[str, ...]
    excerpt: str
    tokens: int
    enabled: bool
    constant: bool
    selective: bool
    insertion_order: float
    priority: float | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class EntryState:
    """An entry that is to be so. `place` None: where it is, or at the end if it is not there yet.

    Attributes:
        version: the last one that it had, of an entry that was taken away: when it comes back it gets a
            higher one, so that no version stands for two contents. 0 for a new one.
    """

    id: str
    entry: BookEntry
    place: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Put:
    """These entries are in this book, as they are here: made, changed, or brought from another book."""

    book_id: str
    entries: tuple[EntryState, ...]


@dataclass(frozen=True, slots=True)
class Remove:
    """These entries are in no book. What is not there is passed over."""

    book_id: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """These entries stand at these places (`Books.places_after` tells free ones)."""

    book_id: str
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SetHead:
    """Everything of the book but its entries; those of `head` count for nothing."""

    book_id: str
    head: CharacterBook


Step = Put | Remove | Place | SetHead


@dataclass(frozen=True, slots=True)
class Change:
    """What a change did.

    Attributes:
        undo: steps that take it back, to be done in this order.
        versions: the entries that were put, with the versions they have now.
        revisions: the books it touched, with the revisions they have now.
    """

    undo: tuple[Step, ...]
    versions: Mapping[str, int]
    revisions: Mapping[str, int]
