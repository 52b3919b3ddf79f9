"""The prompt of a card with the tokens of each part: what the prompt preview shows. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.reader_prompt import PromptPart, reader_prompt
from cardforge_desktop.tokens import NamedTokenizer


@dataclass(frozen=True, slots=True)
class CountedPart:
    """A part of the prompt and its tokens."""

    part: PromptPart
    tokens: int


@dataclass(frozen=True, slots=True)
class CountedPrompt:
    """The whole prompt, in the order in which it is sent."""

    parts: tuple[CountedPart, ...]
    tokenizer: NamedTokenizer

    @property
    def permanent(self) -> int:
        """Tokens of what is sent with every message."""
        return sum(each.tokens for each in self.parts if each.part.permanent)

    @property
    def temporary(self) -> int:
        """Tokens of what is pushed out, or comes and goes."""
        return sum(each.tokens for each in self.parts if not each.part.permanent)

    @property
    def text(self) -> str:
        """What is sent, the parts an empty line apart."""
        return "\n\n".join(each.part.text for each in self.parts if each.part.text)


def counted_prompt(card: Card, user: str, greeting: int, tokenizer: NamedTokenizer) -> CountedPrompt:
    """Build and count the prompt. Slow for large books: off the window's thread.

    Args:
        greeting: 0 for the first message, from 1 on the alternate ones; one that is not there is the first.

    Raises:
        VocabularyError: the tokenizer's file is damaged.
    """
    at = greeting if greeting <= len(card.alternate_greetings) else 0
    count = tokenizer.tokenizer.count
    parts = tuple(CountedPart(part, count(part.text)) for part in reader_prompt(card, user, at))
    return CountedPrompt(parts, tokenizer)
