"""Rules on what entries are: named, numbered, told once, in an order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count

from cardforge_desktop.books.editing.changing import number_order
from cardforge_desktop.books.editing.joining import merge
from cardforge_desktop.books.entry_fields import with_title
from cardforge_desktop.books.health.model import Fix, Mended, Problem, editing, one
from cardforge_desktop.books.health.subject import Subject, title_shown
from cardforge_desktop.books.model import Entry, Put
from cardforge_desktop.cards.book_waking import decorators
from cardforge_desktop.cards.model import BookEntry

_WORD = re.compile(r"\w+")
#: Of fewer entries, one order for all is no wonder.
_FEWEST_ORDERED = 3
_MOST_NAMED = 4


def nameless_entries(subject: Subject) -> Iterator[Problem]:
    """Entries without a name and a comment."""
    for entry in subject.entries:
        held = entry.entry
        if (held.name or "").strip() or (held.comment or "").strip():
            continue
        key = next((key.strip() for key in held.keys if key.strip() and not key.strip().startswith("/")), "")
        message = "It has no name: lists show its first key, SillyTavern nothing."
        fix = editing("Name it after its key", entry.id, partial(with_title, title=key))
        yield one(entry, message, "hint", fix if key else None)


def same_entries(subject: Subject) -> Iterator[Problem]:
    """Entries with the same words in the same order."""
    alike: dict[str, list[Entry]] = {}
    for entry in subject.entries:
        words = " ".join(_WORD.findall(decorators(entry.entry.content)[1].casefold()))
        if words:
            alike.setdefault(words, []).append(entry)
    for same in alike.values():
        if len(same) > 1:
            named = ", ".join(f"“{title_shown(entry.entry)}”" for entry in same[:_MOST_NAMED])
            more = " …" if len(same) > _MOST_NAMED else ""
            message = f"{len(same):,} entries say the same: {named}{more}. The prompt may have it twice."
            ids = tuple(entry.id for entry in same)
            yield Problem(message, "warning", ids, Fix("Make one of them", ids, _merged))


def _merged(entries: Mapping[str, Entry]) -> Mended:
    """The first, with the keys of all; its way of writing the content is kept."""
    if len(entries) < 2:
        return {}
    first, *others = entries.values()
    content = first.entry.content
    same = [_with_content(entry, content) for entry in others]
    return {first.id: merge([first, *same]).entry, **dict.fromkeys(entry.id for entry in others)}


def _with_content(entry: Entry, content: str) -> Entry:
    held = entry.entry.model_copy(update={"content": content})
    return Entry(
        entry.id,
        entry.book_id,
        entry.place,
        entry.version,
        held,
        entry.tokens,
        entry.created_at,
        entry.updated_at,
    )


def exported_ids(subject: Subject) -> Iterator[Problem]:
    """Ids that are missing, or that several entries have; 1 and "1" are one id to SillyTavern."""
    held = Counter(str(entry.entry.id) for entry in subject.entries if entry.entry.id is not None)
    seen: set[str] = set()
    twice: list[Entry] = []
    for entry in subject.entries:
        told = str(entry.entry.id)
        if entry.entry.id is not None and held[told] > 1:
            if told in seen:
                twice.append(entry)
            seen.add(told)
    missing = [entry for entry in subject.entries if entry.entry.id is None]
    free = (number for number in count(1) if str(number) not in held)
    if twice:
        message = (
            f"Of {len(twice):,} entries the id in files is another one's too. SillyTavern keeps one entry of "
            "each id. CardForge numbers the others when it writes a file, perhaps otherwise each time."
        )
        yield Problem(message, "warning", _ids(twice), _numbering(twice, free))
    if missing and len(missing) < len(subject.entries):
        message = (
            f"{len(missing):,} entries have no id in files, as others here do: they get one whenever a file "
            "is written, perhaps another one each time."
        )
        yield Problem(message, "hint", _ids(missing), _numbering(missing, free))


def _numbering(entries: list[Entry], free: Iterator[int]) -> Fix:
    numbers = {entry.id: next(free) for entry in entries}

    def mend(found: Mapping[str, Entry]) -> Mended:
        return {
            entry_id: entry.entry.model_copy(update={"id": numbers[entry_id]})
            for entry_id, entry in found.items()
        }

    return Fix("Number them", tuple(numbers), mend)


def equal_orders(subject: Subject) -> Iterator[Problem]:
    """A book whose insertion orders are all the same."""
    entries = subject.entries
    if len(entries) < _FEWEST_ORDERED or len({entry.entry.insertion_order for entry in entries}) > 1:
        return
    order = entries[0].entry.insertion_order
    message = (
        f"All {len(entries):,} entries have the insertion order {order:g}: which of them comes first in the "
        "prompt, and which is dropped when there is no room, is left to chance."
    )
    yield Problem(message, "hint", (), Fix("Number them 10, 20, 30 …", _ids(entries), _ordered))


def _ordered(found: Mapping[str, Entry]) -> Mended:
    mended: dict[str, BookEntry | None] = {}
    for step in number_order(list(found.values())):
        if isinstance(step, Put):
            mended.update((state.id, state.entry) for state in step.entries)
    return mended


def _ids(entries: list[Entry] | tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(entry.id for entry in entries)
