"""From findings to the steps that mend them. Pure; what was mended meanwhile is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cardforge_desktop.books.health.model import Fix
from cardforge_desktop.books.health.registry import RULES
from cardforge_desktop.books.health.subject import Subject
from cardforge_desktop.books.model import Book, Entry, EntryState, Put, Remove, SetHead, Step


@dataclass(frozen=True, slots=True)
class Mending:
    """What fixes would do.

    Attributes:
        steps: nothing where there is nothing left to mend.
        expected: the versions of the entries that it goes by.
    """

    steps: tuple[Step, ...]
    expected: Mapping[str, int]


def fix_one(fix: Fix, book: Book, entries: Iterable[Entry]) -> Mending:
    """Mend one finding; `entries` are those of `Fix.ids` as they are now."""
    return _mending([fix], book, {entry.id: entry for entry in entries})


def fix_all(rule: str, subject: Subject) -> Mending:
    """Mend all findings of a rule that have a fix.

    Raises:
        KeyError: there is no such rule.
    """
    found = [problem.fix for problem in RULES[rule].check(subject) if problem.fix is not None]
    # From the end, so that a key taken out of a list moves none that is still to be mended.
    return _mending(reversed(found), subject.book, {entry.id: entry for entry in subject.entries})


def _mending(fixes: Iterable[Fix], book: Book, entries: Mapping[str, Entry]) -> Mending:
    now, head = dict(entries), book.head
    gone: list[str] = []
    for fix in fixes:
        seen = {entry_id: now[entry_id] for entry_id in fix.ids if entry_id in now}
        for entry_id, mended in fix.mend(seen).items() if seen else ():
            if mended is None:
                gone.append(entry_id)
                del now[entry_id]
            else:
                now[entry_id] = replace(now[entry_id], entry=mended)
        head = head if fix.head is None else fix.head(head)
    put = [
        EntryState(entry_id, entry.entry)
        for entry_id, entry in now.items()
        if entry.entry != entries[entry_id].entry
    ]
    steps: list[Step] = [Put(book.id, tuple(put))] if put else []
    steps += [Remove(book.id, tuple(gone))] if gone else []
    steps += [SetHead(book.id, head)] if head != book.head else []
    touched = [*(state.id for state in put), *gone]
    return Mending(tuple(steps), {entry_id: entries[entry_id].version for entry_id in touched})
