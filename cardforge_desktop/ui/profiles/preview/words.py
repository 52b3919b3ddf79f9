"""What the prompt and the tries of a profile are said in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.advice import advice_on
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.batches.trials import Preview, ShownCall
    from cardforge_desktop.costs.ledger import Spending
    from cardforge_desktop.profiles.model import ProfileContent

translate = QCoreApplication.translate

#: What to do where the advice for items speaks of their batch.
_ADVICE: Mapping[str, str] = {
    ErrorCode.ENGINE_AUTH: QT_TRANSLATE_NOOP("Trial", "Set the key under Settings, then try again."),
    ErrorCode.ENGINE_CREDIT: QT_TRANSLATE_NOOP("Trial", "Add credit, then try again."),
    ErrorCode.ENGINE_RATE_LIMITED: QT_TRANSLATE_NOOP("Trial", "Wait a moment, then try again."),
}


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
        text = translate("Trial", "A card by %4 takes %1 tokens in and %2 out. It is free, on this computer.")
    elif expected.cost_high is None:
        text = translate(
            "Trial", "A card by %4 takes %1 tokens in and %2 out. What this model costs is not known."
        )
    else:
        text = translate("Trial", "A card by %4 takes %1 tokens in and %2 out: %3.")
    # The same number as over the prompt, where that is all there is and nothing is asked for again.
    read = preview.calls[0].tokens + expected.again if len(preview.calls) == 1 else expected.input_tokens
    for mark, value in (
        ("%1", formatting.tokens(read, estimate=not expected.exact)),
        ("%2", formatting.expected_tokens(expected.output_low, expected.output_high)),
        ("%3", formatting.expected_cost(expected.cost_low, expected.cost_high)),
        ("%4", _model(preview)),
    ):
        text = text.replace(mark, value, 1)
    return text


def engine_used(preview: Preview, content: ProfileContent) -> str:
    """Which engine it is where none is picked, and who says so."""
    text = translate("Trial", "%1 (as chosen in the app)")
    if content.config.engine.strip().casefold() == preview.engine.casefold():
        text = translate("Trial", "%1 (as the profile says)")
    named = translate("Trial", "%1, draft quality") if preview.draft else "%1"
    return text.replace("%1", named.replace("%1", preview.engine, 1), 1)


def unknown(preview: Preview) -> str:
    """What can't be shown before; "" = nothing, or as with every card."""
    if not preview.is_cut:
        return preview.unknown if len(preview.calls) > 1 else ""
    text = translate("Trial", "%1 The source is long: shown is what would be asked of its beginning alone.")
    return text.replace("%1", preview.unknown, 1)


def advice(error: CardForgeError | None) -> str:
    """What to do about an error of a try; "" = its own sentence says it."""
    if error is None:
        return ""
    own = _ADVICE.get(error.code)
    text = translate("Trial", own) if own else advice_on(error.code)
    return "" if text in error.message else text


def taken(seconds: float, spent: Spending | None, *, local: bool) -> str:
    """What a try took, or took so far."""
    if spent is None or not spent.calls:
        return formatting.duration(seconds)
    cost = formatting.cost(spent.cost, local=local)
    if spent.unknown_calls and not local:
        cost = translate("Trial", "of unknown cost")
    text = translate("Trial", "%1 · %2 tokens in, %3 out · %4")
    if not (spent.input_tokens or spent.output_tokens):
        text = translate("Trial", "%1 · %4")
    for mark, value in (
        ("%1", formatting.duration(seconds)),
        ("%2", formatting.number(spent.input_tokens)),
        ("%3", formatting.number(spent.output_tokens)),
        ("%4", cost),
    ):
        text = text.replace(mark, value, 1)
    return text


def _model(preview: Preview) -> str:
    """The model as its server knows it; of one that is a file, its name."""
    name = preview.model or preview.engine
    return PurePath(name).name if PurePath(name).is_absolute() else name


def _step(step: str) -> str:
    head, _, rest = step.partition(":")
    if head == "card":
        return translate("Trial", "the whole card")
    if head == "notes":
        part = rest.rpartition(":")[2]
        return translate("Trial", "notes on part %1").replace("%1", part, 1)
    return formatting.field_label(step)
