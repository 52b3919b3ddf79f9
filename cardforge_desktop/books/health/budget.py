"""Rules on the tokens that a book takes."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge_desktop.books.editing.edits import setting
from cardforge_desktop.books.health.model import Fix, Problem, editing, one
from cardforge_desktop.books.health.subject import Subject, flag, is_put_to_sleep, listens
from cardforge_desktop.books.model import Entry
from cardforge_desktop.cards.model import CharacterBook

#: Chains that are told of; the longest of a book are usually one.
_MOST_CHAINS = 20
#: Tokens to which a budget is rounded up.
_STEP = 128


def too_many_constants(subject: Subject) -> Iterator[Problem]:
    """Constant entries that leave no room for any other."""
    always = [entry for entry in subject.entries if _counts(entry) and not listens(entry.entry)]
    tokens = sum(entry.tokens for entry in always)
    if len(always) > 1 and tokens >= subject.budget:
        largest = sorted(always, key=lambda entry: -entry.tokens)
        message = (
            f"The {len(always):,} entries that are always there take {tokens:,} tokens, the budget is "
            f"{_budget(subject)}: no other entry ever comes. Make some of them wait for keys, or raise the "
            "budget."
        )
        yield Problem(message, "warning", tuple(entry.id for entry in largest), _raised(tokens))


def too_large_entries(subject: Subject) -> Iterator[Problem]:
    """Entries that are larger than the budget by themselves."""
    for entry in subject.entries:
        if _counts(entry) and entry.tokens >= subject.budget:
            message = (
                f"It has {entry.tokens:,} tokens, the budget is {_budget(subject)}: it is never let in. "
                "Split it, or let it in whatever the budget."
            )
            fix = editing("Let it in anyway", entry.id, setting("ignore_budget", True))
            yield one(entry, message, "warning", fix)


def too_long_chains(subject: Subject) -> Iterator[Problem]:
    """Entries that wake so many others that the budget is full."""
    if subject.book.head.recursive_scanning is False:
        return
    found = subject.recursion.chains_above(subject.budget)
    for number, at in sorted(found)[:_MOST_CHAINS]:  # the fewer bring the budget down, the worse
        entry = subject.entries[at]
        message = (
            f"With recursion it brings {number:,} others along, and those their own: more than the budget of "
            f"{_budget(subject)}. What a chat asks for finds no room then."
        )
        fix = editing("Let it wake no other", entry.id, setting("prevent_recursion", True))
        yield one(entry, message, "hint", fix)


def _counts(entry: Entry) -> bool:
    return not is_put_to_sleep(entry.entry) and not flag(entry.entry, "ignore_budget")


def _budget(subject: Subject) -> str:
    own = subject.book.head.token_budget
    told = f"{subject.budget:,.0f}"
    return told if own is not None and own > 0 else f"{told} where apps are set up as usual"


def _raised(tokens: int) -> Fix:
    enough = (tokens * 5 // 4 // _STEP + 1) * _STEP

    def head(book: CharacterBook) -> CharacterBook:
        return book.model_copy(update={"token_budget": max(enough, book.token_budget or 0)})

    return Fix(f"Set the budget to {enough:,}", head=head)
