"""The values of lint: what is known beforehand, a rule, what it found, how it is mended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from cardforge_desktop.cards.model import Card

Severity = Literal["error", "warning", "hint"]
#: Where a value stands: names of fields and indices, ``("character_book", "entries", 2, "keys", 0)``.
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class LintContext:
    """What the rules know beside the card.

    Attributes:
        count_tokens: of a text; None where no tokenizer is at hand: rules that need one do not run.
        context_tokens: of the model that the card is for.
    """

    count_tokens: Callable[[str], int] | None = None
    context_tokens: int = 8192


@dataclass(frozen=True, slots=True)
class Fix:
    """One click that mends a finding.

    Attributes:
        label: for a button, “Split at the commas”.
        apply: the mended card, nothing else in it changed; the same card where what was found is not there
            any more.
    """

    label: str
    apply: Callable[[Card], Card] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule says of one place."""

    place: Place
    message: str
    severity: Severity
    start: int | None = None
    end: int | None = None
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for.

    Attributes:
        id: kebab-case, stable: people switch rules off by it.
        title: for a list of rules.
        reason: why it matters to people who chat with the card.
        check: finds it in a card.
    """

    id: str
    title: str
    reason: str
    check: Callable[[Card, LintContext], Iterator[Problem]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's problem with one field.

    Attributes:
        rule: its id.
        field: path of the field, ``character_book.entries[2].keys[0]``.
        message: what is wrong there, and the way out.
        start: where in the field's text it begins; None: the whole field.
        end: behind its last character.
        severity: an error breaks the card in some app, a warning harms chats, a hint is a matter of taste.
        fix: None where only a person can mend it.
    """

    rule: str
    field: str
    message: str
    start: int | None
    end: int | None
    severity: Severity
    fix: Fix | None
