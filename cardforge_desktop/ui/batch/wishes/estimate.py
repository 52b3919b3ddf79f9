"""What a selection of drafts will take, in a sentence."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.wishes.common import Sum

translate = QCoreApplication.translate


def sum_text(total: Sum) -> str:
    """Tokens and cost; what is not known yet, or not at all, is said and not counted as nothing."""
    told = (
        formatting.expected_tokens(None, total.tokens)
        if total.unproven
        else formatting.tokens(total.tokens, estimate=True)
    )
    tokens = translate("Estimate", "%1 tokens").replace("%1", told)
    if total.waiting and not total.tokens:
        return translate("Estimate", "Reading the source(s)…", None, total.waiting)
    lines = [tokens, _cost(total)]
    if total.waiting:
        lines.append(translate("Estimate", "%n source(s) still being read", None, total.waiting))
    if total.unpriced and total.cost:
        lines.append(translate("Estimate", "and %n card(s) of unknown price", None, total.unpriced))
    return "\n".join(lines)


def _cost(total: Sum) -> str:
    if total.cost:
        return formatting.expected_cost(None if total.unproven else total.cost_low, total.cost)
    return translate("Estimate", "price unknown") if total.unpriced else translate("Estimate", "free")
