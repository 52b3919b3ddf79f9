"""The sum of a batch in words: how many cards, tokens, money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui import formatting

if TYPE_CHECKING:
    from cardforge_desktop.batches.preparing import Expected


def product_text(sources: int, profiles: int, engines: int) -> str:
    """``12 sources × 2 profiles × 3 engines = 72 cards``."""
    translate = QCoreApplication.translate
    parts = (
        translate("BuilderSummary", "%n source(s)", None, sources),
        translate("BuilderSummary", "%n profile(s)", None, profiles),
        translate("BuilderSummary", "%n engine(s)", None, engines),
        translate("BuilderSummary", "%n card(s)", None, sources * profiles * engines),
    )
    text = translate("BuilderSummary", "%1 × %2 × %3 = %4")
    for mark, part in zip(("%1", "%2", "%3", "%4"), parts, strict=True):
        text = text.replace(mark, part, 1)
    return text


def cost_text(expected: Expected) -> str:
    """What it costs: an amount, free, or not known; never a sum that leaves something out without a word."""
    translate = QCoreApplication.translate
    if expected.local:
        return translate("BuilderSummary", "free")
    if expected.unpriced == expected.cards:
        return translate("BuilderSummary", "price unknown")
    amount = formatting.expected_cost(None if expected.unproven else expected.cost_low, expected.cost_high)
    if not expected.unpriced:
        return amount
    text = translate("BuilderSummary", "%1 without %n card(s) of unknown price", None, expected.unpriced)
    return text.replace("%1", amount, 1)


def short_tokens_text(expected: Expected) -> str:
    """``≈ 136,000 tokens``, read and written; ``up to 136,000 tokens`` where only the most is known."""
    translate = QCoreApplication.translate
    text = (
        translate("BuilderSummary", "up to %1 tokens")
        if expected.unproven
        else translate("BuilderSummary", "≈ %1 tokens")
    )
    written = expected.output_high if expected.unproven else (expected.output_low + expected.output_high) // 2
    return text.replace("%1", formatting.number(rounded(expected.input_tokens + written)), 1)


def tokens_text(expected: Expected) -> str:
    """``about 210,000 tokens read, 72,000–96,000 written``, or ``up to 96,000`` where there is no history."""
    text = QCoreApplication.translate("BuilderSummary", "about %1 tokens read, %2 written")
    low = None if expected.unproven else rounded(expected.output_low)
    written = formatting.expected_tokens(low, rounded(expected.output_high))
    return text.replace("%2", written).replace("%1", formatting.number(rounded(expected.input_tokens)), 1)


def engines_text(engines: Sequence[Expected]) -> str:
    """How many of several engines are free; "" = none, or all."""
    free = sum(each.local for each in engines)
    if not 0 < free < len(engines):
        return ""
    return QCoreApplication.translate("BuilderSummary", "%n engine(s) free", None, free)


def rounded(tokens: int) -> int:
    """To three digits: an estimate is not known better."""
    step: int = 10 ** max(0, len(str(tokens)) - 3)
    return round(tokens / step) * step
