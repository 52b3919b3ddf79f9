"""How much differs between two states of a book, counted. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cardforge_desktop.books.entry_fields import AFTER, BEFORE, position_of, title_shown, without_defaults
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
    told = [[_told(entry) for entry in each.entries] for each in (old, new)]
    places: list[int] = []
    changed = 0
    for (at, same), entry, now in zip(matched(known, new.entries), new.entries, told[1], strict=True):
        if at is not None and (same or _is_same_thing(old.entries[int(at)], entry)):
            places.append(int(at))
            changed += told[0][int(at)] != now
    return Difference(
        added=len(new.entries) - len(places),
        changed=changed,
        removed=len(known) - len(places),
        others=places != sorted(places) or head_of(old) != head_of(new),
    )


def as_told(book: CharacterBook | None) -> CharacterBook | None:
    """The book for showing what differs: without what only readers need, and what they take for absent.

    So a copy that came back from another program, with numbers, a title for SillyTavern and all its defaults
    written out, differs in nothing but what somebody changed.
    """
    return book and book.model_copy(update={"entries": [_told(entry) for entry in book.entries]})


def _told(entry: BookEntry) -> BookEntry:
    title, position = title_shown(entry), position_of(entry)
    update: dict[str, Any] = {
        "id": None,
        "name": title or None,
        "comment": None if entry.comment == title else entry.comment,
        **{name: getattr(entry, name) or None for name in ("constant", "selective", "secondary_keys")},
    }
    extensions = without_defaults(entry.extensions)
    if position in (BEFORE, AFTER):
        update["position"] = "before_char" if position == BEFORE else "after_char"
        extensions.pop("position", None)
    return entry.model_copy(update={**update, "extensions": extensions})


def _is_same_thing(old: BookEntry, new: BookEntry) -> bool:
    titles = (title_of(old).casefold(), title_of(new).casefold())
    return titles[0] == titles[1] or old.content == new.content
