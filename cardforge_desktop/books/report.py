"""Books as JSON for programs: the command line and the local API (specification, section 3.1).

`keywords` there are `keys` here, and `id` is ours; the number that files carry is `export_id`. What is sent
back as it came changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from cardforge_desktop.books.marking import marks
from cardforge_desktop.books.model import Book, BookSummary, Entry
from cardforge_desktop.cards.book_fields import category_of, title_of
from cardforge_desktop.profiles.report import utc

#: Fields of an entry that are called here as the formats call them.
SAME_NAMES = (
    *("enabled", "insertion_order", "position", "constant", "selective", "case_sensitive", "use_regex"),
    *("comment", "extensions"),
)

#: That are told of one entry that was found.
MOST_MATCHES = 50


def summary_report(summary: BookSummary) -> dict[str, Any]:
    """A book as lists have it: without entries, and without what only its own page shows."""
    of_card = {"id": summary.card_id, "name": summary.card_name} if summary.card_id else None
    return {
        "id": summary.id,
        "name": summary.name,
        "description": summary.description,
        "version": summary.version,
        "revision": summary.revision,
        "card": of_card,
        "copies": summary.cards,
        "copies_behind": summary.behind,
        "metadata": {
            "total_entries": summary.entries,
            "total_tokens": summary.tokens,
            "created_at": utc(summary.created_at),
            "updated_at": utc(summary.updated_at),
            "tags": list(summary.tags),
        },
    }


def book_report(book: Book, entries: Iterable[Entry]) -> dict[str, Any]:
    """A whole book."""
    head = book.head
    told = summary_report(book.summary)
    return {
        **{name: told.pop(name) for name in ("id", "name", "description", "version")},
        "entries": [entry_report(entry) for entry in entries],
        "metadata": told.pop("metadata"),
        **told,
        "scan_depth": head.scan_depth,
        "token_budget": head.token_budget,
        "recursive_scanning": head.recursive_scanning,
        "extensions": head.extensions,
        "other_fields": _unknown(head),
    }


def entry_report(entry: Entry) -> dict[str, Any]:
    """A whole entry; `name` is what lists call it: its name, its comment, else its first key."""
    held = entry.entry
    return {
        "id": entry.id,
        "book_id": entry.book_id,
        "version": entry.version,
        "name": title_of(held),
        "content": held.content,
        "keywords": held.keys,
        "secondary_keywords": held.secondary_keys,
        "priority": held.priority,
        "category": category_of(held),
        **{name: getattr(held, name) for name in SAME_NAMES},
        "export_id": held.id,
        "other_fields": _unknown(held),
        "metadata": {
            "tokens": entry.tokens,
            "last_accessed": None if entry.accessed_at is None else utc(entry.accessed_at),
            "created_at": utc(entry.created_at),
            "updated_at": utc(entry.updated_at),
        },
    }


def found_report(entry: Entry, typed: str) -> dict[str, Any]:
    """An entry that a search found, and where in it (in characters); `keywords` with their number."""
    held = entry.entry
    texts: list[tuple[str, int | None, str]] = [("name", None, title_of(held))]
    texts += [("keywords", at, key) for at, key in enumerate(held.keys)]
    texts += [("secondary_keywords", at, key) for at, key in enumerate(held.secondary_keys or ())]
    texts += [("content", None, held.content)]
    matches: list[dict[str, Any]] = []
    for field, at, text in texts:
        place: dict[str, Any] = {"field": field} if at is None else {"field": field, "index": at}
        for start, end in marks(text, typed)[: MOST_MATCHES - len(matches)]:
            matches.append({**place, "start": start, "end": end, "text": text[start:end]})
    return {"entry": entry_report(entry), "matches": matches}


def _unknown(value: BaseModel) -> dict[str, Any]:
    """Fields that no format we know has, as they came."""
    return dict(value.model_extra or {})
