"""What would go wrong with a card in the apps that read it: named rules, with a reason and often a fix. Pure.

A rule is one function in one of the files here and one line in `registry`.
"""

from cardforge_desktop.cards.lint.model import Finding, Fix, LintContext, Rule, Severity
from cardforge_desktop.cards.lint.registry import RULES, lint, with_fixes

__all__ = ["RULES", "Finding", "Fix", "LintContext", "Rule", "Severity", "lint", "with_fixes"]
