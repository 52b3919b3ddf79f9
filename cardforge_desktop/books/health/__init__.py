"""What would go wrong with a book when apps read it: named rules, each finding with a fix. Pure.

A rule is one function in one of the files here and one line in `registry`; docs/book-health.md tells of each.
"""

from cardforge_desktop.books.health.mending import fix_all, fix_one
from cardforge_desktop.books.health.model import Finding, Fix, Problem, Rule, Severity
from cardforge_desktop.books.health.registry import RULES, Health, examine, examine_unless
from cardforge_desktop.books.health.subject import Subject

__all__ = [
    "RULES",
    "Finding",
    "Fix",
    "Health",
    "Problem",
    "Rule",
    "Severity",
    "Subject",
    "examine",
    "examine_unless",
    "fix_all",
    "fix_one",
]
