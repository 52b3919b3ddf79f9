"""The test itself, on a worker: what is read, worked out and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardforge_desktop.books.activation import Activation, Asleep, Fired, Message, ScanSettings
    from cardforge_desktop.cards.model import CharacterBook
    from cardforge_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a result."""

    index: int
    fired: Fired | None = None
    asleep: Asleep | None = None


@dataclass(frozen=True, slots=True)
class BookAtTest:
    """A book as it was read for a test.

    Attributes:
        ids, names: of its entries, in their order.
        searched: name and keys of each, as they are looked for.
        card_id: of the card it is kept in, "" for none.
    """

    book_id: str
    book: CharacterBook
    ids: tuple[str, ...]
    names: tuple[str, ...]
    searched: tuple[str, ...]
    card_id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a test, with what it was made of.

    Attributes:
        rows: what is listed, by ``fired``, ``cut`` and ``asleep``.
    """

    tested: BookAtTest
    chat: tuple[Message, ...]
    text: str
    activation: Activation
    rows: Mapping[str, tuple[Row, ...]]


def read_book(workspace: Workspace, book_id: str) -> BookAtTest:
    """A book with the names of its entries."""
    from cardforge_desktop.cards.book_fields import title_of
    from cardforge_desktop.store.full_text import searchable

    found = workspace.books.book(book_id)
    entries = workspace.books.entries(book_id)
    names = tuple(title_of(each.entry) or str(at) for at, each in enumerate(entries, 1))
    return BookAtTest(
        book_id,
        found.head.model_copy(update={"entries": [each.entry for each in entries]}),
        tuple(each.id for each in entries),
        names,
        tuple(
            searchable(" ".join((name, *each.entry.keys))) for name, each in zip(names, entries, strict=True)
        ),
        found.summary.card_id,
    )


def try_chat(
    workspace: Workspace, tested: BookAtTest, text: str, settings: ScanSettings, card_id: str = ""
) -> Outcome:
    """The test of a book with a chat, and with a card: “” = the one the book is kept in."""
    from cardforge_desktop.books.activation import activate, chat_of, settings_of_card

    card_id = card_id or tested.card_id
    if card_id:
        settings = settings_of_card(workspace.library.card(card_id).card, settings)
    chat = chat_of(text)
    found = activate(tested.book, chat, settings)
    rows = {
        "fired": tuple(Row(each.index, fired=each) for each in found.fired),
        "cut": tuple(Row(each.index, fired=each) for each in found.cut),
        "asleep": tuple(Row(each.index, asleep=each) for each in found.asleep),
    }
    return Outcome(tested, chat, text, found, rows)


def greeting_of(workspace: Workspace, card_id: str, user: str) -> str:
    """The first message of a card, as a chat with somebody of that name."""
    from cardforge_desktop.cards.macros import substitute
    from cardforge_desktop.cards.reader_prompt import macro_values

    card = workspace.library.card(card_id).card
    said = substitute(card.first_mes.strip(), macro_values(card, user))
    return f"{card.nickname or card.name}: {said}" if said else ""
