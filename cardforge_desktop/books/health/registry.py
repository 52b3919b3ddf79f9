"""Every rule on books, and the way through all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cardforge_desktop.books.health import budget, categories, entry_rules, key_rules, reach
from cardforge_desktop.books.health.linted import shared_rule
from cardforge_desktop.books.health.model import Finding, Rule, Severity
from cardforge_desktop.books.health.subject import Subject

#: Findings of one rule that are told one by one.
MOST_FINDINGS = 500
_MOST_IDS = 500

_RULES = (
    shared_rule("key-blank"),
    shared_rule("key-spaces"),
    shared_rule("key-comma"),
    shared_rule("key-regex"),
    Rule(
        "key-never",
        "Regular expression that never matches",
        "An expression may be well formed and still ask for what no message has: the entry sleeps on.",
        key_rules.dead_expressions,
    ),
    Rule(
        "key-macro",
        "Key with an unknown macro",
        "Apps fill in the macros of keys that they know. The braces of others stay, and no message has them.",
        key_rules.macro_keys,
    ),
    shared_rule("key-too-long"),
    shared_rule("key-punctuation"),
    Rule(
        "key-part",
        "Part of a word, looked for as a whole one",
        "SillyTavern looks for whole words unless an entry says otherwise; “-san” stands in no name then.",
        key_rules.hanging_keys,
    ),
    shared_rule("key-matches-all"),
    Rule(
        "key-common",
        "Key that stands nearly everywhere",
        "A key that most of the book's own texts hold wakes its entry in nearly every chat, and with "
        "recursion whenever any other entry wakes.",
        key_rules.common_keys,
    ),
    shared_rule("key-twice"),
    Rule(
        "key-shared",
        "The same key in several entries",
        "All entries with a key wake together and share the budget. Where that is not meant, one of them is "
        "the right one.",
        key_rules.shared_keys,
    ),
    shared_rule("entry-unreachable"),
    Rule(
        "entry-never-drawn",
        "Probability of nought",
        "When its keys match, SillyTavern rolls a die that can't come up.",
        reach.never_drawn_entries,
    ),
    Rule(
        "entry-muted",
        "Entry kept asleep by a decorator",
        "@@dont_activate is meant for entries that a script wakes. Without one, it is off.",
        reach.muted_entries,
    ),
    Rule(
        "entry-secondary",
        "Secondary keys that can't be met",
        "A secondary key that is empty never matches; one that stands within the key always does.",
        reach.unmet_secondaries,
    ),
    shared_rule("entry-selective"),
    Rule(
        "entry-delayed",
        "Entry that waits for others in vain",
        "“Delay until recursion” lets only the contents of other entries wake it.",
        reach.sleeping_delayed,
    ),
    shared_rule("entry-disabled"),
    shared_rule("entry-empty"),
    Rule(
        "entry-name",
        "Entry without a name",
        "The name is what you and others find an entry by; it is not in the prompt.",
        entry_rules.nameless_entries,
    ),
    Rule(
        "entry-same",
        "Entries that say the same",
        "The same text twice costs its tokens twice; a change in one of them leaves the other as it was.",
        entry_rules.same_entries,
    ),
    Rule(
        "entry-id",
        "Ids in files that are missing or stand twice",
        "SillyTavern files entries by their id: of two with the same id, one vanishes on import.",
        entry_rules.exported_ids,
    ),
    Rule(
        "order-equal",
        "One insertion order for all",
        "The order decides where an entry stands in the prompt, and which is dropped when there is no room.",
        entry_rules.equal_orders,
    ),
    Rule(
        "category-untidy",
        "Blanks in a category",
        "“Places” and “Places ” look alike and are two.",
        categories.untidy_categories,
    ),
    Rule(
        "category-orphan",
        "Category that is nearly another one",
        "An entry that went into “Place” by a slip of the hand is missing among the “Places”.",
        categories.orphan_categories,
    ),
    Rule(
        "budget-constant",
        "Constant entries above the budget",
        "Constant entries come first. When they fill the budget, keys wake nothing any more.",
        budget.too_many_constants,
    ),
    Rule(
        "budget-entry",
        "Entry that is larger than the budget",
        "SillyTavern stops at the first entry that does not fit: it and all behind it stay out.",
        budget.too_large_entries,
    ),
    Rule(
        "budget-chain",
        "Recursion above the budget",
        "With recursion, what an entry says wakes others. A long chain fills the budget with what nobody "
        "asked for.",
        budget.too_long_chains,
    ),
)

#: Every rule by its id, in the order in which findings are shown.
RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _RULES})


#: Seconds between two rules in which other threads come to their turn.
_PAUSE = 0.001


@dataclass(frozen=True, slots=True)
class Health:
    """What the rules say of a book.

    Attributes:
        findings: by rule, in the order of `RULES`; `MOST_FINDINGS` of each at most.
        counts: how many findings each rule has, those not told included; no rule with none.
        fixable: of how many of them there is a fix.
        worst: the highest severity among a rule's findings.
        severities: how many findings there are of each severity, those not told included.
    """

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    fixable: Mapping[str, int]
    worst: Mapping[str, Severity]
    severities: Mapping[Severity, int]


def examine(subject: Subject) -> Health:
    """Ask all rules. Some 10,000 entries a second; expressions are given up when they take too long."""
    # Nobody can cancel it: there always is a result.
    return examine_unless(subject, threading.Event()) or Health((), {}, {}, {}, {})


def examine_unless(subject: Subject, cancelled: threading.Event) -> Health | None:
    """As `examine`, but None soon after `cancelled` is set, which is looked at between rules and findings."""
    findings: list[Finding] = []
    counts: dict[str, int] = {}
    fixable: dict[str, int] = {}
    worst: dict[str, Severity] = {}
    severities: dict[Severity, int] = {}
    for rule in RULES.values():
        time.sleep(_PAUSE)
        if cancelled.is_set():
            return None
        for problem in rule.check(subject):
            if cancelled.is_set():
                return None
            counts[rule.id] = counts.get(rule.id, 0) + 1
            fixable[rule.id] = fixable.get(rule.id, 0) + (problem.fix is not None)
            severities[problem.severity] = severities.get(problem.severity, 0) + 1
            worst[rule.id] = max(worst.get(rule.id, "hint"), problem.severity, key=SEVERITIES.index)
            if counts[rule.id] <= MOST_FINDINGS:
                ids = problem.ids[:_MOST_IDS]
                names = tuple(subject.name_of[entry_id] for entry_id in ids)
                findings.append(Finding(rule.id, problem.message, problem.severity, ids, names, problem.fix))
    return Health(tuple(findings), counts, fixable, worst, severities)


#: From the least on.
SEVERITIES: tuple[Severity, ...] = ("hint", "warning", "error")
