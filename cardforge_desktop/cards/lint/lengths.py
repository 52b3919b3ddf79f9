"""Rules on how much room a card takes."""

from collections.abc import Iterator

from cardforge_desktop.cards.lint.model import LintContext, Problem
from cardforge_desktop.cards.lint.places import greetings
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.tokens import PERMANENT_FIELDS

#: Tokens of a greeting that is longer than most models' answers will ever be.
LONG_GREETING = 1000
# Where nothing counts: an English token has some four characters.
_LONG_GREETING_CHARACTERS = 4 * LONG_GREETING


def token_budget(card: Card, context: LintContext) -> Iterator[Problem]:
    """Permanent tokens against the context; needs a counter."""
    if context.count_tokens is None:
        return
    counts = {name: context.count_tokens(getattr(card, name)) for name in PERMANENT_FIELDS}
    permanent = sum(counts.values())
    if permanent * 2 <= context.context_tokens:
        return
    largest = max(counts, key=lambda name: counts[name])
    too_much = permanent > context.context_tokens
    share = "more than" if too_much else f"{permanent * 100 // context.context_tokens} % of"
    yield Problem(
        (largest,),
        f"Name, description, personality and scenario take {permanent:,} tokens, {share} the context of "
        f"{context.context_tokens:,}. Shorten the {largest} ({counts[largest]:,}) or move parts to the book.",
        "error" if too_much else "warning",
    )


def long_greetings(card: Card, context: LintContext) -> Iterator[Problem]:
    """Greetings that set a length no answer keeps up with."""
    for place, text in greetings(card):
        if context.count_tokens is None:
            length, most, unit = len(text), _LONG_GREETING_CHARACTERS, "characters"
        elif len(text) <= LONG_GREETING:
            continue
        else:
            length, most, unit = context.count_tokens(text), LONG_GREETING, "tokens"
        if length > most:
            message = f"This greeting has {length:,} {unit}; up to {most:,} is usual. Consider shortening it."
            yield Problem(place, message, "hint")
