"""Rules on the entries of a book."""

import re
from collections.abc import Iterator

from cardforge_desktop.cards.lint.model import LintContext, Problem
from cardforge_desktop.cards.lint.places import entries, set_value
from cardforge_desktop.cards.model import Card

_DECORATOR = re.compile(r"\s*@@@?([A-Za-z_]\w*)[^\n]*")
#: Decorators that wake an entry without keys (V3, "Decorators").
_WAKING = frozenset({"activate", "additional_keys"})


def unreachable_entries(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Entries that nothing wakes."""
    for place, entry in entries(card):
        if entry.constant or not entry.enabled or entry.extensions.get("vectorized"):
            continue
        if not any(key.strip() for key in entry.keys) and not _head(entry.content)[0] & _WAKING:
            message = "This entry has no key and is not constant: nothing ever wakes it. Give it a key."
            yield Problem((*place, "keys"), message, "warning")


def empty_entries(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Entries that add nothing to a prompt."""
    for place, entry in entries(card):
        if not _head(entry.content)[1].strip():
            yield Problem((*place, "content"), "This entry is empty: waking it adds nothing.", "warning")


def disabled_entries(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Entries that are switched off."""
    for place, entry in entries(card):
        if not entry.enabled:
            message = "This entry is switched off; some apps switch it on when they import the card."
            yield Problem((*place, "enabled"), message, "hint")


def selective_without_keys(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Entries that wait for a second key and have none; SillyTavern writes all of its own so."""
    for place, entry in entries(card):
        waits = entry.selective and not entry.constant and "selectiveLogic" not in entry.extensions
        if waits and not any(key.strip() for key in entry.secondary_keys or ()):
            message = "This entry waits for a secondary key and has none: a strict app never wakes it."
            fix = set_value("Do not wait", (*place, "selective"), True, False)
            yield Problem((*place, "selective"), message, "hint", fix=fix)


def repeated_ids(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Entries whose id another one has; 1 and "1" are one id to SillyTavern."""
    book = [(place, entry.id) for place, entry in entries(card) if entry.id is not None]
    taken = {str(entry_id) for _, entry_id in book}
    # No entry has an id by then that this gives away.
    free = (number for number in range(len(book) + len(taken) + 1) if str(number) not in taken)
    seen: set[str] = set()
    for place, entry_id in book:
        if str(entry_id) in seen:
            at, new = (*place, "id"), next(free)
            message = f"Another entry has the id {str(entry_id)[:40]} too: SillyTavern keeps one of them."
            yield Problem(at, message, "error", fix=set_value(f"Give it the id {new}", at, entry_id, new))
        seen.add(str(entry_id))


def _head(content: str) -> tuple[set[str], str]:
    """The names of the leading decorators, and what stands behind them."""
    names: set[str] = set()
    at = 0
    while match := _DECORATOR.match(content, at):
        names.add(match.group(1))
        at = match.end()
    return names, content[at:]
