"""What the panel calls things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardforge_desktop.books.marking import marks
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.formatting import translate

if TYPE_CHECKING:
    from cardforge_desktop.books.difference import Difference
    from cardforge_desktop.books.model import BookSummary, EntryLine
    from cardforge_desktop.books.search import EntrySort, State


def in_cards() -> str:
    """The heading above the books that are kept in cards."""
    return translate("Books", "In cards")


def book_name(book: BookSummary) -> str:
    """A book's name; that of a card which has no name is called by the card's."""
    if book.name.strip() or not book.card_id:
        return book.name.strip() or translate("Books", "Without a name")
    if not book.card_name:
        return translate("Books", "Book of a card without a name")
    return translate("Books", "Book of %1").replace("%1", book.card_name)


def entries_text(count: int) -> str:
    """“64 entries”."""
    return translate("Books", "%Ln entry(s)", None, count)


def difference_text(found: Difference) -> str:
    """“2 entries added, 1 changed, 3 removed”: what would become of a book."""
    if found.empty:
        return translate("Books", "Nothing changes")
    parts = []
    if found.added:
        parts.append(translate("Books", "%Ln entry(s) added", None, found.added))
    if found.changed:
        parts.append(translate("Books", "%Ln changed", None, found.changed))
    if found.removed:
        parts.append(translate("Books", "%Ln removed", None, found.removed))
    if found.others and not parts:
        parts.append(translate("Books", "Order or settings changed"))
    return ", ".join(parts)


def difference_signs(found: Difference) -> str:
    """“+2 ~1 −3”, for a narrow column."""
    counts = (("+", found.added), ("~", found.changed), ("−", found.removed))
    told = " ".join(f"{sign}{formatting.number(count)}" for sign, count in counts if count)
    return told or difference_text(found)


def tokens_text(count: int) -> str:
    """“9,412 tokens”."""
    return formatting.tokens_text(count)


def totals_text(book: BookSummary) -> str:
    """“64 entries · 9,412 tokens”."""
    whole = translate("Books", "%1 · %2").replace("%2", tokens_text(book.tokens))
    return whole.replace("%1", entries_text(book.entries))


def book_lines(book: BookSummary) -> list[str]:
    """All that the list knows of a book, a line each."""
    told = [book_name(book)]
    if book.card_id:
        told.append(translate("Books", "In the card %1").replace("%1", book.card_name))
    told += [totals_text(book), book.description[:300]]
    if book.tags:
        told.append(translate("Books", "Tags: %1").replace("%1", ", ".join(book.tags)))
    return [line for line in told if line]


def second_line(book: BookSummary) -> str:
    """“64 entries · 9,412 tokens”; of a book in a card “Mirela · 12 entries”."""
    if not book.card_id or not book.name.strip():
        return totals_text(book)
    whole = translate("Books", "%1 · %2").replace("%2", entries_text(book.entries))
    return whole.replace("%1", book.card_name)


def entry_name(line: EntryLine) -> str:
    """What an entry is called."""
    return line.name.strip() or translate("Books", "Without a name")


def keys_text(line: EntryLine) -> str:
    """“lantern, guild”."""
    return ", ".join(line.keys)


def plain_number(value: float) -> str:
    """Without a fraction where there is none: “100”, “0.5”. As files have it, without group marks."""
    return str(int(value)) if value == int(value) else str(value)


def state_text(line: EntryLine) -> str:
    """“On”, “Off”, “Always on”."""
    if not line.enabled:
        return translate("Books", "Off")
    return translate("Books", "Always on") if line.constant else translate("Books", "On")


def foot_text(line: EntryLine) -> str:
    """“148 tokens · order 100”."""
    order = translate("Books", "order %1").replace("%1", plain_number(line.insertion_order))
    return translate("Books", "%1 · %2").replace("%2", order).replace("%1", tokens_text(line.tokens))


def entry_lines(line: EntryLine) -> list[str]:
    """All that the list knows of an entry, a line each."""
    told = [entry_name(line), line.category, state_text(line), foot_text(line)]
    if line.keys:
        told.append(translate("Books", "Keys: %1").replace("%1", keys_text(line)))
    return [each for each in (*told, line.excerpt) if each]


def excerpt_with_key(line: EntryLine, typed: str) -> str:
    """How the entry begins; before it the key that `typed` found, where nothing else shows why."""
    if not typed or not line.keys or marks(line.name, typed) or marks(line.excerpt, typed):
        return line.excerpt
    return f"{line.keys[0]} · {line.excerpt}" if marks(line.keys[0], typed) else line.excerpt


def no_keys() -> str:
    """In the place of keys."""
    return translate("Books", "No keys")


def counted(text: str, count: int) -> str:
    """“Factions (12)”."""
    whole = translate("Books", "%1 (%2)").replace("%2", formatting.number(count))
    return whole.replace("%1", text)


def without_category() -> str:
    """Entries that are in none."""
    return translate("Books", "Without category")


def states() -> dict[State, str]:
    """What entries can be filtered by."""
    return {
        "enabled": translate("Books", "On"),
        "disabled": translate("Books", "Off"),
        "constant": translate("Books", "Always on"),
        "keyed": translate("Books", "Woken by keys"),
        "selective": translate("Books", "With secondary keys"),
        "regex": translate("Books", "Keys are patterns"),
        "no_keys": translate("Books", "Without keys"),
    }


def sorts() -> dict[EntrySort, str]:
    """What entries can be sorted by."""
    return {
        "place": translate("Books", "Order of the book; best match first in a search"),
        "name": translate("Books", "Name"),
        "category": translate("Books", "Category"),
        "tokens": translate("Books", "Tokens"),
        "order": translate("Books", "Insertion order"),
        "priority": translate("Books", "Priority"),
        "edited": translate("Books", "Last edited"),
    }
