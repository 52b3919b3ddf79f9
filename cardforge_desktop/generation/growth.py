"""How much of a whole card's answer is written while it comes: by its tokens, field after field."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cardforge_desktop.generation.model import Order
from cardforge_desktop.profiles.budget import BOOK, planned_tokens

#: Characters of a token, about. Counting tokens twenty times a second would cost more than it tells.
_CHARACTERS = 4
#: Models write this share of a field's limit before anything is known of one.
_USUAL_SHARE = 0.5
#: So much of the plan that guess weighs; what is written outweighs it soon.
_GUESS_WEIGHT = 0.25
#: Of a field that is longer than was expected this share is still thought to come.
_LEAST_LEFT = 0.1


class Growth:
    """Follows one answer. Each field that is done says how fully the next ones will use their limits."""

    def __init__(self, order: Order, names: Sequence[str]) -> None:
        """For an answer with these fields, ``book`` among them, in the order they are written."""
        self._plan = {name: planned_tokens(order.profile, name) for name in names}
        self._begun: dict[str, int] = {}  # field → where in the answer it begins

    def fraction(self, text: str, seen: Collection[str]) -> float:
        """0..1 of the answer, of which so much text is here; below 1 until it ended.

        Args:
            seen: the fields that are in the text; of the book this finds out by itself.
        """
        for name in self._plan:
            if name not in self._begun and (name in seen or name == BOOK):
                at = text.find(f'"{name}"')
                if at >= 0 or name in seen:
                    self._begun[name] = max(0, at)
        written = len(text) / _CHARACTERS
        left = self._left(written)
        return written / (written + left) if left else 1.0

    def _left(self, written: float) -> float:
        """Tokens that are still to come."""
        whole = sum(self._plan.values())
        if not self._begun:
            return whole * _USUAL_SHARE
        current = max(self._begun, key=lambda name: self._begun[name])
        before = self._begun[current] / _CHARACTERS
        planned = sum(self._plan[name] for name in self._begun if name != current)
        guess = _GUESS_WEIGHT * whole
        share = (guess * _USUAL_SHARE + before) / (guess + planned)
        of_current = max(_LEAST_LEFT, 1 - (written - before) / max(1.0, share * self._plan[current]))
        coming = sum(tokens for name, tokens in self._plan.items() if name not in self._begun)
        return share * (coming + of_current * self._plan[current])
