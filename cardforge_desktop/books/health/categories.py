"""Rules on categories."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from cardforge_desktop.books.editing.edits import setting
from cardforge_desktop.books.health.model import Fix, Mended, Problem, editing, one
from cardforge_desktop.books.health.subject import Subject
from cardforge_desktop.books.model import Entry
from cardforge_desktop.cards.book_fields import category_of
from cardforge_desktop.cards.model import BookEntry

#: Letters; in shorter names one letter makes another word.
_SHORTEST, _LONGEST = 5, 60
_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""))


def untidy_categories(subject: Subject) -> Iterator[Problem]:
    """Categories with blanks around them, or of nothing else."""
    for entry in subject.entries:
        category = category_of(entry.entry)
        tidy = " ".join(category.split())
        if tidy != category:
            told = (
                f"Blanks stand in or around its category “{tidy}”" if tidy else "Its category is only blanks"
            )
            message = f"{told}: lists show it as another one than it seems to be."
            yield one(entry, message, "warning", editing("Tidy it", entry.id, setting("category", tidy)))


def orphan_categories(subject: Subject) -> Iterator[Problem]:
    """Categories whose name is nearly that of a larger one."""
    holders: dict[str, list[str]] = defaultdict(list)
    for entry in subject.entries:
        name = " ".join(category_of(entry.entry).split())
        if name:
            holders[name].append(entry.id)
    largest: dict[str, str] = {}
    for name in sorted(holders, key=lambda each: -len(holders[each])):
        near = next(
            (
                largest[form]
                for form in _forms(name)
                if form in largest and _is_near(name, largest[form], holders)
            ),
            "",
        )
        if near:
            ids = tuple(holders[name])
            numbers = f"{len(ids):,} and {len(holders[near]):,} entries"
            message = f"The category “{name}” is nearly “{near}” ({numbers}). Is it the same?"
            yield Problem(message, "warning", ids, _moved(ids, name, near))
        for form in _forms(name):
            largest.setdefault(form, near or name)


def _moved(ids: tuple[str, ...], old: str, new: str) -> Fix:
    move: Callable[[BookEntry], BookEntry] = setting("category", new)

    def mend(found: Mapping[str, Entry]) -> Mended:
        return {
            entry_id: move(entry.entry)
            for entry_id, entry in found.items()
            if " ".join(category_of(entry.entry).split()) == old
        }

    return Fix(f"Move to “{new[:30]}”", ids, mend)


def _forms(name: str) -> Iterator[str]:
    """What names that are nearly the same have in common: the plainest form of it, and that less a letter."""
    plain = _plain(name)
    yield plain
    if _SHORTEST <= len(plain) <= _LONGEST:
        yield from (plain[:at] + plain[at + 1 :] for at in range(len(plain)))


def _is_near(name: str, other: str, holders: Mapping[str, list[str]]) -> bool:
    one_plain, other_plain = _plain(name), _plain(other)
    if one_plain == other_plain:
        return True
    # A slip of the hand: in a category of one entry, a letter too much or too few, and no other number.
    return (
        len(holders[name]) == 1
        and abs(len(one_plain) - len(other_plain)) == 1
        and re.findall(r"\d", name) == re.findall(r"\d", other)
    )


def _plain(name: str) -> str:
    """Without case, accents, signs and the ending of several."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if letter.isalnum())
    for ending, instead in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            return plain[: -len(ending)] + instead
    return plain or name
