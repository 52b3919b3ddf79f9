"""How many tokens entries may take, and which find no room.

Source: SillyTavern 1.18.0, public/scripts/world-info.js, `checkWorldInfo`. It counts all texts together
with the tokenizer of the model in use; here each text is counted by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from cardforge_desktop.books.activation.model import Rivalry, ScanSettings
from cardforge_desktop.cards.model import CharacterBook


def budget_of(book: CharacterBook, settings: ScanSettings) -> int:
    """Tokens that all entries may take together."""
    if settings.follows_book and book.token_budget is not None:
        return max(0, int(book.token_budget))
    # JavaScript rounds a half up.
    budget = int(settings.budget_percent * settings.context / 100 + 0.5) or 1
    return min(budget, settings.budget_cap) if settings.budget_cap > 0 else budget


class Budget:
    """What is taken. Of a group that is still to be drawn only the longest text counts: the worst case.

    Attributes:
        overflowed: something found no room: from then on only what ignores the budget gets in, and nothing
            is searched for more.
    """

    def __init__(self, tokens: int, count: Callable[[str], int]) -> None:
        self.tokens = tokens
        self.overflowed = False
        self._count = count
        self._before = self._now = 0
        self._of_groups: dict[tuple[int, ...], int] = {}

    def count(self, content: str) -> int:
        """Tokens of a text in the prompt."""
        return self._count(f"{content}\n")

    def begin_step(self, searched: int) -> None:
        """Another scan begins; entries whose texts it searches take so many tokens.

        SillyTavern forgets those that wake no others here, and so may go beyond the budget.
        """
        self._before += searched
        self._now = 0
        self._of_groups.clear()

    def takes(self, tokens: int, rivalries: tuple[Rivalry, ...], *, ignores: bool) -> bool:
        """Whether there is room for one more."""
        if self.overflowed and not ignores:
            return False
        self._now += self._more(tokens, rivalries)
        if not ignores and self._before + self._now >= self.tokens:
            self.overflowed = True
            return False
        return True

    def _more(self, tokens: int, rivalries: tuple[Rivalry, ...]) -> int:
        if not rivalries:
            return tokens
        known = self._of_groups.get(rivalries[0].rivals, 0)
        self._of_groups[rivalries[0].rivals] = max(known, tokens)
        return max(0, tokens - known)
