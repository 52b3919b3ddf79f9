"""The values of a book's health: a rule, what it found, how it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardforge_desktop.books.model import Entry
from cardforge_desktop.cards.lint.model import Severity as LintSeverity
from cardforge_desktop.cards.model import BookEntry, CharacterBook

if TYPE_CHECKING:
    from cardforge_desktop.books.health.subject import Subject

#: As of cards.
Severity = LintSeverity
#: What entries become; None = they go.
Mended = Mapping[str, BookEntry | None]


@dataclass(frozen=True, slots=True)
class Fix:
    """One click that mends a finding.

    Attributes:
        label: for a button, “Split at the commas”.
        ids: the entries that `mend` needs to see.
        mend: from those of them that are still there to what changes; nothing where it is mended already.
        head: what the book itself becomes.
    """

    label: str
    ids: tuple[str, ...] = ()
    mend: Callable[[Mapping[str, Entry]], Mended] = field(default=lambda _entries: {}, repr=False)
    head: Callable[[CharacterBook], CharacterBook] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule says.

    Attributes:
        message: what is wrong, and the way out.
        severity: an error breaks the book in some app, a warning harms chats, a hint is a matter of taste.
        ids: the entries it is about, the one to look at first; none for the book as a whole.
        fix: None where only a person can mend it.
    """

    message: str
    severity: Severity
    ids: tuple[str, ...] = ()
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for.

    Attributes:
        id: kebab-case, stable; the same as in `cards.lint` where it is the same rule.
        title: of the group of findings.
        reason: why it matters to people who chat with the book.
        check: finds it.
    """

    id: str
    title: str
    reason: str
    check: Callable[[Subject], Iterator[Problem]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's problem; `names` are the titles of its entries, in their order."""

    rule: str
    message: str
    severity: Severity
    ids: tuple[str, ...]
    names: tuple[str, ...]
    fix: Fix | None


def one(entry: Entry, message: str, severity: Severity, fix: Fix | None = None) -> Problem:
    """A problem with one entry."""
    return Problem(message, severity, (entry.id,), fix)


def editing(label: str, entry_id: str, edit: Callable[[BookEntry], BookEntry]) -> Fix:
    """A fix that changes one entry."""

    def mend(entries: Mapping[str, Entry]) -> Mended:
        return {found.id: edit(found.entry) for found in entries.values()}

    return Fix(label, (entry_id,), mend)


def removing(label: str, entry_id: str) -> Fix:
    """A fix that takes an entry away."""
    return Fix(label, (entry_id,), dict.fromkeys)


def without_key(key: str) -> Callable[[BookEntry], BookEntry]:
    """An edit that takes a key out, as it is written; nothing else."""

    def edit(entry: BookEntry) -> BookEntry:
        left = [each for each in entry.keys if each != key]
        return entry if len(left) == len(entry.keys) else entry.model_copy(update={"keys": left})

    return edit
