"""Counting and checking a card as it stands in the editor. Runs on a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardforge_desktop.cards.tokens import TokenBudget, token_budget
from cardforge_desktop.tokens import VocabularyError, tokenizer_named

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.settings import Settings
    from cardforge_desktop.tokens import NamedTokenizer

_MOST_TEXTS = 60_000
_COUNTED = ("nickname", "creator_notes")


@dataclass(frozen=True, slots=True)
class Examination:
    """What was counted and found.

    Attributes:
        card: the very card it is about.
        budget: None where the tokenizer can't be used.
        counts: tokens by path of the field.
        is_estimate: the counts are.
    """

    card: Card
    settings: Settings
    budget: TokenBudget | None
    counts: Mapping[str, int]
    is_estimate: bool
    findings: tuple[Finding, ...]


class Counter:
    """Counts texts and remembers them: of a card under edit, almost all stay. One thread at a time."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}

    def count(self, tokenizer: NamedTokenizer, text: str) -> int:
        """Tokens of `text`.

        Raises:
            VocabularyError: the vocabulary is damaged.
        """
        key = (tokenizer.name, text)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_TEXTS:
                self._known.clear()
            known = self._known[key] = tokenizer.tokenizer.count(text)
        return known

    def examine(self, card: Card, settings: Settings) -> Examination:
        """Count and check a card; without tokens where the vocabulary is damaged."""
        from cardforge_desktop.cards.lint import LintContext, lint

        tokenizer = tokenizer_named(settings.tokenizer)
        try:
            budget: TokenBudget | None = token_budget(card, lambda text: self.count(tokenizer, text))
            counts = self._counts(card, tokenizer, budget) if budget is not None else {}
        except VocabularyError:
            budget, counts = None, {}
        counted = (lambda text: self.count(tokenizer, text)) if budget is not None else None
        findings = lint(card, LintContext(counted, settings.context), settings.lint_off)
        return Examination(card, settings, budget, counts, not tokenizer.exact, findings)

    def _counts(self, card: Card, tokenizer: NamedTokenizer, budget: TokenBudget) -> dict[str, int]:
        counts = dict(budget.fields)
        for name in _COUNTED:
            counts[name] = self.count(tokenizer, getattr(card, name) or "")
        for listed, tokens in (
            ("alternate_greetings[%d]", budget.alternate_greetings),
            ("character_book.entries[%d].content", budget.book_entries),
        ):
            counts |= {listed % at: count for at, count in enumerate(tokens)}
        for at, text in enumerate(card.group_only_greetings):
            counts[f"group_only_greetings[{at}]"] = self.count(tokenizer, text)
        note = card.extensions.get("depth_prompt")
        if isinstance(note, dict) and isinstance(note.get("prompt"), str):
            counts["extensions.depth_prompt.prompt"] = self.count(tokenizer, note["prompt"])
        return counts
