"""Calls in a ledger."""

from cardforge_desktop.costs.ledger import Call, Ledger, Outcome


def make(ledger: Ledger, call: Call, outcome: Outcome) -> None:
    """A call that went out and ended."""
    ledger.end(ledger.begin(call), call, outcome)
