"""How much differs between two states of a book, counted. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cardforge_desktop.books.matching import matched
from cardforge_desktop.books.rows import head_of
from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook


@dataclass(frozen=True, slots=True)
class Difference:
    """Entries that came, that are others now, and that went.

    Attributes:
        others: whether anything else differs: the order of the entries, the name or a setting of the book.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    others: bool = False

    def __add__(self, other: Difference) -> Difference:
        """Of two books together."""
        return Difference(
            self.added + other.added,
            self.changed + other.changed,
            self.removed + other.removed,
            self.others or other.others,
        )

    @property
    def empty(self) -> bool:
        """Whether both states are the same."""
        return self == Difference()


def difference(before: CharacterBook | None, after: CharacterBook | None) -> Difference:
    """Count what differs; entries are recognised as `matched` does it. Slow for large books.

    Two entries that share no more than their id in files are two: one went, another came.
    """
    old, new = before or CharacterBook(), after or CharacterBook()
    known = [
        (str(at), entry.model_dump(mode="json", exclude_unset=True)) for at, entry in enumerate(old.entries)
    ]
    places: list[int] = []
    changed = 0
    for (at, same), entry in zip(matched(known, new.entries), new.entries, strict=True):
        if at is not None and (same or _is_same_thing(old.entries[int(at)], entry)):
            places.append(int(at))
            changed += not same
    return Difference(
        added=len(new.entries) - len(places),
        changed=changed,
        removed=len(known) - len(places),
        others=places != sorted(places) or head_of(old) != head_of(new),
    )


def _is_same_thing(old: BookEntry, new: BookEntry) -> bool:
    titles = (title_of(old).casefold(), title_of(new).casefold())
    return titles[0] == titles[1] or old.content == new.content
