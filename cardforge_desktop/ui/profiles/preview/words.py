"""What the prompt and the tries of a profile are said in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui import formatting

if TYPE_CHECKING:
    from cardforge_desktop.batches.trials import Preview, ShownCall
    from cardforge_desktop.costs.ledger import Spending

translate = QCoreApplication.translate


def step_of(call: ShownCall, at: int, count: int) -> str:
    """Which call of several it is, from 0."""
    text = translate("Trial", "%1 of %2: %3")
    if not call.certain:
        text = translate("Trial", "%1 of %2: %3, as far as it is known")
    for mark, value in (
        ("%1", formatting.number(at + 1)),
        ("%2", formatting.number(count)),
        ("%3", _step(call.step)),
    ):
        text = text.replace(mark, value, 1)
    return text


def costs(preview: Preview) -> str:
    """What a card is expected to take; "" = it can't be told."""
    expected = preview.estimate
    if expected is None:
        return ""
    if expected.local:
        text = translate("Trial", "A card takes %1 tokens in and up to %2 out. It is free, on this computer.")
    elif expected.cost is None:
        text = translate(
            "Trial", "A card takes %1 tokens in and up to %2 out. What this model costs is not known."
        )
    else:
        text = translate("Trial", "A card takes %1 tokens in and up to %2 out, about %3.")
    for mark, value in (
        ("%1", formatting.tokens(expected.input_tokens, estimate=not expected.exact)),
        ("%2", formatting.number(expected.output_tokens)),
        ("%3", formatting.money(expected.cost)),
    ):
        text = text.replace(mark, value, 1)
    return text


def errors(preview: Preview) -> str:
    """What keeps the profile from being saved; "" = nothing."""
    if not preview.errors:
        return ""
    more = len(preview.errors) - 1
    text = translate("Trial", "The profile can't be saved as it is: %1")
    if more:
        text = translate("Trial", "The profile can't be saved as it is: %1 And %n more error(s).", None, more)
    return text.replace("%1", preview.errors[0].message, 1)


def taken(seconds: float, spent: Spending | None, *, local: bool) -> str:
    """What a try took, or took so far."""
    if spent is None or not spent.calls:
        return formatting.duration(seconds)
    text = translate("Trial", "%1 · %2 tokens in, %3 out · %4")
    cost = formatting.cost(spent.cost, local=local)
    if spent.unknown_calls and not local:
        cost = translate("Trial", "of unknown cost")
    for mark, value in (
        ("%1", formatting.duration(seconds)),
        ("%2", formatting.number(spent.input_tokens)),
        ("%3", formatting.number(spent.output_tokens)),
        ("%4", cost),
    ):
        text = text.replace(mark, value, 1)
    return text


def _step(step: str) -> str:
    head, _, rest = step.partition(":")
    if head == "card":
        return translate("Trial", "the whole card")
    if head == "notes":
        part = rest.rpartition(":")[2]
        return translate("Trial", "notes on part %1 of the source").replace("%1", part, 1)
    return formatting.field_label(step)
