"""How many tokens a card takes, counted as card writers count them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cardforge_desktop.cards.model import Card

#: In every prompt of a chat, from its first message to its last.
PERMANENT_FIELDS = ("name", "description", "personality", "scenario")
#: In the prompt at first; pushed out when the chat fills the context.
TEMPORARY_FIELDS = ("first_mes", "mes_example")
#: Replace the reader's own instructions where they are not empty: beside the card's own count.
INSTRUCTION_FIELDS = ("system_prompt", "post_history_instructions")


@dataclass(frozen=True, slots=True)
class TokenBudget:
    """Tokens of a card, all as the given counter counts them.

    Attributes:
        fields: of each field in the three groups above.
        alternate_greetings: of each, in order; one at a time takes the place of the first message.
        book_entries: content of each entry of the book, in order; a chat gets those that its words wake.
    """

    fields: Mapping[str, int]
    alternate_greetings: tuple[int, ...]
    book_entries: tuple[int, ...]

    @property
    def permanent(self) -> int:
        """Name, description, personality and scenario."""
        return sum(self.fields[name] for name in PERMANENT_FIELDS)

    @property
    def temporary(self) -> int:
        """First message and example messages."""
        return sum(self.fields[name] for name in TEMPORARY_FIELDS)

    @property
    def total(self) -> int:
        """Permanent and temporary: what the first prompt of a chat holds of the card."""
        return self.permanent + self.temporary

    @property
    def book(self) -> int:
        """The whole book, if every entry were awake."""
        return sum(self.book_entries)


def token_budget(card: Card, count: Callable[[str], int]) -> TokenBudget:
    """Counts `card` with `count` (text to tokens), which may be slow: not for the window's thread."""
    names = (*PERMANENT_FIELDS, *TEMPORARY_FIELDS, *INSTRUCTION_FIELDS)
    book = card.character_book
    return TokenBudget(
        fields=MappingProxyType({name: count(getattr(card, name)) for name in names}),
        alternate_greetings=tuple(count(greeting) for greeting in card.alternate_greetings),
        book_entries=() if book is None else tuple(count(entry.content) for entry in book.entries),
    )
