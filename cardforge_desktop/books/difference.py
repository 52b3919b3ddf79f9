"""How much differs between two states of a book, counted. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cardforge_desktop.books.matching import matched
from cardforge_desktop.books.rows import head_of
from cardforge_desktop.cards.model import CharacterBook


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

    @property
    def empty(self) -> bool:
        """Whether both states are the same."""
        return self == Difference()


def difference(before: CharacterBook | None, after: CharacterBook | None) -> Difference:
    """Count what differs; entries are recognised as `matched` does it. Slow for large books."""
    old, new = before or CharacterBook(), after or CharacterBook()
    known = [
        (str(at), entry.model_dump(mode="json", exclude_unset=True)) for at, entry in enumerate(old.entries)
    ]
    found = matched(known, new.entries)
    places = [int(at) for at, _ in found if at is not None]
    return Difference(
        added=len(found) - len(places),
        changed=sum(at is not None and not same for at, same in found),
        removed=len(known) - len(places),
        others=places != sorted(places) or head_of(old) != head_of(new),
    )
