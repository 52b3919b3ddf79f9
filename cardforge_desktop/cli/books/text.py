"""Books and their entries as text for a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from cardforge_desktop.books.activation.telling import position
from cardforge_desktop.books.difference import as_told
from cardforge_desktop.books.entry_fields import FIELDS, position_of
from cardforge_desktop.books.marking import marks
from cardforge_desktop.books.model import Book, BookSummary, Entry, EntryLine
from cardforge_desktop.books.search import Counts, Hit
from cardforge_desktop.cards.book_fields import category_of, title_of
from cardforge_desktop.cards.changes import changes
from cardforge_desktop.cards.model import BookEntry, Card
from cardforge_desktop.cli.amounts import clock
from cardforge_desktop.cli.painting import Line, Paint, field_lines
from cardforge_desktop.cli.terminal import columns, counted, one_line, shortened, visible

_WIDEST_NAME = 40
_WIDEST_KEYS = 50
_EXCERPT, _BEFORE = 160, 60  # characters of a content that was found, and those before the first find
_ENTRY = re.compile(r"character_book\.entries\[(\d+)\]")


def book_table(books: Iterable[BookSummary]) -> list[str]:
    """A line for each book, under a heading."""
    rows = [("NAME", "ENTRIES", "TOKENS", "WHERE", "CHANGED", "ID")]
    for book in books:
        rows.append(
            (
                shortened(one_line(book.name or "(no name)"), _WIDEST_NAME),
                f"{book.entries:,}",
                f"{book.tokens:,}",
                shortened(one_line(_where(book)), _WIDEST_NAME),
                clock(book.updated_at),
                book.id,
            )
        )
    return columns(rows, right=frozenset({1, 2}))


def described(book: Book, counts: Counts) -> Iterator[str]:
    """What a book says of itself, above its entries."""
    summary, head = book.summary, book.head
    version = f", version {summary.version}" if summary.version else ""
    yield one_line(f"{summary.name or '(no name)'}  ({summary.id}){version}")
    entries = f"{summary.entries:,} {'entry' if summary.entries == 1 else 'entries'}"
    yield f"  {entries}, {counted(summary.tokens, 'token')}; changed {clock(summary.updated_at)}"
    if where := _where(summary):
        yield one_line(f"  {where}")
    if summary.tags:
        yield one_line(f"  tags: {', '.join(summary.tags)}")
    settings = (
        ("scan depth", head.scan_depth),
        ("token budget", head.token_budget),
        ("recursive scanning", head.recursive_scanning),
    )
    told = [f"{name} {_yes_no(value)}" for name, value in settings if value is not None]
    if told:
        yield f"  {', '.join(told)}"
    named = [f"{name or '(none)'} {number:,}" for name, number in counts.categories]
    if named and named != [f"(none) {counts.total:,}"]:
        yield one_line(f"  categories: {', '.join(named)}")
    if summary.description:
        yield ""
        yield visible(summary.description)
    yield ""


def entry_table(lines: Sequence[EntryLine]) -> list[str]:
    """A line for each entry, under a heading."""
    rows = [("NAME", "CATEGORY", "KEYS", "TOKENS", "STATE", "ID")]
    for line in lines:
        rows.append(
            (
                shortened(one_line(line.name or "(no name)"), _WIDEST_NAME),
                shortened(one_line(line.category), _WIDEST_NAME),
                shortened(one_line(", ".join(line.keys)), _WIDEST_KEYS),
                f"{line.tokens:,}",
                _state(line.enabled, line.constant),
                line.id,
            )
        )
    return columns(rows, right=frozenset({3})) if lines else ["No entries."]


#: Of an entry, beside its state; what SillyTavern knows besides stands in the extensions.
_FLAGS = ("constant", "selective", "case_sensitive", "use_regex")


def entry_lines(entry: Entry) -> Iterator[str]:
    """An entry in full."""
    held = entry.entry
    yield one_line(f"{title_of(held) or '(no name)'}  ({entry.id})")
    secondary = held.secondary_keys or []
    facts = (
        ("keys", ", ".join(held.keys)),
        ("secondary keys", ", ".join(secondary)),
        ("category", category_of(held)),
        ("state", _state(held.enabled, bool(held.constant)) or "enabled"),
        ("insertion order", str(held.insertion_order)),
        ("priority", "" if held.priority is None else str(held.priority)),
        ("position", _position(held)),
        ("comment", (held.comment or "") if held.comment != title_of(held) else ""),
        ("flags", ", ".join(name for name in _FLAGS if getattr(held, name))),
        ("extensions", json.dumps(held.extensions, ensure_ascii=False) if held.extensions else ""),
        ("tokens", f"{entry.tokens:,}"),
        ("changed", clock(entry.updated_at)),
    )
    for name, told in facts:
        if told:
            yield one_line(f"  {name}: {told}")
    yield ""
    yield visible(held.content)


def _position(entry: BookEntry) -> str:
    """Where in the prompt, by SillyTavern's places, of which the specifications know two; "" = not said."""
    number = position_of(entry)
    if number is None:
        return ""
    if not isinstance(number, int):
        return str(number)
    depth, role, outlet = (FIELDS[name].read(entry) for name in ("depth", "role", "outlet_name"))
    return position(number, depth, role if isinstance(role, int) else -1, str(outlet or ""))


def hit_lines(hit: Hit, entry: Entry, typed: str, paint: Paint) -> Iterator[str]:
    """An entry that was found: what it is called, its keys, and its text around the words."""
    where = hit.book_name or "(no name)"
    if hit.card_name:
        where += f" (in the card {hit.card_name})"
    category = f"  [{hit.line.category}]" if hit.line.category else ""
    name = _marked(hit.line.name or "(no name)", typed, paint)
    yield f"{name}{one_line(category)}  {one_line(where)}  {entry.id}"
    if entry.entry.keys:
        yield f"  keys: {_marked(', '.join(entry.entry.keys), typed, paint)}"
    if told := _excerpt(entry.entry.content, typed):
        yield f"  {_marked(told, typed, paint)}"


def change_lines(before: Card, after: Card, paint: Paint) -> Iterator[str]:
    """What differs between two states of a card's book, field by field, as a person would tell it."""
    before, after = (
        card.model_copy(update={"character_book": as_told(card.character_book)}) for card in (before, after)
    )
    for change in changes(before, after):
        found = _ENTRY.match(change.field)
        book = (before if found and not change.new else after).character_book
        title = ""
        if found and book is not None and int(found[1]) < len(book.entries):
            title = f" “{title_of(book.entries[int(found[1])])}”"
        yield paint.head(f"{change.field}{title}")
        yield from field_lines(change.old, change.new, paint)
        yield ""


def _marked(text: str, typed: str, paint: Paint) -> str:
    line: Line = []
    at = 0
    for start, end in marks(text, typed):
        line += [(text[at:start], False), (text[start:end], True)]
        at = end
    return paint.marked([*line, (text[at:], False)])


def _excerpt(content: str, typed: str) -> str:
    """A line of the content around the first word that was looked for."""
    told = " ".join(content.split())
    first = next(iter(marks(told, typed)), (0, 0))[0]
    start = max(0, first - _BEFORE)
    end = start + _EXCERPT
    return f"{'…' if start else ''}{told[start:end]}{'…' if end < len(told) else ''}"


def _where(book: BookSummary) -> str:
    if book.card_id:
        return f"in the card {book.card_name}"
    if not book.cards:
        return ""
    behind = f", {book.behind:,} behind" if book.behind else ""
    return f"used by {counted(book.cards, 'card')}{behind}"


def _state(enabled: bool, constant: bool) -> str:
    if not enabled:
        return "disabled"
    return "constant" if constant else ""


def _yes_no(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value}"
