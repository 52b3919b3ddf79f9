"""The rules that cards and books share (`cards.lint`), asked of each entry of a book."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import cast

from cardforge_desktop.books.editing.edits import setting
from cardforge_desktop.books.health.model import Fix, Problem, Rule, editing, one, removing, without_key
from cardforge_desktop.books.health.subject import Subject, card_of
from cardforge_desktop.books.model import Entry
from cardforge_desktop.cards import lint
from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.cards.lint.model import LintContext
from cardforge_desktop.cards.lint.model import Problem as CardProblem
from cardforge_desktop.cards.model import BookEntry

_CONTEXT = LintContext()
#: Where a fix that only a book can have takes the place of none.
_MoreFix = Callable[[Entry, CardProblem], Fix | None]


def shared_rule(rule_id: str) -> Rule:
    """A rule of `cards.lint` for books, with the same words.

    Raises:
        KeyError: there is no such rule.
    """
    rule = lint.RULES[rule_id]

    def check(subject: Subject) -> Iterator[Problem]:
        for problem in rule.check(subject.card, _CONTEXT):
            entry = subject.entries[cast("int", problem.place[2])]
            yield one(entry, problem.message, problem.severity, _fix(rule_id, entry, problem))

    return Rule(rule.id, rule.title, rule.reason, check)


def _fix(rule_id: str, entry: Entry, problem: CardProblem) -> Fix | None:
    fix = problem.fix
    if fix is None:
        more = _MORE.get(rule_id)
        return None if more is None else more(entry, problem)

    def edit(held: BookEntry) -> BookEntry:
        """Asks the rule anew: the fix it gave is for the entry's place in the whole book."""
        card = card_of((held,))
        for found in lint.RULES[rule_id].check(card, _CONTEXT):
            if found.fix is not None and found.place[3:] == problem.place[3:]:
                book = found.fix.apply(card).character_book
                return held if book is None else book.entries[0]
        return held

    return editing(fix.label, entry.id, edit)


def _without_key(entry: Entry, problem: CardProblem) -> Fix | None:
    """Take the key out; a secondary one is left to a person, since its logic may turn round."""
    field, at = problem.place[-2:]
    if field != "keys" or not isinstance(at, int):
        return None
    return editing("Take the key out", entry.id, without_key(entry.entry.keys[at]))


def _rarer(entry: Entry, problem: CardProblem) -> Fix | None:
    """Without its only key it would sleep for ever: awake at everything is what it is now."""
    if len(entry.entry.keys) > 1:
        return _without_key(entry, problem)
    return editing("Make it constant", entry.id, setting("constant", True))


def _with_key(entry: Entry, _problem: CardProblem) -> Fix | None:
    title = title_of(entry.entry).strip()
    if not title:
        return editing("Make it constant", entry.id, setting("constant", True))
    return editing("Make its title the key", entry.id, setting("keys", [title]))


_MORE: Mapping[str, _MoreFix] = MappingProxyType(
    {
        "key-too-long": _without_key,
        "key-punctuation": _without_key,
        "key-regex": _without_key,
        "key-matches-all": _rarer,
        "entry-unreachable": _with_key,
        "entry-empty": lambda entry, _: removing("Take the entry out", entry.id),
        "entry-disabled": lambda entry, _: editing("Switch it on", entry.id, setting("enabled", True)),
    }
)
